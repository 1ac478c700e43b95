"""The 9 while a telephone is about to ring: a person now is better, and else the callback is kept."""

from collections.abc import Callable

import pytest

from hotline.simulator.faults import RestFault
from hotline.simulator.legs import Leg
from hotline.simulator.phones import Phone
from tests.calls import kept
from tests.calls.stage import Stage


@pytest.fixture
def stage(make_stage: Callable[..., Stage]) -> Stage:
    return make_stage(timings__wrap_up=0)


def presses_nine_as_an_offer_is_made(stage: Stage, after: float = 0) -> tuple[Leg, Phone]:
    amina = stage.busy()
    caller = stage.holds()
    stage.carrier.advance(15)
    amina.hang_up()
    assert stage.carrier.advance_until(lambda: "offer_made" in stage.log(caller), 10)
    stage.carrier.advance(after)
    assert amina.ringing_leg is None
    caller.press("9")
    return caller, amina


@pytest.mark.parametrize("after", [0, 1, 2])
@pytest.mark.parametrize("trouble", ["rest", "redis"])
def test_whoever_hangs_up_then_is_called_back(stage: Stage, trouble: str, after: float) -> None:
    if trouble == "rest":
        stage.carrier.faults.rest.append(RestFault("500", times=None))
    stage.jobs.out_of_reach = trouble == "redis"
    caller, _ = presses_nine_as_an_offer_is_made(stage, after)
    stage.carrier.advance(1)
    stage.leaves(caller)
    assert stage.outcome(caller) == "callback"
    assert kept.due(stage) == [kept.ticket(stage, caller).id]


def test_also_when_the_telephone_rang_in_vain(stage: Stage) -> None:
    stage.jobs.out_of_reach = True
    caller, amina = presses_nine_as_an_offer_is_made(stage)
    assert stage.rings("Amina", within=15)
    assert stage.carrier.advance_until(lambda: amina.ringing_leg is None, 30)
    stage.carrier.advance(3)
    stage.leaves(caller)
    assert stage.outcome(caller) == "callback"


def test_whoever_talks_is_owed_nothing_more(stage: Stage) -> None:
    stage.jobs.out_of_reach = True
    caller, amina = presses_nine_as_an_offer_is_made(stage)
    assert stage.rings("Amina", within=15)
    stage.connect(caller, amina)
    stage.carrier.advance(60)
    stage.leaves(caller)
    assert stage.outcome(caller) == "answered"
    assert kept.due(stage) == []


def test_pressed_twice_it_is_one_promise(stage: Stage) -> None:
    stage.jobs.out_of_reach = True
    caller, _ = presses_nine_as_an_offer_is_made(stage)
    stage.carrier.advance(1)
    caller.press("9")
    stage.leaves(caller)
    assert len(stage.tickets(caller)) == 1
    assert stage.log(caller).count("callback_promised") == 1


def test_a_nine_that_arrives_after_a_talk_promises_nothing(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    caller = stage.asks("2")
    stage.connect(caller, amina)
    stage.leaves(caller)
    stage.post("/voice/keyed", CallSid=caller.sid, Digits="9", CallStatus="in-progress")
    assert stage.tickets(caller) == []
