"""A line that drops as soon as the two are connected: what was promised before is still owed."""

import pytest

from hotline.simulator.legs import Leg
from tests.calls import kept
from tests.calls.stage import Stage
from tests.calls.talks import desk_of, offer_of
from tests.dashboard.visitor import Visitor


def rings_again(stage: Stage, talks_for: float) -> tuple[Leg, Visitor, int]:
    """Somebody who is to be called back rings again, and talks with Amina for so many seconds."""
    before = stage.asks("2")
    stage.carrier.advance(10)
    stage.leaves(before)
    assert stage.outcome(before) == "callback"
    amina = stage.mediator("Amina", "taxes")
    desk = desk_of(stage, "Amina")
    again = stage.asks("2")
    offer = offer_of(stage, "Amina")
    stage.connect(again, amina)
    stage.carrier.advance(talks_for)
    stage.leaves(again)
    assert stage.outcome(again) == "answered"
    return again, desk, offer


def test_a_promise_outlives_a_talk_that_drops_at_once(stage: Stage) -> None:
    rings_again(stage, 1)
    assert len(kept.due(stage)) == 1


def test_and_ends_with_a_talk_that_lasted(stage: Stage) -> None:
    rings_again(stage, 60)
    assert kept.due(stage) == []


@pytest.mark.parametrize(("disposition", "owed"), [("solved", 0), ("silent", 1), ("call_back", 1)])
def test_or_as_the_mediator_writes_it_up(stage: Stage, disposition: str, owed: int) -> None:
    _, desk, offer = rings_again(stage, 1)
    desk.post(f"/desk/{offer}/finish", disposition=disposition, topic="taxes")
    assert len(kept.due(stage)) == owed


def test_what_is_written_up_late_takes_nothing_from_whoever_rang_once_more(stage: Stage) -> None:
    _, desk, offer = rings_again(stage, 1)
    stage.pause("Amina")
    once_more = stage.asks("2")
    desk.post(f"/desk/{offer}/finish", disposition="solved", topic="taxes")
    stage.carrier.advance(10)
    stage.leaves(once_more)
    assert stage.outcome(once_more) == "callback"
    assert len(kept.due(stage)) == 1
