"""Which shifts somebody is reminded of, and in what words."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hotline.queue.ids import ShiftId
from hotline.queue.reminders import coming, letter
from hotline.queue.shifts import Shift, parse_hours

PARIS = "Europe/Paris"
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
"""Eleven o'clock in Paris."""
TUESDAY, WEDNESDAY = 1, 2


def shift(day: int | date, hours: str, zone: str = PARIS) -> Shift:
    return Shift(day, parse_hours(hours), zone)


def told(*rota: Shift, now: datetime = MONDAY) -> list[str]:
    """The starts that are told now, each in UTC, to somebody who was told nothing yet."""
    keyed = {ShiftId(n): one for n, one in enumerate(rota)}
    return [f"{one.start:%d %H:%M}" for one in coming(keyed, {}, now)]


@pytest.mark.parametrize(
    ("hours", "expected"), [("11:00-12:00", ["24 10:00"]), ("11:01-12:00", []), ("09:00-12:00", ["24 08:00"])]
)
def test_a_shift_is_told_a_day_before(hours: str, expected: list[str]) -> None:
    assert told(shift(TUESDAY, hours)) == expected


def test_all_of_a_day_is_told_with_the_first_of_it() -> None:
    rota = shift(TUESDAY, "14:00-18:00"), shift(TUESDAY, "09:00-12:00"), shift(WEDNESDAY, "09:00-12:00")
    assert told(*rota) == ["24 08:00", "24 13:00"]


def test_what_was_told_is_not_told_again_until_it_begins_again() -> None:
    key, rota = ShiftId(1), {ShiftId(1): shift(TUESDAY, "09:00-12:00")}
    (first,) = coming(rota, {}, MONDAY)
    assert coming(rota, {key: first.start}, MONDAY) == []
    (second,) = coming(rota, {key: first.start}, MONDAY + timedelta(days=7))
    assert second.start - first.start == timedelta(days=7)


def test_around_the_clock_nothing_begins() -> None:
    assert told(*(shift(day, "00:00-24:00") for day in range(7))) == []
    assert told(shift(TUESDAY, "09:00-10:00"), shift(TUESDAY, "10:00-11:00")) == ["24 08:00"]


@pytest.mark.parametrize("further", [["21:00-23:00"], ["21:00-22:00", "22:00-23:00"], ["20:30-23:00"]])
def test_what_joins_is_told_as_one_to_its_end(further: list[str]) -> None:
    hours = ["20:00-21:00", *further]
    rota = {ShiftId(n): shift(TUESDAY, one) for n, one in enumerate(hours)}
    found = coming(rota, {}, datetime(2026, 11, 24, 6, 0, tzinfo=UTC))
    subject, text = letter("Amina", "fr", "Numérique", "https://example.org", found)
    assert subject.endswith("mardi 24 novembre, de 20:00 à 23:00")
    assert text.count("mardi 24 novembre") == 1


def test_who_is_on_duty_for_days_is_told_the_end_of_the_first_shift() -> None:
    rota = {ShiftId(day): shift(day, "00:00-24:00") for day in range(1, 4)}
    (first,) = coming(rota, {}, MONDAY)
    assert first.end - first.start == timedelta(days=1)


def test_what_begins_together_is_told_once() -> None:
    rota = {
        ShiftId(1): shift(TUESDAY, "09:00-12:00"),
        ShiftId(2): shift(date(2026, 11, 24), "09:00-12:00"),
    }
    found = coming(rota, {}, MONDAY)
    assert [one.key for one in found] == [1, 2], "both are noted"
    _subject, text = letter("Amina", "fr", "Numérique", "https://example.org", found)
    assert text.count("mardi 24 novembre, de 09:00 à 12:00") == 1
    told_before = {ShiftId(1): found[0].start, ShiftId(2): None}
    assert coming(rota, told_before, MONDAY) == [], "it was told with the other one"


def test_a_shift_that_was_made_for_today_is_told_today() -> None:
    assert told(shift(date(2026, 11, 23), "14:00-18:00")) == ["23 13:00"]
    assert told(shift(date(2026, 11, 23), "09:00-18:00")) == [], "they are in it already"


def test_the_clock_of_the_zone_also_when_it_is_changed() -> None:
    saturday = datetime(2026, 10, 24, 9, 0, tzinfo=UTC)
    assert told(shift(6, "09:00-12:00"), now=saturday) == ["25 08:00"], "winter time begins in the night"
    assert told(shift(6, "09:00-12:00", "Indian/Reunion"), now=saturday) == ["25 05:00"]


def test_the_letter() -> None:
    rota = {ShiftId(1): shift(TUESDAY, "22:00-06:00"), ShiftId(2): shift(TUESDAY, "09:00-12:30")}
    found = coming(rota, {}, MONDAY)
    subject, text = letter("Amina", "fr", "Numérique", "https://example.org", found)
    assert subject == "Votre permanence\N{NO-BREAK SPACE}: mardi 24 novembre, de 09:00 à 12:30"
    assert "- mardi 24 novembre, de 09:00 à 12:30\n- mardi 24 novembre, de 22:00 à 06:00\n" in text
    assert "https://example.org/desk" in text
    subject, text = letter("Amina", "en", "Digital", "https://example.org", found)
    assert subject == "Your shift: Tuesday 24 November, from 09:00 to 12:30"
    assert "Hello Amina" in text
