"""The pulse on a real database: who beats, who notes an outage, and that it costs next to nothing."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.exc import SQLAlchemyError

from hotline import app, jobs
from hotline.jobs import outages as job
from hotline.queue.alarms import Kind
from hotline.queue.ids import LegSid
from hotline.queue.outages import KEEP, Outage
from hotline.store import alarms
from hotline.store import outages as stored
from hotline.store.outages import OutageRow
from hotline.store.transactions import Store
from hotline.switchboard import outages
from hotline.switchboard.outages import Pulse
from tests import scripts
from tests.calls.severable import SeverableStore
from tests.fakes import SetClock
from tests.integration.desk import Desk, opened
from tests.integration.rounds import at_the_same_time
from tests.integration.watch import SHUT, lines

SECRET = "a secret for the tests"
CALLER = LegSid("the caller's leg")


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with opened(database_url) as desk:
        yield desk


def beat(desk: Desk, pulse: Pulse, store: Store | None = None) -> None:
    """What a worker does each second."""
    here = desk.services
    outages.beat(store or here.store, here.lines, desk.jobs, desk.clock, pulse)


def start(desk: Desk, store: Store | None = None) -> None:
    """A web process starts."""
    here = desk.services
    outages.started(store or here.store, here.lines, desk.jobs, desk.clock)


def beats(desk: Desk, pulse: Pulse, seconds: int) -> None:
    for _ in range(seconds):
        desk.clock.pass_(1)
        beat(desk, pulse)


def noted(desk: Desk) -> list[Outage]:
    with desk.services.store.reading() as tx:
        found = select(OutageRow.began_at, OutageRow.ended_at).order_by(OutageRow.id)
        return [Outage(*row) for row in tx.connection.execute(found)]


def raised(desk: Desk) -> list[tuple[Kind, str, str]]:
    with desk.services.store.reading() as tx:
        return [(one.kind, one.subject, one.detail) for one in alarms.every(tx)]


def last_beat(desk: Desk) -> datetime | None:
    with desk.services.store.reading() as tx:
        return stored.last_beat(tx)


def runs(desk: Desk) -> Pulse:
    """A worker that has beaten for a minute; what it noted of its own start is taken away."""
    pulse = Pulse()
    beats(desk, pulse, 60)
    desk.clock.pass_(1)
    desk.at_once(lambda m: stored.forget(m.tx, desk.clock.now()))
    assert noted(desk) == []
    return pulse


# the pulse


def test_a_quiet_line_writes_its_pulse_and_nothing_else(desk: Desk) -> None:
    pulse, written = runs(desk), list[str]()

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(("SELECT", "BEGIN")):
            written.append(statement.split()[1])

    event.listen(desk.services.store.engine, "before_cursor_execute", note)
    for _ in range(60):
        beats(desk, pulse, 1)
        desk.sweep()
    assert written == ["pulse"] * 12


def test_of_several_workers_one_beats_each_time(desk: Desk) -> None:
    first, second = runs(desk), Pulse(goes_on=True)
    for _ in range(60):
        desk.clock.pass_(1)
        beat(desk, first)
        beat(desk, second)
        now = desk.clock.now()
        seen = last_beat(desk)
        assert seen is not None
        assert now - seen < timedelta(seconds=5)
    assert noted(desk) == []


# starts


def test_where_nobody_has_ever_been_a_start_is_an_instant_and_no_alarm(desk: Desk) -> None:
    now = desk.clock.now()
    start(desk)
    assert noted(desk) == [Outage(now, now)]
    assert last_beat(desk) == now
    assert raised(desk) == []


@pytest.mark.parametrize("fresh", [True, False])
def test_processes_that_start_at_once_note_one_outage(desk: Desk, database_url: str, fresh: bool) -> None:
    """A worker and two web processes, each with connections of its own."""
    if not fresh:
        runs(desk)
        desk.clock.pass_(10)
    seen, now = last_beat(desk), desk.clock.now()
    stores = [Store(database_url, SECRET) for _ in range(3)]
    worker = partial(beat, desk, Pulse(), stores[0])
    with ThreadPoolExecutor(3) as pool:
        at_the_same_time(pool, [worker, *(partial(start, desk, store) for store in stores[1:])])
    for store in stores:
        store.close()
    assert noted(desk) == [Outage(seen or now, now)]


def test_a_web_process_that_starts_alone_was_away_however_fresh_the_beat(desk: Desk) -> None:
    """The worker has gone on: its pulse says nothing of the web server."""
    pulse = runs(desk)
    beat(desk, pulse)
    seen = last_beat(desk)
    assert seen is not None
    start(desk)
    assert noted(desk) == [Outage(seen, desk.clock.now())]
    beats(desk, pulse, 20)
    assert len(noted(desk)) == 1


def test_the_web_application_notes_its_start(
    desk: Desk, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {
        "HOTLINE_PUBLIC_URL": "http://127.0.0.1:1",
        "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000001",
        "TWILIO_AUTH_TOKEN": "test-token",
        "SECRET_KEY": SECRET,
        "DATABASE_URL": database_url,
        "HOTLINE_CONFIG": str(scripts.CONFIG),
        "HOTLINE_FICTION_NUMBERS": "1",
    }
    for key, value in given.items():
        monkeypatch.setenv(key, value)
    made = app.create()
    assert isinstance(made, Flask)
    made.extensions["pages"].extensions["live"].close()
    assert len(noted(desk)) == 1


# late beats


def test_a_silence_with_an_open_line_is_an_alarm_that_says_how_many_were_on_it(desk: Desk) -> None:
    pulse = runs(desk)
    desk.services = replace(desk.services, lines=lines())
    desk.arrive(CALLER)
    seen = last_beat(desk)
    assert seen is not None
    desk.clock.pass_(60)
    beat(desk, pulse)
    assert noted(desk) == [Outage(seen, desk.clock.now())]
    first, second = raised(desk)
    assert first[:2] == (Kind.LINE_AWAY, "demo")
    assert first[2] == "du 23/11/2026 à 11:00:56 au 23/11/2026 à 11:02:01 ; appels en cours : 1"
    assert second[:2] == (Kind.LINE_AWAY, "reunion")
    assert second[2].endswith("appels en cours : 0")


def test_a_silence_while_the_line_is_closed_is_none(desk: Desk) -> None:
    pulse = runs(desk)
    desk.services = replace(desk.services, lines=lines(hours=SHUT))
    desk.clock.pass_(60)
    beat(desk, pulse)
    assert len(noted(desk)) == 1
    assert raised(desk) == []


def test_a_line_that_has_opened_and_closed_meanwhile_was_open(desk: Desk) -> None:
    pulse = runs(desk)
    desk.services = replace(desk.services, lines=lines(hours=SHUT))
    desk.clock.pass_(7 * 86_400 - 3600)  # over the Sunday
    beat(desk, pulse)
    assert [kind for kind, *_ in raised(desk)] == [Kind.LINE_AWAY] * 2


def test_a_clock_that_is_put_back_is_no_outage_and_the_pulse_goes_on(desk: Desk) -> None:
    pulse = runs(desk)
    desk.clock.pass_(-3600)
    beat(desk, pulse)
    assert last_beat(desk) == desk.clock.now()
    beats(desk, pulse, 20)
    assert noted(desk) == []


def test_a_worker_that_could_not_reach_the_database_notes_it_however_short(
    desk: Desk, database_url: str
) -> None:
    pulse, store = runs(desk), SeverableStore(database_url, SECRET)
    beat(desk, pulse, store)
    seen = last_beat(desk)
    assert seen is not None
    store.sever()
    with pytest.raises(SQLAlchemyError):
        beat(desk, pulse, store)
    store.mend()
    desk.clock.pass_(3)
    beat(desk, pulse, store)
    beats(desk, pulse, 5)
    assert [one.began_at for one in noted(desk)] == [seen]
    store.close()


def test_a_worker_whose_beat_has_hung_for_seconds_notes_it(desk: Desk) -> None:
    """A database that has frozen for a moment: to those who called it was away."""
    pulse, asked = runs(desk), list[datetime]()

    class Slow(SetClock):
        def now(self) -> datetime:
            asked.append(self.instant)
            self.pass_(6 if len(asked) == 1 else 0)
            return asked[-1]

    here = desk.services
    beat(desk, pulse)
    seen = last_beat(desk)
    outages.beat(here.store, here.lines, desk.jobs, Slow(desk.clock.now()), pulse)
    (found,) = noted(desk)
    desk.clock.pass_(7)
    beats(desk, pulse, 5)
    assert noted(desk) == [found]
    assert found.began_at == seen
    assert not found.is_grave


# afterwards


def test_an_outage_is_kept_for_a_week(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_services", None)  # so that it is put back
    jobs.use(desk.services)
    start(desk)
    desk.clock.pass_(KEEP.total_seconds())
    job.forget()
    assert len(noted(desk)) == 1
    desk.clock.pass_(1)
    job.forget()
    assert noted(desk) == []
