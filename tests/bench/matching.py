"""Matching on a large database: a mediator gets free while many wait, a caller asks while many are free."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import insert, select

from hotline.queue.ids import LegSid, MediatorId
from hotline.queue.mediators import Availability
from hotline.queue.places import PlaceKind, PlaceState
from hotline.queue.sayings import Saying
from hotline.store import schema
from hotline.store.calls import CallRow
from hotline.store.mediators import MediatorLanguageRow, MediatorRow, MediatorSkillRow
from hotline.store.places import PlaceRow
from hotline.store.shifts import ShiftRow
from hotline.switchboard.moment import Moment
from tests.bench.place import emptied
from tests.integration.desk import Desk, opened, ringing

TIMES = 40
SIZES = ((200, 50), (2_000, 500), (20_000, 5_000))


@dataclass(frozen=True, slots=True)
class Result:
    """Medians in milliseconds, each a whole transaction."""

    mediators: int
    waiting: int
    gets_free: float
    asks: float
    told: float


def compare(database_url: str | None) -> list[Result]:
    """One result for each size; None: SQLite in a new folder."""
    return [_measure(database_url, *size) for size in SIZES]


def _measure(database_url: str | None, mediators: int, waiting: int) -> Result:
    with _filled(database_url, mediators, waiting, Availability.ON_CALL) as desk:
        told = _timed([partial(desk.wait_turn, LegSid(f"waits {number}")) for number in range(TIMES)])
        gets_free = _timed([partial(desk.come_back, one) for one in _coming_back(desk)])
    with _filled(database_url, mediators, waiting, Availability.AVAILABLE, skill="equipment") as desk:
        legs = [LegSid(f"new {number}") for number in range(TIMES)]
        for number, leg in enumerate(legs):
            desk.arrive(leg, f"+336399811{number:02}")
        asks = _timed([partial(_chooses, desk, leg) for leg in legs])
    return Result(mediators, waiting, gets_free, asks, told)


def _chooses(desk: Desk, leg: LegSid) -> None:
    ringing(desk.key(leg, "2"))


def _timed(acts: list[Callable[[], object]]) -> float:
    times = []
    for act in acts:
        began = time.perf_counter()
        act()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def _coming_back(desk: Desk) -> list[MediatorId]:
    """Mediators who rest, and come back one after the other."""
    with desk.services.store.reading() as tx:
        found = select(MediatorRow.id).where(MediatorRow.availability == Availability.AWAY)
        return [MediatorId(one) for one in tx.connection.execute(found.order_by(MediatorRow.id)).scalars()]


@contextmanager
def _filled(
    database_url: str | None, mediators: int, waiting: int, state: Availability, skill: str = "taxes"
) -> Iterator[Desk]:
    with TemporaryDirectory(prefix="hotline-bench-") as folder:
        url = database_url or f"sqlite:///{folder}/bench.sqlite3"
        emptied(url)
        schema.migrate(url)
        with opened(url, limits__waiting=100_000) as desk:
            desk.mediator(("taxes",))
            desk.arrive(LegSid("the pattern"))
            desk.at_once(lambda m: _fill(m, mediators, waiting, state, skill))
            # what a database does by itself after so many rows
            desk.at_once(lambda m: m.tx.connection.exec_driver_sql("ANALYZE"))
            yield desk


def _fill(m: Moment, mediators: int, waiting: int, state: Availability, skill: str) -> None:
    """Two thirds of the mediators know taxes, and all have a shift; the callers wait for `skill`."""
    write = m.tx.connection.execute
    numbers = range(2, mediators + 2)
    sealed = m.tx.sealer.seal("+33639980000")
    write(insert(MediatorRow), [_mediator(m, one, state) | {"number": sealed} for one in numbers])
    write(insert(MediatorLanguageRow), [{"mediator_id": one, "language": "fr"} for one in numbers])
    known = [{"mediator_id": one, "skill": "taxes" if one % 3 else "health"} for one in numbers]
    write(insert(MediatorSkillRow), known)
    m.tx.connection.exec_driver_sql("INSERT INTO shift_zones (name) VALUES ('Europe/Paris')")
    write(insert(ShiftRow), [_shift(one) for one in numbers])
    pattern = write(select(*[one for one in CallRow.__table__.columns if one.name != "id"])).one()
    calls = [dict(pattern._mapping) | {"leg": f"waits {one}"} for one in range(waiting)]
    write(insert(CallRow), calls)
    keys = write(select(CallRow.id).where(CallRow.leg.startswith("waits"))).scalars().all()
    write(insert(PlaceRow), [_place(m, key, number, skill) for number, key in enumerate(keys)])


def _mediator(m: Moment, number: int, state: Availability) -> dict[str, Any]:
    rests = state is Availability.ON_CALL and number % 3 and number <= TIMES * 3 // 2 + 2
    return {
        "id": number,
        "name": f"mediator {number}",
        "number_index": m.tx.sealer.index(str(number)),
        "availability": Availability.AWAY if rests else state,
        "idle_since": m.now - timedelta(seconds=number),
        "misses": 0,
    }


def _shift(mediator: int) -> dict[str, Any]:
    return {"mediator_id": mediator, "zone": "Europe/Paris", "weekday": 0, "start": 0, "end": 1440}


def _place(m: Moment, call: int, number: int, skill: str) -> dict[str, Any]:
    return {
        "kind": PlaceKind.CALL,
        "call_id": call,
        "line": "demo",
        "topic": skill,
        "skill": skill,
        "language": "fr",
        "state": PlaceState.WAITING,
        "reachable": True,
        "queued_at": m.now - timedelta(seconds=number),
        "said": Saying.NOTHING,
    }
