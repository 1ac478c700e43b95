"""A talk is handed on: to a topic, to somebody, with and without the carrier's help."""

from collections.abc import Callable

import pytest

from hotline.simulator.faults import RestFault
from hotline.simulator.legs import Leg
from hotline.store import mediators
from hotline.switchboard import duty
from tests import factories
from tests.calls import kept
from tests.calls.stage import Stage
from tests.calls.talks import offer_of, talk
from tests.dashboard.visitor import Visitor


@pytest.fixture
def talking(stage: Stage) -> tuple[Leg, Visitor]:
    """Amina, who knows taxes, talks with a caller; Driss knows work, Bruno is busy with nothing."""
    caller, desk, _offer = talk(stage)
    stage.mediator("Bruno", "taxes")
    stage.mediator("Driss", "work")
    return caller, desk


def transfer(stage: Stage, desk: Visitor, to: str) -> str:
    return desk.post(f"/desk/{offer_of(stage, 'Amina')}/transfer", to=to).text


def test_to_a_topic_whoever_knows_it_hears_that_the_call_is_handed_on(
    stage: Stage, talking: tuple[Leg, Visitor]
) -> None:
    caller, desk = talking
    assert "C’est demandé" in transfer(stage, desk, "topic:work")
    assert stage.rings("Driss")
    assert stage.state("Amina") == "wrap_up"
    driss = stage.phones["Driss"]
    driss.answer()
    stage.carrier.advance(9)
    assert driss.leg is not None
    assert "vous passe cet appel" in driss.leg.heard_text()
    driss.press("1")
    stage.carrier.advance(3)
    assert caller.talking_to is driss.leg
    stage.leaves(caller)
    assert stage.outcome(caller) == "answered"


@pytest.mark.parametrize("requests_action", [True, False])
def test_to_somebody_whatever_they_know_and_whatever_the_carrier_does_with_the_ring(
    stage: Stage, talking: tuple[Leg, Visitor], requests_action: bool
) -> None:
    stage.carrier.faults.readings.updated_parent_requests_action = requests_action
    caller, desk = talking
    transfer(stage, desk, f"mediator:{stage.names['Driss']}")
    assert stage.rings("Driss")
    stage.connect(caller, stage.phones["Driss"])


def test_when_the_carrier_refuses_hanging_up_carries_it_out(
    stage: Stage, talking: tuple[Leg, Visitor]
) -> None:
    caller, desk = talking
    stage.carrier.faults.rest.append(RestFault("500", times=None))
    transfer(stage, desk, "topic:work")
    stage.carrier.advance(5)
    assert caller.talking_to is stage.phones["Amina"].leg
    stage.phones["Amina"].hang_up()
    assert stage.rings("Driss")
    stage.connect(caller, stage.phones["Driss"])


def test_who_handed_a_call_on_is_not_rung_for_it(stage: Stage, talking: tuple[Leg, Visitor]) -> None:
    caller, desk = talking
    stage.phones["Bruno"].behaviour = "declines"
    transfer(stage, desk, "topic:taxes")
    assert stage.rings("Bruno")
    desk.post("/desk/available")
    stage.carrier.advance(40)
    assert stage.phones["Amina"].ringing_leg is None
    assert caller.is_open


def test_only_who_is_on_duty_and_speaks_the_language_is_named(
    stage: Stage, talking: tuple[Leg, Visitor]
) -> None:
    _, desk = talking
    stage.mediator("Farah", "taxes", languages=("en",))
    stage.mediator("Gilles", "taxes", shifts=())
    stage.pause("Bruno")
    shown = desk.get("/desk/now").text
    assert [name for name in stage.names if f"mediator:{stage.names[name]}" in shown] == ["Driss"]


def pauses(stage: Stage) -> None:
    stage.pause("Driss")


def has_finished(stage: Stage) -> None:
    assert factories.at_once(stage.services, lambda m: duty.go_off(m, stage.names["Driss"]))


def has_gone(stage: Stage) -> None:
    with stage.services.store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM shifts")


def is_rung(stage: Stage) -> None:
    stage.asks("3", "+33639980002")
    assert stage.rings("Driss")


def talks_with_somebody_else(stage: Stage) -> None:
    caller = stage.asks("3", "+33639980002")
    assert stage.rings("Driss")
    stage.connect(caller, stage.phones["Driss"])


@pytest.mark.parametrize("leaves", [pauses, has_finished, has_gone, is_rung, talks_with_somebody_else])
def test_whoever_has_just_left_is_not_handed_a_call_and_the_talk_goes_on(
    stage: Stage, talking: tuple[Leg, Visitor], leaves: Callable[[Stage], None]
) -> None:
    caller, desk = talking
    driss = f"mediator:{stage.names['Driss']}"
    assert driss in desk.get("/desk/now").text
    stage.services.store.run(
        lambda tx: mediators.change(tx, stage.names["Driss"], None, (), ("work", "health"))
    )
    leaves(stage)
    answer = transfer(stage, desk, driss)
    assert "Cette personne n’est plus disponible : l’appel reste chez vous." in answer
    assert driss not in answer.partition("choice")[2]
    stage.carrier.advance(5)
    assert caller.talking_to is stage.phones["Amina"].leg
    assert stage.state("Amina") == "on_call"


def test_a_topic_that_nobody_on_duty_knows_leaves_the_call_where_it_is(
    stage: Stage, talking: tuple[Leg, Visitor]
) -> None:
    caller, desk = talking
    stage.pause("Driss")
    assert "Personne de permanence ne connaît ce thème" in transfer(stage, desk, "topic:work")
    stage.carrier.advance(5)
    assert caller.talking_to is stage.phones["Amina"].leg
    stage.resume("Driss")
    transfer(stage, desk, "topic:work")
    assert stage.rings("Driss")


def test_when_nobody_is_free_the_caller_waits_where_they_stood(
    stage: Stage, talking: tuple[Leg, Visitor]
) -> None:
    caller, desk = talking
    stage.pause("Driss")
    busy = stage.mediator("Élise", "health")
    stage.connect(stage.asks("3", "+33639980002"), busy)
    transfer(stage, desk, "topic:health")
    assert stage.carrier.advance_until(lambda: caller.in_queue is not None, 30)
    later = stage.holds("+33639980003", key="3")
    busy.hang_up()
    assert stage.rings("Élise", within=200)
    stage.connect(caller, busy)
    assert later.is_open


def test_a_caller_who_hangs_up_meanwhile_is_nobodys_any_more(
    stage: Stage, talking: tuple[Leg, Visitor]
) -> None:
    caller, desk = talking
    caller.hang_up()
    stage.carrier.advance(3)
    assert stage.outcome(caller) == "answered"
    answer = desk.post("/desk/1/transfer", to="topic:work")
    assert "plus à prendre" in answer.text


def test_a_promise_goes_with_the_caller_who_is_handed_on(stage: Stage, talking: tuple[Leg, Visitor]) -> None:
    caller, desk = talking
    offer = offer_of(stage, "Amina")
    desk.post(f"/desk/{offer}/callback")
    transfer(stage, desk, "topic:work")
    stage.pause("Driss")
    stage.carrier.advance(20)
    stage.leaves(caller)
    (ticket,) = stage.tickets(caller)
    assert kept.due(stage) == [ticket.id]


def test_who_is_helped_after_a_transfer_is_not_called_back(
    stage: Stage, talking: tuple[Leg, Visitor]
) -> None:
    caller, desk = talking
    offer = offer_of(stage, "Amina")
    desk.post(f"/desk/{offer}/callback")
    transfer(stage, desk, "topic:work")
    assert stage.rings("Driss")
    stage.connect(caller, stage.phones["Driss"])
    stage.is_helped(caller)
    assert kept.due(stage) == []
