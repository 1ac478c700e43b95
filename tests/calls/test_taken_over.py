"""What a place that is taken over by a new call brings along, and what not."""

import pytest

from hotline.simulator.legs import Leg
from hotline.simulator.trace import Kind
from tests.calls import heard, kept, words
from tests.calls.stage import Stage
from tests.factories import CALLER

STRANGER = "+33639980066"


def notes_the_number_of(stage: Stage, victim: str, caller: str) -> Leg:
    """Somebody asks for a callback to another's number, and is told a code."""
    leg = stage.asks("2", caller)
    if caller != "anonymous":
        stage.hears(leg, words.READ_BACK)
        leg.press("2")
    stage.hears(leg, words.WHICH_NUMBER)
    leg.press(f"0{victim.removeprefix('+33')}#")
    stage.hears(leg, words.READ_BACK, times=1 if caller == "anonymous" else 2)
    assert stage.is_over(leg)
    return leg


@pytest.mark.parametrize("caller", ["anonymous", STRANGER])
def test_a_code_that_somebody_else_was_told_is_told_to_nobody_again(stage: Stage, caller: str) -> None:
    """Who had the number of an old lady noted could ring her and say her code."""
    known = heard.codes(notes_the_number_of(stage, CALLER, caller))[0]
    hers = stage.asks("2")
    assert stage.is_over(hers)
    told = set(heard.codes(hers))
    assert told == {kept.ticket(stage, hers).code}
    assert known not in told


def test_who_rings_again_from_the_same_number_keeps_the_code(stage: Stage) -> None:
    first = stage.asks("2")
    assert stage.is_over(first)
    again = stage.asks("2")
    assert stage.is_over(again)
    assert heard.codes(again)[0] == heard.codes(first)[0]


def test_a_person_is_whoever_is_free_whatever_was_asked_before(stage: Stage) -> None:
    """Nobody can help with work; now they ask for a person, and one is there."""
    first = stage.asks("4")
    stage.hears(first, words.READ_BACK)
    stage.leaves(first)
    amina = stage.mediator("Amina", "taxes")
    again = stage.asks("0")
    stage.connect(again, amina)
    assert kept.ticket(stage, again).call_id == stage.summary(first)[0]
    assert kept.due(stage) == []


def test_hold_begins_anew_with_position_and_the_offer_to_be_called_back(stage: Stage) -> None:
    stage.busy()
    first = stage.holds()
    stage.hears(first, words.NINE)
    first.press("9")
    stage.leaves(first)
    again = stage.holds()
    stage.carrier.advance(12)
    assert heard.in_hold(again)[:2] == [words.NEXT, words.NINE]


def test_a_message_that_is_told_of_late_goes_with_the_place(stage: Stage) -> None:
    """They spoke, rang again and wait; only now the carrier tells of the recording."""
    first = stage.asks("2")
    stage.hears(first, words.READ_BACK)
    stage.leaves(first)
    stage.busy()
    again = stage.holds()
    url = f"{stage.services.settings.api_base}/2010-04-01/Accounts/AC1/Recordings/RE77"
    late = {"RecordingUrl": url, "RecordingDuration": "9" * 20, "RecordingStatus": "completed"}
    stage.post("/voice/recorded", CallSid=first.sid, **late)
    ticket = kept.ticket(stage, again)
    assert [(one.recording, one.seconds) for one in kept.messages(stage, ticket.id)] == [("RE77", 86400)]
    assert again.in_queue is not None
    stage.leaves(again)
    assert kept.due(stage) == [ticket.id]


def test_in_danger_the_sentence_takes_the_place_of_no_other(stage: Stage) -> None:
    stage.busy()
    caller = stage.holds()
    stage.hears(caller, words.NEXT)
    caller.press("#")
    stage.hears(caller, "Le 15 pour un médecin.", within=2)
    stage.hears(caller, words.NINE, within=25)


def test_in_danger_no_database_is_needed(stage: Stage) -> None:
    stage.busy()
    caller = stage.holds()
    stage.hears(caller, words.NEXT)
    stage.store.sever()
    caller.press("#")
    stage.hears(caller, "Le 15 pour un médecin.", within=2)
    stage.store.mend()
    stage.carrier.advance(30)
    assert caller.in_queue is not None
    asked = [one for one in stage.carrier.trace if one.kind is Kind.WEBHOOK and one.leg == caller.sid]
    assert all(one.params["status"] == 200 for one in asked)
