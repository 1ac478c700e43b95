"""Voice messages: kept with the call's ticket, once, and also when they come after the call has ended."""

from collections.abc import Iterator

import pytest

from hotline.queue.outcomes import Outcome
from hotline.queue.tickets import Attempt
from tests.factories import CALLER
from tests.integration.callers import (
    FIRST,
    SECOND,
    asked_for_a_message,
    busy,
    listed,
    number,
    promised,
    words,
)
from tests.integration.desk import Desk


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with busy(database_url) as desk:
        yield desk


def test_a_message_is_listened_to_and_called_back(desk: Desk) -> None:
    turn = asked_for_a_message(desk, FIRST)
    assert "Voici votre code" in words(desk.left_message(FIRST, turn, "RE1"))
    desk.caller_left(FIRST)
    assert (desk.became(FIRST), listed(desk)) == (Outcome.MESSAGE, [desk.ticket_of(FIRST).id])
    assert desk.recordings_of(desk.ticket_of(FIRST).id) == ["RE1"]


def test_a_message_that_comes_late_turns_informed_into_message(desk: Desk) -> None:
    """Whoever hangs up after speaking: the carrier tells of the end first."""
    asked_for_a_message(desk, FIRST)
    desk.caller_left(FIRST)
    assert (desk.became(FIRST), desk.due()) == (Outcome.INFORMED, [])
    desk.recorded(FIRST, "RE1")
    (due,) = desk.due()
    assert (desk.became(FIRST), desk.recordings_of(due.ticket)) == (Outcome.MESSAGE, ["RE1"])
    desk.recorded(FIRST, "RE1")
    assert len(desk.due()) == 1


def test_a_late_message_changes_no_other_outcome(desk: Desk) -> None:
    asked_for_a_message(desk, FIRST, CALLER)
    desk.caller_left(FIRST)
    desk.recorded(FIRST, "RE1")
    assert desk.became(FIRST) is Outcome.CALLBACK
    assert desk.recordings_of(desk.ticket_of(FIRST).id) == ["RE1"]
    assert number(desk, FIRST) == CALLER


def test_told_of_twice_a_message_is_kept_once(desk: Desk) -> None:
    turn = asked_for_a_message(desk, FIRST)
    desk.recorded(FIRST, "RE1")
    desk.left_message(FIRST, turn, "RE1")
    desk.recorded(FIRST, "RE1")
    assert desk.log_of(FIRST).count("message_left") == 1


def test_also_one_left_with_a_matter_of_an_earlier_call(desk: Desk) -> None:
    """Told of once more when somebody has listened to it: nobody is called for it again."""
    ticket = promised(desk, FIRST)
    turn = asked_for_a_message(desk, SECOND, CALLER)
    desk.left_message(SECOND, turn, "RE1")
    desk.caller_left(SECOND)
    assert desk.attempt(ticket, Attempt.REACHED)
    desk.recorded(SECOND, "RE1")
    assert desk.due() == []
    assert desk.log_of(SECOND).count("message_left") == 1


def test_a_second_message_takes_nothing_from_the_first(desk: Desk) -> None:
    """They ring again and speak once more; both are heard, and each is deleted in its time."""
    turn = asked_for_a_message(desk, FIRST, CALLER)
    desk.left_message(FIRST, turn, "RE1")
    desk.caller_left(FIRST)
    turn = asked_for_a_message(desk, SECOND, CALLER)
    desk.left_message(SECOND, turn, "RE2")
    desk.caller_left(SECOND)
    (due,) = desk.due()
    assert desk.recordings_of(due.ticket) == ["RE1", "RE2"]
