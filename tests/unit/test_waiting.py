"""What a caller in hold is told: rounded, never growing, and silent where nothing is known."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.queue.waiting import FEWEST, STEP, Told, expected, tell

POSITIONS = st.integers(1, 5000)
HANDLED = st.timedeltas(timedelta(), timedelta(hours=4))
WAITS = st.none() | st.integers(1, 100).map(lambda steps: steps * STEP)


def minutes(*many: float) -> list[timedelta]:
    return [timedelta(minutes=one) for one in many]


def wait(minutes: int) -> timedelta:
    return timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("position", "recent", "mediators", "told"),
    [
        (1, [10, 10, 10, 10, 10], 1, 10),
        (1, [10, 10, 10, 10, 11], 1, 15),
        (3, [4, 6, 8, 10, 12], 2, 15),
        (3, [4, 6, 8, 10, 12], 4, 10),
        (1, [1, 1, 1, 1, 1], 20, 5),
        (1, [0, 0, 0, 0, 0], 1, 5),
        (7, [120, 2, 2, 2, 2, 2, 2], 3, 45),
        (1, [5, 5, 5, 5, 5.001], 1, 10),
        # ten minutes exactly, but the mean is no whole number of microseconds
        (7, [5, 5, 5, 5, 10, 10, 10], 5, 10),
    ],
)
def test_position_times_handle_time_by_mediators(
    position: int, recent: list[float], mediators: int, told: int
) -> None:
    assert expected(position, minutes(*recent), mediators) == wait(told)


@given(POSITIONS, st.lists(HANDLED, min_size=FEWEST, max_size=20), st.integers(1, 200))
def test_the_wait_is_rounded_up_to_the_next_step(
    position: int, recent: list[timedelta], mediators: int
) -> None:
    told = expected(position, recent, mediators)
    assert told is not None
    shared, exact = told * len(recent) * mediators, position * sum(recent, timedelta())
    assert told % STEP == timedelta()
    assert told >= STEP
    assert shared >= exact
    assert told == STEP or shared - exact < STEP * len(recent) * mediators


@pytest.mark.parametrize("many", [0, 1, FEWEST - 1])
def test_too_few_handle_times_say_nothing(many: int) -> None:
    assert expected(1, minutes(10) * many, 1) is None


def test_nobody_who_could_answer_says_nothing() -> None:
    assert expected(1, minutes(10) * FEWEST, 0) is None


@given(st.lists(st.tuples(POSITIONS, WAITS), min_size=1, max_size=12))
def test_what_is_told_is_the_least_so_far_and_so_never_grows(now: list[tuple[int, timedelta | None]]) -> None:
    told = Told()
    for number, (position, wait) in enumerate(now, 1):
        told = tell(told, position, wait)
        known = [one for _, one in now[:number] if one is not None]
        assert told.position == min(one for one, _ in now[:number])
        assert told.expected == (min(known) if known else None)


def test_a_wait_that_is_unknown_for_a_while_is_not_forgotten() -> None:
    told = tell(tell(tell(Told(), 4, wait(20)), 3, None), 3, wait(25))
    assert told == Told(3, wait(20))
