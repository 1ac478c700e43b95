"""What a shift adds to others of the same person: nothing, a part, or all of it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.queue.shifts import Hours, Shift, covers, is_covered, overlapping, parse_day, parse_hours

MONDAY = date(2026, 11, 23)
QUARTERS = st.integers(0, 95).flatmap(
    lambda start: st.builds(
        Hours, st.just(start * 15), st.integers(start + 1, start + 96).map(lambda n: n * 15)
    )
)
WEEKLY = st.builds(Shift, st.integers(0, 6), QUARTERS, st.just("UTC"))
ONCE = st.builds(Shift, st.dates(MONDAY, MONDAY + timedelta(days=3)), QUARTERS, st.just("UTC"))


def shift(text: str, zone: str = "Europe/Paris") -> Shift:
    """Of "mon 09:00-12:00", or of a date."""
    day, hours = text.split()
    return Shift(parse_day(day), parse_hours(hours), zone)


@pytest.mark.parametrize(
    ("new", "others", "beside", "covered"),
    [
        ("mon 09:00-12:00", ["mon 09:00-12:00"], 1, True),
        ("mon 10:00-11:00", ["mon 09:00-12:00"], 1, True),
        ("mon 10:00-13:00", ["mon 09:00-12:00", "mon 12:00-14:00"], 2, True),
        ("mon 10:00-13:00", ["mon 09:00-12:00", "mon 12:15-14:00"], 2, False),
        ("mon 09:00-12:00", ["mon 10:00-11:00"], 1, False),
        ("mon 12:00-13:00", ["mon 09:00-12:00"], 0, False),
        ("mon 09:00-12:00", ["tue 09:00-12:00"], 0, False),
        ("mon 01:00-05:00", ["sun 22:00-06:00"], 1, True),
        ("sun 22:00-06:00", ["mon 05:00-07:00"], 1, False),
        ("2026-11-23 10:00-11:00", ["mon 09:00-12:00"], 1, True),
        ("2026-11-24 01:00-02:00", ["mon 22:00-06:00"], 1, True),
        ("mon 10:00-11:00", ["2026-11-23 09:00-12:00"], 0, False),
        ("mon 09:00-12:00", [], 0, False),
    ],
)
def test_what_is_there_already(new: str, others: list[str], beside: int, covered: bool) -> None:
    there = [shift(one) for one in others]
    assert (len(overlapping(shift(new), there)), is_covered(shift(new), there)) == (beside, covered)


def test_another_zone_says_nothing() -> None:
    there = [shift("mon 09:00-12:00", "Indian/Reunion")]
    assert (overlapping(shift("mon 09:00-12:00"), there), is_covered(shift("mon 09:00-12:00"), there)) == (
        [],
        False,
    )


@given(ONCE | WEEKLY, st.lists(WEEKLY, max_size=4), st.lists(ONCE, max_size=4))
def test_covered_is_what_changes_nobodys_duty(new: Shift, weekly: list[Shift], once: list[Shift]) -> None:
    """At no quarter of an hour of it is anybody on duty who was not, where no clock changes."""
    others = weekly + (once if isinstance(new.day, date) else [])
    day = new.day if isinstance(new.day, date) else MONDAY + timedelta(days=new.day)
    midnight = datetime.combine(day, time(), UTC)
    during = [midnight + timedelta(minutes=at) for at in range(new.hours.start, new.hours.end, 15)]
    assert is_covered(new, others) == all(any(covers(one, at) for one in others) for at in during)
    assert overlapping(new, others) == [one for one in others if any(covers(one, at) for at in during)]
