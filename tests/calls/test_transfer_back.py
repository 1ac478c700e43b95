"""A talk that was handed on and not taken: the caller goes back rather than to nobody."""

from collections.abc import Callable, Iterable

import pytest

from hotline.queue.ids import MediatorId
from hotline.queue.mediators import Availability, Standing
from hotline.simulator.legs import Leg
from hotline.store import mediators
from hotline.store.topics import of_mediator
from hotline.switchboard import matching
from hotline.switchboard.moment import Moment
from tests import factories
from tests.calls.stage import Stage
from tests.calls.talks import desk_of, offer_of, talk
from tests.dashboard.visitor import Visitor
from tests.fakes import KeptEvents

WAITS_FOR_THEM = "Bruno n’a pas pu prendre l’appel : la personne vous attend."


@pytest.fixture
def talking(stage: Stage) -> tuple[Leg, Visitor]:
    """Amina talks with a caller about taxes, of which Chloé knows too, and has been idle for longer."""
    caller, desk, _offer = talk(stage)
    stage.mediator("Chloé", "taxes")
    stage.mediator("Bruno", "work")
    return caller, desk


def transfer(stage: Stage, desk: Visitor, to: str) -> None:
    to = f"mediator:{stage.names[to]}" if to in stage.names else f"topic:{to}"
    assert "C’est demandé" in desk.post(f"/desk/{offer_of(stage, 'Amina')}/transfer", to=to).text


def declines(stage: Stage) -> None:
    stage.phones["Bruno"].reject()


def does_not_answer(stage: Stage) -> None:
    stage.carrier.advance_until(lambda: stage.phones["Bruno"].ringing_leg is None, 30)


def hangs_up_in_the_whisper(stage: Stage) -> None:
    stage.phones["Bruno"].answer()
    stage.carrier.advance(2)
    stage.phones["Bruno"].hang_up()


def clicks_that_they_do_not(stage: Stage) -> None:
    desk_of(stage, "Bruno").post(f"/desk/{offer_of(stage, 'Bruno')}/leave")


@pytest.mark.parametrize(
    "not_taken", [declines, does_not_answer, hangs_up_in_the_whisper, clicks_that_they_do_not]
)
def test_what_somebody_does_not_take_comes_back_before_others_are_asked(
    stage: Stage, talking: tuple[Leg, Visitor], not_taken: Callable[[Stage], None]
) -> None:
    caller, desk = talking
    transfer(stage, desk, "Bruno")
    assert stage.rings("Bruno")
    desk.post("/desk/available")
    not_taken(stage)
    assert stage.rings("Amina", within=15)
    assert stage.phones["Chloé"].ringing_leg is None
    shown = desk.get("/desk/now").text
    assert "L’appel revient : Bruno n’a pas pu le prendre." in shown
    assert "De la part de" not in shown
    stage.connect(caller, stage.phones["Amina"])
    stage.leaves(caller)
    assert stage.outcome(caller) == "answered"


def test_while_whoever_handed_it_on_is_not_free_others_are_asked(
    stage: Stage, talking: tuple[Leg, Visitor]
) -> None:
    caller, desk = talking
    transfer(stage, desk, "Bruno")
    assert stage.rings("Bruno")
    stage.phones["Bruno"].reject()
    assert stage.rings("Chloé", within=15)
    assert stage.state("Amina") == "wrap_up"
    assert "De la part de" in desk_of(stage, "Chloé").get("/desk/now").text
    stage.connect(caller, stage.phones["Chloé"])


def test_somebody_who_is_not_free_any_more_is_not_waited_for(
    stage: Stage, talking: tuple[Leg, Visitor]
) -> None:
    caller, desk = talking
    transfer(stage, desk, "Bruno")
    stage.pause("Bruno")
    stage.pause("Chloé")
    assert stage.carrier.advance_until(lambda: caller.in_queue is not None, 30)
    factories.at_once(stage.services, lambda m: all_are_free(m, stage.names.values()))
    assert stage.rings("Amina", within=15)
    stage.connect(caller, stage.phones["Amina"])


def all_are_free(m: Moment, everyone: Iterable[MediatorId]) -> None:
    """At one instant: who is asked first?"""
    for one in everyone:
        free = Standing(Availability.AVAILABLE)
        assert mediators.claim(m.tx, one, [Availability.AWAY, Availability.WRAP_UP], free, m.now)
    matching.sweep(m)


def test_who_does_not_take_what_comes_back_either_is_left_alone(
    stage: Stage, talking: tuple[Leg, Visitor]
) -> None:
    caller, desk = talking
    transfer(stage, desk, "Bruno")
    assert stage.rings("Bruno")
    desk.post("/desk/available")
    stage.phones["Bruno"].reject()
    assert stage.rings("Amina", within=15)
    stage.phones["Amina"].reject()
    assert stage.rings("Chloé", within=15)
    stage.connect(caller, stage.phones["Chloé"])


def test_with_nobody_else_on_duty_a_topic_comes_back(stage: Stage, talking: tuple[Leg, Visitor]) -> None:
    caller, desk = talking
    stage.pause("Chloé")
    transfer(stage, desk, "taxes")
    stage.carrier.advance(5)
    assert caller.is_open
    desk.post("/desk/available")
    assert stage.rings("Amina", within=15)
    assert "L’appel revient : personne d’autre n’a pu le prendre." in desk.get("/desk/now").text
    stage.connect(caller, stage.phones["Amina"])


def test_when_the_last_one_else_goes_a_topic_comes_back(stage: Stage, talking: tuple[Leg, Visitor]) -> None:
    caller, desk = talking
    stage.phones["Chloé"].behaviour = "declines"
    transfer(stage, desk, "taxes")
    assert stage.rings("Chloé")
    desk.post("/desk/available")
    stage.carrier.advance(40)
    assert stage.phones["Amina"].ringing_leg is None, "Chloé is on duty"
    stage.pause("Chloé")
    assert stage.rings("Amina", within=15)
    stage.phones["Amina"].reject()
    stage.carrier.advance(10)
    assert stage.phones["Amina"].ringing_leg is None, "they have declined it, and are left alone for a while"
    assert caller.is_open


def test_to_oneself_is_to_nobody_in_particular(stage: Stage, talking: tuple[Leg, Visitor]) -> None:
    caller, desk = talking
    transfer(stage, desk, "Amina")
    assert stage.rings("Chloé", within=15)
    stage.connect(caller, stage.phones["Chloé"])


def test_what_somebody_does_not_take_is_again_for_those_who_know_the_topic(
    stage: Stage, talking: tuple[Leg, Visitor]
) -> None:
    caller, desk = talking
    stage.mediator("Driss", "work")
    stage.pause("Chloé")
    transfer(stage, desk, "Bruno")
    assert stage.rings("Bruno")
    stage.phones["Bruno"].reject()
    rung = stage.carrier.advance_until(lambda: stage.phones["Driss"].ringing_leg is not None, 30)
    assert not rung
    assert caller.in_queue is not None
    desk.post("/desk/available")
    assert stage.rings("Amina", within=15)
    stage.connect(caller, stage.phones["Amina"])


def test_to_oneself_is_to_those_who_know_the_topic(stage: Stage, talking: tuple[Leg, Visitor]) -> None:
    caller, desk = talking
    stage.pause("Chloé")
    transfer(stage, desk, "Amina")
    assert not stage.rings("Bruno")
    assert caller.is_open


def test_who_is_free_is_rung_after_a_while_although_somebody_else_is_in_a_long_talk(
    stage: Stage, talking: tuple[Leg, Visitor]
) -> None:
    caller, desk = talking
    stage.connect(stage.asks("2", "+33639980005"), stage.phones["Chloé"])
    transfer(stage, desk, "taxes")
    stage.carrier.advance(5)
    desk.post("/desk/available")
    assert not stage.rings("Amina", within=120)
    assert stage.rings("Amina", within=90)
    stage.connect(caller, stage.phones["Amina"])


def test_who_writes_up_is_told_that_the_caller_waits_for_them(
    stage: Stage, talking: tuple[Leg, Visitor]
) -> None:
    caller, desk = talking
    events = stage.services.events
    assert isinstance(events, KeptEvents)
    stage.pause("Chloé")
    transfer(stage, desk, "Bruno")
    assert stage.rings("Bruno")
    assert WAITS_FOR_THEM not in desk.get("/desk/now").text
    events.published.clear()
    stage.phones["Bruno"].reject()
    assert stage.carrier.advance_until(lambda: caller.in_queue is not None, 30)
    assert any(of_mediator(stage.names["Amina"]) in topics for topics in events.published)
    assert WAITS_FOR_THEM in desk.get("/desk/now").text
    stage.resume("Chloé")
    assert stage.rings("Chloé", within=15)
    assert WAITS_FOR_THEM not in desk.get("/desk/now").text


def test_who_receives_the_call_sees_from_whom_it_comes_and_what_is_noted(
    stage: Stage, talking: tuple[Leg, Visitor]
) -> None:
    caller, desk = talking
    offer = offer_of(stage, "Amina")
    desk.post_json(f"/desk/{offer}/note", revision=0, note="A perdu son mot de passe")
    transfer(stage, desk, "Bruno")
    assert stage.rings("Bruno")
    other = desk_of(stage, "Bruno")
    ringing = other.get("/desk/now").text
    desk.post_json(f"/desk/{offer}/note", revision=1, note="A perdu son mot de passe. Parle lentement.")
    stage.connect(caller, stage.phones["Bruno"])
    talks = other.get("/desk/now").text
    for shown in (ringing, talks):
        assert "De la part de" in shown
        assert "Noté par Amina :" in shown
        assert "A perdu son mot de passe" in shown
    assert "Parle lentement." in talks
    assert "Noté par" not in desk.get("/desk/now").text


def test_a_call_that_nobody_handed_on_comes_from_nobody(stage: Stage, talking: tuple[Leg, Visitor]) -> None:
    stage.asks("2", "+33639980005")
    assert stage.rings("Chloé")
    shown = desk_of(stage, "Chloé").get("/desk/now").text
    assert "De la part de" not in shown
    assert "Noté par" not in shown
