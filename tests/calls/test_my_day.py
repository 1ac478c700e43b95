"""A mediator's day: callbacks are claimed, called and written down; talks are written up later."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from hotline.queue.ids import TicketId
from hotline.queue.tickets import Attempt
from hotline.simulator.legs import Leg
from hotline.store import tickets
from hotline.store.claims import LASTS
from hotline.store.offers import OfferRow
from hotline.store.write_ups import WriteUpRow
from tests import scripts
from tests.calls import talks
from tests.calls.stage import Stage
from tests.calls.talks import desk_of, offer_of
from tests.dashboard.visitor import Visitor

SECOND_LINE = "+33261910001"


@pytest.fixture
def promised(stage: Stage) -> Leg:
    """Somebody who is to be called back about taxes; Amina and Bruno are there by now."""
    caller = talks.promised(stage)
    stage.mediator("Amina", "taxes")
    stage.mediator("Bruno", "taxes")
    return caller


def ticket_of(stage: Stage, caller: Leg) -> tuple[int, str]:
    (ticket,) = stage.tickets(caller)
    return ticket.id, ticket.code


def open_day(stage: Stage, name: str) -> Visitor:
    desk = desk_of(stage, name)
    desk.get("/day")
    return desk


def test_a_callback_is_claimed_before_its_number_is_seen(stage: Stage, promised: Leg) -> None:
    amina = open_day(stage, "Amina")
    ticket, code = ticket_of(stage, promised)
    assert "Je rappelle cette personne" in amina.get("/day").text
    assert amina.post(f"/day/{ticket}/number").status_code == 409
    claimed = amina.post(f"/day/{ticket}/claim").text
    assert code in claimed
    assert "+33639980001" not in claimed
    assert "+33639980001" in amina.post(f"/day/{ticket}/number").text


def test_two_do_not_call_the_same_person(stage: Stage, promised: Leg) -> None:
    amina, bruno = open_day(stage, "Amina"), open_day(stage, "Bruno")
    ticket, _ = ticket_of(stage, promised)
    amina.post(f"/day/{ticket}/claim")
    assert "Quelqu’un d’autre rappelle" in bruno.post(f"/day/{ticket}/claim").text
    assert bruno.post(f"/day/{ticket}/attempt", result="reached").status_code == 409
    amina.post(f"/day/{ticket}/give-back")
    assert ticket_of(stage, promised)[1] in bruno.post(f"/day/{ticket}/claim").text


@pytest.fixture
def outlasted(stage: Stage, promised: Leg) -> tuple[Visitor, int]:
    """Amina has claimed a callback, and has talked for longer than that holds."""
    amina = open_day(stage, "Amina")
    ticket, _ = ticket_of(stage, promised)
    amina.post(f"/day/{ticket}/claim")
    stage.carrier.advance(LASTS.total_seconds() + 60)
    return amina, ticket


@pytest.mark.parametrize(("result", "said"), [("reached", "Merci"), ("not_reached", "garde sa place")])
def test_what_became_of_a_long_talk_is_written_down(
    stage: Stage, outlasted: tuple[Visitor, int], result: str, said: str
) -> None:
    amina, ticket = outlasted
    assert said in amina.post(f"/day/{ticket}/attempt", result=result, note="deux comptes").text
    with stage.services.store.reading() as tx:
        (tried,) = tickets.attempts(tx, TicketId(ticket))
    assert tried.note == "deux comptes"


def test_but_not_when_somebody_else_has_begun(stage: Stage, outlasted: tuple[Visitor, int]) -> None:
    amina, ticket = outlasted
    bruno = open_day(stage, "Bruno")
    bruno.post(f"/day/{ticket}/claim")
    assert amina.post(f"/day/{ticket}/attempt", result="reached").status_code == 409
    assert "Merci" in bruno.post(f"/day/{ticket}/attempt", result="reached").text
    assert amina.post(f"/day/{ticket}/attempt", result="reached").status_code == 409, "nobody needs to"


def test_who_was_not_reached_keeps_the_place_and_comes_up_again(stage: Stage, promised: Leg) -> None:
    amina = open_day(stage, "Amina")
    ticket, _ = ticket_of(stage, promised)
    amina.post(f"/day/{ticket}/claim")
    said = amina.post(f"/day/{ticket}/attempt", result="not_reached", note="sonne dans le vide").text
    assert "garde sa place" in said
    assert "Je rappelle cette personne" not in said
    assert "Tout est à jour" not in said
    for shown in (said, open_day(stage, "Bruno").get("/day").text):
        assert "À rappeler à partir de : lundi 23 novembre, " in shown.partition("Plus tard</h2>")[2]
    stage.is_quiet_for(3700)
    again = amina.get("/day").text
    assert "sonne dans le vide" in again
    amina.post(f"/day/{ticket}/claim")
    assert "Merci" in amina.post(f"/day/{ticket}/attempt", result="reached").text
    assert "Tout est à jour" in amina.get("/day").text


def test_whoever_rings_again_meanwhile_is_not_called_back(stage: Stage, promised: Leg) -> None:
    amina = open_day(stage, "Amina")
    ticket, _ = ticket_of(stage, promised)
    amina.post(f"/day/{ticket}/claim")
    stage.asks("2")
    said = amina.post(f"/day/{ticket}/attempt", result="reached").text
    assert "vient de rappeler elle-même" in said


@pytest.mark.parametrize("how", ["attempt", "give-up"])
def test_what_was_written_of_whoever_rings_again_is_kept(stage: Stage, promised: Leg, how: str) -> None:
    """Their call took the callback over a moment before the click: the draft goes, the words stay."""
    amina = open_day(stage, "Amina")
    ticket, _ = ticket_of(stage, promised)
    amina.post(f"/day/{ticket}/claim")
    stage.asks("2")
    said = amina.post(f"/day/{ticket}/{how}", result="reached", reason="faux", note="deux enfants").text
    assert 'class="notice sorry"' not in said
    with stage.services.store.reading() as tx:
        (tried,) = tickets.attempts(tx, TicketId(ticket))
    assert tried.result is Attempt.LEFT
    assert "deux enfants" in (tried.note or "")


@pytest.fixture
def taken_over(stage: Stage, promised: Leg) -> tuple[Visitor, Visitor, int]:
    """Amina was about to call, and Bruno is by now."""
    amina, bruno = open_day(stage, "Amina"), open_day(stage, "Bruno")
    ticket, _ = ticket_of(stage, promised)
    amina.post(f"/day/{ticket}/claim")
    amina.post(f"/day/{ticket}/number")
    amina.post(f"/day/{ticket}/give-back")
    bruno.post(f"/day/{ticket}/claim")
    return amina, bruno, ticket


def test_words_whose_card_is_gone_are_added_once_and_change_nothing(
    taken_over: tuple[Visitor, Visitor, int],
) -> None:
    amina, bruno, ticket = taken_over
    for _ in range(2):
        assert "le lira" in amina.post(f"/day/{ticket}/words", note="Sa fille a répondu").text
    assert bruno.get("/day/now").text.count("Sa fille a répondu") == 1
    assert "Merci" in bruno.post(f"/day/{ticket}/attempt", result="reached").text


def test_words_are_added_neither_to_what_is_over_nor_by_anybody_else(
    stage: Stage, taken_over: tuple[Visitor, Visitor, int]
) -> None:
    amina, bruno, ticket = taken_over
    stage.mediator("Chloé", "taxes")
    chloe = open_day(stage, "Chloé")
    for somebody in (chloe, bruno):
        assert "rien n’y a été ajouté" in somebody.post(f"/day/{ticket}/words", note="?").text
    assert "rien n’y a été ajouté" in amina.post(f"/day/{ticket}/words", note=" ").text
    bruno.post(f"/day/{ticket}/attempt", result="reached")
    for key in (ticket, 9999):
        assert "rien n’y a été ajouté" in amina.post(f"/day/{key}/words", note="?").text
    with stage.services.store.reading() as tx:
        (tried,) = tickets.attempts(tx, TicketId(ticket))
    assert tried.result is Attempt.REACHED


def test_a_talk_of_another_line_has_its_topic(make_stage: Callable[..., Stage]) -> None:
    topic = {
        **scripts.BODY["topics"][1],
        "name": "library-card",
        "label": {"fr": "carte de bibliothèque", "en": "library card"},
    }
    other = scripts.body(numbers=[SECOND_LINE], title="la médiathèque", topics=[topic])
    stage = make_stage(more_lines=(("library", other),))
    amina = stage.mediator("Amina", "taxes")
    desk = desk_of(stage, "Amina")
    caller = stage.asks(topic["key"], line=SECOND_LINE)
    assert stage.rings("Amina")
    offer = offer_of(stage, "Amina")
    stage.connect(caller, amina)
    stage.is_helped(caller)
    desk.post(f"/desk/{offer}/finish", disposition="solved", topic="library-card")
    assert "carte de bibliothèque" in desk.get("/day").text


def test_callbacks_of_other_topics_are_for_others(stage: Stage, promised: Leg) -> None:
    stage.mediator("Driss", "equipment")
    assert "Tout est à jour" in open_day(stage, "Driss").get("/day").text


def test_a_talk_that_was_not_written_up_waits_for_some_words(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    desk = desk_of(stage, "Amina")
    caller = stage.asks("2")
    assert stage.rings("Amina")
    offer = offer_of(stage, "Amina")
    stage.connect(caller, amina)
    stage.leaves(caller)
    stage.carrier.advance(200)
    assert "Vous êtes disponible" in desk.get("/desk/now").text
    day = desk.get("/day").text
    assert "pas encore noté" in day
    assert f"/desk/{offer}/write-up" in day
    assert "Comment s’est passé" in desk.get(f"/desk/{offer}/write-up").text
    desk.post(f"/desk/{offer}/finish", disposition="solved", topic="taxes", due_on="2026-12-14")
    day = desk.get("/day").text
    assert "C’est résolu" in day
    assert "lundi 14 décembre" in day
    assert desk.get(f"/desk/{offer}/write-up").location == "/desk"


def test_whoever_calls_back_reads_what_was_noted_when_it_was_promised(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    desk = desk_of(stage, "Amina")
    caller = stage.asks("2")
    assert stage.rings("Amina")
    offer = offer_of(stage, "Amina")
    stage.connect(caller, amina)
    desk.post_json(f"/desk/{offer}/note", revision=0, note="A deux comptes")
    stage.leaves(caller)
    desk.post(f"/desk/{offer}/finish", disposition="call_back", topic="taxes")
    stage.mediator("Bruno", "taxes")
    bruno = open_day(stage, "Bruno")
    ticket, _ = ticket_of(stage, caller)
    assert "A deux comptes" not in bruno.get("/day").text
    claimed = bruno.post(f"/day/{ticket}/claim").text
    assert "Noté par Amina, lundi 23 novembre :</strong> A deux comptes" in claimed
    assert "A deux comptes" not in bruno.post(f"/day/{ticket}/give-back").text


def earlier(stage: Stage, offer: int, days: int) -> None:
    """That talk was so many days ago, and was written up then."""
    then = stage.services.clock.now() - timedelta(days=days)
    with stage.services.store.engine.begin() as connection:
        connection.execute(update(OfferRow).where(OfferRow.id == offer).values(accepted_at=then))
        connection.execute(update(WriteUpRow).where(WriteUpRow.offer_id == offer).values(done_at=then))


def test_a_number_that_is_missing_is_asked_for_a_fortnight(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    desk = desk_of(stage, "Amina")
    caller = stage.asks("2", "anonymous")
    assert stage.rings("Amina")
    offer = offer_of(stage, "Amina")
    stage.connect(caller, amina)
    stage.leaves(caller)
    desk.post(f"/desk/{offer}/finish", disposition="call_back", topic="taxes")
    earlier(stage, offer, days=3)
    page = desk.get("/day").text
    assert "À quel numéro" in page
    assert "vendredi 20 novembre, " in page
    earlier(stage, offer, days=20)
    assert "À quel numéro" not in desk.get("/day").text
    earlier(stage, offer, days=3)
    desk.post(f"/desk/{offer}/callback", number="06 39 98 00 07")
    assert "À quel numéro" not in desk.get("/day").text
    assert len(stage.tickets(caller)) == 1
