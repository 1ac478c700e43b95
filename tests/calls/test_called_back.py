"""Callbacks as they are served: in order, not again once they are done, and none disappears."""

from datetime import timedelta

import pytest

from hotline.queue.tickets import Attempt
from hotline.simulator.legs import Leg
from hotline.switchboard import callbacks
from tests import factories
from tests.calls import kept, words
from tests.calls.stage import Stage
from tests.factories import CALLER

OTHERS = [f"+3363998003{n}" for n in range(3)]
PAUSE = timedelta(hours=1)


def promised(stage: Stage, caller: str = CALLER) -> Leg:
    """Nobody is on duty: a callback is promised."""
    leg = stage.asks("2", caller)
    stage.hears(leg, words.READ_BACK)
    stage.leaves(leg)
    stage.carrier.advance(30)
    return leg


def attempt(stage: Stage, leg: Leg, result: Attempt) -> bool:
    key = kept.ticket(stage, leg).id
    return factories.at_once(stage.services, lambda m: callbacks.note_attempt(m, key, result, None))


def test_they_come_in_the_order_of_the_places(stage: Stage) -> None:
    """Also where a place is older than the promise: it was waited for in hold."""
    amina = stage.busy()
    patient = stage.holds(OTHERS[0])
    early, late = (stage.holds(number) for number in OTHERS[1:])
    stage.hears(late, words.NINE)
    for leg in (late, early, patient):
        leg.press("9")
        stage.leaves(leg)
    newcomer = stage.call()
    newcomer.press("9")
    assert stage.is_over(newcomer)
    assert amina.leg is not None
    wanted = [kept.ticket(stage, leg).id for leg in (patient, early, late, newcomer)]
    assert kept.due(stage) == wanted


def test_who_was_reached_is_not_called_again(stage: Stage) -> None:
    leg, other = promised(stage), promised(stage, OTHERS[0])
    assert attempt(stage, leg, Attempt.REACHED)
    assert kept.ticket(stage, leg).state == "closed"
    assert kept.due(stage, after=timedelta(days=30)) == [kept.ticket(stage, other).id]
    assert not attempt(stage, leg, Attempt.REACHED)


def test_who_was_reached_and_rings_again_brings_a_new_matter(stage: Stage) -> None:
    leg = promised(stage)
    assert attempt(stage, leg, Attempt.REACHED)
    again = promised(stage)
    assert kept.ticket(stage, again).id != kept.ticket(stage, leg).id
    assert kept.due(stage) == [kept.ticket(stage, again).id]


def test_who_was_not_reached_keeps_the_place_and_is_left_alone_for_a_while(stage: Stage) -> None:
    leg, other = promised(stage), promised(stage, OTHERS[0])
    place = kept.place(stage, leg)
    assert attempt(stage, leg, Attempt.NOT_REACHED)
    assert kept.due(stage) == [kept.ticket(stage, other).id]
    assert kept.due(stage, after=PAUSE - timedelta(seconds=1)) == [kept.ticket(stage, other).id]
    assert kept.due(stage, after=PAUSE) == [kept.ticket(stage, one).id for one in (leg, other)]
    assert kept.place(stage, leg).queued_at == place.queued_at


@pytest.mark.parametrize("helped", [True, False])
def test_who_sees_that_they_were_called_and_rings_back_waits_in_their_place(
    stage: Stage, helped: bool
) -> None:
    leg = promised(stage)
    place = kept.place(stage, leg)
    assert attempt(stage, leg, Attempt.NOT_REACHED)
    amina = stage.mediator("Amina", "taxes")
    again = stage.asks("2")
    assert kept.place(stage, again).id == place.id
    if helped:
        stage.connect(again, amina)
        stage.carrier.advance(60)
    stage.leaves(again)
    assert kept.place(stage, again).queued_at == place.queued_at
    assert kept.due(stage, after=PAUSE) == ([] if helped else [kept.ticket(stage, again).id])


def test_nobody_is_called_back_while_they_are_on_the_line_again(stage: Stage) -> None:
    leg = promised(stage)
    key = kept.ticket(stage, leg).id
    stage.busy()
    again = stage.holds()
    assert kept.due(stage) == []
    assert not factories.at_once(
        stage.services, lambda m: callbacks.note_attempt(m, key, Attempt.REACHED, None)
    )
    stage.leaves(again)
    assert kept.due(stage) == [key]
