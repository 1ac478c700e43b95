"""The callback: which number, when, or a message instead. Whatever the caller does, the promise stands."""

from dataclasses import replace
from typing import Final, assert_never

from hotline.ivr import numbers, wording
from hotline.ivr.actions import Ask, Promise, Record, Say
from hotline.ivr.course import State, Step, Turn, part, say
from hotline.ivr.events import Answer, Keyed, Promised, Recorded, Silent
from hotline.ivr.prompts import Sentences
from hotline.ivr.script import AGAIN, EMERGENCY, MESSAGE, OTHER_NUMBER, RIGHT, Script
from hotline.queue.tickets import BestTime

NUMBER_TRIES: Final = 2
CONFIRM_TRIES: Final = 2
TIME_TRIES: Final = 2
BACK_TIMES: Final = 1
"""So often an empty message leads back to the number."""
CODE_TIMES: Final = 5
"""So often the code is said: enough for whoever looks for a pen, and no call without an end."""
TIMES: Final = {"1": BestTime.MORNING, "2": BestTime.AFTERNOON, "3": BestTime.ANY}


def begin(state: State, script: Script, why: Sentences) -> Turn:
    """Promise a callback, for this reason: at once where the number is known, else it is asked for."""
    if state.knows_number or state.promised:
        offered = wording.texts(script, state.language).callback_offered
        return Turn(replace(state, step=Step.CONFIRM, tries=0), (say(state, why + offered),), Promise())
    return _ask_number(replace(state, tries=0), script, why)


def begin_closed(state: State, script: Script, before: Sentences) -> Turn:
    """On a closed line: when it opens, and how to hear that in another language; then a callback."""
    closed = wording.closed(script, state.language, state.came_at, state.opens_at)
    return _invited(begin(state, script, before + closed), script)


def _invited(turn: Turn, script: Script) -> Turn:
    """With each other language's invitation after the first words: there is no menu that says it."""
    first, *rest = turn.say
    return replace(turn, say=(first, *wording.invitations(script, turn.state.language), *rest))


def answered(state: State, event: Answer, script: Script) -> Turn:
    """The caller's answer to a question of the dialogue."""
    if isinstance(event, Recorded):
        kept = wording.texts(script, state.language).message_kept
        return _give_code(replace(state, promised=True), (say(state, kept),))
    other = _other_language(event, script)
    if other is not None and state.step in (Step.NUMBER, Step.CONFIRM, Step.TIME) and not state.keyed:
        return _in_another_language(replace(state, language=other), script)
    match state.step:
        case Step.NUMBER:
            return _gave_number(state, event, script)
        case Step.CONFIRM:
            return _confirmed(state, event, script)
        case Step.TIME:
            return _chose_time(state, event, script)
        case Step.MESSAGE:
            return _nothing_recorded(state, event, script)
        case Step.CODE:
            return _heard_code(state, event, script)
        case Step.MENU | Step.QUEUE | Step.OVER:
            return part(state, script, ())
        case _:
            assert_never(state.step)


def _other_language(event: Answer, script: Script) -> str | None:
    """A closed line has no menu: there the key of a language is pressed here."""
    if not isinstance(event, Keyed) or event.digits in (RIGHT, OTHER_NUMBER, MESSAGE):
        return None
    return next((one.code for one in script.languages if one.key == event.digits), None)


def _in_another_language(state: State, script: Script) -> Turn:
    if state.step is Step.TIME:
        return _ask_time(state, script, ())
    return begin_closed(state, script, ()) if state.closed else _invited(begin(state, script, ()), script)


def promised(state: State, reply: Promised, script: Script) -> Turn:
    """The ticket is written: read the number back, or give the code, as often as it is wanted."""
    state = replace(state, promised=True)
    if state.step is Step.CONFIRM and reply.number is not None:
        return _read_back(state, reply.number, script)
    if state.step is Step.NUMBER:
        return _ask_number(state, script, ())
    texts = wording.texts(script, state.language)
    # a line of which nobody knows when it opens says no more than that it is noted
    when = () if state.closed and reply.expect_at is None else wording.expected(script, state.language, reply)
    noted = say(state, texts.callback_promised + when)
    # slowly: it is written down
    code = say(state, wording.code(script, state.language, reply.code), slow=True)
    said = (noted, code, say(state, texts.callback_code_again))
    heard = replace(state, step=Step.CODE, tries=state.tries + 1)
    if state.tries >= CODE_TIMES:
        # to whoever pressed a key each time it is said once more, and no key cuts it off
        parting = part(heard, script, ())
        return replace(parting, say=(noted, code, *parting.say))
    # time to find a pen, and to decide
    return Turn(heard, said, Ask(2 * script.timings.menu_silence))


def lost(state: State, script: Script) -> Turn:
    """Something failed in the middle of the dialogue: keep what is promised, else ask again.

    Nobody is told that a person is being called: here a promise is all there is.
    """
    if state.promised:
        return _give_code(state) if state.step is not Step.CODE else _heard_code(state, Keyed(AGAIN), script)
    if state.step is Step.MESSAGE:
        return ask_message(state, script, ())
    return _ask_number(state, script, wording.texts(script, state.language).number_not_noted)


def too_long(state: State, script: Script) -> Turn:
    """The call has lasted for too long: what is promised stands; else a message is the last question."""
    if state.promised:
        return _give_code(state)
    return ask_message(state, script, wording.texts(script, state.language).number_not_noted)


def ask_message(state: State, script: Script, before: Sentences) -> Turn:
    said = (say(state, before), say(state, wording.message(script, state.language)))
    record = Record(script.timings.longest_message, script.timings.message_silence)
    return Turn(replace(state, step=Step.MESSAGE, tries=0), said, record)


def _ask_number(state: State, script: Script, why: Sentences) -> Turn:
    texts = wording.texts(script, state.language)
    said = (say(state, why), say(state, texts.callback_ask_number, slow=state.tries > 0))
    return Turn(replace(state, step=Step.NUMBER), said, Ask(script.timings.key_gap, many=True))


def _ask_rest(state: State, script: Script) -> Turn:
    """Some digits of a number have come: whoever reads it from a paper, or hurries nowhere, keys on."""
    asked = say(state, wording.texts(script, state.language).callback_number_rest)
    return Turn(replace(state, step=Step.NUMBER), (asked,), Ask(script.timings.key_gap, many=True))


def _gave_number(state: State, event: Answer, script: Script) -> Turn:
    texts = wording.texts(script, state.language)
    digits = event.digits if isinstance(event, Keyed) else ""
    number = _number(state, digits, script)
    if number is not None:
        return Turn(replace(state, step=Step.CONFIRM, tries=0, keyed=""), (), Promise(number))
    so_far = _after_star(state.keyed + digits)
    if digits and numbers.is_begun(so_far, script.region):
        return _ask_rest(replace(state, keyed=so_far), script)
    if state.keyed and digits.endswith(AGAIN):
        # the star as we asked for it, and a pause: that is no mistake
        return _ask_number(replace(state, keyed=""), script, ())
    state = replace(state, tries=state.tries + 1, keyed="" if digits else state.keyed)
    if state.tries < NUMBER_TRIES:
        silent = isinstance(event, Silent)
        return _ask_number(state, script, texts.callback_no_number if silent else texts.callback_bad_number)
    # also where there is a number already: it is the one they did not want, and here they can say theirs
    return ask_message(replace(state, keyed=""), script, texts.number_not_noted)


def _number(state: State, digits: str, script: Script) -> str | None:
    """The number that was keyed: at once, in pieces, or anew after the star; never one of ours."""
    for text in (_after_star(state.keyed + digits), digits):
        found = numbers.keyed(text, script.region, fiction=script.fiction_numbers) if digits else None
        if found is not None and found not in script.numbers:
            return found
    return None


def _after_star(digits: str) -> str:
    """The star begins a number anew."""
    return digits.rpartition(AGAIN)[2]


def _read_back(state: State, number: str, script: Script) -> Turn:
    texts = wording.texts(script, state.language)
    spoken = wording.number(script, state.language, number)
    asked = say(state, spoken + texts.callback_confirm, slow=state.tries > 0)
    return Turn(state, (asked,), Ask(script.timings.menu_silence))


def _confirmed(state: State, event: Answer, script: Script) -> Turn:
    """Silence means yes: who does not know what to press is called back all the same."""
    texts = wording.texts(script, state.language)
    key = event.digits if isinstance(event, Keyed) else None
    if key == EMERGENCY:
        return Turn(state, (say(state, texts.emergency),), Promise())
    if key == OTHER_NUMBER:
        asked = replace(state, step=Step.NUMBER, tries=0)
        # a number that they do not want is not called, should they key no other
        return Turn(asked, (), Promise(own=True)) if state.knows_number else _ask_number(asked, script, ())
    if key == MESSAGE:
        return ask_message(state, script, ())
    state = replace(state, tries=state.tries + 1)
    if key != RIGHT and not isinstance(event, Silent) and state.tries < CONFIRM_TRIES:
        return Turn(state, (say(state, texts.not_understood),), Promise())
    return _ask_time(replace(state, tries=0), script, ())


def _ask_time(state: State, script: Script, why: Sentences) -> Turn:
    asked = say(state, why + wording.texts(script, state.language).callback_time, slow=state.tries > 0)
    return Turn(replace(state, step=Step.TIME), (asked,), Ask(script.timings.menu_silence))


def _chose_time(state: State, event: Answer, script: Script) -> Turn:
    """Silence means any time; a key that means nothing is asked once more."""
    texts = wording.texts(script, state.language)
    if event == Keyed(EMERGENCY):
        return _ask_time(state, script, texts.emergency)
    if isinstance(event, Keyed) and event.digits not in TIMES and state.tries + 1 < TIME_TRIES:
        return _ask_time(replace(state, tries=state.tries + 1), script, texts.not_understood)
    best = TIMES.get(event.digits) if isinstance(event, Keyed) else None
    return _give_code(state, best=best)


def _give_code(state: State, before: tuple[Say, ...] = (), best: BestTime | None = None) -> Turn:
    return Turn(replace(state, step=Step.CODE, tries=0), before, Promise(best=best))


def _heard_code(state: State, event: Answer, script: Script) -> Turn:
    """Any key is "again": one that came late, for the question before, has cut the code off."""
    if isinstance(event, Silent):
        return part(state, script, ())
    danger = event == Keyed(EMERGENCY)
    before = (say(state, wording.texts(script, state.language).emergency),) if danger else ()
    return Turn(state, before, Promise())


def _nothing_recorded(state: State, event: Answer, script: Script) -> Turn:
    texts = wording.texts(script, state.language)
    if state.promised:
        return _give_code(state, (say(state, texts.message_empty),))
    if state.back < BACK_TIMES:
        # somebody slow may have begun to key their number when the tone came: not every carrier says so
        state = replace(state, tries=NUMBER_TRIES - 1, back=state.back + 1)
        if isinstance(event, Keyed) and event.digits.isdecimal():
            return _ask_rest(replace(state, keyed=event.digits), script)
        return _ask_number(state, script, texts.message_empty)
    return part(state, script, texts.message_empty + texts.callback_impossible)
