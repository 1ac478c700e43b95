"""Nobody on duty: a sentence, and a callback with the number known or keyed."""

import pytest

from hotline.queue.shifts import Shift, parse_hours
from tests.calls import kept, words
from tests.calls.stage import Stage
from tests.factories import CALLER, ZONE

KEYED = "0639980007"


def test_a_known_number_is_called_back(stage: Stage) -> None:
    stage.mediator("Bruno", "health")
    caller = stage.asks("2")
    assert stage.is_over(caller)
    assert f"{words.NOBODY} {words.OFFERED}" in caller.heard_text()
    assert words.read_back("zéro six, trois neuf, neuf huit, zéro zéro, zéro un") in caller.heard_text()
    assert stage.outcome(caller) == "callback"
    (ticket,) = stage.tickets(caller)
    assert (ticket.topic, ticket.state) == ("taxes", "callback_due")
    assert kept.number(stage, caller) == CALLER


@pytest.mark.parametrize("shown", ["anonymous", "Restricted", "+266696687", "", "+33", "sip:anonymous@x"])
def test_withheld_and_garbled_numbers_are_keyed(stage: Stage, shown: str) -> None:
    caller = stage.asks("2", caller=shown)
    stage.hears(caller, words.said("callback_ask_number"))
    caller.press(KEYED + "#")
    assert stage.is_over(caller)
    assert stage.outcome(caller) == "callback"
    (ticket,) = stage.tickets(caller)
    assert (ticket.state, kept.number(stage, caller)) == ("callback_due", "+33639980007")


def test_a_number_keyed_without_the_hash_is_taken_too(stage: Stage) -> None:
    caller = stage.asks("2", caller="anonymous")
    stage.carrier.advance(12)
    caller.press(KEYED)
    assert stage.is_over(caller)
    assert [kept.number(stage, caller)] * len(stage.tickets(caller)) == ["+33639980007"]


def test_a_mistake_in_the_number_is_met_kindly(stage: Stage) -> None:
    caller = stage.asks("2", caller="anonymous")
    stage.carrier.advance(12)
    caller.press("06399800091#")
    stage.hears(caller, words.said("callback_bad_number"))
    stage.hears(caller, words.WHICH_NUMBER, times=2)
    caller.press(KEYED + "#")
    assert stage.is_over(caller)
    assert stage.outcome(caller) == "callback"
    assert kept.number(stage, caller) == "+33639980007"


def test_somebody_who_cannot_key_a_number_is_told_what_to_do(stage: Stage) -> None:
    caller = stage.asks("2", caller="anonymous")
    assert stage.is_over(caller, within=200)
    assert words.said("callback_impossible") in caller.heard_text()
    assert stage.outcome(caller) == "informed"
    assert kept.due(stage) == []


def test_nobody_is_told_to_wait_when_the_shift_is_over(stage: Stage) -> None:
    stage.mediator("Amina", "taxes", shifts=[Shift(0, parse_hours("06:00-09:00"), ZONE)])
    caller = stage.asks("2")
    assert stage.is_over(caller)
    assert stage.outcome(caller) == "callback"


def test_a_shift_that_begins_fetches_who_waits(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    stage.mediator("Bruno", "taxes", shifts=[Shift(0, parse_hours("10:01-12:00"), ZONE)])
    stage.connect(stage.asks("2", caller="+33639980002"), amina)
    stage.asks("2")
    assert stage.rings("Bruno", within=70)
