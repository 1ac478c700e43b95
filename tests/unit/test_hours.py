"""When a line is open."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.ivr.hours import Opening, is_holiday, parse, zone
from hotline.ivr.reading import ScriptError, Table

PARIS, REUNION = "Europe/Paris", "Indian/Reunion"
WEEK: dict[str, Any] = {day: ["09:00-12:00", "13:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}


def opening(zone: str = PARIS, **values: Any) -> Opening:
    return parse(Table(values, "hours"), zone)


def at(text: str, zone: str = PARIS) -> datetime:
    """An instant by the local clock."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@given(st.datetimes(timezones=st.just(UTC)))
def test_always_is_always(now: datetime) -> None:
    assert opening(always=True).is_open(now)


@pytest.mark.parametrize(
    ("when", "is_open"),
    [
        ("2026-11-23T08:59", False),
        ("2026-11-23T09:00", True),
        ("2026-11-23T11:59", True),
        ("2026-11-23T12:00", False),
        ("2026-11-23T13:00", True),
        ("2026-11-23T18:00", False),
        ("2026-11-22T10:00", False),
        ("2026-07-20T09:00", True),
        ("2026-07-20T08:59", False),
    ],
)
def test_weekly_hours_by_the_lines_own_clock(when: str, is_open: bool) -> None:
    assert opening(**WEEK).is_open(at(when)) is is_open


def test_the_same_hours_overseas() -> None:
    assert opening(REUNION, **WEEK).is_open(at("2026-11-23T09:00", REUNION))
    assert not opening(REUNION, **WEEK).is_open(at("2026-11-23T09:00", PARIS))


def test_public_holidays_are_shut() -> None:
    first_of_may = at("2026-05-01T10:00")
    assert opening(**WEEK).is_open(first_of_may)
    assert not opening(**WEEK, holidays="FR").is_open(first_of_may)
    assert opening(**WEEK, holidays="FR").is_open(at("2026-05-04T10:00"))


def test_the_end_of_slavery_is_a_holiday_of_la_reunion_only() -> None:
    day = date(2027, 12, 20)
    assert is_holiday(day, "FR-RE")
    assert not is_holiday(day, "FR")
    assert not opening(REUNION, **WEEK, holidays="FR-RE").is_open(at("2027-12-20T10:00", REUNION))


@pytest.mark.parametrize("day", ["2026-12-24", "2026-12-28", "2027-01-01"])
def test_closures_are_shut(day: str) -> None:
    hours = opening(**WEEK, closures=["2026-12-24", "2026-12-28/2027-01-01"])
    assert not hours.is_open(at(f"{day}T10:00"))
    assert hours.is_open(at("2026-12-23T10:00"))
    assert hours.is_open(at("2027-01-04T10:00"))


def test_a_night_belongs_to_the_day_it_begins_on() -> None:
    nights = opening(thu=["22:00-06:00"], fri=["22:00-06:00"], closures=["2026-11-27"])
    assert nights.is_open(at("2026-11-26T23:00"))
    assert nights.is_open(at("2026-11-27T05:00")), "the night of Thursday"
    assert not nights.is_open(at("2026-11-27T23:00"))
    assert not nights.is_open(at("2026-11-28T05:00")), "the night of Friday"


def test_the_whole_day_ends_at_midnight() -> None:
    monday = opening(mon=["00:00-24:00"])
    assert monday.is_open(at("2026-11-23T00:00"))
    assert monday.is_open(at("2026-11-23T23:59"))
    assert not monday.is_open(at("2026-11-24T00:00"))


def test_a_line_open_around_the_clock_has_its_closures_too() -> None:
    always = opening(always=True, holidays="FR", closures=["2026-12-24"])
    assert always.is_open(datetime(2026, 11, 23, 3, 0, tzinfo=UTC))
    assert not always.is_open(datetime(2026, 12, 24, 12, 0, tzinfo=UTC))
    assert not always.is_open(datetime(2026, 5, 1, 12, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        ({}, "always: is missing, and no day has hours"),
        ({"mon": ["9-12"]}, "mon: '9-12' is not hours"),
        ({"holidays": "Utopia"}, "holidays: 'Utopia' has no known public holidays"),
        ({"closures": ["Christmas"]}, "closures: 'Christmas' is no day"),
        ({"closures": ["2027-01-01/2026-12-24"]}, "closures: '2027-01-01/2026-12-24' is no day"),
        ({"closures": ["2026-12-24/"]}, "closures: '2026-12-24/' is no day"),
        ({"closures": ["/2026-12-24"]}, "closures: '/2026-12-24' is no day"),
        (
            {"closures": ["0001-01-01/9999-12-31"]},
            "closures: '0001-01-01/9999-12-31' is 3652059 days; at most 4",
        ),
        (
            {"closures": ["2026-01-01/2027-02-05"]},
            "closures: '2026-01-01/2027-02-05' is 401 days; at most 400",
        ),
        ({"monday": ["09:00-12:00"]}, "monday: is not known here"),
        ({"mon": ["09:00-12:00"], "tuesday": []}, "tuesday: is not known here"),
        ({"mon": ["09:00-12:00", "11:59-14:00"]}, "mon: 09:00-12:00 and 11:59-14:00 overlap: write them as"),
        ({"mon": ["13:00-14:00", "09:00-18:00"]}, "mon: 09:00-18:00 and 13:00-14:00 overlap"),
        ({"mon": ["22:00-06:00", "23:00-24:00"]}, "mon: 22:00-06:00 and 23:00-24:00 overlap"),
        ({"mon": ["09:00-12:00", "09:00-12:00"]}, "mon: 09:00-12:00 and 09:00-12:00 overlap"),
        ({"always": True, "mon": ["09:00-12:00"]}, "always: is true, but there are days with hours too"),
    ],
)
def test_hours_that_cannot_be_read_are_named(mistake: dict[str, Any], words: str) -> None:
    with pytest.raises(ScriptError, match=rf"^hours\.{words}"):
        opening(**mistake)


def test_hours_that_follow_each_other_do_not_overlap() -> None:
    hours = opening(mon=["12:00-14:00", "09:00-12:00", "22:00-06:00"])
    assert hours.is_open(at("2026-11-23T12:00"))


def test_a_year_of_closures_is_not_too_long() -> None:
    hours = opening(**WEEK, closures=["2026-01-01/2027-02-04", *["2027-05-01"] * 30])
    assert not hours.is_open(at("2027-02-04T10:00"))
    assert hours.is_open(at("2027-02-05T10:00"))


@pytest.mark.parametrize("name", ["Paris", "../zones"])
def test_a_zone_that_is_none_is_named(name: str) -> None:
    with pytest.raises(ScriptError, match=r"^zone: .* is not a time zone like Europe/Paris$"):
        zone(Table({"zone": name}))


def test_a_zone_is_its_name() -> None:
    assert zone(Table({"zone": REUNION})) == REUNION
