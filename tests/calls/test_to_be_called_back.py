"""A talk is written up as "to be called back": it is, whoever hung up, moved on or was withheld meanwhile."""

import pytest

from hotline.simulator.legs import Leg
from hotline.store.topics import CALLBACKS
from tests import factories
from tests.calls import kept
from tests.calls.stage import Stage
from tests.calls.talks import desk_of, offer_of
from tests.dashboard.visitor import Visitor
from tests.fakes import KeptEvents

SAY_THE_CODE = "Dites ce code à la personne"
BEGIN_WITH_IT = "Commencez par dire son code"


def talk(stage: Stage, desk: Visitor, caller: str = factories.CALLER) -> tuple[Leg, int]:
    """Amina talks with that caller; the number of the offer."""
    leg = stage.asks("2", caller)
    assert stage.rings("Amina")
    offer = offer_of(stage, "Amina")
    stage.connect(leg, stage.phones["Amina"])
    return leg, offer


@pytest.fixture
def amina(stage: Stage) -> Visitor:
    stage.mediator("Amina", "taxes")
    return desk_of(stage, "Amina")


def finish(desk: Visitor, offer: int, disposition: str = "call_back", **more: str) -> str:
    return desk.post(f"/desk/{offer}/finish", disposition=disposition, topic="taxes", **more).text


def test_whoever_is_to_be_called_back_is_on_the_list_and_the_notice_says_so(
    stage: Stage, amina: Visitor
) -> None:
    caller, offer = talk(stage, amina)
    stage.leaves(caller)
    said = finish(amina, offer)
    (ticket,) = stage.tickets(caller)
    assert kept.due(stage) == [ticket.id]
    assert "Le rappel est dans « Ma journée »" in said
    assert "C’est vous qui avez promis ce rappel" in amina.get("/day").text


def test_any_other_ending_calls_nobody_back(stage: Stage, amina: Visitor) -> None:
    caller, offer = talk(stage, amina)
    stage.leaves(caller)
    assert "Merci" in finish(amina, offer, "solved")
    assert kept.due(stage) == []


def test_nobody_is_called_back_twice_for_one_talk(stage: Stage, amina: Visitor) -> None:
    caller, offer = talk(stage, amina)
    code = amina.post(f"/desk/{offer}/callback").text
    assert SAY_THE_CODE in code
    stage.leaves(caller)
    assert "Ma journée" in finish(amina, offer)
    (ticket,) = stage.tickets(caller)
    assert kept.due(stage) == [ticket.id]
    claimed = amina.post(f"/day/{ticket.id}/claim").text
    assert BEGIN_WITH_IT in claimed
    assert ticket.code in claimed


def test_whoever_had_hung_up_was_told_no_code(stage: Stage, amina: Visitor) -> None:
    caller, offer = talk(stage, amina)
    stage.leaves(caller)
    promised = amina.post(f"/desk/{offer}/callback").text
    (ticket,) = stage.tickets(caller)
    assert "Un rappel est promis" in promised
    claimed = amina.post(f"/day/{ticket.id}/claim").text
    assert "n’a pas reçu de code" in claimed
    for shown in (promised, claimed, amina.get("/desk/now").text):
        assert ticket.code not in shown
        assert "code, il prouve" not in shown
        assert SAY_THE_CODE not in shown


def test_a_code_that_was_told_is_not_to_be_said_to_whoever_is_gone(stage: Stage, amina: Visitor) -> None:
    caller, offer = talk(stage, amina)
    amina.post(f"/desk/{offer}/callback")
    (ticket,) = stage.tickets(caller)
    assert SAY_THE_CODE in amina.get("/desk/now").text
    stage.leaves(caller)
    for shown in (amina.get("/desk/now").text, amina.post(f"/desk/{offer}/callback").text):
        assert SAY_THE_CODE not in shown
        assert "Dites-lui son code" not in shown
        assert ticket.code in shown, "as what they were told"
    assert BEGIN_WITH_IT in amina.post(f"/day/{ticket.id}/claim").text


def test_whoever_rings_again_is_told_a_code_by_the_next_promise(stage: Stage, amina: Visitor) -> None:
    caller, offer = talk(stage, amina)
    stage.leaves(caller)
    finish(amina, offer)
    (ticket,) = stage.tickets(caller)
    again, second = talk(stage, amina)
    here = amina.get("/desk/now").text
    assert "Un rappel lui a été promis." in here
    assert ticket.code not in here
    assert ticket.code in amina.post(f"/desk/{second}/callback").text
    stage.leaves(again)
    assert ticket.code in amina.post(f"/day/{ticket.id}/claim").text


def test_whoever_rings_again_is_told_a_code_by_the_dialogue(stage: Stage, amina: Visitor) -> None:
    caller, offer = talk(stage, amina)
    stage.leaves(caller)
    finish(amina, offer)
    (ticket,) = stage.tickets(caller)
    stage.pause("Amina")
    again = stage.asks("2")
    stage.hears(again, "votre code")
    stage.leaves(again)
    claimed = amina.post(f"/day/{ticket.id}/claim").text
    assert BEGIN_WITH_IT in claimed
    assert kept.ticket(stage, again).code in claimed


def test_where_no_number_is_known_it_is_said_and_one_can_be_added(stage: Stage, amina: Visitor) -> None:
    caller, offer = talk(stage, amina, "anonymous")
    amina.post_json(f"/desk/{offer}/note", revision=0, note="Dossier à reprendre")
    stage.leaves(caller)
    said = finish(amina, offer)
    assert "le numéro n’est pas connu" in said
    assert kept.due(stage) == []
    assert stage.state("Amina") == "available"
    day = amina.get("/day").text
    assert "Dossier à reprendre" in day
    assert "À quel numéro la rappeler" in day
    assert f'hx-post="/desk/{offer}/callback"' in day
    assert "pas un numéro" in amina.post(f"/desk/{offer}/callback", number="douze").text
    assert "Ma journée" in amina.post(f"/desk/{offer}/callback", number="06 39 98 00 07").text
    (ticket,) = stage.tickets(caller)
    assert kept.due(stage) == [ticket.id]
    day = amina.get("/day").text
    assert "À quel numéro la rappeler" not in day
    assert "Je rappelle cette personne" in day


def test_the_number_of_an_older_talk_can_be_added_too(stage: Stage, amina: Visitor) -> None:
    caller, offer = talk(stage, amina, "anonymous")
    stage.leaves(caller)
    stage.is_quiet_for(24 * 3600)
    finish(amina, offer)
    assert "À quel numéro la rappeler" in amina.get("/day").text


def test_who_was_to_be_called_back_before_keeps_number_and_code(stage: Stage, amina: Visitor) -> None:
    caller, offer = talk(stage, amina)
    amina.post(f"/desk/{offer}/callback", number="06 39 98 00 07")
    stage.leaves(caller)
    finish(amina, offer)
    (ticket,) = stage.tickets(caller)
    again, second = talk(stage, amina)
    stage.is_helped(again)
    assert kept.due(stage) == []
    assert "Ma journée" in finish(amina, second)
    assert kept.due(stage) == [ticket.id]
    assert stage.tickets(again) == []
    amina.post(f"/day/{ticket.id}/claim")
    assert "+33639980007" in amina.post(f"/day/{ticket.id}/number").text


def test_whoever_was_handed_on_and_waits_keeps_one_place(stage: Stage, amina: Visitor) -> None:
    caller, offer = talk(stage, amina)
    bruno = stage.busy("Bruno")
    amina.post(f"/desk/{offer}/transfer", to="topic:taxes")
    assert stage.carrier.advance_until(lambda: caller.in_queue is not None, 30)
    assert "Ma journée" in finish(amina, offer)
    bruno.hang_up()
    assert stage.rings("Bruno", within=200)
    bruno.reject()
    stage.carrier.advance(5)
    stage.leaves(caller)
    (ticket,) = stage.tickets(caller)
    assert kept.due(stage) == [ticket.id]


def test_whoever_was_helped_meanwhile_is_not_called_back(stage: Stage, amina: Visitor) -> None:
    caller, offer = talk(stage, amina)
    amina.post(f"/desk/{offer}/callback")
    stage.leaves(caller)
    bruno = stage.mediator("Bruno", "taxes")
    again = stage.asks("2")
    assert stage.rings("Bruno")
    stage.connect(again, bruno)
    stage.is_helped(again)
    assert "Merci" in finish(amina, offer, "solved")
    assert kept.due(stage) == []


def test_a_promise_is_theirs_whatever_they_know_and_until_its_time_has_come(
    stage: Stage, amina: Visitor
) -> None:
    bruno, driss = stage.mediator("Bruno", "taxes"), stage.mediator("Driss", "work")
    caller, offer = talk(stage, amina)
    amina.post(f"/desk/{offer}/transfer", to=f"mediator:{stage.names['Driss']}")
    assert stage.rings("Driss")
    second = offer_of(stage, "Driss")
    stage.connect(caller, driss)
    stage.leaves(caller)
    desk = desk_of(stage, "Driss")
    finish(desk, second)
    (ticket,) = stage.tickets(caller)
    assert "Je rappelle cette personne" in desk.get("/day").text
    other = desk_of(stage, "Bruno")
    assert "C’est vous qui avez promis" not in other.get("/day").text
    other.post(f"/day/{ticket.id}/claim")
    other.post(f"/day/{ticket.id}/attempt", result="not_reached", note="sonne dans le vide")
    later = desk.get("/day").text
    assert "Plus tard</h2>" in later
    assert "sonne dans le vide" in later
    assert "C’est vous qui avez promis" not in other.get("/day").text
    assert bruno.ringing_leg is None


def test_where_somebody_was_sent_and_by_when_is_shown_where_it_is_of_use(
    stage: Stage, amina: Visitor
) -> None:
    caller, offer = talk(stage, amina)
    stage.leaves(caller)
    finish(amina, offer, passed_to="la mairie de Lyon", due_on="2026-12-14")
    day = amina.get("/day").text
    callbacks, _, mine = day.partition("Mes appels")
    assert "lundi 14 décembre" in callbacks
    assert "lundi 14 décembre" not in mine, "once is enough"
    assert "la mairie de Lyon" in mine
    stage.asks("2")
    assert stage.rings("Amina")
    card = amina.get("/desk/now").text
    assert "la mairie de Lyon" in card
    assert "lundi 14 décembre" in card


def test_pages_are_told_when_the_list_changes(stage: Stage, amina: Visitor) -> None:
    events = stage.services.events
    assert isinstance(events, KeptEvents)

    def told() -> bool:
        seen = any(CALLBACKS in topics for topics in events.published)
        events.published.clear()
        return seen

    caller, offer = talk(stage, amina)
    told()
    amina.post(f"/desk/{offer}/callback")
    assert told()
    stage.carrier.advance(1)
    assert not told()
    stage.leaves(caller)
    assert told()
    finish(amina, offer, due_on="2026-12-14")
    assert told()
    (ticket,) = stage.tickets(caller)
    for what, form in (
        ("claim", {}),
        ("give-back", {}),
        ("claim", {}),
        ("attempt", {"result": "not_reached"}),
    ):
        amina.post(f"/day/{ticket.id}/{what}", **form)
        assert told(), what
    stage.asks("2")
    assert told(), "they ring again themselves"
