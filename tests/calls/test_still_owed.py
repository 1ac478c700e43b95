"""A promised callback is still owed after a talk that helped nobody, and reaches whoever knows about it."""

from collections.abc import Callable

import pytest

from hotline.simulator.legs import Leg
from tests.calls import kept
from tests.calls.stage import Stage
from tests.calls.talks import desk_of, offer_of
from tests.calls.test_to_be_called_back import amina, finish, talk
from tests.dashboard.visitor import Visitor

__all__ = ["amina"]

TO_BE_TAKEN = "Je rappelle cette personne"


@pytest.fixture
def dropped(stage: Stage, amina: Visitor) -> tuple[Leg, int, int]:
    """Amina promises a callback, hands the caller on to Bruno, and the call is soon over: both offers."""
    caller, offer = talk(stage, amina)
    amina.post(f"/desk/{offer}/callback")
    bruno = stage.mediator("Bruno", "taxes")
    amina.post(f"/desk/{offer}/transfer", to=f"mediator:{stage.names['Bruno']}")
    assert stage.rings("Bruno")
    second = offer_of(stage, "Bruno")
    stage.connect(caller, bruno)
    stage.is_helped(caller)
    assert kept.due(stage) == []
    return caller, offer, second


def writes_up(desk: Visitor, offer: int) -> str:
    return finish(desk, offer)


def promises(desk: Visitor, offer: int) -> str:
    return desk.post(f"/desk/{offer}/callback").text


@pytest.mark.parametrize("again", [writes_up, promises])
def test_whoever_had_promised_promises_again(
    stage: Stage, amina: Visitor, dropped: tuple[Leg, int, int], again: Callable[[Visitor, int], str]
) -> None:
    caller, offer, _ = dropped
    assert "Ma journée" in again(amina, offer)
    (ticket,) = stage.tickets(caller)
    assert kept.due(stage) == [ticket.id]
    assert "Ma journée" in promises(amina, offer)
    assert kept.due(stage) == [ticket.id], "once more is the same"


@pytest.mark.parametrize("disposition", ["silent", "abusive", "call_back"])
def test_a_talk_that_helped_nobody_cancels_no_promise(
    stage: Stage, dropped: tuple[Leg, int, int], disposition: str
) -> None:
    caller, _, second = dropped
    finish(desk_of(stage, "Bruno"), second, disposition)
    (ticket,) = stage.tickets(caller)
    assert kept.due(stage) == [ticket.id]


@pytest.mark.parametrize("disposition", ["solved", "partly", "passed_on", "not_for_us"])
def test_any_other_talk_does(stage: Stage, dropped: tuple[Leg, int, int], disposition: str) -> None:
    finish(desk_of(stage, "Bruno"), dropped[2], disposition)
    assert kept.due(stage) == []


def test_who_has_been_called_back_since_is_left_in_peace(
    stage: Stage, amina: Visitor, dropped: tuple[Leg, int, int]
) -> None:
    caller, offer, second = dropped
    finish(amina, offer)
    (ticket,) = stage.tickets(caller)
    amina.post(f"/day/{ticket.id}/claim")
    amina.post(f"/day/{ticket.id}/attempt", result="reached")
    assert kept.due(stage) == []
    finish(desk_of(stage, "Bruno"), second, "silent")
    assert kept.due(stage) == []


def test_a_silent_talk_without_a_promise_calls_nobody_back(stage: Stage, amina: Visitor) -> None:
    caller, offer = talk(stage, amina)
    stage.leaves(caller)
    finish(amina, offer, "silent")
    assert stage.tickets(caller) == []
    assert kept.due(stage) == []


def test_who_rings_again_and_says_nothing_is_still_to_be_called_back(stage: Stage, amina: Visitor) -> None:
    caller, offer = talk(stage, amina)
    stage.leaves(caller)
    finish(amina, offer)
    (ticket,) = stage.tickets(caller)
    again, second = talk(stage, amina)
    stage.is_helped(again)
    assert kept.due(stage) == []
    finish(amina, second, "silent")
    assert kept.due(stage) == [ticket.id]


@pytest.mark.parametrize("promised_before", [False, True])
def test_a_topic_that_was_corrected_brings_the_callback_to_who_knows_it(
    stage: Stage, amina: Visitor, promised_before: bool
) -> None:
    stage.mediator("Bruno", "taxes")
    stage.mediator("Driss", "work")
    caller, offer = talk(stage, amina)
    if promised_before:
        promises(amina, offer)
    stage.leaves(caller)
    amina.post(f"/desk/{offer}/finish", disposition="call_back", topic="work")
    assert sees_it(stage) == ["Driss"]
    (ticket,) = stage.tickets(caller)
    assert ticket.topic == "work"


def test_a_topic_is_corrected_too_where_the_number_comes_later(stage: Stage, amina: Visitor) -> None:
    stage.mediator("Bruno", "taxes")
    stage.mediator("Driss", "work")
    caller, offer = talk(stage, amina, "anonymous")
    stage.leaves(caller)
    amina.post(f"/desk/{offer}/finish", disposition="call_back", topic="work")
    amina.post(f"/desk/{offer}/callback", number="06 39 98 00 07")
    assert sees_it(stage) == ["Driss"]


def test_who_rings_again_about_the_corrected_topic_has_the_place_of_the_callback(
    stage: Stage, amina: Visitor
) -> None:
    caller, offer = talk(stage, amina)
    stage.leaves(caller)
    amina.post(f"/desk/{offer}/finish", disposition="call_back", topic="work")
    stage.mediator("Driss", "work")
    again = stage.asks("4")
    assert stage.rings("Driss")
    assert kept.due(stage) == []
    stage.connect(again, stage.phones["Driss"])


def sees_it(stage: Stage) -> list[str]:
    """Who, but for Amina, is asked to call back."""
    others = [name for name in stage.names if name != "Amina"]
    return [name for name in others if TO_BE_TAKEN in desk_of(stage, name).get("/day").text]
