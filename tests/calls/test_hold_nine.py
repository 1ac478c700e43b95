"""The 9 in hold: from that instant on the place is a callback, whatever the caller or the carrier does."""

from collections.abc import Callable

import pytest

from hotline.simulator.faults import RestFault, WebhookRepeat
from hotline.simulator.legs import Leg
from tests.calls import kept, words
from tests.calls.stage import Stage
from tests.factories import CALLER

NEXT = "+33639980003"


def presses_nine(stage: Stage, caller: str = CALLER) -> tuple[Leg, kept.Place]:
    """A caller in hold who presses the 9, and the place as it was before."""
    stage.busy()
    leg = stage.holds(caller)
    stage.hears(leg, words.NINE)
    before = kept.place(stage, leg)
    stage.carrier.advance(20)
    leg.press("9")
    return leg, before


def keeps_the_place(stage: Stage, caller: Leg, before: kept.Place) -> None:
    """The call has ended, and what it waited for is due in the same place."""
    now = kept.place(stage, caller)
    assert (now.id, now.queued_at, now.topic) == (before.id, before.queued_at, "taxes")
    assert (now.kind, now.state) == ("callback", "waiting")
    assert kept.due(stage) == [kept.ticket(stage, caller).id]
    assert kept.ticket(stage, caller).state == "callback_due"
    assert stage.outcome(caller) == "callback"


def test_the_place_is_kept_and_the_number_read_back(stage: Stage) -> None:
    caller, before = presses_nine(stage)
    stage.hears(
        caller,
        f"{words.WANTED} {words.OFFERED}\n"
        f"{words.read_back('zéro six, trois neuf, neuf huit, zéro zéro, zéro un')}",
    )
    caller.press("1")
    stage.hears(caller, words.WHEN)
    caller.press("3")
    assert stage.is_over(caller)
    keeps_the_place(stage, caller, before)
    assert kept.number(stage, caller) == CALLER


@pytest.mark.parametrize("seconds", [0, 0.1, 1, 4])
def test_also_for_somebody_who_hangs_up_at_once(stage: Stage, seconds: float) -> None:
    caller, before = presses_nine(stage)
    stage.carrier.advance(seconds)
    stage.leaves(caller)
    keeps_the_place(stage, caller, before)


@pytest.mark.parametrize("does", ["429", "500", "lost"])
def test_also_with_the_rest_interface_down(stage: Stage, does: str) -> None:
    stage.carrier.faults.rest.append(RestFault(does, times=None))  # type: ignore[arg-type]  # by parameter
    caller, before = presses_nine(stage)
    stage.hears(caller, words.READ_BACK, within=10)
    stage.leaves(caller)
    keeps_the_place(stage, caller, before)


def test_also_without_redis(stage: Stage) -> None:
    stage.jobs.out_of_reach = True
    caller, before = presses_nine(stage)
    stage.hears(caller, words.READ_BACK, within=10)
    stage.leaves(caller)
    keeps_the_place(stage, caller, before)


@pytest.mark.parametrize("token", ["same", "new"])
@pytest.mark.parametrize("path", ["/voice/keyed", "/voice/held", "/voice/turn"])
def test_a_repeated_webhook_makes_no_second_promise(stage: Stage, path: str, token: str) -> None:
    repeat = WebhookRepeat(path, token, times=None)  # type: ignore[arg-type]  # by parameter
    stage.carrier.faults.repeats.append(repeat)
    caller, before = presses_nine(stage)
    assert stage.is_over(caller)
    keeps_the_place(stage, caller, before)
    assert stage.log(caller).count("callback_promised") == 1
    assert len(stage.tickets(caller)) == 1


def test_a_nine_that_cannot_be_answered_costs_neither_the_call_nor_the_place(stage: Stage) -> None:
    stage.busy()
    caller = stage.holds()
    before = kept.place(stage, caller)
    stage.hears(caller, words.NINE)
    stage.fail_once("/voice/keyed")
    caller.press("9")
    stage.carrier.advance(20)
    assert caller.in_queue is not None
    assert kept.place(stage, caller).queued_at == before.queued_at
    caller.press("9")
    stage.leaves(caller)
    keeps_the_place(stage, caller, before)


def test_it_is_not_due_while_the_caller_is_still_on_the_line(stage: Stage) -> None:
    caller, before = presses_nine(stage)
    assert kept.due(stage) == []
    stage.hears(caller, words.READ_BACK)
    assert kept.due(stage) == []
    stage.hears(caller, words.WHEN)
    assert kept.due(stage) == []
    stage.hears(caller, words.CODE)
    assert kept.due(stage) == []
    assert stage.is_over(caller)
    keeps_the_place(stage, caller, before)


def test_a_mediator_who_becomes_free_meanwhile_is_rung_for_the_next_caller(stage: Stage) -> None:
    caller, before = presses_nine(stage)
    other = stage.holds(NEXT)
    caller.press("2")
    stage.hears(caller, words.WHICH_NUMBER)
    stage.phones["Amina"].hang_up()
    stage.carrier.advance(2)
    stage.leaves(caller)
    assert stage.rings("Amina", within=130)
    stage.connect(other, stage.phones["Amina"])
    keeps_the_place(stage, caller, before)


def test_while_a_telephone_is_about_to_ring_a_person_now_is_better(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(timings__wrap_up=0)
    amina = stage.busy()
    caller = stage.holds()
    stage.hears(caller, words.NINE)
    stage.jobs.out_of_reach = True
    amina.hang_up()
    stage.carrier.advance_until(lambda: stage.state("Amina") == "offered", 5)
    assert amina.ringing_leg is None
    caller.press("9")
    assert stage.rings("Amina", within=10)
    stage.connect(caller, amina)
    stage.is_helped(caller)
    assert stage.outcome(caller) == "answered"
    assert kept.due(stage) == []


def test_withheld_and_another_number_is_keyed(stage: Stage) -> None:
    caller, before = presses_nine(stage, "anonymous")
    stage.hears(caller, f"{words.WANTED}\n{words.WHICH_NUMBER}")
    caller.press("0639980007#")
    stage.hears(caller, "zéro six, trois neuf, neuf huit, zéro zéro, zéro sept")
    stage.leaves(caller)
    keeps_the_place(stage, caller, before)
    assert kept.number(stage, caller) == "+33639980007"


def test_withheld_and_without_tones_a_message_keeps_the_place(stage: Stage) -> None:
    caller, before = presses_nine(stage, "anonymous")
    stage.hears(caller, words.SPEAK, within=120)
    stage.hears(caller, words.BEEP)
    caller.speak("Jeanne, au numéro que vous savez, pour mes impôts.")
    stage.hears(caller, words.KEPT)
    assert stage.is_over(caller)
    assert (kept.place(stage, caller).id, kept.place(stage, caller).queued_at) == (
        before.id,
        before.queued_at,
    )
    assert kept.is_due(stage, caller)
    assert stage.outcome(caller) == "message"


@pytest.mark.parametrize("first", ["the action", "the end of the call"])
def test_withheld_and_a_message_that_ends_by_hanging_up_keeps_the_place(stage: Stage, first: str) -> None:
    """Whichever of the two the carrier tells first."""
    caller, before = presses_nine(stage, "anonymous")
    stage.hears(caller, words.SPEAK, within=120)
    stage.hears(caller, words.BEEP)
    caller.speak("Jeanne, pour mes impôts.")
    stage.carrier.advance(1)
    if first == "the end of the call":
        stage.post("/voice/status", CallSid=caller.sid, CallStatus="completed")
    stage.leaves(caller)
    assert stage.outcome(caller) == "message"
    (now,) = (one for one in kept.places(stage, caller) if one.state != "ended")
    assert now.queued_at == before.queued_at
    assert now.ticket in kept.due(stage)


def test_withheld_and_gone_without_a_word_is_informed(stage: Stage) -> None:
    caller, _ = presses_nine(stage, "anonymous")
    stage.hears(caller, words.WHICH_NUMBER)
    stage.leaves(caller)
    assert stage.outcome(caller) == "informed"
    assert kept.due(stage) == []
    assert kept.ticket(stage, caller).state == "closed"


def test_a_nine_that_arrives_after_the_end_still_keeps_the_place(stage: Stage) -> None:
    """The carrier told the end of the call first."""
    stage.busy()
    caller = stage.holds()
    before = kept.place(stage, caller)
    stage.leaves(caller)
    stage.post("/voice/keyed", CallSid=caller.sid, Digits="9", CallStatus="completed")
    now = kept.places(stage, caller)[-1]
    assert now.queued_at == before.queued_at
    assert kept.due(stage) == [now.ticket]


def test_a_nine_of_somebody_unknown_that_arrives_after_the_end_is_no_promise(stage: Stage) -> None:
    """There is neither a number to call nor a message to listen to."""
    stage.busy()
    caller = stage.holds("anonymous")
    stage.leaves(caller)
    stage.post("/voice/keyed", CallSid=caller.sid, Digits="9", CallStatus="completed")
    assert kept.due(stage) == []
