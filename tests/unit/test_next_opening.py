"""When a closed line opens next: whatever holidays, nights and the clocks do, it agrees with `is_open`."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.ivr.hours import FARTHEST, Opening, parse
from hotline.ivr.reading import Table
from hotline.queue.shifts import Hours, Shift

PARIS, REUNION, CAIRO = "Europe/Paris", "Indian/Reunion", "Africa/Cairo"
CLOCKS_CHANGE = {
    PARIS: (date(2026, 3, 29), date(2026, 10, 25)),
    REUNION: (date(2028, 2, 29),),
    # forward at midnight, so that a day begins at one; back from midnight to eleven
    CAIRO: (date(2026, 4, 24), date(2026, 10, 29)),
    # from one back to midnight, so that a day begins twice
    "America/Havana": (date(2026, 3, 8), date(2026, 11, 1)),
    # by half an hour
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
}
WEEK: dict[str, Any] = {day: ["09:00-12:00", "13:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
A_QUARTER = timedelta(minutes=15)
QUARTERS_A_DAY = 96


def opening(zone: str = PARIS, **values: Any) -> Opening:
    return parse(Table(values, "hours"), zone)


def at(text: str, zone: str = PARIS) -> datetime:
    """An instant by the local clock."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@st.composite
def shifts(draw: st.DrawFn, zone: str) -> Shift:
    start = draw(st.integers(0, QUARTERS_A_DAY - 1))
    length = draw(st.integers(1, QUARTERS_A_DAY))
    return Shift(draw(st.integers(0, 6)), Hours(start * 15, (start + length) * 15), zone)


@st.composite
def moments(draw: st.DrawFn) -> tuple[Opening, datetime]:
    """Hours in whole quarters of an hour, near a change of the clocks, and an instant there."""
    zone = draw(st.sampled_from(sorted(CLOCKS_CHANGE)))
    day = draw(st.sampled_from(CLOCKS_CHANGE[zone]))
    always = draw(st.booleans())
    weekly = () if always else tuple(draw(st.lists(shifts(zone), min_size=1, max_size=4)))
    shut = draw(st.frozensets(st.integers(-3, 3).map(lambda days: day + timedelta(days=days)), max_size=4))
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    now = midnight + timedelta(seconds=draw(st.integers(-2 * 86400, 86400)))
    return Opening(zone, always, weekly, None, shut), now


def quarters(first: datetime, end: datetime) -> list[datetime]:
    """From `first` on, then each full quarter before `end`: nothing here opens or closes in between."""
    quarter = first.replace(minute=first.minute // 15 * 15, second=0) + A_QUARTER
    return [first, *(quarter + n * A_QUARTER for n in range(max(-((quarter - end) // A_QUARTER), 0)))]


@given(moments())
def test_the_line_opens_then_and_not_a_moment_before(moment: tuple[Opening, datetime]) -> None:
    hours, now = moment
    found = hours.next_opening(now)
    if hours.is_open(now):
        assert found == now
    else:
        assert found is not None
        assert found.tzinfo is UTC
        assert hours.is_open(found)
        assert [early for early in quarters(now, found) if early < found and hours.is_open(early)] == []


@pytest.mark.parametrize("day", ["2026-03-28T12:00", "2026-10-24T12:00"])
@pytest.mark.parametrize("hours", ["01:58-02:03", "02:07-02:11", "02:58-03:04", "23:59-02:02"])
def test_each_minute_of_a_night_in_which_the_clocks_change(day: str, hours: str) -> None:
    nights = opening(sat=[hours], sun=[hours])
    opens: datetime | None = None
    for number in range(18 * 60, -1, -1):
        now = at(day) + timedelta(minutes=number)
        if nights.is_open(now):
            opens = now
        if number % 7 == 0 and opens is not None:
            assert nights.next_opening(now) == opens, now


def test_an_open_line_is_open_now() -> None:
    now = at("2026-11-23T09:00:30")
    assert opening(**WEEK).next_opening(now) == now


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-23T08:59:30", "2026-11-23T09:00"),
        ("2026-11-23T12:00", "2026-11-23T13:00"),
        ("2026-11-23T18:00", "2026-11-24T09:00"),
        ("2026-11-27T18:00", "2026-11-30T09:00"),
        ("2026-03-28T10:00", "2026-03-30T09:00"),
        ("2026-10-24T10:00", "2026-10-26T09:00"),
    ],
)
@pytest.mark.parametrize("zone", [PARIS, REUNION])
def test_the_next_hours_of_the_week(zone: str, now: str, opens: str) -> None:
    assert opening(zone, **WEEK).next_opening(at(now, zone)) == at(opens, zone)


def test_across_holidays_and_closures() -> None:
    hours = opening(**WEEK, holidays="FR", closures=["2026-12-28/2026-12-31"])
    assert hours.next_opening(at("2026-12-24T18:00")) == at("2027-01-04T09:00")


def test_a_line_around_the_clock_opens_at_midnight() -> None:
    always = opening(always=True, holidays="FR", closures=["2026-12-24"])
    assert always.next_opening(at("2026-12-24T10:00")) == at("2026-12-26T00:00")


def test_a_closed_night_is_closed_until_the_next_evening() -> None:
    nights = opening(thu=["22:00-06:00"], fri=["22:00-06:00"], sun=["22:00-06:00"], closures=["2026-11-27"])
    assert nights.next_opening(at("2026-11-27T06:00")) == at("2026-11-29T22:00")


def test_the_29th_of_february() -> None:
    hours = opening(**WEEK, closures=["2028-02-28"])
    assert hours.next_opening(at("2028-02-25T18:00")) == at("2028-02-29T09:00")


@pytest.mark.parametrize("hours", ["02:00-04:00", "02:30-04:00"])
def test_a_time_that_spring_skips_is_the_first_one_that_exists(hours: str) -> None:
    assert opening(sun=[hours]).next_opening(at("2026-03-29T00:00")) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_hours_that_spring_skips_wholly_are_next_week() -> None:
    assert opening(sun=["02:00-03:00"]).next_opening(at("2026-03-29T00:00")) == at("2026-04-05T02:00")


def test_a_day_that_begins_at_one() -> None:
    always = opening(CAIRO, always=True, closures=["2026-04-23"])
    assert always.next_opening(at("2026-04-23T12:00", CAIRO)) == at("2026-04-24T01:00", CAIRO)


@pytest.mark.parametrize(
    ("hours", "now", "opens"),
    [
        ({"sun": ["02:30-04:00"]}, "00:10", "00:30"),
        ({"sun": ["02:30-04:00"]}, "01:10", "01:30"),
        ({"sat": ["22:00-02:30"]}, "00:40", "01:00"),
    ],
)
def test_an_hour_that_is_lived_twice_opens_twice(hours: dict[str, Any], now: str, opens: str) -> None:
    begin, end = (datetime.fromisoformat(f"2026-10-25T{time}+00:00") for time in (now, opens))
    assert opening(**hours).next_opening(begin) == end


def test_a_line_that_opens_too_far_away_does_not_open() -> None:
    now = at("2026-11-23T00:00", REUNION)
    last = date(2026, 11, 22) + FARTHEST
    just = opening(REUNION, always=True, closures=[f"2026-11-23/{last}"])
    assert just.next_opening(now) == now + FARTHEST
    beyond = opening(REUNION, always=True, closures=[f"2026-11-23/{last}", f"{last + timedelta(days=1)}"])
    assert beyond.next_opening(now) is None
    assert beyond.next_opening(now + timedelta(days=1)) == now + FARTHEST + timedelta(days=1)
