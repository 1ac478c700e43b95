"""Whoever has claimed a callback and goes: somebody else may call at once, and everybody knows."""

import pytest

from hotline.simulator.legs import Leg
from hotline.switchboard import duty
from tests import factories
from tests.calls import talks
from tests.calls.stage import Stage
from tests.calls.talks import desk_of
from tests.dashboard.visitor import Visitor

CLAIM = "Je rappelle cette personne"
TAKEN = "Quelqu’un d’autre rappelle"
SAID = "est proposé à toute l’équipe"
STILL = "Vous avez encore quelqu’un à rappeler"


@pytest.fixture
def promised(stage: Stage) -> Leg:
    caller = talks.promised(stage)
    stage.mediator("Amina", "taxes")
    stage.mediator("Bruno", "taxes")
    return caller


@pytest.fixture
def ticket(stage: Stage, promised: Leg) -> int:
    (found,) = stage.tickets(promised)
    return found.id


@pytest.fixture
def amina(stage: Stage, ticket: int) -> Visitor:
    """Amina, who calls them back."""
    desk = desk_of(stage, "Amina")
    desk.get("/day")
    desk.post(f"/day/{ticket}/claim")
    return desk


def test_who_has_finished_calls_nobody_back(stage: Stage, amina: Visitor) -> None:
    bruno = desk_of(stage, "Bruno")
    assert TAKEN in bruno.get("/day").text
    assert SAID in amina.post("/desk/off").text
    assert CLAIM in bruno.get("/day").text
    assert SAID not in amina.post("/desk/off").text
    assert STILL not in amina.get("/desk").text


def test_who_logs_out_calls_nobody_back_and_may_be_rung(stage: Stage, amina: Visitor) -> None:
    amina.post("/account/logout")
    assert SAID in amina.get("/account/login").text
    assert CLAIM in desk_of(stage, "Bruno").get("/day").text
    assert stage.state("Amina") == "available"


def test_a_pause_leaves_it_to_them_and_says_so(stage: Stage, amina: Visitor, ticket: int) -> None:
    assert STILL in amina.post("/desk/away", reason="break", minutes="10").text
    assert TAKEN in desk_of(stage, "Bruno").get("/day").text
    amina.post(f"/day/{ticket}/attempt", result="reached")
    assert STILL not in amina.get("/desk").text


def test_who_is_off_may_call_back_and_a_change_of_the_rota_takes_nothing_away(
    stage: Stage, amina: Visitor, ticket: int
) -> None:
    amina.post("/desk/off")
    amina.post(f"/day/{ticket}/claim")
    assert STILL in amina.get("/desk").text
    me = stage.names["Amina"]
    factories.at_once(stage.services, lambda m: duty.add_shift(m, me, factories.ALWAYS[0]))
    assert TAKEN in desk_of(stage, "Bruno").get("/day").text


def test_nobody_claims_what_is_not_offered_to_them(stage: Stage, ticket: int) -> None:
    """Nor sees the number of who is to be called back about something else."""
    stage.mediator("Dora", "health")
    dora = desk_of(stage, "Dora")
    dora.get("/day")
    assert "rappelle déjà cette personne" in dora.post(f"/day/{ticket}/claim").text
    assert dora.post(f"/day/{ticket}/number").status_code == 409
    assert CLAIM in desk_of(stage, "Bruno").get("/day").text
