"""The callback dialogue: which number, when, and the code. It only refines what is promised already."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from hotline.simulator.legs import Leg
from tests.calls import heard, kept, words
from tests.calls.stage import Stage
from tests.factories import CALLER


def nine(stage: Stage, caller: str = CALLER) -> Leg:
    """A caller who asks in the menu to be called back."""
    leg = stage.call(caller)
    leg.press("9")
    return leg


def test_the_nine_in_the_menu_leads_to_a_callback_also_when_somebody_is_free(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    caller = nine(stage)
    stage.hears(caller, f"{words.OFFERED}\n{words.READ_BACK} zéro six, trois neuf, neuf huit,")
    caller.press("1")
    stage.hears(caller, words.WHEN)
    caller.press("3")
    assert stage.is_over(caller)
    assert amina.ringing_leg is None
    assert stage.outcome(caller) == "callback"
    assert (kept.number(stage, caller), kept.ticket(stage, caller).best) == (CALLER, "any")
    assert kept.is_due(stage, caller)


def test_the_number_is_read_back_in_pairs_as_one_dials_it(stage: Stage) -> None:
    caller = nine(stage, "+33199001299")
    stage.hears(caller, words.read_back("zéro un, neuf neuf, zéro zéro, un deux, neuf neuf"))


@pytest.mark.parametrize(
    ("keyed", "number", "spoken"),
    [
        ("0639980007", "+33639980007", "zéro six, trois neuf, neuf huit, zéro zéro, zéro sept"),
        ("0199001299", "+33199001299", "zéro un, neuf neuf, zéro zéro, un deux, neuf neuf"),
        ("0033639980007", "+33639980007", "zéro six, trois neuf, neuf huit, zéro zéro, zéro sept"),
        ("0262000000", "+262262000000", "zéro deux, six deux, zéro zéro, zéro zéro, zéro zéro"),
        (
            "00442079460018",
            "+442079460018",
            "plus quatre quatre, deux zéro, sept neuf, quatre six, zéro zéro, un huit",
        ),
    ],
    ids=["national", "fixed", "international", "overseas", "abroad"],
)
def test_another_number_is_keyed_and_read_back(stage: Stage, keyed: str, number: str, spoken: str) -> None:
    caller = nine(stage)
    stage.hears(caller, words.READ_BACK)
    caller.press("2")
    stage.hears(caller, words.WHICH_NUMBER)
    caller.press(keyed + "#")
    stage.hears(caller, words.read_back(spoken))
    caller.press("1")
    stage.hears(caller, words.WHEN)
    stage.leaves(caller)
    assert kept.number(stage, caller) == number
    assert stage.outcome(caller) == "callback"
    assert len(stage.tickets(caller)) == 1


def test_a_number_keyed_slowly_and_without_the_hash_is_taken(stage: Stage) -> None:
    caller = nine(stage)
    stage.hears(caller, words.READ_BACK)
    caller.press("2")
    stage.hears(caller, words.WHICH_NUMBER)
    for digit in "0639980007":
        caller.press(digit)
        stage.carrier.advance(8)
    stage.hears(caller, "zéro zéro, zéro sept")


@pytest.mark.parametrize("keyed", ["0899700000#", "15#", "12345#", "#", "0639980007123#"])
def test_what_is_no_number_or_a_dear_one_is_asked_for_again_and_costs_no_promise(
    stage: Stage, keyed: str
) -> None:
    caller = nine(stage)
    stage.hears(caller, words.READ_BACK)
    caller.press("2")
    stage.hears(caller, words.WHICH_NUMBER)
    caller.press(keyed)
    stage.hears(caller, words.WHICH_NUMBER, times=2)
    caller.press(keyed)
    stage.hears(caller, "Ce n'est pas votre faute")
    stage.leaves(caller)
    assert kept.number(stage, caller) == CALLER
    assert stage.outcome(caller) == "callback"


def test_a_message_instead_of_a_number(stage: Stage) -> None:
    caller = nine(stage)
    stage.hears(caller, words.READ_BACK)
    caller.press("3")
    stage.hears(caller, "Il sera enregistré pour l'équipe, puis effacé après 30 jours")
    stage.hears(caller, words.BEEP)
    caller.speak("Je ne serai là que demain.")
    stage.hears(caller, words.KEPT)
    assert stage.is_over(caller)
    assert stage.outcome(caller) == "callback"
    (message,) = kept.messages(stage, kept.ticket(stage, caller).id)
    assert message.recording in stage.carrier.exchange.recordings
    assert kept.number(stage, caller) == CALLER


def test_a_message_in_which_nothing_is_said_leaves_the_promise(stage: Stage) -> None:
    caller = nine(stage)
    stage.hears(caller, words.READ_BACK)
    caller.press("3")
    stage.hears(caller, words.EMPTY)
    stage.hears(caller, words.CODE)
    assert stage.is_over(caller)
    assert stage.outcome(caller) == "callback"


def test_silence_means_yes(stage: Stage) -> None:
    """Who does not know what to press is called back all the same."""
    caller = nine(stage)
    stage.hears(caller, words.WHEN)
    stage.hears(caller, words.CODE)
    assert stage.is_over(caller)
    assert caller.heard_text().count(words.READ_BACK) == 1
    assert (kept.number(stage, caller), kept.ticket(stage, caller).best) == (CALLER, "any")


@pytest.mark.parametrize("key", ["5", "*", "0", "9"])
def test_a_key_that_means_nothing_is_met_kindly_and_then_means_yes(stage: Stage, key: str) -> None:
    caller = nine(stage)
    stage.hears(caller, words.READ_BACK)
    caller.press(key)
    stage.hears(caller, "Ce n'est pas grave")
    stage.hears(caller, words.READ_BACK, times=2)
    caller.press(key)
    stage.hears(caller, words.WHEN)
    caller.press(key)
    assert stage.is_over(caller)
    assert stage.outcome(caller) == "callback"
    assert kept.ticket(stage, caller).best == "any"


def test_speaking_instead_of_pressing_means_yes(stage: Stage) -> None:
    caller = nine(stage)
    stage.hears(caller, words.READ_BACK)
    caller.speak("oui")
    stage.hears(caller, words.CODE, within=90)
    assert stage.is_over(caller)
    assert stage.outcome(caller) == "callback"


def test_the_code_is_heard_twice_and_is_the_tickets(stage: Stage) -> None:
    """The mediator will say it, so that nobody lets a false helper in."""
    caller = nine(stage)
    assert stage.is_over(caller)
    code = kept.ticket(stage, caller).code
    assert re.fullmatch("[0-9]{4}", code)
    assert heard.codes(caller) == [code, code]
    assert "Si elle ne le connaît pas, raccrochez." in caller.heard_text()
    assert "Prenez de quoi écrire" in caller.heard_text()


def test_a_number_that_was_wrong_is_not_called(stage: Stage) -> None:
    """They mistype, hear it, say no, and can key no other: then it is the one that they call from."""
    caller = nine(stage)
    stage.hears(caller, words.READ_BACK)
    caller.press("2")
    stage.hears(caller, words.WHICH_NUMBER)
    caller.press("0639980077#")
    stage.hears(caller, "zéro zéro, sept sept")
    caller.press("2")
    stage.hears(caller, words.WHICH_NUMBER, times=2)
    assert stage.is_over(caller, within=300)
    assert kept.number(stage, caller) == CALLER
    assert heard.codes(caller)


def test_whoever_had_no_pen_hears_the_code_again(stage: Stage) -> None:
    caller = nine(stage)
    stage.hears(caller, "Pour l'entendre encore, appuyez sur la touche étoile", within=120)
    code = kept.ticket(stage, caller).code
    for times in (2, 3, 4, 5):
        stage.carrier.advance(3)
        caller.press("*")
        stage.hears(caller, words.CODE, within=60, times=times)
        stage.hears(caller, "Pour l'entendre encore", within=60, times=times)
    caller.press("*")
    assert stage.is_over(caller)
    # once more at the end, where no key cuts it off
    assert heard.codes(caller) == [code] * 12
    assert kept.due(stage) == [kept.ticket(stage, caller).id]


def test_a_key_that_comes_late_cuts_nobody_off_from_the_code(stage: Stage) -> None:
    """They press 2 for the afternoon when we have already gone on."""
    caller = nine(stage)
    stage.hears(caller, "C'est noté.", within=120)
    caller.press("2")
    assert heard.codes(caller) == []
    assert stage.is_over(caller)
    assert heard.codes(caller) == [kept.ticket(stage, caller).code] * 2


def test_hanging_up_at_the_code_takes_nothing_back(stage: Stage) -> None:
    caller = nine(stage)
    stage.hears(caller, words.CODE, within=120)
    stage.leaves(caller)
    assert stage.outcome(caller) == "callback"
    assert kept.due(stage) == [kept.ticket(stage, caller).id]


def test_each_caller_has_a_code_of_their_own(stage: Stage) -> None:
    callers = [nine(stage, f"+3363998003{n}") for n in range(6)]
    for caller in callers:
        assert stage.is_over(caller)
    assert len({kept.ticket(stage, caller).code for caller in callers}) > 1


@pytest.mark.parametrize(
    ("key", "best", "not_before", "said"),
    [
        ("1", "morning", datetime(2026, 11, 24, 7, tzinfo=UTC), words.called_from("demain mardi à 8 heures")),
        ("2", "afternoon", None, words.SOON),
        ("3", "any", None, words.SOON),
    ],
)
def test_nobody_is_called_before_the_time_of_day_they_want(
    make_stage: Callable[..., Stage], key: str, best: str, not_before: datetime | None, said: str
) -> None:
    """It is three in the afternoon; the line is open around the clock."""
    stage = make_stage(start=datetime(2026, 11, 23, 14, 0, tzinfo=UTC))
    caller = nine(stage)
    stage.hears(caller, words.READ_BACK)
    caller.press("1")
    stage.hears(caller, words.WHEN)
    caller.press(key)
    stage.hears(caller, said)
    stage.leaves(caller)
    place = kept.place(stage, caller)
    assert (kept.ticket(stage, caller).best, place.not_before) == (best, not_before)
    assert kept.is_due(stage, caller) is (not_before is None)
    assert kept.is_due(stage, caller, after=timedelta(hours=17))
    if not_before is not None:
        assert not kept.is_due(stage, caller, after=not_before - stage.carrier.now() - timedelta(seconds=1))
        assert kept.is_due(stage, caller, after=not_before - stage.carrier.now())
