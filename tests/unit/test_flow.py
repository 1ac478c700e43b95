"""What a caller lives through, step by step: one test for each turn of the menu and of the queue."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hotline.ivr.actions import Ask, HangUp, Hold, Promise, Ring, Seek
from hotline.ivr.events import (
    AllBusy,
    Arrived,
    CallTooLong,
    Event,
    Found,
    HoldFailed,
    Keyed,
    Lost,
    Miss,
    Missed,
    NobodyOnDuty,
    QueueFull,
    Recorded,
    Refusal,
    Resumed,
    Silent,
    Spoke,
    Talked,
    WaitedLong,
    WantsCallback,
)
from hotline.ivr.flow import State, Step, Turn, advance, read_state
from tests import scripts

SCRIPT = scripts.script()
FRENCH = SCRIPT.first.prompts
ENGLISH = SCRIPT.language("en").prompts
MENU = State(language="fr", knows_number=True)
QUEUE = replace(MENU, step=Step.QUEUE, topic="taxes")
HELD = replace(QUEUE, held=True)
REFUSED = replace(MENU, step=Step.OVER, refused=True)
SILENCE = SCRIPT.timings.menu_silence
NOW = datetime(2026, 11, 23, 19, tzinfo=UTC)
OPEN = Arrived(NOW, open=True, knows_number=True)
CLOSED = Arrived(NOW, open=False, knows_number=True, opens_at=NOW + timedelta(hours=13))


def after(state: State, *events: Event) -> Turn:
    """The turn after these events, one after the other."""
    for event in events[:-1]:
        state = advance(state, event, SCRIPT).state
    return advance(state, events[-1], SCRIPT)


def said(turn: Turn) -> tuple[str, ...]:
    return tuple(sentence for say in turn.say for sentence in say.sentences)


def test_the_welcome_greets_invites_and_says_the_menu() -> None:
    turn = after(State(), OPEN)
    welcome, invitation, menu = turn.say
    assert welcome.sentences == FRENCH.greeting + FRENCH.notice
    assert (invitation.sentences, invitation.language) == (("For English, press 8.",), "en")
    assert menu.sentences[0] == "Pour les allocations familiales ou le RSA, faites le 1."
    assert not menu.slow
    assert turn.then == Ask(SILENCE)
    assert turn.state == MENU


@pytest.mark.parametrize(("remembered", "spoken"), [("en", "en"), ("tlh", "fr"), (None, "fr")])
def test_a_caller_is_greeted_in_the_language_of_an_earlier_call(remembered: str | None, spoken: str) -> None:
    turn = after(State(), replace(OPEN, language=remembered))
    assert turn.state.language == spoken
    assert turn.say[0].sentences[0] == {"en": "Hello.", "fr": "Bonjour."}[spoken]
    assert [say.language for say in turn.say] == [spoken, {"en": "fr", "fr": "en"}[spoken], spoken]


def test_a_closed_line_says_when_it_opens_and_promises_to_call_back() -> None:
    turn = after(State(), CLOSED)
    opens = ("La ligne ouvre demain mardi à 9 heures.",)
    known = FRENCH.greeting + FRENCH.notice + FRENCH.closed
    invited = ("For English, press 8.",)
    assert said(turn) == known + opens + FRENCH.callback_offered + invited
    assert turn.then == Promise()
    assert turn.state.closed


def test_a_closed_line_asks_for_the_number_that_it_does_not_see() -> None:
    turn = after(State(), replace(CLOSED, knows_number=False))
    assert said(turn)[-len(FRENCH.callback_ask_number) :] == FRENCH.callback_ask_number
    assert turn.then == Ask(SCRIPT.timings.key_gap, many=True)
    assert turn.state.step is Step.NUMBER


@pytest.mark.parametrize(
    ("refusal", "why"),
    [(Refusal.BLOCKED, FRENCH.refused_blocked), (Refusal.OFTEN, FRENCH.refused_often)],
)
@pytest.mark.parametrize("arrived", [OPEN, CLOSED])
def test_a_call_that_is_not_taken_hears_why_and_goodbye(
    arrived: Arrived, refusal: Refusal, why: tuple[str, ...]
) -> None:
    turn = after(State(), replace(arrived, refusal=refusal))
    assert said(turn) == FRENCH.greeting + why + FRENCH.goodbye
    assert turn.then == HangUp()
    assert turn.state.refused


@pytest.mark.parametrize(
    "event", [Lost(), Resumed(), Keyed("0"), Recorded(), WantsCallback(), Missed(Miss.BUSY)]
)
def test_a_call_that_was_not_taken_is_never_taken_later(event: Event) -> None:
    turn = after(REFUSED, event)
    assert (said(turn), turn.then, turn.state) == (FRENCH.goodbye, HangUp(), REFUSED)


@pytest.mark.parametrize("chosen", [Keyed("2"), Spoke("c'est pour les impôts")])
def test_a_topic_is_sought(chosen: Event) -> None:
    turn = after(MENU, chosen)
    assert turn == Turn(QUEUE, (), Seek("taxes", "fr"))


def test_a_person_is_sought_for_any_topic() -> None:
    assert after(MENU, Keyed("0")).then == Seek(None, "fr")


def test_who_wants_to_be_called_back_need_not_wait_at_all() -> None:
    turn = after(MENU, Keyed("9"))
    assert (said(turn), turn.then) == (FRENCH.callback_offered, Promise())


def test_the_menu_is_said_again_without_a_reproach() -> None:
    turn = after(MENU, Keyed("*"))
    assert turn.state == MENU
    assert len(turn.say) == 1
    assert not turn.say[0].slow


def test_whom_to_call_in_danger_is_said_and_then_the_menu() -> None:
    turn = after(MENU, Keyed("#"))
    assert turn.say[0].sentences == FRENCH.emergency
    assert turn.say[1].sentences == said(after(MENU, Keyed("*")))
    assert (turn.then, turn.state) == (Ask(SILENCE), MENU)


def test_another_language_says_its_menu_from_the_start() -> None:
    turn = after(MENU, Silent(), Keyed("8"))
    assert turn.state == replace(MENU, language="en")
    assert [say.language for say in turn.say] == ["fr", "en"]
    assert turn.say[0].sentences == ("Pour le français, faites le 7.",)
    assert turn.say[1].sentences[0] == "For family benefits, press 1."
    assert turn.then == Ask(SILENCE)


def test_silence_is_met_with_patience_and_a_slower_menu() -> None:
    turn = after(MENU, Silent())
    assert turn.say[0].sentences == FRENCH.nothing_heard
    assert turn.say[1].slow
    assert turn.then == Ask(SILENCE * 2)


@pytest.mark.parametrize("event", [Keyed("12"), Keyed("A"), Spoke("bonjour"), Spoke("impôts ou santé")])
def test_what_is_not_understood_is_answered_kindly(event: Event) -> None:
    turn = after(MENU, event)
    assert turn.say[0].sentences == FRENCH.not_understood
    assert turn.state.tries == 1


@pytest.mark.parametrize("tries", [1, 3, 5])
def test_who_never_presses_anything_reaches_a_person(tries: int) -> None:
    script = scripts.script(menu_tries=tries)
    state = MENU
    for _ in range(tries - 1):
        turn = advance(state, Silent(), script)
        assert isinstance(turn.then, Ask)
        state = turn.state
    last = advance(state, Silent(), script)
    assert last.then == Seek(None, "fr")
    assert said(last) == FRENCH.to_a_person
    assert last.state.tries == 0


def test_the_first_ring_and_the_next_are_announced_differently() -> None:
    first = after(QUEUE, Found(7))
    assert (said(first), first.then) == (FRENCH.ringing, Ring(7))
    again = after(first.state, Missed(Miss.UNANSWERED))
    assert again.then == Seek("taxes", "fr")
    second = after(again.state, Found(8))
    assert (said(second), second.then) == (FRENCH.next_mediator, Ring(8))
    assert second.state.rings == 2


def test_when_all_are_busy_the_caller_holds() -> None:
    turn = after(QUEUE, AllBusy())
    assert (said(turn), turn.then, turn.state) == (FRENCH.all_busy, Hold(), HELD)


def test_whoever_is_fetched_from_hold_is_rung_for_without_a_word() -> None:
    turn = after(HELD, Resumed(), Found(7))
    assert (said(turn), turn.then) == ((), Ring(7))
    assert turn.state == replace(QUEUE, rings=1)
    assert said(after(turn.state, Missed(Miss.UNANSWERED), Found(8))) == FRENCH.next_mediator


def test_a_caller_whose_mediator_did_not_answer_is_not_told_that_all_are_busy() -> None:
    assert said(after(replace(QUEUE, rings=1), AllBusy())) == FRENCH.no_one_took_it


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (NobodyOnDuty(), FRENCH.nobody_on_duty),
        (QueueFull(), FRENCH.queue_full),
        (WaitedLong(), FRENCH.waited_long),
        (CallTooLong(), FRENCH.call_too_long),
        (WantsCallback(), FRENCH.callback_wanted),
    ],
)
@pytest.mark.parametrize("tries", [0, 2])
def test_whoever_cannot_be_helped_now_is_called_back(event: Event, why: tuple[str, ...], tries: int) -> None:
    known = after(replace(QUEUE, tries=tries), event)
    assert (said(known), known.then) == (why + FRENCH.callback_offered, Promise())
    assert known.state == replace(QUEUE, step=Step.CONFIRM)
    withheld = after(replace(QUEUE, tries=tries, knows_number=False), event)
    assert said(withheld) == why + FRENCH.callback_ask_number
    assert (withheld.state.step, withheld.state.tries) == (Step.NUMBER, 0)


def test_a_call_that_is_too_long_in_the_menu_is_a_callback_too() -> None:
    assert after(MENU, CallTooLong()).then == Promise()


def test_a_hold_that_fails_is_tried_again_then_a_callback_is_promised() -> None:
    first = after(QUEUE, HoldFailed())
    assert (said(first), first.then) == ((), Seek("taxes", "fr"))
    third = after(QUEUE, HoldFailed(), AllBusy(), HoldFailed(), AllBusy(), HoldFailed())
    assert (said(third)[: len(FRENCH.waited_long)], third.then) == (FRENCH.waited_long, Promise())


@pytest.mark.parametrize("step", [Step.MENU, Step.QUEUE])
@pytest.mark.parametrize("event", [Keyed("0"), Silent(), Lost(), Resumed(), Missed(Miss.FAILED)])
def test_nobody_is_sought_on_a_closed_line_wherever_the_call_is(step: Step, event: Event) -> None:
    turn = after(replace(MENU, step=step, closed=True), event)
    invitation = SCRIPT.language("en").invitation
    assert (said(turn), turn.then) == ((*FRENCH.closed, *FRENCH.callback_offered, invitation), Promise())


def test_who_comes_back_from_hold_is_sought_for_again() -> None:
    assert after(QUEUE, Resumed()).then == Seek("taxes", "fr")


def test_a_key_that_comes_late_in_the_queue_changes_nothing() -> None:
    assert after(QUEUE, Keyed("3")) == Turn(QUEUE, (), Seek("taxes", "fr"))


@pytest.mark.parametrize("state", [MENU, QUEUE])
def test_trouble_is_admitted_and_leads_to_a_person(state: State) -> None:
    turn = after(state, Lost())
    assert said(turn) == FRENCH.trouble
    assert turn.then == Seek(state.topic, "fr")


@pytest.mark.parametrize("event", [Lost(), Resumed(), Silent(), Keyed("1"), Talked()])
def test_what_is_over_stays_over(event: Event) -> None:
    turn = after(replace(QUEUE, step=Step.OVER), event)
    assert (said(turn), turn.then) == (FRENCH.goodbye, HangUp())


@pytest.mark.parametrize("closed", [False, True])
def test_after_the_talk_the_line_says_goodbye(closed: bool) -> None:
    turn = after(replace(QUEUE, language="en", closed=closed), Talked())
    assert (said(turn), turn.then) == (ENGLISH.goodbye, HangUp())


@pytest.mark.parametrize("step", ["voicemail", "", None])
def test_a_step_that_is_not_known_goes_on_to_a_person(step: str | None) -> None:
    state = read_state({"step": step, "language": "en", "topic": "taxes", "mood": "good"})
    assert state == State(step=Step.QUEUE, language="en", topic="taxes")
    assert after(state, Silent()).then == Seek("taxes", "en")


def test_an_empty_row_goes_on_to_a_person_in_the_first_language() -> None:
    assert after(read_state({}), Resumed()).then == Seek(None, "fr")


@pytest.mark.parametrize("event", [Spoke("impôts"), Silent(), Lost(), AllBusy()])
def test_a_language_that_the_line_does_not_speak_becomes_the_first(event: Event) -> None:
    turn = after(State(language="tlh"), event)
    assert turn.state.language == "fr"
    assert {say.language for say in turn.say} <= {"fr"}
