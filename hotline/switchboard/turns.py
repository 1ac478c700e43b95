"""The turns of a caller's leg: each webhook is taken once and answered the same when it is repeated."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from hotline.ivr import numbers
from hotline.ivr.actions import Action, Promise, Record, Ring, Say, Seek
from hotline.ivr.course import State, Step, read_state
from hotline.ivr.events import CallTooLong, Event, Lost, Recorded, Talked, WantsCallback
from hotline.ivr.flow import advance
from hotline.ivr.script import Script
from hotline.queue.ids import CallId, LegSid, LineName, OfferId
from hotline.store import call_log, callbacks, callers, calls, mediators, offers, unheard
from hotline.store.calls import Call
from hotline.switchboard import entry, promises, seeking
from hotline.switchboard.moment import Moment

ARRIVAL: Final = "arrival"
KEYED: Final = "keyed_sealed"
_DIALOGUE: Final = timedelta(minutes=15)
MORE_TIME: Final = MappingProxyType(
    dict.fromkeys((Step.MENU, Step.QUEUE), timedelta())
    | dict.fromkeys((Step.NUMBER, Step.CONFIRM, Step.TIME), _DIALOGUE)
)
"""How much longer than the line's ceiling a call may last there: time to say where one can be called back."""


@dataclass(frozen=True, slots=True)
class Ringing:
    """Whom to ring, and with which of our numbers on their display."""

    offer: OfferId
    number: str
    shown: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the caller's leg does next. `turn` is the number of the turn that follows."""

    call: CallId
    key: str | None
    turn: int
    script: Script
    say: tuple[Say, ...]
    then: Action
    ringing: Ringing | None = None


@dataclass(frozen=True, slots=True)
class Repeated:
    """The turn was taken before; this was the answer."""

    document: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """Something else goes on with the caller: an empty answer."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """The call has ended for us, but the carrier asks: whoever asks again is there after all."""


Outcome = Answer | Repeated | Nothing | Doubt
Happening = Callable[[Call, Script], Event | None]


def arrive(m: Moment, leg: LegSid, called: str, shown: str) -> Outcome:
    """A call comes in; once more for the same leg is the same call."""
    call = calls.lock(m.tx, leg)
    if call is not None:
        return _repeated(m, call, ARRIVAL)
    line = m.lines.for_number(called)
    m.lines.pin(m.tx, line, m.now)
    number = numbers.caller(shown)
    event = entry.arrived(m, line.script, m.tx.sealer.index(number) if number else None)
    call = calls.add(m.tx, leg, LineName(line.script.name), line.version, number, m.now)
    refused = {"refused": event.refusal} if event.refusal is not None else {}
    m.note(call.id, "arrived", {"anonymous": number is None, "open": event.open} | refused)
    return _go_on(m, call, line.script, State(), event, ARRIVAL)


def go_on(m: Moment, leg: LegSid, turn: int, happening: Happening) -> Outcome | None:
    """The turn of that number. None when the leg is not known: the caller is new to us.

    A turn that has been answered gets that answer; one that the call has left behind gets the call's last
    answer and changes nothing.
    """
    call = calls.lock(m.tx, leg)
    if call is None:
        return None
    key = f"turn {turn}"
    if call.ended_at is not None:
        return Doubt()
    if turn < call.turn:
        return _repeated(m, call, key)
    return _take(m, call, key, happening)


def interrupt(m: Moment, leg: LegSid, token: str | None, happening: Happening) -> Outcome | None:
    """A turn that has no number of its own: a push, or the carrier's fallback.

    Known again by the carrier's idempotency token, if there is one; otherwise it is taken afresh, which is
    safe: it only asks where the call is now.
    """
    call = calls.lock(m.tx, leg)
    if call is None or call.ended_at is not None:
        return None if call is None else Doubt()
    answered = call_log.answer(m.tx, call.id, token) if token else None
    return Repeated(answered) if answered is not None else _take(m, call, token, happening)


def revive(m: Moment, leg: LegSid) -> Outcome | None:
    """The carrier has come back from a doubt: the caller is there, and goes on to a person."""
    call = calls.lock(m.tx, leg)
    if call is None:
        return None
    if call.ended_at is not None:
        calls.reopen(m.tx, call.id)
        m.note(call.id, "reopened")
    return _take(m, call, None, lambda _call, _script: Lost())


def keep(m: Moment, answer: Answer, document: str) -> None:
    """Keep what was answered, for a repeated request."""
    call_log.add(m.tx, answer.call, m.now, "answer", key=answer.key, answer=document)


def _take(m: Moment, call: Call, key: str | None, happening: Happening) -> Outcome:
    script = m.lines.script(m.tx, call.script)
    event = happening(call, script)
    if event is None:
        return Nothing()
    state = _state(m, call)
    return _go_on(m, call, script, state, _instead(m, call, script, state.step, event), key)


def _instead(m: Moment, call: Call, script: Script, step: Step, event: Event) -> Event:
    """What goes before the event: the 9 in hold, or the line's ceiling; never a talk's end or a message."""
    if isinstance(event, Talked | Recorded) or step not in MORE_TIME:
        return event
    if step is Step.QUEUE and callbacks.of_call(m.tx, call.id) is not None:
        return WantsCallback()
    longest = timedelta(minutes=script.limits.minutes_a_call) + MORE_TIME[step]
    return CallTooLong() if m.now - call.started_at >= longest else event


def _go_on(m: Moment, call: Call, script: Script, before: State, event: Event, key: str | None) -> Answer:
    turn = advance(before, event, script)
    said = turn.say
    while isinstance(turn.then, Seek | Promise):
        reply = seeking.answer(m, call, script, turn.then, turn.state)
        turn = advance(turn.state, reply, script)
        said += turn.say
    if call.number_index is not None and before.language not in ("", turn.state.language):
        callers.remember_language(m.tx, call.number_index, turn.state.language)
    if turn.state.step is Step.NUMBER and before.step is not Step.NUMBER:
        promises.leave_queue(m, call, turn.state)
    if isinstance(turn.then, Record):
        unheard.expect(m.tx, call.id, m.now)
    number = call.turn + 1
    calls.move(m.tx, call.id, number, _kept(m, turn.state))
    return Answer(call.id, key, number, script, said, turn.then, _ringing(m, turn.then, script))


def _kept(m: Moment, state: State) -> dict[str, object]:
    """The state as the call's row holds it: the beginning of a number is sealed, as numbers are."""
    kept: dict[str, object] = {**state.as_mapping()}
    if state.keyed:
        kept[KEYED] = m.tx.sealer.seal(state.keyed).hex()
    return kept


def _state(m: Moment, call: Call) -> State:
    sealed = call.state.get(KEYED)
    return read_state(call.state, m.tx.sealer.open(bytes.fromhex(sealed)) if sealed else "")


def _ringing(m: Moment, action: Action, script: Script) -> Ringing | None:
    if not isinstance(action, Ring):
        return None
    offer = offers.get(m.tx, OfferId(action.offer))
    assert offer is not None
    number = mediators.number(m.tx, offer.mediator_id)
    return Ringing(offer.id, number, shown=script.numbers[0])


def _repeated(m: Moment, call: Call, key: str) -> Outcome:
    if call.ended_at is not None:
        return Doubt()
    answered = call_log.answer(m.tx, call.id, key) or call_log.last_answer(m.tx, call.id)
    return Repeated(answered) if answered is not None else Nothing()
