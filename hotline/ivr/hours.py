"""When a line is open: weekly hours by the line's own clock, less public holidays and closures."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

import holidays

from hotline.ivr.reading import Table
from hotline.queue.shifts import DAYS, Hours, Shift, covers, parse_hours, wall_clock

FARTHEST: Final = timedelta(days=400)
"""An opening beyond that is none: no caller could do anything with it."""
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Opening:
    """`weekly` hours, or around the clock; shut on public holidays of `country` and on `closures`."""

    zone: str
    always: bool
    weekly: tuple[Shift, ...]
    country: str | None
    closures: frozenset[date]

    def is_open(self, now: datetime) -> bool:
        """Whether the line is open at `now`. Hours past midnight belong to the day they begin on."""
        if self.always:
            return not self._shut(wall_clock(now, self.zone).day)
        return any(covers(shift, now) and not self._shut(_began(shift, now)) for shift in self.weekly)

    def next_opening(self, now: datetime) -> datetime | None:
        """The first instant from `now` on at which the line is open, in UTC; None when it is too far away."""
        if self.is_open(now):
            return now
        today = wall_clock(now, self.zone).day
        for number in range(FARTHEST.days + 1):
            turns = self._turns(today + timedelta(days=number))
            openings = [at for at in turns if now < at <= now + FARTHEST and self.is_open(at)]
            if openings:
                return min(openings)
        return None

    def _turns(self, day: date) -> Iterator[datetime]:
        """The instants of `day` at which a closed line may turn into an open one, and perhaps others.

        A time of day that is lived twice is two instants. A change of the clocks may end the time that hours
        begin in, or bring back a time within them.
        """
        if not self._shut(day):
            for start in self._starts(day):
                yield from (_instant(day, start, self.zone, fold) for fold in (0, 1))
        yield from _changes_of_the_clock(day, self.zone)

    def _starts(self, day: date) -> set[int]:
        if self.always:
            return {0}
        return {shift.hours.start for shift in self.weekly if shift.day in (day.weekday(), day)}

    def _shut(self, day: date) -> bool:
        return day in self.closures or (self.country is not None and is_holiday(day, self.country))


def _instant(day: date, minute: int, zone: str, fold: int = 0) -> datetime:
    shown = datetime.combine(day, time(minute // 60, minute % 60, fold=fold), ZoneInfo(zone))
    return shown.astimezone(UTC)


def _changes_of_the_clock(day: date, zone: str) -> list[datetime]:
    """The first instant after each change of the clocks between the midnights of `day`: one at most."""
    begin, end = (_instant(one, 0, zone) for one in (day, day + timedelta(days=1)))
    minutes = range((end - begin) // _MINUTE)

    def changed(minute: int) -> bool:
        return _offset(begin + minute * _MINUTE, zone) != _offset(begin, zone)

    if not changed(len(minutes)):
        return []
    return [begin + bisect_left(minutes, True, key=changed) * _MINUTE]


def _offset(now: datetime, zone: str) -> timedelta | None:
    return now.astimezone(ZoneInfo(zone)).utcoffset()


def is_holiday(day: date, country: str) -> bool:
    """Whether `day` is a public holiday in `country` (ISO 3166, "FR", or "FR-RE" for La Réunion)."""
    name, _, subdivision = country.partition("-")
    return day in holidays.country_holidays(name, subdiv=subdivision or None, years=day.year)


def parse(table: Table, zone: str) -> Opening:
    """Read the table of hours; raises ScriptError."""
    always = table.flag("always", False)
    country = _country(table)
    closures = _closures(table)
    weekly = _weekly(table, zone)
    if always and weekly:
        raise table.wrong("always", "is true, but there are days with hours too: leave out one or the other")
    # a day that is spelt wrongly is named first: it is why there are no hours
    table.end()
    if not always and not weekly:
        raise table.wrong("always", "is missing, and no day has hours: the line would never open")
    return Opening(zone, always, weekly, country, closures)


def _began(shift: Shift, now: datetime) -> date:
    clock = wall_clock(now, shift.zone)
    began_today = clock.day.weekday() == shift.day and shift.hours.start <= clock.minute
    return clock.day if began_today else clock.yesterday


def _country(table: Table) -> str | None:
    country = table.text("holidays") if table.has("holidays") else None
    if country is not None:
        try:
            is_holiday(date(2026, 1, 1), country)
        except NotImplementedError as error:
            raise table.wrong("holidays", f"{country!r} has no known public holidays") from error
    return country


def _weekly(table: Table, zone: str) -> tuple[Shift, ...]:
    shifts: list[Shift] = []
    for number, day in enumerate(DAYS):
        if table.has(day):
            shifts += [Shift(number, hours, zone) for hours in _day(table, day)]
    return tuple(shifts)


def _day(table: Table, day: str) -> list[Hours]:
    try:
        found = [parse_hours(text) for text in table.texts(day)]
    except ValueError as error:
        raise table.wrong(day, str(error)) from error
    for earlier, later in pairwise(sorted(found, key=lambda hours: hours.start)):
        if later.start < earlier.end:
            raise table.wrong(day, f"{earlier} and {later} overlap: write them as one")
    return found


def _closures(table: Table) -> frozenset[date]:
    if not table.has("closures"):
        return frozenset()
    days: set[date] = set()
    for text in table.texts("closures", most=FARTHEST.days):
        try:
            begin, end = _days(text)
        except ValueError as error:
            raise table.wrong(
                "closures", f"{text!r} is no day like 2026-12-24 nor days like 2026-12-24/2027-01-01"
            ) from error
        many = (end - begin).days + 1
        if many > FARTHEST.days:
            raise table.wrong(
                "closures", f"{text!r} is {many} days; at most {FARTHEST.days}: check the years"
            )
        days |= {begin + timedelta(days=number) for number in range(many)}
    return frozenset(days)


def _days(text: str) -> tuple[date, date]:
    """The first and the last day. Raises ValueError."""
    first, slash, last = text.partition("/")
    begin = date.fromisoformat(first)
    end = date.fromisoformat(last) if slash else begin
    if end < begin:
        raise ValueError(text)
    return begin, end


def zone(table: Table) -> str:
    """Read the name of a time zone; raises ScriptError."""
    name = table.text("zone")
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise table.wrong("zone", f"{name!r} is not a time zone like Europe/Paris") from error
    return name
