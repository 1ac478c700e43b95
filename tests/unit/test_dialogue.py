"""The callback, question by question: each answer in each step, and the promise that stands throughout."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.ivr import wording
from hotline.ivr.actions import Ask, HangUp, Promise
from hotline.ivr.dialogue import BACK_TIMES, CODE_TIMES, begin
from hotline.ivr.events import (
    Answer,
    CallTooLong,
    Event,
    HoldFailed,
    Keyed,
    Lost,
    Recorded,
    Resumed,
    Silent,
    Spoke,
    WantsCallback,
)
from hotline.ivr.flow import State, Step, Turn
from hotline.queue.tickets import BestTime
from tests.unit.dialogue_states import (
    ASKED,
    ASKED_ANOTHER,
    ASKED_MESSAGE,
    CODE,
    CODE_SAID,
    CONFIRM,
    FRENCH,
    GAP,
    MESSAGE,
    NOW,
    OTHER,
    OVER,
    READ_BACK,
    SCRIPT,
    SILENCE,
    TIME,
    UNKNOWN,
    WRITTEN,
    after,
    said,
)


def test_a_known_number_is_promised_before_a_word_is_said_about_it() -> None:
    turn = begin(replace(CONFIRM, step=Step.QUEUE, promised=False, tries=1), SCRIPT, FRENCH.waited_long)
    assert (said(turn), turn.then) == (FRENCH.waited_long + FRENCH.callback_offered, Promise())
    assert turn.state == replace(CONFIRM, promised=False)


def test_what_is_promised_already_is_promised_again_and_not_asked_for() -> None:
    turn = begin(replace(CONFIRM, step=Step.QUEUE, knows_number=False), SCRIPT, ())
    assert (turn.then, turn.state.step) == (Promise(), Step.CONFIRM)


def test_a_number_that_is_not_known_is_asked_for() -> None:
    turn = begin(State(language="fr", tries=1), SCRIPT, FRENCH.nobody_on_duty)
    assert said(turn) == FRENCH.nobody_on_duty + FRENCH.callback_ask_number
    assert turn == Turn(ASKED, turn.say, Ask(GAP, many=True))
    assert not turn.say[-1].slow


def test_the_number_is_read_back_with_the_keys_to_press() -> None:
    turn = after(replace(CONFIRM, promised=False), WRITTEN)
    assert (said(turn), turn.then) == (READ_BACK, Ask(SILENCE))
    assert turn.state == CONFIRM
    assert not turn.say[0].slow


@pytest.mark.parametrize("answer", [Keyed("1"), Silent()])
def test_a_number_that_is_right_leads_to_the_time_of_day(answer: Answer) -> None:
    turn = after(CONFIRM, answer)
    assert (said(turn), turn.then, turn.state) == (FRENCH.callback_time, Ask(SILENCE), TIME)


def test_another_number_may_be_given_and_is_read_back_in_turn() -> None:
    rejected = after(CONFIRM, Keyed("2"))
    assert (said(rejected), rejected.then) == ((), Promise(own=True))
    asked = after(rejected.state, WRITTEN)
    assert (said(asked), asked.then) == (FRENCH.callback_ask_number, Ask(GAP, many=True))
    assert asked.state == ASKED_ANOTHER
    given = after(asked.state, Keyed("0639980002"))
    assert (said(given), given.then, given.state) == ((), Promise(OTHER), CONFIRM)
    spoken = wording.number(SCRIPT, "fr", OTHER)
    assert said(after(given.state, replace(WRITTEN, number=OTHER))) == spoken + FRENCH.callback_confirm


def test_who_withholds_their_number_is_asked_for_another_at_once() -> None:
    turn = after(replace(CONFIRM, knows_number=False), Keyed("2"))
    assert (said(turn), turn.then) == (FRENCH.callback_ask_number, Ask(GAP, many=True))


@pytest.mark.parametrize("asked", [CONFIRM, replace(CONFIRM, step=Step.NUMBER)])
def test_where_there_was_no_menu_the_language_is_chosen_here(asked: State) -> None:
    came, opens = NOW.isoformat(), (NOW + timedelta(hours=13)).isoformat()
    turn = after(replace(asked, closed=True, came_at=came, opens_at=opens), Keyed("8"))
    english = SCRIPT.language("en").prompts
    assert said(turn) == (
        *english.closed,
        "The line opens tomorrow, Tuesday, at 9 am.",
        *english.callback_offered,
        "Pour le français, faites le 7.",
    )
    assert (turn.state.language, turn.then) == ("en", Promise())


def test_instead_of_a_time_a_message_may_be_left() -> None:
    turn = after(CONFIRM, Keyed("3"))
    assert (said(turn), turn.then, turn.state) == (wording.message(SCRIPT, "fr"), ASKED_MESSAGE, MESSAGE)


@pytest.mark.parametrize("answer", [Keyed("6"), Keyed("*"), Spoke("oui")])
def test_what_is_not_understood_is_read_back_once_more_slowly_and_then_taken_for_a_yes(
    answer: Answer,
) -> None:
    turn = after(CONFIRM, answer)
    assert (said(turn), turn.then) == (FRENCH.not_understood, Promise())
    again = after(turn.state, WRITTEN)
    assert said(again) == READ_BACK
    assert again.say[0].slow
    assert after(again.state, answer) == after(CONFIRM, Silent())


@pytest.mark.parametrize(
    ("answer", "best"),
    [
        (Keyed("1"), BestTime.MORNING),
        (Keyed("2"), BestTime.AFTERNOON),
        (Keyed("3"), BestTime.ANY),
        # what was said in an earlier call holds
        (Spoke("le matin"), None),
        (Silent(), None),
    ],
)
def test_the_best_time_of_day(answer: Answer, best: BestTime | None) -> None:
    turn = after(TIME, answer)
    assert (said(turn), turn.then, turn.state) == ((), Promise(best=best), CODE)


@pytest.mark.parametrize("state", [CONFIRM, CODE], ids=lambda state: state.step)
def test_whom_to_call_in_danger_is_said_here_too_and_then_the_same_again(state: State) -> None:
    turn = after(state, Keyed("#"))
    assert (said(turn), turn.then, turn.state) == (FRENCH.emergency, Promise(), state)
    asked = after(TIME, Keyed("#"))
    assert (said(asked), asked.state) == (FRENCH.emergency + FRENCH.callback_time, TIME)


@pytest.mark.parametrize("key", ["9", "*", "0"])
def test_a_key_that_is_no_time_of_day_is_asked_again_slowly_and_then_means_any(key: str) -> None:
    turn = after(TIME, Keyed(key))
    assert (said(turn), turn.then) == (FRENCH.not_understood + FRENCH.callback_time, Ask(SILENCE))
    assert turn.say[-1].slow
    assert after(turn.state, Keyed("1")).then == Promise(best=BestTime.MORNING)
    last = after(turn.state, Keyed(key))
    assert (last.then, last.state) == (Promise(best=None), CODE)


@pytest.mark.parametrize("answer", [Keyed("*"), Keyed("2"), Spoke("pardon")])
def test_the_code_is_heard_as_often_as_it_is_wanted_within_reason(answer: Answer) -> None:
    """Whatever the key: one that comes late, for the question before, cuts the code off."""
    turn = after(CODE, WRITTEN)
    for _ in range(CODE_TIMES):
        assert (said(turn), turn.then) == (CODE_SAID, Ask(2 * SILENCE))
        parting = after(turn.state, Silent())
        assert (said(parting), parting.then, parting.state.step) == (FRENCH.goodbye, HangUp(), Step.OVER)
        turn = after(turn.state, answer)
        assert turn.then == Promise()
        turn = after(turn.state, WRITTEN)
    last = after(turn.state, answer, WRITTEN)
    # nothing cuts it off this time
    assert (said(last), last.then) == (CODE_SAID[:-2] + FRENCH.goodbye, HangUp())


def test_at_the_end_the_caller_hears_when_and_with_which_code() -> None:
    turn = after(CODE, WRITTEN)
    assert (said(turn), turn.then, turn.state) == (CODE_SAID, Ask(2 * SILENCE), replace(CODE, tries=1))
    tomorrow = after(CODE, replace(WRITTEN, expect_at=NOW + timedelta(hours=13)))
    assert (
        said(tomorrow)[len(FRENCH.callback_promised)]
        == "Nous vous rappelons demain mardi à 9 heures, ou un peu après."
    )


@pytest.mark.parametrize("state", [UNKNOWN, MESSAGE, CONFIRM, State(step=Step.QUEUE, language="fr"), OVER])
def test_a_message_is_kept_wherever_it_comes_in_and_has_its_code(state: State) -> None:
    turn = after(state, Recorded())
    assert (said(turn), turn.then) == (FRENCH.message_kept, Promise())
    assert turn.state == replace(state, step=Step.CODE, promised=True)
    assert said(after(turn.state, replace(WRITTEN, number=None))) == CODE_SAID


@pytest.mark.parametrize("answer", [Silent(), Keyed("1"), Spoke("allô")])
def test_an_empty_message_loses_no_promise(answer: Answer) -> None:
    turn = after(MESSAGE, answer)
    assert (said(turn), turn.then, turn.state) == (FRENCH.message_empty, Promise(), CODE)


@pytest.mark.parametrize("answer", [Silent(), Keyed("*"), Spoke("allô")])
def test_neither_number_nor_message_may_call_again(answer: Answer) -> None:
    twice = replace(UNKNOWN, back=BACK_TIMES)
    turn = after(twice, answer)
    assert said(turn) == FRENCH.message_empty + FRENCH.callback_impossible + FRENCH.goodbye
    assert (turn.then, turn.state) == (HangUp(), replace(twice, step=Step.OVER))


INTERRUPTED = [Lost(), Resumed(), HoldFailed(), CallTooLong(), WantsCallback()]


@pytest.mark.parametrize("event", INTERRUPTED, ids=repr)
@pytest.mark.parametrize("state", [CONFIRM, TIME, MESSAGE, ASKED_ANOTHER], ids=lambda state: state.step)
def test_after_trouble_what_is_promised_is_told_with_its_code(state: State, event: Event) -> None:
    turn = after(state, event)
    assert (said(turn), turn.then, turn.state) == ((), Promise(), CODE)
    assert said(after(turn.state, WRITTEN)) == CODE_SAID


@pytest.mark.parametrize("event", INTERRUPTED[:-2], ids=repr)
def test_a_code_that_could_not_be_heard_is_said_again(event: Event) -> None:
    turn = after(replace(CODE, tries=1), event)
    assert (said(turn), turn.then, turn.state) == ((), Promise(), replace(CODE, tries=1))


@pytest.mark.parametrize("event", INTERRUPTED, ids=repr)
def test_what_is_over_stays_over(event: Event) -> None:
    turn = after(OVER, event)
    assert (said(turn), turn.then, turn.state) == (FRENCH.goodbye, HangUp(), OVER)


@pytest.mark.parametrize("step", [Step.NUMBER, Step.CONFIRM, Step.TIME])
def test_whoever_has_talked_to_the_menus_for_too_long_may_leave_a_message(step: Step) -> None:
    turn = after(replace(ASKED, step=step), CallTooLong())
    assert said(turn) == FRENCH.number_not_noted + wording.message(SCRIPT, "fr")
    assert turn.then == ASKED_MESSAGE


@pytest.mark.parametrize("event", [one for one in INTERRUPTED if one != CallTooLong()], ids=repr)
@pytest.mark.parametrize("step", [Step.NUMBER, Step.CONFIRM, Step.TIME])
def test_after_trouble_a_number_is_asked_for_again(step: Step, event: Event) -> None:
    turn = after(replace(ASKED, step=step), event)
    assert said(turn) == FRENCH.number_not_noted + FRENCH.callback_ask_number
    assert turn.state == ASKED


def test_after_trouble_a_message_is_asked_for_again() -> None:
    turn = after(UNKNOWN, Lost())
    assert (said(turn), turn.then, turn.state) == (wording.message(SCRIPT, "fr"), ASKED_MESSAGE, UNKNOWN)
