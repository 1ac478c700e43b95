"""Callers in hold: each wait turn looks again, tells them what is known, and lets them out in time."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from hotline.ivr.events import Event, HoldFailed, Resumed, WaitedLong
from hotline.ivr.flow import read_state
from hotline.ivr.script import CALLBACK, Script
from hotline.queue import waiting
from hotline.queue.ids import LegSid
from hotline.queue.offers import OfferState
from hotline.queue.outcomes import Outcome
from hotline.queue.places import PlaceState
from hotline.queue.routing import Need
from hotline.queue.sayings import Saying, next_saying
from hotline.queue.waiting import Told
from hotline.store import calls, candidates, history, holds, offers, places, positions
from hotline.store.calls import Call
from hotline.store.offers import Offer
from hotline.store.places import Place
from hotline.store.positions import Line
from hotline.switchboard import matching, promises
from hotline.switchboard.moment import Moment

NOTHING_TOLD: Final = Told()
PUSH_OWNS: Final = timedelta(seconds=3)
"""So long the push alone may move a caller for whom an offer was made; then a wait turn does it."""


@dataclass(frozen=True, slots=True)
class Stay:
    """Go on waiting: hear this, or music. `soon` when a push is expected any moment."""

    script: Script
    language: str
    saying: Saying | None = None
    told: Told = NOTHING_TOLD
    soon: bool = False


@dataclass(frozen=True, slots=True)
class Leave:
    """Out of hold: the next turn says what follows."""


class HoldEnd(StrEnum):
    LEFT = "left"
    """The wait turn let the caller out."""
    MOVED = "moved"
    """A push has taken the caller elsewhere."""
    REFUSED = "refused"
    """The carrier could not hold the caller."""


def quiet_turn(m: Moment, leg: LegSid) -> Stay | None:
    """The wait turn of a quiet moment, by reading alone: nobody is free, nothing is due, the caller waits on.

    None: there may be something to do or to say. Most wait turns are quiet, and so they take no lock at all.
    """
    call = calls.by_leg(m.tx, leg)
    place = places.glimpse_of(m.tx, call.id) if call else None
    if call is None or place is None or place.state is not PlaceState.WAITING:
        return None
    script = m.lines.script(m.tx, call.script)
    if _waited_long(m, call, place, script) or history.anything_due(m.tx, m.now):
        return None
    heard = holds.heard(m.tx, place.id)
    if next_saying(heard.said, heard.said_at, m.now, script.timings.hold_announcement) is not None:
        return None
    somebody = candidates.anyone_present(m.tx, Need(place.language, place.skill), m.now)
    return Stay(script, place.language) if somebody else None


def wait_turn(m: Moment, leg: LegSid) -> Stay | Leave:
    """What a caller in hold does for the next few seconds."""
    call = calls.lock(m.tx, leg)
    place = places.open_of(m.tx, call.id) if call else None
    if call is None or place is None:
        return Leave()
    script = m.lines.script(m.tx, call.script)
    live = offers.live_of(m.tx, place.id)
    if live is not None:
        return Leave() if _ours(m, live) else Stay(script, place.language, soon=True)
    if matching.for_place(m, place) is not None or _waited_long(m, call, place, script):
        return Leave()
    somebody = candidates.anyone_present(m.tx, Need(place.language, place.skill), m.now)
    return _tell(m, place, script) if somebody else Leave()


def script_of(m: Moment, leg: LegSid) -> tuple[Script | None, str]:
    """The script of a call, and the language that was chosen in it; None when the call is not known."""
    call = calls.by_leg(m.tx, leg)
    if call is None:
        return None, ""
    return m.lines.script(m.tx, call.script), read_state(call.state).language


def keyed(m: Moment, leg: LegSid, digits: str) -> bool:
    """A key in hold; True when the caller leaves it: the 9 makes the place a callback at once.

    When a telephone is about to ring for them, a person now is better than a person later; should that come
    to nothing, the callback is promised all the same.
    """
    call = calls.lock(m.tx, leg)
    if call is None or digits != CALLBACK:
        return call is None
    if call.ended_at is not None and (call.number_index is None or call.outcome is Outcome.ANSWERED):
        return True
    place = places.open_of(m.tx, call.id)
    live = offers.live_of(m.tx, place.id) if place else None
    if place is not None and live is not None:
        promises.keep_unless_they_talk(m, call, read_state(call.state), place)
        return _ours(m, live)
    promises.keep_place(m, call, read_state(call.state))
    return True


def left(m: Moment, call: Call, script: Script, how: HoldEnd) -> Event | None:
    """The carrier says that the hold is over. None: a push goes on elsewhere, nothing follows here."""
    if how is HoldEnd.MOVED:
        return None
    if how is HoldEnd.REFUSED:
        return HoldFailed()
    place = places.open_of(m.tx, call.id)
    if place is not None and offers.live_of(m.tx, place.id) is None and _waited_long(m, call, place, script):
        return WaitedLong()
    return Resumed()


def _tell(m: Moment, place: Place, script: Script) -> Stay:
    heard = holds.heard(m.tx, place.id)
    saying = next_saying(heard.said, heard.said_at, m.now, script.timings.hold_announcement)
    told = heard.told
    expected: timedelta | None = None
    if saying is Saying.POSITION:
        line = positions.line_up(m.tx, place, m.now)
        expected = _expected(m, place, script, line)
        told = waiting.tell(told, line.position, expected)
    if saying is not None:
        holds.say(m.tx, place.id, saying, told, m.now)
    return Stay(script, place.language, saying, told if expected else Told(told.position))


def _expected(m: Moment, place: Place, script: Script, line: Line) -> timedelta | None:
    recent = [talk + script.timings.wrap_up for talk in holds.talk_times(m.tx, place.skill, m.now)]
    return waiting.expected(line.position, recent, positions.serving(m.tx, line, m.now))


def _ours(m: Moment, live: Offer) -> bool:
    late = m.now - live.made_at >= PUSH_OWNS
    return live.push_failed or late or live.state is not OfferState.ASSIGNED


def _waited_long(m: Moment, call: Call, place: Place, script: Script) -> bool:
    """By this call's own time: a place may be older than the call that waits in it."""
    longest_call = timedelta(minutes=script.limits.minutes_a_call)
    waits_since = max(place.queued_at, call.started_at)
    return m.now - waits_since >= script.timings.longest_wait or m.now - call.started_at >= longest_call
