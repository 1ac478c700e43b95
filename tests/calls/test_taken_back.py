"""A callback that was closed by mistake: it asks why before, and is due again where it stood after."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from hotline.queue.ids import TicketId
from hotline.simulator.legs import Leg
from hotline.store import board, tickets
from hotline.switchboard import callbacks
from tests import factories
from tests.calls import kept, talks, words
from tests.calls.stage import MONDAY, Stage
from tests.calls.talks import desk_of
from tests.dashboard.visitor import Visitor

RESTORE = "Rétablir le rappel"
DUE_AGAIN = "de nouveau à rappeler"


@pytest.fixture
def calls_back(stage: Stage) -> tuple[Leg, Visitor, int]:
    """Somebody who is to be called back about taxes, by Amina."""
    caller = talks.promised(stage)
    stage.mediator("Amina", "taxes")
    amina = desk_of(stage, "Amina")
    (ticket,) = stage.tickets(caller)
    amina.post(f"/day/{ticket.id}/claim")
    return caller, amina, ticket.id


def closes(desk: Visitor, ticket: int, how: str) -> str:
    if how == "reached":
        return desk.post(f"/day/{ticket}/attempt", result="reached").text
    return desk.post(f"/day/{ticket}/give-up", reason="Faux numéro").text


def test_nobody_is_given_up_without_a_reason(stage: Stage, calls_back: tuple[Leg, Visitor, int]) -> None:
    _, amina, ticket = calls_back
    assert "quelques mots pourquoi" in amina.post(f"/day/{ticket}/give-up", reason=" ", note="x").text
    assert amina.post(f"/day/{ticket}/attempt", result="given_up").status_code == 400
    assert kept.due(stage) == [ticket]
    amina.post(f"/day/{ticket}/give-up", reason="Faux numéro", note="Sonne dans le vide")
    assert kept.due(stage) == []
    with stage.services.store.reading() as tx:
        (tried,) = tickets.attempts(tx, TicketId(ticket))
    assert tried.note == "Faux numéro\nSonne dans le vide"


@pytest.mark.parametrize("how", ["reached", "given_up"])
def test_what_was_closed_is_due_again_where_it_stood(
    stage: Stage, calls_back: tuple[Leg, Visitor, int], how: str
) -> None:
    caller, amina, ticket = calls_back
    stood = kept.place(stage, caller).queued_at
    stage.carrier.advance(600)
    assert RESTORE in closes(amina, ticket, how)
    stage.carrier.advance(60)
    assert DUE_AGAIN in amina.post(f"/day/{ticket}/restore").text
    assert kept.due(stage) == [ticket]
    assert kept.places(stage, caller)[-1].queued_at == stood
    page = amina.get("/day").text
    assert RESTORE not in page
    assert "(annulé)" in page
    amina.post(f"/day/{ticket}/claim")
    closes(amina, ticket, "reached")
    assert kept.due(stage) == []


def test_clicks_at_once_restore_it_once(stage: Stage, calls_back: tuple[Leg, Visitor, int]) -> None:
    caller, amina, ticket = calls_back
    closes(amina, ticket, "given_up")
    me = amina.account
    assert me is not None

    def restore(_n: int) -> bool:
        return factories.at_once(stage.services, lambda m: callbacks.restore(m, TicketId(ticket), me))

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(restore, range(8))) == [True] * 8
    assert kept.due(stage) == [ticket]
    assert len(kept.places(stage, caller)) == 2
    assert stage.log(caller).count("callback_restored") == 1
    assert DUE_AGAIN in amina.post(f"/day/{ticket}/restore").text


def test_only_who_closed_it_takes_it_back(stage: Stage, calls_back: tuple[Leg, Visitor, int]) -> None:
    _, amina, ticket = calls_back
    stage.mediator("Bruno", "taxes")
    bruno = desk_of(stage, "Bruno")
    closes(amina, ticket, "given_up")
    assert RESTORE not in bruno.get("/day").text
    assert "Rien n’a été changé" in bruno.post(f"/day/{ticket}/restore").text
    assert "Rien n’a été changé" in amina.post("/day/999/restore").text
    assert kept.due(stage) == []


def test_on_the_next_day_it_is_no_longer_shown(stage: Stage, calls_back: tuple[Leg, Visitor, int]) -> None:
    _, amina, ticket = calls_back
    assert RESTORE in closes(amina, ticket, "given_up")
    stage.is_quiet_for(16 * 3600)
    assert RESTORE not in amina.get("/day").text


def test_who_was_restored_and_then_reached_counts_as_a_promise_that_was_kept(
    stage: Stage, calls_back: tuple[Leg, Visitor, int]
) -> None:
    _, amina, ticket = calls_back
    closes(amina, ticket, "given_up")
    amina.post(f"/day/{ticket}/restore")
    amina.post(f"/day/{ticket}/claim")
    closes(amina, ticket, "reached")
    with stage.services.store.reading() as tx:
        assert board.today(tx, MONDAY).kept == 1


def test_whoever_rings_again_takes_the_restored_place(
    stage: Stage, calls_back: tuple[Leg, Visitor, int]
) -> None:
    _, amina, ticket = calls_back
    closes(amina, ticket, "reached")
    amina.post(f"/day/{ticket}/restore")
    assert kept.place(stage, stage.asks("2")).ticket == ticket


@pytest.mark.parametrize("helped", [True, False])
def test_whoever_has_rung_since_is_not_due_once_more(
    stage: Stage, calls_back: tuple[Leg, Visitor, int], helped: bool
) -> None:
    """They were helped, or are to be called back by another promise."""
    _, amina, ticket = calls_back
    closes(amina, ticket, "reached")
    stage.carrier.advance(60)
    if helped:
        talk = talks.again(stage, amina, "+33639980001")
        stage.is_helped(talk.caller)
        amina.post(f"/desk/{talk.offer}/finish", disposition="solved")
    else:
        stage.pause("Amina")
        again = stage.holds()
        stage.carrier.advance(3)
        again.press("9")
        stage.hears(again, words.CODE, within=120)
        stage.leaves(again)
    before = kept.due(stage)
    assert ticket not in before
    assert "depuis, cette personne a rappelé" in amina.post(f"/day/{ticket}/restore").text
    assert kept.due(stage) == before


def test_but_whoever_rang_about_something_else_is(stage: Stage, calls_back: tuple[Leg, Visitor, int]) -> None:
    _, amina, ticket = calls_back
    closes(amina, ticket, "reached")
    stage.carrier.advance(60)
    driss = stage.mediator("Driss", "benefits")
    caller = stage.asks("1")
    assert stage.rings("Driss")
    stage.connect(caller, driss)
    stage.is_helped(caller)
    assert DUE_AGAIN in amina.post(f"/day/{ticket}/restore").text
    assert kept.due(stage) == [ticket]
