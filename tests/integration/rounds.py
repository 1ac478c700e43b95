"""Rounds of callers and mediators who come at the same instant, from real threads, and the cheap way back."""

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from threading import Barrier
from typing import Final, TypeVar

from sqlalchemy import insert, select, update

from hotline.queue.ids import LegSid, MediatorId, PlaceId
from hotline.queue.mediators import Availability
from hotline.queue.offers import PENDING, OfferState
from hotline.queue.places import PlaceEnd, PlaceKind, PlaceState
from hotline.queue.tickets import TicketState
from hotline.store import places
from hotline.store.calls import Call, CallRow
from hotline.store.mediators import MediatorRow
from hotline.store.offers import OfferRow
from hotline.store.places import Place, PlaceRow
from hotline.store.tickets import TicketRow
from hotline.switchboard import offering
from hotline.switchboard.moment import Moment
from tests.integration import checks
from tests.integration.desk import Desk, ringing

log = logging.getLogger(__name__)

T = TypeVar("T")
MANY: Final = 300 * int(os.environ.get("SOAK", "1"))
"""So many encounters in each test: thousands in all; SOAK=10 plays ten times as many."""
EVERYTHING = ("taxes", "benefits", "health", "work", "messages", "equipment")
KNOWN = (("taxes",), ("taxes", "benefits"), ("benefits",), EVERYTHING)
KEYS = ("2", "1", "2", "0")


def at_the_same_time(pool: ThreadPoolExecutor, acts: Sequence[Callable[[], T]]) -> list[T]:
    """Do all of it at one instant, each from its own thread; raises what any of them raised."""
    start = Barrier(len(acts))

    def one(act: Callable[[], T]) -> T:
        start.wait(timeout=30)
        return act()

    return [done.result(timeout=60) for done in [pool.submit(one, act) for act in acts]]


@dataclass
class Rounds:
    """Four mediators who are away, a fifth who talks all the time (so waiting makes sense), and callers."""

    desk: Desk
    pool: ThreadPoolExecutor
    mediators: list[MediatorId] = field(default_factory=list)
    encounters: int = 0
    _numbers: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.desk.mediator(EVERYTHING)
        self.desk.arrive(LegSid("the long talk"))
        offer = ringing(self.desk.key(LegSid("the long talk"), "0"))
        self.desk.at_once(lambda m: offering.accept(m, offer, LegSid("the busy one's leg")))
        self.desk.arrive(LegSid("the pattern"))
        self.mediators = [self.desk.mediator(skills) for skills in KNOWN]
        self.back()

    def many_times(self) -> Iterator[int]:
        """Rounds until there have been so many encounters."""
        for played in count():
            if self.encounters >= MANY:
                log.info("%d encounters in %d rounds", self.encounters, played)
                return
            yield played

    def callers(self, many: int = len(KEYS), *, again: Sequence[LegSid] = ()) -> list[LegSid]:
        """New calls that hear the menu: copies of one that came in. Or calls of those who have called."""
        legs = [LegSid(f"caller {next(self._numbers)}") for _ in again or range(many)]
        self.desk.at_once(lambda m: _copies(m, legs, again or legs))
        self.encounters += len(legs)
        return legs

    def waiting_place(
        self,
        m: Moment,
        call: Call,
        skill: str = "taxes",
        previous: MediatorId | None = None,
        *,
        reachable: bool = True,
    ) -> Place:
        """A place of the call, without having looked for anybody."""
        place = Place(
            id=PlaceId(0),
            kind=PlaceKind.CALL,
            call_id=call.id,
            ticket_id=None,
            line=call.line,
            topic=None,
            skill=skill,
            language="fr",
            state=PlaceState.WAITING,
            reachable=reachable,
            queued_at=m.now,
            previous_id=previous,
        )
        return places.add(m.tx, place)

    def play(self, acts: Sequence[Callable[[], object]]) -> None:
        """All at once; nobody may have been overlooked; then everybody back to where they were."""
        at_the_same_time(self.pool, acts)
        self.inspect()
        self.back()

    def inspect(self) -> None:
        assert self.desk.at_once(lambda m: checks.contradictions(m.tx)) == []
        assert self.desk.at_once(checks.overlooked) == []

    def back(self) -> None:
        self.desk.jobs.take()
        self.desk.at_once(lambda m: _all_over(m, self.mediators))


def _copies(m: Moment, legs: Sequence[LegSid], numbers: Sequence[LegSid]) -> None:
    """Each from a number of its own: whoever rings again is treated otherwise."""
    columns = [column for column in CallRow.__table__.columns if column.name != "id"]
    row = m.tx.connection.execute(select(*columns).where(CallRow.leg == "the pattern")).one()
    m.tx.connection.execute(
        insert(CallRow),
        [
            dict(row._mapping)
            | {"leg": leg, "number": m.tx.sealer.seal(number), "number_index": m.tx.sealer.index(number)}
            for leg, number in zip(legs, numbers, strict=True)
        ],
    )


def _all_over(m: Moment, mediators: Sequence[MediatorId]) -> None:
    pending = OfferRow.state.in_(PENDING)
    m.tx.connection.execute(
        update(OfferRow).where(pending).values(state=OfferState.WITHDRAWN, ended_at=m.now, expires_at=None)
    )
    open_ = PlaceRow.state.in_([PlaceState.WAITING, PlaceState.OFFERED])
    m.tx.connection.execute(
        update(PlaceRow).where(open_).values(state=PlaceState.ENDED, end=PlaceEnd.LEFT, ended_at=m.now)
    )
    m.tx.connection.execute(update(TicketRow).values(state=TicketState.CLOSED, closed_at=m.now))
    away = {"availability": Availability.AWAY, "until": None, "misses": 0}
    m.tx.connection.execute(update(MediatorRow).where(MediatorRow.id.in_(mediators)).values(**away))
