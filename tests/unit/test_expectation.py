"""From when on a callback may be expected: compared with asking for each half-hour of the next weeks."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.ivr.expectation import A_NIGHT, DAYS_AHEAD, HOURS, expect
from hotline.ivr.hours import Opening, parse
from hotline.ivr.reading import Table
from hotline.queue.shifts import Hours, Shift
from hotline.queue.tickets import BestTime

ANY, MORNING, AFTERNOON = BestTime.ANY, BestTime.MORNING, BestTime.AFTERNOON
PARIS, REUNION = "Europe/Paris", "Indian/Reunion"
SPRING, AUTUMN, LEAP_DAY = date(2026, 3, 29), date(2026, 10, 25), date(2028, 2, 29)
HALF_AN_HOUR = timedelta(minutes=30)
WEEK: dict[str, Any] = {day: ["09:00-12:00", "14:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}


def opening(zone: str = PARIS, **values: Any) -> Opening:
    return parse(Table(values, "hours"), zone)


def at(text: str, zone: str = PARIS) -> datetime:
    """An instant by the local clock."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@st.composite
def openings(draw: st.DrawFn, zone: str, around: date) -> Opening:
    """Hours in whole half-hours, also at night, shut on some days."""
    days = draw(st.frozensets(st.integers(0, 6), min_size=1, max_size=3))
    start, length = draw(st.integers(0, 47)), draw(st.integers(1, 24))
    hours = Hours(start * 30, (start + length) * 30)
    weekly = tuple(Shift(day, hours, zone) for day in sorted(days))
    shut = draw(st.frozensets(st.integers(-2, 9).map(lambda n: around + timedelta(days=n)), max_size=5))
    always = draw(st.integers(0, 4)) == 0
    return Opening(zone, always, () if always else weekly, None, shut)


@st.composite
def moments(draw: st.DrawFn) -> tuple[Opening, datetime]:
    """Near a change of the clocks, or near the 29th of February."""
    zone, day = draw(st.sampled_from([(PARIS, SPRING), (PARIS, AUTUMN), (REUNION, LEAP_DAY)]))
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    now = midnight + timedelta(seconds=draw(st.integers(-3 * 86400, 86400)))
    return draw(openings(zone, day)), now


def first_half_hour(hours: Opening, best: BestTime, now: datetime) -> datetime | None:
    """`now`, or else the first half-hour at which the line is open at that time of day."""
    zone, (start, end) = ZoneInfo(hours.zone), HOURS[best]
    instant = now
    while instant - now < timedelta(days=DAYS_AHEAD):
        if start <= instant.astimezone(zone).time() < end and hours.is_open(instant):
            return instant
        instant = instant.replace(minute=instant.minute // 30 * 30, second=0) + HALF_AN_HOUR
    return None


@given(moments(), st.sampled_from([MORNING, AFTERNOON]))
def test_the_first_half_hour_that_is_open_at_that_time_of_day(
    moment: tuple[Opening, datetime], best: BestTime
) -> None:
    hours, now = moment
    wanted = first_half_hour(hours, best, now) or hours.next_opening(now)
    assert expect(hours, best, now) == (None if wanted == now else wanted)


@given(moments())
def test_any_time_is_as_soon_as_the_line_is_open(moment: tuple[Opening, datetime]) -> None:
    hours, now = moment
    soonest = hours.next_opening(now)
    by_day = first_half_hour(hours, ANY, soonest) if soonest else None
    waits = by_day is not None and soonest is not None and by_day - soonest <= A_NIGHT
    assert expect(hours, ANY, now) == (None if hours.is_open(now) else by_day if waits else soonest)


def test_nobody_is_called_at_midnight_because_the_line_opens_then() -> None:
    """Open around the clock, after a closure; and a line of the night, which calls at night."""
    closed = opening(always=True, closures=["2026-12-24/2026-12-25"])
    assert expect(closed, ANY, at("2026-12-25T15:00")) == at("2026-12-26T07:00")
    night = opening(fri=["22:00-02:00"])
    assert expect(night, ANY, at("2026-11-27T15:00")) == at("2026-11-27T22:00")


@pytest.mark.parametrize(
    ("best", "now", "expected"),
    [
        (ANY, "2026-11-23T10:30", None),
        (MORNING, "2026-11-23T10:30", None),
        (AFTERNOON, "2026-11-23T10:30", "2026-11-23T14:00"),
        (MORNING, "2026-11-23T15:00", "2026-11-24T09:00"),
        (AFTERNOON, "2026-11-23T15:00", None),
        (ANY, "2026-11-23T12:30", "2026-11-23T14:00"),
        (MORNING, "2026-11-23T12:00", "2026-11-24T09:00"),
        (ANY, "2026-11-27T17:00", "2026-11-30T09:00"),
        (AFTERNOON, "2026-11-27T17:00", "2026-11-30T14:00"),
        # over the weekends in which the clocks change
        (MORNING, "2026-03-27T15:00", "2026-03-30T09:00"),
        (AFTERNOON, "2026-10-24T15:00", "2026-10-26T14:00"),
        (MORNING, "2028-02-28T15:00", "2028-02-29T09:00"),
    ],
)
@pytest.mark.parametrize("zone", [PARIS, REUNION])
def test_a_week_of_office_hours(zone: str, best: BestTime, now: str, expected: str | None) -> None:
    assert expect(opening(zone, **WEEK), best, at(now, zone)) == (at(expected, zone) if expected else None)


@pytest.mark.parametrize(
    ("best", "now", "expected"),
    [
        (ANY, "2026-11-23T03:00", None),
        (MORNING, "2026-11-23T03:00", "2026-11-23T08:00"),
        (MORNING, "2026-11-23T12:00", "2026-11-24T08:00"),
        (AFTERNOON, "2026-11-23T12:00", None),
        (AFTERNOON, "2026-11-23T20:00", "2026-11-24T12:00"),
        # 23 and 25 hours from one morning to the next
        (MORNING, "2026-03-28T12:00", "2026-03-29T08:00"),
        (MORNING, "2026-10-24T12:00", "2026-10-25T08:00"),
    ],
)
def test_nobody_is_called_at_night_by_a_line_that_is_always_open(
    best: BestTime, now: str, expected: str | None
) -> None:
    assert expect(opening(always=True), best, at(now)) == (at(expected) if expected else None)


def test_a_line_of_mornings_only_calls_back_when_it_is_open() -> None:
    mornings = opening(mon=["09:00-12:00"], thu=["09:00-12:00"])
    assert expect(mornings, AFTERNOON, at("2026-11-23T15:00")) == at("2026-11-26T09:00")
    assert expect(mornings, AFTERNOON, at("2026-11-23T10:00")) is None


def test_a_morning_too_far_away_is_not_waited_for() -> None:
    rare = opening(mon=["09:00-12:00", "14:00-17:00"], closures=["2026-11-30", "2026-12-07"])
    assert expect(rare, MORNING, at("2026-11-23T15:00")) is None
    rare = opening(mon=["09:00-12:00", "14:00-17:00"], closures=["2026-11-30"])
    assert expect(rare, MORNING, at("2026-11-23T15:00")) == at("2026-12-07T09:00")


@pytest.mark.parametrize("best", BestTime)
def test_a_line_that_never_opens_again_names_no_time(best: BestTime) -> None:
    assert expect(Opening(PARIS, False, (), None, frozenset()), best, at("2026-11-23T15:00")) is None
