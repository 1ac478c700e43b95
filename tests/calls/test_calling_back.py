"""Whoever calls somebody back uses their telephone: it does not ring meanwhile, and everybody sees why."""

import pytest
from flask import Flask

from hotline.dashboard.board import painting
from hotline.queue.ids import AccountId, TicketId
from hotline.queue.roles import Role
from hotline.queue.tickets import Attempt
from hotline.simulator.legs import Leg
from hotline.store import tickets
from hotline.store.claims import LASTS
from hotline.switchboard import callbacks, claiming, duty
from hotline.switchboard.claiming import Refusal
from tests import factories
from tests.calls import talks, words
from tests.calls.stage import Stage
from tests.calls.talks import desk_of
from tests.dashboard.visitor import Visitor, account, visitor

ANOTHER = "+33639980002"
A_THIRD = "+33639980003"
CLAIM = "Je rappelle cette personne"
TAKEN = "Quelqu’un d’autre rappelle"
SAID = "est proposé à toute l’équipe"
STILL = "Vous avez encore quelqu’un à rappeler"


@pytest.fixture
def promised(stage: Stage) -> Leg:
    """Somebody who is to be called back about taxes; Amina is there by now."""
    caller = talks.promised(stage)
    stage.mediator("Amina", "taxes")
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


@pytest.fixture
def bruno(stage: Stage, ticket: int) -> Visitor:
    """Bruno, who could call them back, too."""
    stage.mediator("Bruno", "taxes")
    desk = desk_of(stage, "Bruno")
    desk.get("/day")
    return desk


def me(desk: Visitor) -> AccountId:
    assert desk.account is not None
    return desk.account


def board(stage: Stage) -> str:
    """As it is painted at this instant."""
    return painting(stage.services, stage.app.extensions["pages"])("fr")


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("attempt", {"result": "reached"}),
        ("attempt", {"result": "not_reached"}),
        ("give-up", {"reason": "faux numéro"}),
        ("give-back", {"note": ""}),
        ("give-back", {"note": "occupé"}),
    ],
)
def test_their_telephone_rings_at_once_when_they_have_said_what_came_of_it_and_not_before(
    stage: Stage, amina: Visitor, ticket: int, path: str, form: dict[str, str]
) -> None:
    assert stage.state("Amina") == "calling_back"
    waits = stage.holds(ANOTHER)
    stage.carrier.advance(20)
    assert stage.phones["Amina"].ringing_leg is None
    assert waits.in_queue, "somebody is there, for whom they wait"
    amina.post(f"/day/{ticket}/{path}", **form)
    assert stage.state("Amina") == "offered"
    assert stage.rings("Amina", within=3)


def test_a_claim_ends_by_itself(stage: Stage, amina: Visitor) -> None:
    stage.carrier.advance(LASTS.total_seconds() + 2)
    assert stage.state("Amina") == "available"
    assert "Je rappelle cette personne" in amina.get("/day").text


def test_everybody_sees_what_they_do_and_until_when(stage: Stage, amina: Visitor) -> None:
    desk = amina.get("/desk/now").text
    assert "Vous rappelez quelqu’un" in desk
    until = stage.carrier.now() + LASTS
    assert f"jusqu’à {until.hour + 1:02}:{until.minute:02}." in desk
    assert "Amina" in board(stage).partition("Rappellent quelqu’un")[2].partition("</div>")[0]
    pages: Flask = stage.app.extensions["pages"]
    coordinator = account(stage.services, Role.COORDINATOR, email="c@example.org", name="Coralie")
    assert "rappelle quelqu’un" in visitor(pages, stage.services, coordinator).get("/people").text


def test_one_calls_one_person_back_at_a_time(stage: Stage, amina: Visitor, ticket: int) -> None:
    other = stage.holds(ANOTHER)
    stage.carrier.advance(3)
    other.press("9")
    stage.hears(other, words.CODE, within=120)
    stage.leaves(other)
    (second,) = stage.tickets(other)
    said = amina.post(f"/day/{second.id}/claim").text
    assert "Vous rappelez déjà quelqu’un" in said
    assert second.code not in said
    amina.post(f"/day/{ticket}/attempt", result="reached")
    assert second.code in amina.post(f"/day/{second.id}/claim").text


def test_whoever_is_rung_calls_back_later(stage: Stage, promised: Leg, ticket: int) -> None:
    """A call that was held out to them at that instant was first."""
    desk = desk_of(stage, "Amina")
    desk.get("/day")
    stage.asks("2", ANOTHER)
    assert stage.rings("Amina")
    said = desk.post(f"/day/{ticket}/claim").text
    assert "Votre téléphone sonne, ou vous êtes en conversation" in said
    assert stage.state("Amina") == "offered"


def test_whoever_writes_up_may_call_back_first(stage: Stage) -> None:
    talk = talks.over(stage, talks.talk(stage))
    talk.desk.get("/desk")
    talk.desk.post(f"/desk/{talk.offer}/finish", disposition="call_back", topic="taxes")
    again = talks.over(stage, talks.again(stage, talk.desk, ANOTHER))
    (ticket,) = stage.tickets(talk.caller)
    talk.desk.post(f"/day/{ticket.id}/claim")
    assert stage.state("Amina") == "calling_back"
    assert "Il vous reste un appel à noter" in talk.desk.get("/desk/now").text
    talk.desk.post(f"/desk/{again.offer}/finish", disposition="solved", topic="taxes")
    assert stage.state("Amina") == "calling_back", "to write up late ends no other thing"


def test_whoever_is_away_stays_away_and_calls_back_when_the_pause_ends(stage: Stage, ticket: int) -> None:
    stage.pause("Amina")
    desk = desk_of(stage, "Amina")
    desk.get("/day")
    desk.post(f"/day/{ticket}/claim")
    assert stage.state("Amina") == "away"
    desk.post("/desk/available")
    assert stage.state("Amina") == "calling_back"
    desk.post("/desk/away", reason="meal", minutes=10)
    assert stage.state("Amina") == "away"
    stage.carrier.advance(601)
    assert stage.state("Amina") == "calling_back"
    stage.pause("Amina")
    desk.post(f"/day/{ticket}/attempt", result="reached")
    assert stage.state("Amina") == "away"


def test_a_pause_that_somebody_else_ends_leaves_them_calling_back(stage: Stage, amina: Visitor) -> None:
    stage.pause("Amina")
    assert factories.at_once(stage.services, lambda m: duty.end_pause(m, stage.names["Amina"]))
    assert stage.state("Amina") == "calling_back"


def test_who_rings_by_themselves_ends_it_with_a_breather(stage: Stage, amina: Visitor, ticket: int) -> None:
    """They may be dialling just now."""
    caller = stage.call()
    stage.carrier.advance(4)
    caller.press("2")
    stage.carrier.advance(1)
    assert stage.state("Amina") == "wrap_up"
    desk = amina.get("/desk/now").text
    assert "La personne que vous rappeliez n’attend plus votre appel" in desk
    assert "Reprennent dans un instant" in board(stage)
    assert "vient de rappeler elle-même" in amina.post(f"/day/{ticket}/attempt", result="reached").text
    assert stage.rings("Amina", within=15)


def test_so_does_a_coordinator_who_has_seen_to_it(stage: Stage, amina: Visitor, ticket: int) -> None:
    key = TicketId(ticket)
    factories.at_once(stage.services, lambda m: callbacks.note_attempt(m, key, Attempt.REACHED, None))
    assert stage.state("Amina") == "wrap_up"
    stage.carrier.advance(15)
    assert stage.state("Amina") == "available"


def test_what_was_noted_is_there_for_whoever_calls_next(
    stage: Stage, amina: Visitor, bruno: Visitor, ticket: int
) -> None:
    amina.post(f"/day/{ticket}/give-back", note="Rappeler sur le fixe")
    claimed = bruno.post(f"/day/{ticket}/claim").text
    assert "laissé à quelqu’un d’autre — Rappeler sur le fixe" in claimed
    assert amina.post(f"/day/{ticket}/give-back", note="encore").status_code == 409
    with stage.services.store.reading() as tx:
        assert len(tickets.attempts(tx, TicketId(ticket))) == 1


def test_who_was_not_reached_may_be_called_again_by_whoever_tried(
    amina: Visitor, bruno: Visitor, ticket: int
) -> None:
    """They ring back a minute later, on their own telephone; or it was the wrong button."""
    again = "Je rappelle sans attendre"
    assert again in amina.post(f"/day/{ticket}/attempt", result="not_reached").text
    assert again not in bruno.get("/day").text
    claimed = amina.post(f"/day/{ticket}/claim").text
    assert "Nous avons parlé, c’est fait" in claimed
    assert "Quelqu’un d’autre rappelle" in bruno.get("/day").text
    assert "Merci" in amina.post(f"/day/{ticket}/attempt", result="reached").text


def test_what_is_said_is_of_what_was_done_last(amina: Visitor, ticket: int) -> None:
    amina.post(f"/day/{ticket}/give-back")
    claimed = amina.post(f"/day/{ticket}/claim").text
    assert "Vous rappelez cette personne. Votre téléphone ne sonnera pas pendant ce temps" in claimed
    assert "quelqu’un d’autre peut rappeler" not in claimed


def test_two_windows_claim_one_each_and_one_is_told(stage: Stage, amina: Visitor, ticket: int) -> None:
    """Whichever came first: the same person in both."""
    mediator = stage.names["Amina"]
    refused = factories.at_once(
        stage.services, lambda m: claiming.claim(m, TicketId(ticket), me(amina), mediator)
    )
    assert refused is None, "once more is the same claim"
    nobody = factories.at_once(stage.services, lambda m: claiming.claim(m, TicketId(99), me(amina), mediator))
    assert nobody is Refusal.TAKEN


def test_a_breather_is_no_writing(stage: Stage) -> None:
    stage.mediator("Amina", "taxes")
    desk = desk_of(stage, "Amina")
    desk.get("/desk")
    stage.asks("2", A_THIRD)
    assert stage.rings("Amina")
    stage.phones["Amina"].reject()
    stage.carrier.advance(1)
    assert "Reprennent dans un instant" in board(stage)
    assert "Prennent des notes" not in board(stage)


# whoever goes


def test_who_has_finished_calls_nobody_back(stage: Stage, amina: Visitor, bruno: Visitor) -> None:
    assert TAKEN in bruno.get("/day").text
    assert SAID in amina.post("/desk/off").text
    assert CLAIM in bruno.get("/day").text
    assert SAID not in amina.post("/desk/off").text
    assert STILL not in amina.get("/desk").text


def test_who_logs_out_calls_nobody_back_and_may_be_rung(stage: Stage, amina: Visitor, bruno: Visitor) -> None:
    amina.post("/account/logout")
    assert SAID in amina.get("/account/login").text
    assert CLAIM in bruno.get("/day").text
    assert stage.state("Amina") == "available"


def test_a_pause_leaves_it_to_them_and_says_so(amina: Visitor, bruno: Visitor, ticket: int) -> None:
    assert STILL in amina.post("/desk/away", reason="break", minutes="10").text
    assert TAKEN in bruno.get("/day").text
    amina.post(f"/day/{ticket}/attempt", result="reached")
    assert STILL not in amina.get("/desk").text


def test_who_is_off_may_call_back_and_a_change_of_the_rota_takes_nothing_away(
    stage: Stage, amina: Visitor, bruno: Visitor, ticket: int
) -> None:
    amina.post("/desk/off")
    amina.post(f"/day/{ticket}/claim")
    assert STILL in amina.get("/desk").text
    me = stage.names["Amina"]
    factories.at_once(stage.services, lambda m: duty.add_shift(m, me, factories.ALWAYS[0]))
    assert TAKEN in bruno.get("/day").text


def test_nobody_claims_what_is_not_offered_to_them(stage: Stage, bruno: Visitor, ticket: int) -> None:
    """Nor sees the number of who is to be called back about something else."""
    stage.mediator("Dora", "health")
    dora = desk_of(stage, "Dora")
    dora.get("/day")
    assert "rappelle déjà cette personne" in dora.post(f"/day/{ticket}/claim").text
    assert dora.post(f"/day/{ticket}/number").status_code == 409
    assert CLAIM in bruno.get("/day").text
