"""A leg that the carrier connected although nobody pressed 1: nobody's miss, and the caller goes on."""

import pytest

from hotline.simulator.legs import Leg
from tests.calls.stage import Stage
from tests.factories import CALLER

WHISPER = "/voice/whisper"


def connected_unasked(stage: Stage, number: str = CALLER) -> Leg:
    """The whisper cannot be asked for, and this carrier connects all the same."""
    amina = stage.phones.get("Amina") or stage.mediator("Amina", "taxes")
    stage.carrier.faults.readings.failing_whisper = "bridge"
    stage.fail_once(WHISPER, times=2)
    caller = stage.asks("2", number)
    amina.answer()
    stage.carrier.advance(3)
    assert caller.talking_to is amina.leg
    return caller


def test_the_caller_goes_on_to_the_next_and_the_mediator_has_missed_nothing(stage: Stage) -> None:
    caller = connected_unasked(stage)
    bruno = stage.mediator("Bruno", "taxes")
    stage.carrier.advance(20)
    stage.phones["Amina"].hang_up()
    assert stage.rings("Bruno")
    stage.connect(caller, bruno)
    assert stage.misses("Amina") == 0
    stage.carrier.advance(6)
    assert stage.state("Amina") == "available"
    stage.leaves(caller)
    assert stage.outcome(caller) == "answered"


def test_with_nobody_else_free_the_caller_is_asked_for_anew(stage: Stage) -> None:
    caller = connected_unasked(stage)
    stage.phones["Amina"].hang_up()
    assert stage.misses("Amina") == 0
    assert stage.rings("Amina", within=15)
    stage.connect(caller, stage.phones["Amina"])


@pytest.mark.parametrize("seconds", [20, 300])
def test_however_long_they_were_connected(stage: Stage, seconds: float) -> None:
    """It may have been a conversation: whoever was helped hangs up, and nobody is punished for it."""
    caller = connected_unasked(stage)
    stage.carrier.advance(seconds)
    assert caller.talking_to is stage.phones["Amina"].leg
    stage.leaves(caller)
    stage.carrier.advance(10)
    assert stage.misses("Amina") == 0
    assert stage.state("Amina") == "available"
    stage.connect(stage.asks("2", "+33639980003"), stage.phones["Amina"])


def test_three_such_legs_do_not_send_a_mediator_away(stage: Stage) -> None:
    for n in range(4):
        stage.leaves(connected_unasked(stage, f"+3363998003{n}"))
        stage.carrier.advance(6)
    assert stage.state("Amina") == "available"


def test_a_carrier_that_ends_such_a_leg_instead_lets_the_caller_go_on_too(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    bruno = stage.mediator("Bruno", "taxes")
    stage.carrier.faults.readings.failing_whisper = "end"
    stage.fail_once(WHISPER, times=2)
    caller = stage.asks("2")
    amina.answer()
    assert stage.rings("Bruno")
    stage.connect(caller, bruno)
