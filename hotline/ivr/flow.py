"""The course of a call: from where it is and what happened to what is done next. Never a dead end."""

from dataclasses import replace
from typing import Final, assert_never

from hotline.ivr import dialogue, wording
from hotline.ivr.actions import Ask, Hold, Ring, Say
from hotline.ivr.course import CALLBACK_STEPS, State, Step, Turn, part, read_state, say, seek
from hotline.ivr.events import (
    AllBusy,
    Answer,
    Arrived,
    CallTooLong,
    Event,
    Found,
    GoneOn,
    HoldFailed,
    Keyed,
    Lost,
    Missed,
    NobodyOnDuty,
    Promised,
    QueueFull,
    Recorded,
    Refusal,
    Reply,
    Resumed,
    Silent,
    Spoke,
    Talked,
    Transferred,
    WaitedLong,
    WantsCallback,
)
from hotline.ivr.prompts import Sentences
from hotline.ivr.script import Script
from hotline.ivr.understanding import (
    ChoseAgain,
    ChoseCallback,
    ChoseEmergency,
    ChoseLanguage,
    ChosePerson,
    ChoseTopic,
    choice,
)

__all__ = ["HOLD_TRIES", "State", "Step", "Turn", "advance", "read_state"]

HOLD_TRIES: Final = 2


def advance(state: State, event: Event, script: Script) -> Turn:
    """One step of the call. Total: every event has an answer in every state."""
    # a row of another version may name a language that this script does not speak
    state = replace(state, language=script.language(state.language).code)
    if state.refused:
        return part(state, script, ())
    match event:
        case Arrived():
            return _arrived(state, event, script)
        case Keyed() | Spoke() | Silent() | Recorded():
            return _answered(state, event, script)
        case Found() | AllBusy() | QueueFull() | NobodyOnDuty() | Promised():
            return _replied(state, event, script)
        case (
            Missed()
            | Resumed()
            | Transferred()
            | Lost()
            | WaitedLong()
            | CallTooLong()
            | HoldFailed()
            | Talked()
            | WantsCallback()
        ):
            return _went_on(state, event, script)
        case _:
            assert_never(event)


def _arrived(state: State, event: Arrived, script: Script) -> Turn:
    language = script.language(event.language or "").code
    state = replace(state, language=language, knows_number=event.knows_number, closed=not event.open)
    texts = wording.texts(script, language)
    if event.refusal is not None:
        why = texts.refused_blocked if event.refusal is Refusal.BLOCKED else texts.refused_often
        return part(replace(state, refused=True), script, texts.greeting + why)
    if not event.open:
        opens_at = event.opens_at.isoformat() if event.opens_at else ""
        state = replace(state, came_at=event.now.isoformat(), opens_at=opens_at)
        return dialogue.begin_closed(state, script, texts.greeting + texts.notice)
    return _menu(state, script, wording.welcome(script, language))


def _answered(state: State, event: Answer, script: Script) -> Turn:
    if isinstance(event, Recorded) or state.step not in (Step.MENU, Step.QUEUE):
        return dialogue.answered(state, event, script)
    if state.closed:
        return dialogue.begin_closed(state, script, ())
    return _chose(state, event, script) if state.step is Step.MENU else seek(state)


def _chose(state: State, event: Keyed | Spoke | Silent, script: Script) -> Turn:
    texts = wording.texts(script, state.language)
    if isinstance(event, Silent):
        return _not_understood(state, script, texts.nothing_heard)
    chosen = choice(script, state.language, event)
    match chosen:
        case ChoseTopic(name):
            return seek(replace(state, topic=name))
        case ChosePerson():
            return seek(state)
        case ChoseCallback():
            return dialogue.begin(state, script, ())
        case ChoseAgain():
            return _menu(state, script, ())
        case ChoseEmergency():
            return _menu(state, script, (say(state, texts.emergency),))
        case ChoseLanguage(code):
            return _menu(replace(state, language=code, tries=0), script, wording.invitations(script, code))
        case None:
            return _not_understood(state, script, texts.not_understood)
        case _:
            assert_never(chosen)


def _not_understood(state: State, script: Script, why: Sentences) -> Turn:
    state = replace(state, tries=state.tries + 1)
    if state.tries >= script.menu_tries:
        return seek(state, (say(state, wording.texts(script, state.language).to_a_person),))
    return _menu(state, script, (say(state, why),))


def _menu(state: State, script: Script, before: tuple[Say, ...]) -> Turn:
    slow = state.tries > 0
    menu = say(state, wording.menu(script, state.language), slow=slow)
    silence = script.timings.menu_silence * (2 if slow else 1)
    return Turn(replace(state, step=Step.MENU), (*before, menu), Ask(silence))


def _replied(state: State, event: Reply, script: Script) -> Turn:
    texts = wording.texts(script, state.language)
    match event:
        case Found(offer):
            rung = replace(state, rings=state.rings + 1, held=False)
            said = texts.next_mediator if state.rings else texts.ringing
            # each word before it would be a second that the mediator is free and the caller waits
            return Turn(rung, () if state.held else (say(state, said),), Ring(offer))
        case AllBusy():
            said = texts.no_one_took_it if state.rings else texts.all_busy
            return Turn(replace(state, held=True), (say(state, said),), Hold())
        case QueueFull():
            return dialogue.begin(state, script, texts.queue_full)
        case NobodyOnDuty():
            return dialogue.begin(state, script, texts.nobody_on_duty)
        case Promised():
            return dialogue.promised(state, event, script)
        case _:
            assert_never(event)


def _went_on(state: State, event: GoneOn, script: Script) -> Turn:
    texts = wording.texts(script, state.language)
    settled = _settled(state, event, script)
    if settled is not None:
        return settled
    match event:
        case Missed() | Resumed() | Transferred():
            return seek(_for_another(state, event))
        case Lost():
            return seek(state, (say(state, texts.trouble),))
        case HoldFailed() if state.hold_failures < HOLD_TRIES:
            return seek(replace(state, hold_failures=state.hold_failures + 1))
        case WantsCallback():
            return dialogue.begin(state, script, texts.callback_wanted)
        case WaitedLong() | HoldFailed():
            return dialogue.begin(state, script, texts.waited_long)
        case CallTooLong():
            return dialogue.begin(state, script, texts.call_too_long)
        case Talked():
            return part(state, script, ())
        case _:
            assert_never(event)


def _for_another(state: State, event: Missed | Resumed | Transferred) -> State:
    """Whom to look for: after a transfer it begins anew, for its topic."""
    if isinstance(event, Transferred):
        return replace(state, topic=event.topic, rings=0, held=False)
    return state


def _settled(state: State, event: GoneOn, script: Script) -> Turn | None:
    """What the state of the call decides by itself."""
    if isinstance(event, Talked):
        return None
    if state.step is Step.OVER:
        return part(state, script, ())
    if state.step in CALLBACK_STEPS:
        go_on = dialogue.too_long if isinstance(event, CallTooLong) else dialogue.lost
        return go_on(state, script)
    return dialogue.begin_closed(state, script, ()) if state.closed else None
