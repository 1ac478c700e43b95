"""Outages of ours: the pulse that shows them, and what becomes of those whom one has dropped."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hotline.ivr.course import Step, read_state
from hotline.queue import outages as rules
from hotline.queue.alarms import Kind
from hotline.queue.ids import LegSid
from hotline.queue.outages import Outage
from hotline.store import call_log, calls, holds
from hotline.store import outages as stored
from hotline.store.calls import Call
from hotline.store.places import Place
from hotline.store.transactions import Store
from hotline.switchboard import alarms
from hotline.switchboard.lines import Lines
from hotline.switchboard.moment import Moment
from hotline.switchboard.ports import Clock, Jobs

ANSWER_FAILED: Final = "answer_failed"


@dataclass(slots=True)
class Pulse:
    """What a worker knows of its own beats."""

    goes_on: bool = False
    """Its last one was taken, and at once: not so when it starts, or where the database was away or froze."""


def beat(store: Store, lines: Lines, jobs: Jobs, clock: Clock, pulse: Pulse) -> None:
    """Write that we are there, if it is time; and when we were not, that too.

    Raises SQLAlchemyError without the database: the first beat after that counts as a start.
    """
    now = clock.now()
    goes_on, pulse.goes_on = pulse.goes_on, False
    if not goes_on:
        started(store, lines, jobs, clock)
    elif rules.beat_is_due(_last_beat(store), now):
        store.run(lambda tx: _beat(Moment(tx, now, lines, jobs)))
    if clock.now() - now >= rules.BEAT_EVERY:
        # it hung. At once: those who were dropped meanwhile are settled just now, too
        started(store, lines, jobs, clock)
    pulse.goes_on = True


def started(store: Store, lines: Lines, jobs: Jobs, clock: Clock) -> None:
    """A process of ours starts: before that it was not there."""
    now = clock.now()
    store.run(lambda tx: _start(Moment(tx, now, lines, jobs)))


def forget(store: Store, clock: Clock) -> None:
    """Delete old outages."""
    before = clock.now() - rules.KEEP
    store.run(lambda tx: stored.forget(tx, before))


def answer_failed(m: Moment, leg: LegSid) -> None:
    """The carrier has asked about that caller, and we could not answer."""
    call = calls.by_leg(m.tx, leg)
    if call is not None:
        m.note(call.id, ANSWER_FAILED)


def dropped_by(m: Moment, call: Call, place: Place | None) -> Outage | None:
    """The outage by which that call has ended, which nobody has answered; None when it was none of ours.

    To whom we had said goodbye, nothing was cut.
    """
    if read_state(call.state).step is Step.OVER:
        return None
    failed_at = call_log.latest(m.tx, call.id, ANSWER_FAILED)
    failure = [Outage(failed_at, failed_at)] if failed_at is not None else []
    known = [*stored.near(m.tx, m.now), *failure]
    if not known:
        return None
    answers = [call_log.answered_at(m.tx, call.id), holds.heard(m.tx, place.id).said_at if place else None]
    answered_at = max((at for at in answers if at is not None), default=None)
    return rules.dropped_by(known, call.started_at, answered_at, m.now)


def owed(m: Moment, call: Call, outage: Outage) -> None:
    """Whoever was dropped is to be called back: the coordinators are told."""
    zone = m.lines.script(m.tx, call.script).zone
    alarms.raise_(m, Kind.LINE_AWAY, call.line, rules.to_be_called_back(outage, zone))


def _last_beat(store: Store) -> datetime | None:
    with store.glancing() as tx:
        return stored.last_beat(tx)


def _beat(m: Moment) -> None:
    last = stored.lock(m.tx)
    if rules.beat_is_due(last, m.now):
        stored.beat(m.tx, m.now)
        _note(m, rules.of_beat(last, m.now))


def _start(m: Moment) -> None:
    last = stored.lock(m.tx)
    stored.beat(m.tx, m.now)
    _note(m, rules.of_start(last, stored.latest_end(m.tx), m.now))


def _note(m: Moment, outage: Outage | None) -> None:
    if outage is None:
        return
    stored.add(m.tx, outage)
    many = stored.on_the_line(m.tx, outage.ended_at) if outage.is_grave else {}
    for script in (line.script for line in m.lines.lines if outage.is_grave):
        opens = script.opening.next_opening(outage.began_at)
        if opens is not None and opens <= outage.ended_at:
            detail = rules.on_the_line(outage, script.zone, many.get(script.name, 0))
            alarms.raise_(m, Kind.LINE_AWAY, script.name, detail)
