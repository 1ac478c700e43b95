"""Shifts: by the clock on the wall, over whole years, in two zones, whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hotline.queue.shifts import Hours, Shift, covers, is_skipped, parse_day, parse_hours, wall_clock

PARIS, REUNION = "Europe/Paris", "Indian/Reunion"
FORWARD, BACK = date(2026, 3, 29), date(2026, 10, 25)
"""The clocks of Paris go from 2 to 3, and from 3 back to 2."""

HOURS = st.integers(0, 1439).flatmap(
    lambda start: st.builds(Hours, st.just(start), st.integers(start + 1, start + 1439))
)
DAYS = st.integers(0, 6) | st.dates(date(2024, 1, 1), date(2028, 12, 31))
SHIFTS = st.builds(Shift, DAYS, HOURS, st.sampled_from([PARIS, REUNION]))
EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 5 * 366 * 1440).map(lambda minutes: EPOCH + timedelta(minutes=minutes))


def restated(shift: Shift, now: datetime) -> bool:
    """The same in other words: some day on which it begins puts what the wall shows between its ends."""
    shown = now.astimezone(ZoneInfo(shift.zone)).replace(tzinfo=None)
    for back in (0, 1):
        day = shown.date() - timedelta(days=back)
        begins = day.weekday() == shift.day if isinstance(shift.day, int) else day == shift.day
        midnight = datetime.combine(day, datetime.min.time())
        start, end = (midnight + timedelta(minutes=n) for n in (shift.hours.start, shift.hours.end))
        if begins and start <= shown < end:
            return True
    return False


def covered(shift: Shift, first: date, days: int) -> list[datetime]:
    """Every minute within the shift, from that day's midnight in UTC on."""
    begin = datetime(first.year, first.month, first.day, tzinfo=UTC)
    minutes = (begin + timedelta(minutes=n) for n in range(days * 1440))
    return [now for now in minutes if covers(shift, now)]


@given(SHIFTS, INSTANTS)
def test_covers_is_what_the_wall_shows(shift: Shift, now: datetime) -> None:
    assert covers(shift, now) == restated(shift, now)


@pytest.mark.parametrize("zone", [PARIS, REUNION])
@pytest.mark.parametrize("year", [2026, 2028])
@pytest.mark.parametrize("hours", ["09:00-12:30", "22:00-06:00", "00:00-24:00", "02:00-03:00"])
def test_a_weekly_shift_over_a_whole_year(zone: str, year: int, hours: str) -> None:
    shift = Shift(6, parse_hours(hours), zone)
    now, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    while now < end:
        assert covers(shift, now) == restated(shift, now), now
        now += timedelta(minutes=433)


@pytest.mark.parametrize(
    ("day", "hours", "minutes"),
    [
        (FORWARD, "09:00-12:00", 180),
        (FORWARD, "00:00-24:00", 23 * 60),
        (FORWARD, "02:00-03:00", 0),
        (FORWARD, "01:30-03:30", 60),
        (date(2026, 3, 28), "22:00-06:00", 7 * 60),
        (BACK, "09:00-12:00", 180),
        (BACK, "00:00-24:00", 25 * 60),
        (BACK, "02:00-03:00", 2 * 60),
        (date(2026, 10, 24), "22:00-06:00", 9 * 60),
        (date(2028, 2, 29), "22:00-06:00", 8 * 60),
    ],
)
def test_how_long_a_shift_of_one_day_lasts(day: date, hours: str, minutes: int) -> None:
    assert len(covered(Shift(day, parse_hours(hours), PARIS), day - timedelta(days=1), 3)) == minutes


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31), date(2027, 3, 27)])
@pytest.mark.parametrize("hours", ["02:00-03:00", "02:15-02:45", "01:59-02:30", "02:30-03:01", "22:00-06:00"])
@pytest.mark.parametrize("zone", [PARIS, REUNION])
def test_a_shift_is_skipped_when_no_minute_is_within_it(day: date, hours: str, zone: str) -> None:
    shift = Shift(day, parse_hours(hours), zone)
    assert is_skipped(shift) is (covered(shift, day - timedelta(days=1), 3) == [])


def test_a_shift_of_every_week_is_never_skipped_for_good() -> None:
    assert not is_skipped(Shift(6, parse_hours("02:15-02:45"), PARIS))


def test_a_shift_keeps_its_time_of_day_when_the_clocks_change() -> None:
    shift = Shift(0, parse_hours("09:00-09:01"), PARIS)
    summer, winter = covered(shift, date(2026, 10, 18), 9)
    assert (summer.hour, winter.hour) == (7, 8)


def test_the_same_shift_elsewhere_is_another_time() -> None:
    here, there = (Shift(0, parse_hours("09:00-09:01"), zone) for zone in (PARIS, REUNION))
    assert covered(here, date(2026, 11, 23), 1)[0].hour == 8
    assert covered(there, date(2026, 11, 23), 1)[0].hour == 5


def test_an_overnight_shift_belongs_to_the_day_it_begins_on() -> None:
    sunday = Shift(6, parse_hours("22:00-06:00"), REUNION)
    assert covers(sunday, datetime(2026, 11, 23, 1, 59, tzinfo=UTC)), "Monday, 5:59"
    assert not covers(sunday, datetime(2026, 11, 23, 2, 0, tzinfo=UTC)), "Monday, 6:00"
    assert not covers(sunday, datetime(2026, 11, 22, 1, 0, tzinfo=UTC)), "Sunday, 5:00"


def test_the_29th_of_february() -> None:
    leap = Shift(parse_day("2028-02-29"), parse_hours("23:00-01:00"), PARIS)
    assert covers(leap, datetime(2028, 2, 29, 23, 30, tzinfo=UTC)), "the first of March, 0:30"
    assert not covers(leap, datetime(2027, 2, 28, 22, 30, tzinfo=UTC))
    with pytest.raises(ValueError, match="'2027-02-29' is not a day"):
        parse_day("2027-02-29")


def test_what_the_clock_shows() -> None:
    clock = wall_clock(datetime(2026, 11, 23, 20, 30, tzinfo=UTC), REUNION)
    assert (clock.day, clock.minute, clock.yesterday) == (date(2026, 11, 24), 30, date(2026, 11, 23))


@example(Hours(0, 1440))
@given(HOURS)
def test_hours_are_read_as_they_are_written(hours: Hours) -> None:
    assert parse_hours(str(hours)) == hours


@pytest.mark.parametrize(
    ("text", "written"),
    [("09:00-12:30", "09:00-12:30"), (" 22:00-06:00 ", "22:00-06:00"), ("00:00-24:00", "00:00-24:00")],
)
def test_hours_as_people_write_them(text: str, written: str) -> None:
    assert str(parse_hours(text)) == written


@pytest.mark.parametrize(
    "text", ["", "9-12", "09:00", "09:60-12:00", "09:00-12:60", "24:00-06:00", "10:00-24:30", "10:00-25:00"]
)
def test_hours_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match=rf"^'{text}' is not (hours like 09:00-12:30|a time of day)$"):
        parse_hours(text)


@pytest.mark.parametrize("text", ["09:00-09:00", "00:00-00:00"])
def test_hours_that_end_as_they_begin(text: str) -> None:
    with pytest.raises(ValueError, match=f"^'{text}' ends as it begins; a whole day is 00:00-24:00$"):
        parse_hours(text)


@pytest.mark.parametrize(("start", "end"), [(-1, 60), (1440, 1500), (60, 60), (60, 59), (60, 1501)])
def test_hours_that_cannot_be(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=f"hours from minute {start} to {end}"):
        Hours(start, end)


def test_days_are_read() -> None:
    assert [parse_day(day) for day in ("mon", "sun", "2026-11-23")] == [0, 6, date(2026, 11, 23)]


@pytest.mark.parametrize("text", ["", "lundi", "Mon", "31/12/2026", "2026-13-01"])
def test_days_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match=f"^'{text}' is not a day like mon, nor a date like 2027-02-28$"):
        parse_day(text)
