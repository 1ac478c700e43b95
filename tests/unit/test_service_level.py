"""The service level: its formula, its limits, and that nothing is divided by nothing."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.queue.service_level import THRESHOLD, is_in_time, service_level


def test_answered_in_time_by_answered_and_abandoned() -> None:
    assert service_level(in_time=6, answered=8, abandoned=4) == 0.5


def test_nobody_asked() -> None:
    assert service_level(0, 0, 0) is None


@pytest.mark.parametrize(("answered", "abandoned", "level"), [(5, 0, 1.0), (5, 5, 0.5), (0, 3, 0.0)])
def test_whoever_left_counts_as_not_answered(answered: int, abandoned: int, level: float) -> None:
    assert service_level(answered, answered, abandoned) == level


def test_the_threshold_itself_is_in_time() -> None:
    assert is_in_time(THRESHOLD)
    assert not is_in_time(THRESHOLD + timedelta(microseconds=1))
    assert is_in_time(timedelta())


@pytest.mark.parametrize("wrong", [(3, 2, 0), (-1, 2, 0), (0, 0, -1)])
def test_what_cannot_be_is_refused(wrong: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="answered"):
        service_level(*wrong)


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 10_000))
def test_it_is_a_share(in_time: int, late: int, abandoned: int) -> None:
    level = service_level(in_time, in_time + late, abandoned)
    assert level is None or 0 <= level <= 1
