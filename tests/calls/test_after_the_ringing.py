"""The desk when nobody talks: the breather and why it came, pauses and theirs, and what is left to write."""

import pytest

from hotline.store import mediators
from tests.calls import talks
from tests.calls.stage import Stage
from tests.calls.talks import Talk, desk_of, offer_of


@pytest.fixture
def talking(stage: Stage) -> Talk:
    return talks.talk(stage)


@pytest.fixture
def talked(stage: Stage, talking: Talk) -> Talk:
    return talks.over(stage, talking)


def test_what_is_not_written_up_is_said_quietly(stage: Stage, talked: Talk) -> None:
    _, desk, offer = talked
    assert "Il vous reste" not in desk.get("/desk/now").text
    stage.carrier.advance(200)
    for to in ("available", "away", "off"):
        shown = desk.post(f"/desk/{to}", reason="meal", minutes="30").text
        assert "Il vous reste un appel à noter." in shown
        assert f"/desk/{offer}/write-up" in shown
    talks.change(stage, "DELETE FROM shifts")
    stage.resume("Amina")
    shown = desk.get("/desk/now").text
    assert "Vous n’êtes pas de permanence" in shown
    assert "Il vous reste un appel à noter." in shown
    desk.post("/desk/available")
    latest = talks.over(stage, talks.again(stage, desk, "+33639980002")).offer
    stage.carrier.advance(200)
    shown = desk.get("/desk/now").text
    assert "Il vous reste 2 appels à noter." in shown
    assert f"/desk/{latest}/write-up" in shown
    for one in (offer, latest):
        desk.post(f"/desk/{one}/finish", disposition="solved")
    assert "Il vous reste" not in desk.get("/desk/now").text


def test_an_older_talk_does_not_come_up_in_a_breather(stage: Stage, talked: Talk) -> None:
    _, desk, offer = talked
    stage.carrier.advance(200)
    stage.asks("2", "+33639980002")
    assert stage.rings("Amina")
    desk.post(f"/desk/{offer_of(stage, 'Amina')}/leave")
    stage.carrier.advance(1)
    assert stage.state("Amina") == "wrap_up"
    shown = desk.get("/desk/now").text
    assert "Un instant de répit" in shown
    assert "Vous n’avez pas pris cet appel" in shown
    assert "Comment s’est passé" not in shown
    assert "Il n’y a plus de temps" in desk.post(f"/desk/{offer}/more-time").text
    desk.post(f"/desk/{offer}/finish", disposition="solved")
    assert stage.state("Amina") == "wrap_up"


def test_a_talk_that_was_handed_on_is_written_up_all_the_same(stage: Stage, talking: Talk) -> None:
    _, desk, offer = talking
    stage.mediator("Driss", "work")
    desk.post(f"/desk/{offer}/transfer", to="topic:work")
    stage.carrier.advance(3)
    assert stage.state("Amina") == "wrap_up"
    shown = desk.get("/desk/now").text
    assert "Comment s’est passé" in shown
    assert f"/desk/{offer}/finish" in shown
    desk.post(f"/desk/{offer}/finish", disposition="solved")
    assert stage.state("Amina") == "available"


def test_the_breather_says_why_the_ringing_stopped(stage: Stage) -> None:
    stage.mediator("Amina", "taxes")
    desk = desk_of(stage, "Amina")
    caller = stage.asks("2")
    assert stage.rings("Amina")
    stage.leaves(caller)
    assert stage.state("Amina") == "wrap_up"
    assert "L’appelant·e a raccroché." in desk.get("/desk/now").text
    stage.carrier.advance(10)
    stage.asks("2")
    assert stage.rings("Amina")
    assert stage.carrier.advance_until(lambda: stage.state("Amina") == "wrap_up", 60)
    assert "L’appel n’a pas été pris à temps" in desk.get("/desk/now").text


def test_a_talk_that_never_came_about_is_said_to(stage: Stage, talking: Talk) -> None:
    _, desk, _ = talking
    talks.change(stage, "UPDATE offers SET state = 'withdrawn', ended_at = accepted_at")
    talks.change(stage, "UPDATE mediators SET availability = 'wrap_up', until = idle_since")
    assert "la mise en relation a échoué" in desk.get("/desk/now").text


def test_whoever_missed_too_many_is_told_so_and_nobody_else(stage: Stage) -> None:
    stage.mediator("Amina", "taxes")
    desk = desk_of(stage, "Amina")
    for _ in range(3):
        stage.asks("2")
        assert stage.rings("Amina", within=120)
        assert stage.carrier.advance_until(lambda: stage.state("Amina") != "offered", 60)
    assert stage.state("Amina") == "away"
    assert "sonné plusieurs fois sans réponse" in desk.get("/desk/now").text
    stage.pause("Amina")
    shown = desk.get("/desk/now").text
    assert "La coordination vous a mis·e en pause" in shown
    assert "sonné plusieurs fois" not in shown


def test_a_reason_is_never_that_of_an_earlier_pause(stage: Stage) -> None:
    stage.mediator("Amina", "taxes")
    desk = desk_of(stage, "Amina")
    assert "un repas" in desk.post("/desk/away", reason="meal", minutes="10").text
    stage.pause("Amina")
    assert "un repas" not in desk.get("/desk/now").text
    stage.resume("Amina")
    with stage.services.store.reading() as tx:
        found = mediators.get(tx, stage.names["Amina"])
    assert found is not None
    assert found.away_reason is None
    shown = desk.post("/desk/away", reason="other", minutes="10").text
    assert "coordination" not in shown
    assert "sans réponse" not in shown


def test_a_reason_for_a_block_may_hold_any_character(stage: Stage, talked: Talk) -> None:
    _, desk, offer = talked
    assert "C’est proposé" in desk.post(f"/desk/{offer}/block", reason="insulte\0").text
    assert "quelques mots pourquoi" in desk.post(f"/desk/{offer}/block", reason="\0").text
