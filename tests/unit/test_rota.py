"""Holes in the rota: found to the minute, over midnight, on holidays, and where the clocks change."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hotline.ivr.hours import Opening
from hotline.ivr.rota import Gap, gaps
from hotline.queue.shifts import Hours, Shift, covers, parse_hours

ZONE = "Europe/Paris"
MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
"""Eight in the morning in Paris."""


def opening(*weekly: Shift, country: str | None = None, closures: frozenset[date] = frozenset()) -> Opening:
    return Opening(ZONE, not weekly, weekly, country, closures)


def shift(day: int | date, hours: str) -> Shift:
    return Shift(day, parse_hours(hours), ZONE)


WORKDAYS = tuple(shift(day, "09:00-12:00") for day in range(5))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of that November in UTC, by the clock of Paris."""
    return datetime(2026, 11, day, hour - 1, minute, tzinfo=UTC)


def test_a_week_that_is_covered_has_no_hole() -> None:
    assert gaps(opening(*WORKDAYS), WORKDAYS, MONDAY) == []


def test_without_any_shift_each_opening_is_a_hole() -> None:
    found = gaps(opening(*WORKDAYS), [], MONDAY)
    assert found == [Gap(at(day, 9), at(day, 12)) for day in range(23, 28)]


def test_a_hole_is_what_is_left() -> None:
    rota = [shift(0, "08:00-10:00"), shift(0, "11:30-18:00"), shift(date(2026, 11, 24), "09:00-12:00")]
    found = gaps(opening(*WORKDAYS[:2]), rota, MONDAY)
    assert found == [Gap(at(23, 10), at(23, 11, 30))]


def test_a_line_that_never_closes_and_a_night_shift() -> None:
    found = gaps(opening(), [shift(day, "22:00-06:00") for day in range(7)], MONDAY, days=2)
    assert found == [
        Gap(at(23, 8), at(23, 22)),
        Gap(at(24, 6), at(24, 22)),
        Gap(at(25, 6), at(25, 8)),
    ]


def test_a_shift_counts_by_the_clock_of_its_own_zone() -> None:
    """In November Réunion is three hours ahead: theirs of Tuesday morning begins in Paris on Monday."""
    there = [
        Shift(1, parse_hours("01:00-03:00"), "Indian/Reunion"),
        Shift(date(2026, 11, 23), parse_hours("23:00-01:00"), "Indian/Reunion"),
    ]
    found = gaps(opening(shift(0, "19:00-24:00")), there, MONDAY)
    assert found == [Gap(at(23, 19), at(23, 20))]


def test_nobody_is_missed_while_the_line_is_shut() -> None:
    shut = frozenset({date(2026, 11, 24)})
    found = gaps(opening(*WORKDAYS, closures=shut), [], MONDAY)
    assert [gap.start.day for gap in found] == [23, 25, 26, 27]


def test_what_has_begun_is_a_hole_from_now_on() -> None:
    now = at(23, 10, 17)
    assert gaps(opening(*WORKDAYS), [], now)[0] == Gap(now, at(23, 12))


def test_where_the_clocks_change() -> None:
    now = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
    nights = [shift(day, "00:00-24:00") for day in range(7)]
    assert gaps(opening(), nights, now) == []


hours = st.integers(0, 1439).flatmap(
    lambda start: st.builds(Hours, st.just(start), st.integers(start + 1, start + 1440))
)
shifts = st.builds(Shift, st.integers(0, 6), hours, st.just(ZONE))


@given(st.lists(shifts, max_size=5), st.lists(shifts, min_size=1, max_size=4), st.integers(0, 7 * 1440 - 1))
def test_an_instant_is_in_a_hole_if_the_line_is_open_and_nobody_is_there(
    rota: list[Shift], weekly: list[Shift], minute: int
) -> None:
    line = opening(*weekly)
    now = MONDAY + timedelta(minutes=minute)
    is_hole = any(gap.start <= now < gap.end for gap in gaps(line, rota, MONDAY))
    assert is_hole == (line.is_open(now) and not any(covers(one, now) for one in rota))
