"""Languages: chosen by a key at the start, kept through the call, remembered for the number."""

from collections.abc import Callable
from typing import Any

import pytest

from tests import scripts
from tests.calls import kept, words
from tests.calls.stage import Stage

OTHER = "+33639980003"
HELLO, BONJOUR = "Hello. You are calling the digital help line.", "Bonjour. Vous appelez"


def chooses(stage: Stage, key: str, caller: str) -> None:
    leg = stage.call(caller)
    leg.press(key)
    stage.carrier.advance(6)
    stage.leaves(leg)


def test_what_was_chosen_once_is_spoken_at_the_next_call(stage: Stage) -> None:
    first = stage.call()
    stage.hears(first, "For English, press 8.")
    assert first.heard_text().startswith(BONJOUR)
    first.press("8")
    stage.hears(first, "For taxes, press 2.")
    stage.leaves(first)
    again = stage.call()
    stage.hears(again, HELLO)
    stage.hears(again, "Pour le français, faites le 7.")
    stage.hears(again, "For taxes, press 2.")
    assert BONJOUR not in again.heard_text()


def test_the_last_choice_counts(stage: Stage) -> None:
    for key in "878":
        chooses(stage, key, OTHER)
    stage.hears(stage.call(OTHER), HELLO)
    chooses(stage, "7", OTHER)
    stage.hears(stage.call(OTHER), BONJOUR)


@pytest.mark.parametrize("shown", ["anonymous", "", "+266696687"])
def test_nothing_is_remembered_of_a_withheld_number(stage: Stage, shown: str) -> None:
    chooses(stage, "8", shown)
    again = stage.call(shown)
    stage.hears(again, BONJOUR)
    assert HELLO not in again.heard_text()


def test_it_is_nobody_elses(stage: Stage) -> None:
    chooses(stage, "8", OTHER)
    stage.hears(stage.call(), BONJOUR)


def test_who_pressed_the_wrong_key_goes_back(stage: Stage) -> None:
    caller = stage.call()
    caller.press("8")
    stage.hears(caller, "Pour le français, faites le 7.")
    caller.press("7")
    stage.hears(caller, "Pour les impôts, faites le 2.")


def test_a_remembered_language_decides_who_is_rung(stage: Stage) -> None:
    stage.mediator("Bruno", "taxes")
    amina = stage.mediator("Amina", "taxes", languages=("fr", "en"))
    chooses(stage, "8", OTHER)
    caller = stage.asks("2", OTHER)
    assert stage.phones["Bruno"].ringing_leg is None
    stage.connect(caller, amina)


def test_hold_and_callback_are_in_the_callers_language(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes", languages=("en",))
    chooses(stage, "8", OTHER)
    chooses(stage, "8", "+33639980004")
    stage.connect(stage.asks("2", "+33639980004"), amina)
    caller = stage.holds(OTHER)
    stage.hears(caller, "You are the next person.")
    stage.hears(caller, words.said("hold_callback", "en"))
    caller.press("9")
    stage.hears(caller, "Your number is: zero six, three nine, nine eight, zero zero, zero three.")
    caller.press("1")
    stage.hears(caller, "In the morning, press 1.")
    caller.press("3")
    stage.hears(caller, "Here is your code:")
    stage.leaves(caller)
    assert kept.ticket(stage, caller).language == "en"
    assert {one.language for one in caller.heard if one.by == "say"} == {"en-GB"}


def in_french(table: dict[str, Any]) -> dict[str, Any]:
    """A topic that is named in French alone."""
    return {key: {"fr": value["fr"]} if isinstance(value, dict) else value for key, value in table.items()}


def test_a_line_of_one_language_invites_to_no_other(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(
        languages=[{"code": "fr", "name": "français"}],
        topics=[in_french(one) for one in scripts.BODY["topics"]],
        prompts={"fr": scripts.BODY["prompts"]["fr"]},
    )
    caller = stage.call()
    stage.hears(caller, "Pour les impôts, faites le 2.")
    assert "For English" not in caller.heard_text()
    caller.press("8")
    stage.hears(caller, "Je n'ai pas compris")
