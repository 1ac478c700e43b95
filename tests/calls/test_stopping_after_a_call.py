"""Whoever writes a call up takes calls again, pauses or stops: what they chose, and no call in between."""

import pytest

from tests.calls.stage import Stage
from tests.calls.talks import Talk, over, talk, written

PAUSE = {"then": "pause", "reason": "meal", "minutes": "30"}
WAYS = pytest.mark.parametrize(
    ("chosen", "state", "said"),
    [(PAUSE, "away", "Vous êtes en pause"), ({"then": "off"}, "off", "Vous avez terminé")],
)


@pytest.fixture
def writes_up(stage: Stage) -> Talk:
    """Amina writes a call up."""
    return over(stage, talk(stage))


def finish(talk: Talk, **more: str) -> str:
    form = {"disposition": "solved", "topic": "taxes"} | more
    return talk.desk.post(f"/desk/{talk.offer}/finish", **form).text


@WAYS
def test_no_call_comes_in_between(
    stage: Stage, writes_up: Talk, chosen: dict[str, str], state: str, said: str
) -> None:
    shown = writes_up.desk.get("/desk/now").text
    assert "Enregistrer et faire une pause" in shown
    assert "Enregistrer et arrêter les appels" in shown
    waiting = stage.holds("+33639980002")
    answer = finish(writes_up, **chosen)
    assert "C’est enregistré" in answer
    assert said in answer
    assert stage.state("Amina") == state
    assert written(stage, writes_up.offer).done_at is not None
    stage.carrier.advance(15)
    assert stage.phones["Amina"].ringing_leg is None
    assert waiting.is_open


@WAYS
def test_whose_time_to_write_is_over_pauses_all_the_same(
    stage: Stage, writes_up: Talk, chosen: dict[str, str], state: str, said: str
) -> None:
    stage.carrier.advance(600)
    assert stage.state("Amina") == "available"
    assert said in finish(writes_up, **chosen)
    assert stage.state("Amina") == state


@WAYS
def test_while_their_telephone_rings_it_is_written_up_and_told(
    stage: Stage, writes_up: Talk, chosen: dict[str, str], state: str, said: str
) -> None:
    stage.carrier.advance(600)
    stage.asks("2", "+33639980002")
    assert stage.rings("Amina")
    answer = finish(writes_up, **chosen)
    assert "C’est enregistré" in answer
    assert "changez cela juste après" in answer
    assert stage.state("Amina") == "offered"
    assert written(stage, writes_up.offer).done_at is not None


def test_who_is_to_be_called_back_waits_also_when_somebody_stops(stage: Stage, writes_up: Talk) -> None:
    assert "Ma journée" in finish(writes_up, disposition="call_back", then="off")
    assert stage.state("Amina") == "off"
    assert len(stage.tickets(writes_up.caller)) == 1


def test_a_pause_that_is_none_saves_nothing(stage: Stage, writes_up: Talk) -> None:
    form = {"disposition": "solved", "then": "pause", "reason": "meal", "minutes": "9999"}
    assert writes_up.desk.post(f"/desk/{writes_up.offer}/finish", **form).status_code == 400
    assert written(stage, writes_up.offer).done_at is None
    assert stage.state("Amina") == "wrap_up"


def test_what_is_unclear_keeps_them_where_they_are(stage: Stage, writes_up: Talk) -> None:
    assert "Choisissez d’abord" in finish(writes_up, disposition="", then="off")
    assert stage.state("Amina") == "wrap_up"


def test_an_older_talk_has_one_way_to_be_saved(stage: Stage, writes_up: Talk) -> None:
    stage.carrier.advance(600)
    shown = writes_up.desk.get(f"/desk/{writes_up.offer}/write-up").text
    assert ">Enregistrer<" in shown
    assert "arrêter les appels" not in shown


def test_whoever_stops_leaves_the_callback_that_they_had_claimed_to_others_and_is_told(
    stage: Stage, writes_up: Talk
) -> None:
    writes_up.desk.post(f"/desk/{writes_up.offer}/callback")
    (ticket,) = stage.tickets(writes_up.caller)
    writes_up.desk.post(f"/day/{ticket.id}/claim")
    assert stage.state("Amina") == "calling_back"
    answer = finish(writes_up, disposition="call_back", then="off")
    assert "C’est enregistré" in answer
    assert "Le rappel que vous aviez pris est proposé à toute l’équipe" in answer
    assert stage.state("Amina") == "off"
