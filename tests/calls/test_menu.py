"""The menu: keys, silence and mistakes. Misunderstanding never ends a call."""

from collections.abc import Callable

import pytest

from tests import scripts
from tests.calls import words
from tests.calls.stage import Stage


def test_greeting_and_notice_come_first_then_the_topics(stage: Stage) -> None:
    stage.mediator("Amina", "taxes")
    caller = stage.call()
    stage.carrier.advance(70)
    heard = caller.heard_text()
    greeting, notice = heard.index("Bonjour"), heard.index("nous gardons votre numéro")
    english, taxes = heard.index("For English"), heard.index("Pour les impôts, faites le 2")
    assert greeting < notice < english < taxes < heard.index("touche étoile")


def test_a_key_is_taken_at_any_time_during_the_prompt(stage: Stage) -> None:
    stage.mediator("Amina", "taxes")
    caller = stage.call()
    caller.press("2")
    assert stage.rings("Amina", within=6)


def test_zero_reaches_a_person_whatever_their_skills(stage: Stage) -> None:
    stage.mediator("Amina", "equipment")
    stage.asks("0")
    assert stage.rings("Amina")


def test_star_says_the_menu_again(stage: Stage) -> None:
    stage.mediator("Amina", "taxes")
    caller = stage.call()
    stage.carrier.advance(60)
    caller.press("*")
    stage.carrier.advance(30)
    assert caller.heard_text().count("Pour les impôts, faites le 2") == 2
    assert caller.heard_text().count("Bonjour") == 1
    caller.press("2")
    assert stage.rings("Amina")


@pytest.mark.parametrize("key", ["5", "6"])
def test_a_wrong_key_is_met_kindly_then_with_a_person(make_stage: Callable[..., Stage], key: str) -> None:
    stage = make_stage(topics=scripts.BODY["topics"][:3])
    stage.mediator("Amina", "health")
    caller = stage.asks(key)
    assert words.said("not_understood") in caller.heard_text()
    stage.carrier.advance(5)
    caller.press(key)
    assert stage.rings("Amina")
    assert words.said("to_a_person") in caller.heard_text()


def test_somebody_who_speaks_instead_of_pressing_reaches_a_person(stage: Stage) -> None:
    amina = stage.mediator("Amina", "health")
    caller = stage.call()
    for _ in range(2):
        stage.carrier.advance(10)
        caller.speak("Allô ? Pour les impôts, s'il vous plaît.")
    assert stage.rings("Amina", within=240)
    stage.connect(caller, amina)


def test_somebody_who_presses_late_is_understood(stage: Stage) -> None:
    """Half a second before the silence after the menu would have been taken for an answer."""
    stage.mediator("Bruno", "health")
    stage.mediator("Amina", "taxes")
    silent, began_at = stage.call(), stage.carrier.now()
    stage.hears(silent, words.said("nothing_heard"), within=90)
    patience = (stage.carrier.now() - began_at).total_seconds()
    late = stage.call("+33639980003")
    stage.carrier.advance(patience - 0.5)
    late.press("2")
    assert stage.rings("Amina", within=6)
    assert stage.phones["Bruno"].ringing_leg is None


def test_somebody_who_never_presses_anything_reaches_a_person(stage: Stage) -> None:
    amina = stage.mediator("Amina", "health")
    caller = stage.call()
    assert stage.rings("Amina", within=240)
    assert caller.heard_text().count("Pour les impôts, faites le 2") == 2
    stage.connect(caller, amina)


def test_english_is_spoken_from_its_key_on(stage: Stage) -> None:
    stage.mediator("Bruno", "taxes")
    amina = stage.mediator("Amina", "taxes", languages=("fr", "en"))
    caller = stage.asks("8")
    stage.carrier.advance(2)
    assert "For taxes, press 2." in caller.heard_text()
    caller.press("2")
    assert stage.rings("Amina")
    amina.answer()
    stage.carrier.advance(8)
    assert amina.leg is not None
    assert "langue : anglais" in amina.leg.heard_text()
    amina.press("1")
    stage.carrier.advance(3)
    assert caller.talking_to is amina.leg


def test_an_english_caller_is_not_sent_to_somebody_who_speaks_french_alone(stage: Stage) -> None:
    stage.mediator("Bruno", "taxes")
    caller = stage.asks("8")
    caller.press("2")
    assert stage.is_over(caller)
    assert "We will call you back" in caller.heard_text()
    assert stage.outcome(caller) == "callback"
