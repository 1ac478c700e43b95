"""Whoever calls somebody back, or has them on the line again, sees all that was noted of their calls."""

import pytest

from hotline.simulator.legs import Leg
from hotline.store.topics import of_mediator
from tests.calls import kept, words
from tests.calls.stage import Stage
from tests.calls.talks import Talk, again, desk_of, offer_of, over, talk
from tests.calls.test_to_be_called_back import finish
from tests.dashboard.visitor import Visitor
from tests.fakes import KeptEvents

NOTE = "Date limite lundi, parle à son fils Marc"
ANOTHER = "+33639980002"


def notes(desk: Visitor, offer: int, text: str = NOTE, revision: int = 0) -> None:
    assert desk.post_json(f"/desk/{offer}/note", revision=revision, note=text).status_code == 200


def claimed(stage: Stage, desk: Visitor) -> str:
    """What is shown to whoever claims the one callback."""
    (ticket,) = kept.due(stage)
    return desk.post(f"/day/{ticket}/claim").text


@pytest.fixture
def nobody_takes_it(stage: Stage) -> tuple[Talk, Visitor]:
    """Amina has noted something and handed her caller on to a topic; nobody takes it, and they press 9."""
    here = talk(stage)
    bruno = stage.busy("Bruno", ANOTHER)
    notes(here.desk, here.offer)
    here.desk.post(f"/desk/{here.offer}/transfer", to="topic:taxes")
    stage.hears(here.caller, words.NINE, within=120)
    here.caller.press("9")
    stage.hears(here.caller, words.CODE, within=120)
    stage.leaves(here.caller)
    bruno.hang_up()
    stage.carrier.advance(3)
    return here, desk_of(stage, "Bruno")


def test_what_was_noted_before_nobody_took_the_call(
    stage: Stage, nobody_takes_it: tuple[Talk, Visitor]
) -> None:
    _, bruno = nobody_takes_it
    assert NOTE not in bruno.get("/day").text, "before it is claimed"
    assert NOTE in claimed(stage, bruno), "and Amina is still writing"


def test_the_deadline_of_that_talk_too(stage: Stage, nobody_takes_it: tuple[Talk, Visitor]) -> None:
    (amina, bruno) = nobody_takes_it
    finish(amina.desk, amina.offer, "passed_on", due_on="2026-12-14")
    assert "Date limite : lundi 14 décembre" in claimed(stage, bruno)


def test_what_is_written_while_somebody_calls_back_is_told(
    stage: Stage, nobody_takes_it: tuple[Talk, Visitor]
) -> None:
    amina, bruno = nobody_takes_it
    claimed(stage, bruno)
    events = stage.services.events
    assert isinstance(events, KeptEvents)
    events.published.clear()
    notes(amina.desk, amina.offer, "Plutôt mardi", revision=1)
    assert any(of_mediator(stage.names["Bruno"]) in topics for topics in events.published)
    assert "Plutôt mardi" in bruno.get("/day/now").text


def test_the_notes_of_both_talks_where_a_call_came_back(stage: Stage) -> None:
    here = talk(stage)
    stage.mediator("Bruno", "taxes")
    notes(here.desk, here.offer)
    here.desk.post(f"/desk/{here.offer}/transfer", to=f"mediator:{stage.names['Bruno']}")
    assert stage.rings("Bruno")
    stage.phones["Bruno"].reject()
    stage.carrier.advance(3)
    finish(here.desk, here.offer, "passed_on")
    assert stage.rings("Amina")
    second = offer_of(stage, "Amina")
    stage.connect(here.caller, stage.phones["Amina"])
    here.desk.post(f"/desk/{second}/callback")
    notes(here.desk, second, "Rappeler après 18 h")
    stage.leaves(here.caller)
    shown = claimed(stage, desk_of(stage, "Bruno"))
    assert NOTE in shown
    assert "Rappeler après 18 h" in shown
    assert shown.count(NOTE) == 1


@pytest.fixture
def rings_from_that_number(stage: Stage) -> tuple[Leg, Visitor]:
    """Somebody who withheld their number has dictated one, was called there in vain, and rings from it."""
    stage.mediator("Amina", "taxes")
    amina = desk_of(stage, "Amina")
    first = again(stage, amina, "anonymous")
    notes(amina, first.offer)
    over(stage, first)
    finish(amina, first.offer, number="06 39 98 00 02")
    (ticket,) = stage.tickets(first.caller)
    amina.post(f"/day/{ticket.id}/claim")
    amina.post(f"/day/{ticket.id}/attempt", result="not_reached", note="message laissé à sa fille")
    caller = stage.asks("2", ANOTHER)
    assert stage.rings("Amina")
    return caller, amina


def test_whoever_rings_from_the_number_that_was_dictated_is_known(
    stage: Stage, rings_from_that_number: tuple[Leg, Visitor]
) -> None:
    caller, amina = rings_from_that_number
    ringing = amina.get("/desk/now").text
    stage.connect(caller, stage.phones["Amina"])
    for shown in (ringing, amina.get("/desk/now").text):
        assert f"Noté par Amina, lundi 23 novembre :</strong> {NOTE}" in shown
        assert "message laissé à sa fille" in shown
        assert "+33639980002" not in shown


def test_what_stands_with_an_earlier_call_is_shown_once(stage: Stage) -> None:
    here = talk(stage)
    notes(here.desk, here.offer)
    over(stage, here)
    finish(here.desk, here.offer)
    stage.asks("2")
    assert stage.rings("Amina")
    assert here.desk.get("/desk/now").text.count(NOTE) == 1
