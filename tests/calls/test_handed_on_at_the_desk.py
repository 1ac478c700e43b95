"""What became of a call that was handed on, as whoever handed it on sees it while they write."""

import pytest

from hotline.simulator.legs import Leg
from tests.calls import words
from tests.calls.stage import Stage
from tests.calls.talks import talk
from tests.dashboard.visitor import Visitor


@pytest.fixture
def handed_on(stage: Stage) -> tuple[Leg, Visitor]:
    """Amina has handed a caller on to Bruno, whose telephone rings."""
    caller, desk, offer = talk(stage)
    stage.mediator("Bruno", "work")
    desk.post(f"/desk/{offer}/transfer", to=f"mediator:{stage.names['Bruno']}")
    assert stage.rings("Bruno")
    return caller, desk


def shown(desk: Visitor) -> str:
    return desk.get("/desk/now").text


def test_it_rings_and_is_taken(stage: Stage, handed_on: tuple[Leg, Visitor]) -> None:
    caller, desk = handed_on
    assert "Le téléphone de Bruno sonne." in shown(desk)
    assert 'value="passed_on" required checked' not in shown(desk)
    stage.connect(caller, stage.phones["Bruno"])
    assert "Bruno a pris l’appel." in shown(desk)
    assert 'value="passed_on" required checked' in shown(desk)
    stage.leaves(caller)
    assert "Bruno a pris l’appel." in shown(desk), "and it stays so"


def test_while_it_goes_on_the_page_looks_after_it(stage: Stage, handed_on: tuple[Leg, Visitor]) -> None:
    caller, desk = handed_on
    assert 'data-changes-in="1"' in shown(desk)
    stage.connect(caller, stage.phones["Bruno"])
    assert 'data-changes-in="1"' not in shown(desk)


def test_who_leaves_before_it_is_taken(stage: Stage, handed_on: tuple[Leg, Visitor]) -> None:
    caller, desk = handed_on
    stage.leaves(caller)
    assert "a raccroché avant que quelqu’un ne prenne l’appel" in shown(desk)


def test_who_is_promised_a_callback_instead(stage: Stage, handed_on: tuple[Leg, Visitor]) -> None:
    caller, desk = handed_on
    stage.phones["Bruno"].reject()
    assert stage.carrier.advance_until(lambda: caller.in_queue is not None, 30)
    assert "la personne vous attend" in shown(desk)
    assert "cinq minutes de plus" not in shown(desk)
    stage.hears(caller, words.NINE)
    caller.press("9")
    stage.carrier.advance(3)
    assert "un rappel est promis à la personne" in shown(desk)
    assert "cinq minutes de plus" in shown(desk)
