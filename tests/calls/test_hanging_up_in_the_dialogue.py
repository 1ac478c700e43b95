"""Hanging up at any step of the callback dialogue keeps the promise, whatever had led to it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from hotline.simulator.legs import Leg
from tests.calls import kept, words
from tests.calls.stage import Stage
from tests.factories import CALLER

A_WEEK = timedelta(days=7)
ALREADY = f"{words.said('queue_full')} {words.OFFERED}"
ANOTHER = "0639980007#"
# what is heard, and the key that is pressed then; after the last one they hang up
STEPS = {
    "number read back": ([], words.READ_BACK),
    "asked for another": ([(words.READ_BACK, "2")], words.WHICH_NUMBER),
    "keying it": ([(words.READ_BACK, "2"), (words.WHICH_NUMBER, "06399")], words.WHICH_NUMBER),
    "no number": ([(words.READ_BACK, "2"), (words.WHICH_NUMBER, "06399800091#")], "Je n'ai pas reconnu"),
    "another read back": ([(words.READ_BACK, "2"), (words.WHICH_NUMBER, ANOTHER)], "zéro zéro, zéro sept"),
    "wrong key": ([(words.READ_BACK, "5")], "Ce n'est pas grave"),
    "asked when": ([(words.READ_BACK, "1")], words.WHEN),
    "message": ([(words.READ_BACK, "3")], words.SPEAK),
    "recording": ([(words.READ_BACK, "3")], words.BEEP),
    "code": ([(words.READ_BACK, "1"), (words.WHEN, "1")], words.CODE),
}


def from_the_menu(stage: Stage) -> Leg:
    caller = stage.call()
    caller.press("9")
    return caller


def from_hold(stage: Stage) -> Leg:
    stage.busy()
    caller = stage.holds()
    stage.hears(caller, words.NINE)
    caller.press("9")
    return caller


def goes_through(stage: Stage, caller: Leg, step: str) -> None:
    answers, last = STEPS[step]
    for question, key in answers:
        stage.hears(caller, question)
        caller.press(key)
    stage.hears(caller, last)
    assert kept.due(stage) == []
    stage.leaves(caller)


def is_promised(stage: Stage, caller: Leg) -> None:
    assert stage.outcome(caller) == "callback"
    assert kept.due(stage) == [kept.ticket(stage, caller).id]
    assert len(stage.tickets(caller)) == 1
    assert stage.log(caller).count("ended") == 1


@pytest.mark.parametrize("begin", [from_the_menu, from_hold])
@pytest.mark.parametrize("step", STEPS)
def test_the_promise_is_kept(stage: Stage, step: str, begin: Callable[[Stage], Leg]) -> None:
    caller = begin(stage)
    place = kept.place(stage, caller)
    goes_through(stage, caller, step)
    is_promised(stage, caller)
    assert kept.place(stage, caller).queued_at == place.queued_at
    keyed = step == "another read back"
    assert kept.number(stage, caller) == ("+33639980007" if keyed else CALLER)


def closed(make_stage: Callable[..., Stage]) -> tuple[Stage, Leg]:
    stage = make_stage(hours={"tue": ["09:00-18:00"]})
    return stage, stage.call()


def nobody_on_duty(make_stage: Callable[..., Stage]) -> tuple[Stage, Leg]:
    stage = make_stage()
    return stage, stage.asks("2")


def waited_too_long(make_stage: Callable[..., Stage]) -> tuple[Stage, Leg]:
    stage = make_stage(timings__longest_wait=30)
    stage.busy()
    return stage, stage.holds()


def too_many_wait(make_stage: Callable[..., Stage]) -> tuple[Stage, Leg]:
    stage = make_stage(limits__waiting=1)
    stage.busy()
    stage.holds("+33639980003")
    caller = stage.asks("2")
    stage.hears(caller, ALREADY)
    return stage, caller


@pytest.mark.parametrize("begin", [closed, nobody_on_duty, waited_too_long, too_many_wait])
def test_at_the_first_word_of_it(
    make_stage: Callable[..., Stage], begin: Callable[[Callable[..., Stage]], tuple[Stage, Leg]]
) -> None:
    stage, caller = begin(make_stage)
    stage.hears(caller, words.OFFERED)
    stage.leaves(caller)
    assert stage.outcome(caller) == "callback"
    assert kept.is_due(stage, caller, after=A_WEEK)
    assert len(stage.tickets(caller)) == 1


def test_too_many_wait_only_for_the_same_mediators(make_stage: Callable[..., Stage]) -> None:
    stage, _ = too_many_wait(make_stage)
    stage.mediator("Bruno", "health")
    other = stage.asks("3", "+33639980004")
    assert stage.rings("Bruno")
    stage.connect(other, stage.phones["Bruno"])


def test_who_is_there_when_others_leave_may_wait(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(limits__waiting=1)
    stage.busy()
    first = stage.holds("+33639980003")
    stage.leaves(first)
    assert stage.holds().in_queue is not None
