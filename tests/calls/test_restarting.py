"""Our own restart in every state of a call: what it needs is in the database, and the next turn goes on."""

import pytest

from hotline.simulator.legs import Leg
from tests.calls import kept, words
from tests.calls.stage import Stage
from tests.factories import CALLER


def is_answered(stage: Stage, caller: Leg) -> None:
    stage.connect(caller, stage.phones["Amina"])
    stage.leaves(caller)
    assert stage.outcome(caller) == "answered"


def test_in_the_menu(stage: Stage) -> None:
    stage.mediator("Amina", "taxes")
    caller = stage.call()
    stage.hears(caller, words.MENU)
    stage.restart()
    caller.press("2")
    assert stage.rings("Amina")
    is_answered(stage, caller)


def test_while_it_rings(stage: Stage) -> None:
    stage.mediator("Amina", "taxes")
    caller = stage.asks("2")
    assert stage.rings("Amina")
    stage.restart()
    is_answered(stage, caller)


def test_during_the_whisper(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    caller = stage.asks("2")
    amina.answer()
    stage.carrier.advance(3)
    stage.restart()
    amina.press("1")
    stage.carrier.advance(3)
    assert caller.talking_to is amina.leg
    stage.leaves(caller)
    assert stage.outcome(caller) == "answered"


def test_in_a_talk(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    caller = stage.asks("2")
    stage.connect(caller, amina)
    stage.restart()
    stage.carrier.advance(60)
    stage.leaves(caller)
    assert stage.outcome(caller) == "answered"
    assert stage.state("Amina") == "wrap_up"
    stage.carrier.advance(121)
    assert stage.state("Amina") == "available"


def test_in_hold(stage: Stage) -> None:
    amina = stage.busy()
    caller = stage.holds()
    before = kept.place(stage, caller)
    stage.hears(caller, words.NINE)
    stage.restart()
    stage.carrier.advance(30)
    assert caller.in_queue is not None
    assert kept.place(stage, caller) == before
    assert caller.heard_text().count(words.NINE) == 1
    amina.hang_up()
    assert stage.rings("Amina", within=130)
    is_answered(stage, caller)


def test_with_a_push_under_way(stage: Stage) -> None:
    """The job is lost: the next wait turn lets the caller out."""
    amina = stage.busy()
    caller = stage.holds()
    amina.hang_up()
    stage.carrier.advance_until(lambda: stage.state("Amina") == "offered", 130)
    stage.restart()
    assert stage.rings("Amina", within=11)
    is_answered(stage, caller)


def test_in_the_dialogue(stage: Stage) -> None:
    caller = stage.call()
    caller.press("9")
    stage.hears(caller, words.READ_BACK)
    stage.restart()
    caller.press("2")
    stage.hears(caller, words.WHICH_NUMBER)
    stage.restart()
    caller.press("0639980007#")
    stage.hears(caller, "zéro zéro, zéro sept")
    stage.restart()
    stage.leaves(caller)
    assert stage.outcome(caller) == "callback"
    assert kept.number(stage, caller) == "+33639980007"


def test_while_a_message_is_recorded(stage: Stage) -> None:
    caller = stage.asks("2", "anonymous")
    stage.hears(caller, words.BEEP, within=120)
    caller.speak("Jeanne, pour mes impôts.")
    stage.restart()
    stage.carrier.advance(2)
    stage.leaves(caller)
    assert stage.outcome(caller) == "message"


@pytest.mark.parametrize(
    "path", ["/voice/turn", "/voice/rung", "/voice/held", "/voice/wait", "/voice/fetched"]
)
def test_while_we_start_again_the_carrier_falls_back_and_the_caller_still_reaches_somebody(
    stage: Stage, path: str
) -> None:
    """No answer for two requests in whatever state the call is then."""
    amina = stage.busy()
    amina.hang_up()
    stage.carrier.advance(100)
    stage.fail_once(path)
    stage.restart()
    caller = stage.asks("2", CALLER)
    assert stage.rings("Amina", within=60)
    is_answered(stage, caller)
