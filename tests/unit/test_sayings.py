"""What a caller in hold hears next, in every case and in any history of wait turns."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.queue.sayings import Saying, next_saying

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
EVERY = timedelta(minutes=1)
JUST_NOW, A_MOMENT_EARLY, DUE, LATE = (
    NOW - ago for ago in (timedelta(), EVERY - timedelta.resolution, EVERY, 2 * EVERY)
)
NOTHING, POSITION, CALLBACK = Saying.NOTHING, Saying.POSITION, Saying.CALLBACK
# the seconds since the last wait turn, and whether a telephone rang meanwhile that nobody picked up
TURNS = st.lists(st.tuples(st.integers(0, 90), st.booleans()), max_size=30)


@pytest.mark.parametrize(
    ("said", "said_at", "now"),
    [
        (NOTHING, None, POSITION),
        (NOTHING, JUST_NOW, POSITION),
        (NOTHING, A_MOMENT_EARLY, POSITION),
        (NOTHING, DUE, POSITION),
        (NOTHING, LATE, POSITION),
        (POSITION, None, POSITION),
        (POSITION, JUST_NOW, CALLBACK),
        (POSITION, A_MOMENT_EARLY, CALLBACK),
        (POSITION, DUE, CALLBACK),
        (POSITION, LATE, CALLBACK),
        (CALLBACK, None, POSITION),
        (CALLBACK, JUST_NOW, None),
        (CALLBACK, A_MOMENT_EARLY, None),
        (CALLBACK, DUE, POSITION),
        (CALLBACK, LATE, POSITION),
    ],
)
def test_every_case(said: Saying, said_at: datetime | None, now: Saying | None) -> None:
    assert next_saying(said, said_at, NOW, EVERY) is now


def heard(turns: list[tuple[int, bool]]) -> list[tuple[datetime, bool, Saying | None]]:
    """When, whether back from a ring, and what is heard; a ring brings back what was said to the position."""
    found: list[tuple[datetime, bool, Saying | None]] = []
    said, said_at, now = Saying.NOTHING, None, NOW
    for seconds, returned in turns:
        now += timedelta(seconds=seconds)
        if returned and said is not Saying.NOTHING:
            said = Saying.POSITION
        saying = next_saying(said, said_at, now, EVERY)
        if saying is not None:
            said, said_at = saying, now
        found.append((now, returned, saying))
    return found


@given(TURNS)
def test_the_offer_follows_each_position_and_each_return_to_hold(turns: list[tuple[int, bool]]) -> None:
    said = heard(turns)
    assert [saying for _, _, saying in said[:2]] == [POSITION, CALLBACK][: len(said)]
    for (_, _, before), (_, returned, now) in pairwise(said):
        assert now is CALLBACK or not (returned or before is POSITION)


@given(TURNS)
def test_between_the_offer_and_the_next_position_is_music_and_no_longer(
    turns: list[tuple[int, bool]],
) -> None:
    offered_at: datetime | None = None
    for now, _, saying in heard(turns):
        if offered_at is not None and saying is not CALLBACK:
            assert (saying is POSITION) is (now - offered_at >= EVERY)
        if saying is not None:
            offered_at = now if saying is CALLBACK else None
