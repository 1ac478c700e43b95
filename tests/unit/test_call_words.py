"""What the command `calls` says of what happened in a call."""

from datetime import UTC, datetime

import pytest

from hotline.cli.calls import _words
from hotline.queue.tickets import Attempt
from hotline.store.call_log import Entry

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (Attempt.REACHED, "the caller was called back and reached"),
        (Attempt.NOT_REACHED, "a callback was tried, and the caller was not reached"),
        (Attempt.GIVEN_UP, "the caller is not to be called back any more"),
    ],
)
def test_an_attempt_to_call_back_is_said_by_its_result(result: Attempt, said: str) -> None:
    assert _words(Entry(AT, "called_back", {"result": result.value})) == said


def test_what_only_we_want_to_know_is_not_said() -> None:
    assert _words(Entry(AT, "turn", {})) is None
