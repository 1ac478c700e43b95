"""The number at which somebody can be called back, as it is keyed: at once, in pieces, or late."""

from dataclasses import replace

import pytest

from hotline.ivr import wording
from hotline.ivr.actions import Ask, HangUp, Promise
from hotline.ivr.dialogue import NUMBER_TRIES
from hotline.ivr.events import (
    Answer,
    Keyed,
    Silent,
)
from hotline.ivr.flow import State, Step
from tests.unit.dialogue_states import (
    ASKED,
    ASKED_ANOTHER,
    ASKED_MESSAGE,
    FRENCH,
    GAP,
    OTHER,
    SCRIPT,
    UNKNOWN,
    WITHOUT_A_NUMBER,
    after,
    said,
)


@pytest.mark.parametrize("state", [ASKED, ASKED_ANOTHER], ids=["withheld", "known"])
def test_a_number_that_was_keyed_is_promised_at_once(state: State) -> None:
    for keyed in ("0639980002", "0033639980002"):
        turn = after(state, Keyed(keyed))
        assert (said(turn), turn.then) == ((), Promise(OTHER))
        assert turn.state == replace(state, step=Step.CONFIRM)


@pytest.mark.parametrize(
    "pieces", [("06", "39", "98 00", "02"), ("063998", "0639980002"), ("0", "639980002")]
)
def test_a_number_may_come_in_pieces(pieces: tuple[str, ...]) -> None:
    """Somebody reads it from a paper, two digits at a time."""
    turn = after(ASKED, Keyed(pieces[0]))
    for piece in pieces[1:]:
        assert (said(turn), turn.then) == (FRENCH.callback_number_rest, Ask(GAP, many=True))
        turn = after(turn.state, Keyed(piece))
    assert (turn.then, turn.state) == (Promise(OTHER), replace(ASKED, step=Step.CONFIRM))


def test_the_star_begins_a_number_anew() -> None:
    turn = after(ASKED, Keyed("06399"), Keyed("*06"), Keyed("39980002"))
    assert turn.then == Promise(OTHER)
    assert after(ASKED, Keyed("0639980002*")).then == Promise(OTHER)


def test_the_star_and_a_pause_are_no_mistake() -> None:
    turn = after(ASKED, Keyed("0639"), Keyed("*"))
    assert (said(turn), turn.state) == (FRENCH.callback_ask_number, ASKED)
    late = replace(ASKED, tries=NUMBER_TRIES - 1)
    assert after(late, Keyed("0639"), Keyed("*"), Keyed("0639980002")).then == Promise(OTHER)


def test_pieces_that_make_no_number_are_forgotten() -> None:
    turn = after(ASKED, Keyed("06"), Keyed("99999999999"))
    assert said(turn) == FRENCH.callback_bad_number + FRENCH.callback_ask_number
    assert after(turn.state, Keyed("0639980002")).then == Promise(OTHER)


def test_the_beginning_of_a_number_is_kept_in_silence_and_in_no_row() -> None:
    turn = after(ASKED, Keyed("063998"), Silent())
    assert "063998" not in str(turn.state.as_mapping())
    assert after(turn.state, Keyed("0002")).then == Promise(OTHER)


def test_the_line_does_not_call_itself_back() -> None:
    turn = after(ASKED, Keyed("0199001234"))
    assert said(turn) == FRENCH.callback_bad_number + FRENCH.callback_ask_number


def test_keys_in_place_of_a_message_are_the_beginning_of_a_number() -> None:
    """Somebody who is slow begins when the tone comes."""
    turn = after(UNKNOWN, Keyed("0"))
    assert (said(turn), turn.then) == (FRENCH.callback_number_rest, Ask(GAP, many=True))
    assert after(turn.state, Keyed("639980002")).then == Promise(OTHER)
    nothing_more = after(turn.state, Silent())
    assert nothing_more.then == ASKED_MESSAGE
    assert after(nothing_more.state, Keyed("0")).then == HangUp()


def test_an_empty_message_leads_once_more_to_the_number() -> None:
    """Not every carrier says that a key ended it."""
    turn = after(UNKNOWN, Silent())
    assert (said(turn), turn.then) == (
        FRENCH.message_empty + FRENCH.callback_ask_number,
        Ask(GAP, many=True),
    )
    assert after(turn.state, Keyed("0639980002")).then == Promise(OTHER)
    assert after(turn.state, Silent()).then == ASKED_MESSAGE


@pytest.mark.parametrize("answer", WITHOUT_A_NUMBER, ids=repr)
@pytest.mark.parametrize("state", [ASKED, ASKED_ANOTHER], ids=["withheld", "known"])
def test_a_number_that_is_none_is_asked_for_again_slowly_and_then_a_message(
    state: State, answer: Answer
) -> None:
    silent = isinstance(answer, Silent)
    turn = after(state, answer)
    why = FRENCH.callback_no_number if silent else FRENCH.callback_bad_number
    assert (said(turn), turn.then) == (why + FRENCH.callback_ask_number, Ask(GAP, many=True))
    assert turn.say[-1].slow
    last = after(state, *[answer] * NUMBER_TRIES)
    assert said(last) == FRENCH.number_not_noted + wording.message(SCRIPT, "fr")
    assert (last.then, last.state) == (ASKED_MESSAGE, replace(state, step=Step.MESSAGE))
