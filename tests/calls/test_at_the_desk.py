"""A mediator who clicks: before the telephone is taken up, after it, and instead of it."""

from datetime import timedelta

import pytest

from hotline.simulator.faults import RestFault
from hotline.simulator.legs import Leg
from hotline.store import proposals
from tests.calls import kept
from tests.calls.stage import Stage
from tests.calls.talks import desk_of, offer_of, rung
from tests.dashboard.visitor import Visitor


@pytest.fixture
def ringing(stage: Stage) -> tuple[Leg, Visitor]:
    """Amina's telephone rings for a caller; her desk is open."""
    return rung(stage)


def test_the_desk_shows_who_calls_while_the_telephone_rings(
    stage: Stage, ringing: tuple[Leg, Visitor]
) -> None:
    shown = ringing[1].get("/desk/now").text
    assert "Votre téléphone sonne" in shown
    assert "impôts" in shown
    assert "•• •• •• •• 01" in shown
    assert "+33639980001" not in shown


@pytest.mark.parametrize(
    ("caller", "area"),
    [("+33199005678", "Île-de-France"), ("+33465710001", "Sud-Est"), ("+33639980001", None)],
)
def test_the_desk_says_where_a_call_comes_from_as_far_as_the_number_tells(
    stage: Stage, caller: str, area: str | None
) -> None:
    stage.mediator("Amina", "taxes")
    stage.asks("2", caller)
    assert stage.rings("Amina")
    shown = desk_of(stage, "Amina").get("/desk").text
    assert ("Région, d’après le numéro" in shown) is (area is not None)
    assert (area or "Appels précédents") in shown


def test_a_click_before_the_telephone_is_taken_up_only_says_that_they_are_coming(
    stage: Stage, ringing: tuple[Leg, Visitor]
) -> None:
    caller, desk = ringing
    amina = stage.phones["Amina"]
    assert "Cet appel est pour vous" in desk.post(f"/desk/{offer_of(stage, 'Amina')}/take").text
    amina.answer()
    stage.carrier.advance(8)
    assert caller.talking_to is None
    picked_up = desk.get("/desk/now").text
    assert "une messagerie vocale aurait pu décrocher" in picked_up
    assert "Prenez-vous cet appel" not in picked_up
    amina.press("1")
    stage.carrier.advance(3)
    assert caller.talking_to is amina.leg
    assert "En conversation" in desk.get("/desk/now").text


def test_a_voicemail_is_never_connected_by_a_click_that_came_before_it(
    stage: Stage, ringing: tuple[Leg, Visitor]
) -> None:
    caller, desk = ringing
    desk.post(f"/desk/{offer_of(stage, 'Amina')}/take")
    stage.phones["Amina"].answer()  # and nobody is there to press anything
    talked = stage.carrier.advance_until(lambda: caller.talking_to is not None, 60)
    assert not talked


def test_once_the_telephone_is_taken_up_a_click_stands_for_the_1(
    stage: Stage, ringing: tuple[Leg, Visitor]
) -> None:
    caller, desk = ringing
    amina = stage.phones["Amina"]
    amina.answer()
    stage.carrier.advance(1)
    assert "Prenez-vous cet appel" in desk.get("/desk/now").text
    taken = desk.post(f"/desk/{offer_of(stage, 'Amina')}/take").text
    assert "On vous met en relation" in taken
    assert "Restez en ligne" in taken
    assert "une quinzaine de secondes" in taken
    assert stage.carrier.advance_until(lambda: caller.talking_to is amina.leg, 20)


@pytest.mark.parametrize("requests_action", [True, False])
def test_a_click_that_declines_rings_the_next_one_at_once(
    stage: Stage, ringing: tuple[Leg, Visitor], requests_action: bool
) -> None:
    stage.carrier.faults.readings.updated_parent_requests_action = requests_action
    caller, desk = ringing
    bruno = stage.mediator("Bruno", "taxes")
    declined = desk.post(f"/desk/{offer_of(stage, 'Amina')}/leave").text
    assert "La personne n’est pas perdue" in declined
    assert "proposé à quelqu’un d’autre" not in declined, "there may be nobody"
    stage.carrier.advance(0.5)
    assert stage.phones["Amina"].ringing_leg is None
    stage.hears(caller, "J'appelle quelqu'un d'autre.", within=1)
    assert stage.rings("Bruno", within=10)
    assert stage.misses("Amina") == 0
    stage.connect(caller, bruno)


def test_while_the_carrier_refuses_the_next_one_rings_when_the_ringing_is_over(
    stage: Stage, ringing: tuple[Leg, Visitor]
) -> None:
    caller, desk = ringing
    bruno = stage.mediator("Bruno", "taxes")
    stage.carrier.faults.rest.append(RestFault("500", times=None))
    desk.post(f"/desk/{offer_of(stage, 'Amina')}/leave")
    assert stage.rings("Bruno", within=30)
    stage.connect(caller, bruno)


def test_nobody_declines_somebody_elses_call(stage: Stage, ringing: tuple[Leg, Visitor]) -> None:
    stage.mediator("Bruno", "taxes")
    other = desk_of(stage, "Bruno")
    said = other.post(f"/desk/{offer_of(stage, 'Amina')}/leave").text
    assert "plus à prendre" in said
    assert stage.phones["Amina"].ringing_leg is not None


def test_a_talk_is_written_up_and_the_next_call_rings(stage: Stage, ringing: tuple[Leg, Visitor]) -> None:
    caller, desk = ringing
    offer = offer_of(stage, "Amina")
    stage.connect(caller, stage.phones["Amina"])
    assert desk.post_json(f"/desk/{offer}/note", revision=0, note="Mot de passe perdu").status_code == 200
    stage.leaves(caller)
    shown = desk.get("/desk/now").text
    assert "Comment s’est passé cet appel" in shown
    assert "Mot de passe perdu" in shown
    waiting = stage.holds("+33639980002")
    done = desk.post(f"/desk/{offer}/finish", disposition="solved", topic="taxes").text
    assert "C’est enregistré" in done
    assert stage.rings("Amina", within=2)
    stage.connect(waiting, stage.phones["Amina"])


def test_a_note_from_two_windows_loses_neither(stage: Stage, ringing: tuple[Leg, Visitor]) -> None:
    caller, desk = ringing
    offer = offer_of(stage, "Amina")
    stage.connect(caller, stage.phones["Amina"])
    desk.post_json(f"/desk/{offer}/note", revision=0, note="de la première")
    answer = desk.post_json(f"/desk/{offer}/note", revision=0, note="de la seconde")
    assert answer.status_code == 409
    assert answer.json == {"revision": 1, "note": "de la première"}


def test_writing_up_has_a_limit_that_can_be_moved_three_times(
    stage: Stage, ringing: tuple[Leg, Visitor]
) -> None:
    caller, desk = ringing
    offer = offer_of(stage, "Amina")
    stage.connect(caller, stage.phones["Amina"])
    stage.leaves(caller)
    said = [desk.post(f"/desk/{offer}/more-time").text for _ in range(4)]
    assert ["cinq minutes de plus" in one.partition("</p>")[0] for one in said] == [True, True, True, False]
    stage.carrier.advance(timedelta(minutes=16).total_seconds())
    assert stage.state("Amina") == "wrap_up"
    stage.carrier.advance(timedelta(minutes=2).total_seconds())
    assert stage.state("Amina") == "available"


def test_who_calls_again_is_known_with_what_was_noted(stage: Stage, ringing: tuple[Leg, Visitor]) -> None:
    caller, desk = ringing
    offer = offer_of(stage, "Amina")
    stage.connect(caller, stage.phones["Amina"])
    desk.post_json(f"/desk/{offer}/note", revision=0, note="A deux comptes")
    stage.leaves(caller)
    desk.post(f"/desk/{offer}/finish", disposition="call_back", topic="taxes")
    stage.asks("2")
    assert stage.rings("Amina")
    shown = desk.get("/desk/now").text
    assert "A deux comptes" in shown
    assert "À rappeler" in shown


def test_each_look_at_a_number_is_written_down(stage: Stage, ringing: tuple[Leg, Visitor]) -> None:
    caller, desk = ringing
    offer = offer_of(stage, "Amina")
    stage.connect(caller, stage.phones["Amina"])
    assert "+33639980001" in desk.post(f"/desk/{offer}/number").text
    with stage.services.store.reading() as tx:
        looks = tx.connection.exec_driver_sql("SELECT account_id FROM reveals").scalars().all()
    assert looks == [desk.account]


def test_a_number_is_not_for_those_whose_call_it_is_not(stage: Stage, ringing: tuple[Leg, Visitor]) -> None:
    stage.mediator("Bruno", "taxes")
    other = desk_of(stage, "Bruno")
    assert other.post(f"/desk/{offer_of(stage, 'Amina')}/number").status_code == 404


def test_a_promise_to_call_back_has_a_code_at_once_and_is_due_after_the_call(
    stage: Stage, ringing: tuple[Leg, Visitor]
) -> None:
    caller, desk = ringing
    offer = offer_of(stage, "Amina")
    stage.connect(caller, stage.phones["Amina"])
    said = desk.post(f"/desk/{offer}/callback").text
    (ticket,) = stage.tickets(caller)
    assert ticket.code in said
    assert ticket.code in desk.post(f"/desk/{offer}/callback").text
    assert kept.due(stage) == []
    stage.leaves(caller)
    assert stage.outcome(caller) == "answered"
    assert kept.due(stage) == [ticket.id]


def test_where_the_number_is_withheld_it_is_asked_for(stage: Stage) -> None:
    stage.mediator("Amina", "taxes")
    desk = desk_of(stage, "Amina")
    caller = stage.asks("2", "anonymous")
    assert stage.rings("Amina")
    offer = offer_of(stage, "Amina")
    stage.connect(caller, stage.phones["Amina"])
    assert "À quel numéro" in desk.post(f"/desk/{offer}/callback").text
    assert "pas un numéro" in desk.post(f"/desk/{offer}/callback", number="douze").text
    desk.post(f"/desk/{offer}/callback", number="06 39 98 00 07")
    stage.leaves(caller)
    assert len(kept.due(stage)) == 1


def test_hanging_up_at_the_desk_ends_the_call(stage: Stage, ringing: tuple[Leg, Visitor]) -> None:
    caller, desk = ringing
    offer = offer_of(stage, "Amina")
    stage.connect(caller, stage.phones["Amina"])
    desk.post(f"/desk/{offer}/hang-up")
    assert stage.is_over(caller, within=20)
    assert stage.outcome(caller) == "answered"
    assert stage.state("Amina") == "wrap_up"


def test_while_the_carrier_refuses_the_telephone_itself_hangs_up(
    stage: Stage, ringing: tuple[Leg, Visitor]
) -> None:
    caller, desk = ringing
    offer = offer_of(stage, "Amina")
    stage.connect(caller, stage.phones["Amina"])
    stage.carrier.faults.rest.append(RestFault("500", times=None))
    assert "raccrochez avec votre téléphone" in desk.post(f"/desk/{offer}/hang-up").text
    stage.phones["Amina"].hang_up()
    assert stage.is_over(caller, within=20)


def test_a_number_is_proposed_for_blocking_and_not_blocked(
    stage: Stage, ringing: tuple[Leg, Visitor]
) -> None:
    caller, desk = ringing
    offer = offer_of(stage, "Amina")
    stage.connect(caller, stage.phones["Amina"])
    stage.leaves(caller)
    assert "quelques mots pourquoi" in desk.post(f"/desk/{offer}/block").text
    assert "Proposer le blocage" in desk.get("/desk/now").text
    proposed = desk.post(f"/desk/{offer}/block", reason="insulte").text
    assert "C’est proposé" in proposed
    assert "Il est proposé de bloquer ce numéro" in proposed
    assert "Proposer le blocage" not in proposed
    with stage.services.store.reading() as tx:
        assert [[why.text for why in one.reasons] for one in proposals.pending(tx)] == [["insulte"]]
    desk.post(f"/desk/{offer}/finish", disposition="abusive")
    stage.asks("2")
    assert stage.rings("Amina")


def test_nonsense_changes_nothing_and_breaks_nothing(stage: Stage, ringing: tuple[Leg, Visitor]) -> None:
    caller, desk = ringing
    offer = offer_of(stage, "Amina")
    stage.connect(caller, stage.phones["Amina"])
    assert desk.post_json(f"/desk/{offer}/note", note="sans révision").status_code == 400
    assert desk.post_json(f"/desk/{offer}/note", revision="x", note="").status_code == 400
    for to in ("topic:nothing", "nobody", "mediator:x", "mediator:" + "9" * 30, ""):
        assert desk.post(f"/desk/{offer}/transfer", to=to).status_code == 400
    assert "n’est plus disponible" in desk.post(f"/desk/{offer}/transfer", to="mediator:999").text
    assert caller.talking_to is stage.phones["Amina"].leg
    stage.leaves(caller)
    assert "C’est enregistré" in desk.post(f"/desk/{offer}/finish", disposition="solved", topic="x" * 99).text


def test_the_last_word_is_no(stage: Stage, ringing: tuple[Leg, Visitor]) -> None:
    """Taken up, taken, and then declined, before the carrier could be told anything."""
    caller, desk = ringing
    stage.phones["Amina"].answer()
    stage.carrier.advance(1)
    offer = offer_of(stage, "Amina")
    stage.jobs.out_of_reach = True
    desk.post(f"/desk/{offer}/take")
    desk.post(f"/desk/{offer}/leave")
    assert "Cet appel est pour vous" not in desk.post(f"/desk/{offer}/take").text, "that is too late"
    stage.carrier.advance(15)
    assert caller.talking_to is None
    assert stage.state("Amina") != "on_call"
