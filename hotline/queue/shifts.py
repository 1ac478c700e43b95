"""Shifts: when a mediator is on duty. Wall-clock times in a zone, so a change of the clocks moves nothing."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

MINUTES_A_DAY: Final = 24 * 60
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")


@dataclass(frozen=True, slots=True)
class Hours:
    """From `start` to `end`, in minutes after midnight of the first day; `end` beyond 1440 is tomorrow."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < MINUTES_A_DAY or not self.start < self.end <= self.start + MINUTES_A_DAY:
            raise ValueError(f"hours from minute {self.start} to {self.end}")

    def __str__(self) -> str:
        return f"{_clock(self.start)}-{_clock(self.end)}"


@dataclass(frozen=True, slots=True)
class Shift:
    """`hours` on every `day` (0 is Monday), or on one `day` (a date), by the clock of `zone`."""

    day: int | date
    hours: Hours
    zone: str


@dataclass(frozen=True, slots=True)
class WallClock:
    """What a clock in `zone` shows: the question that a store can answer by comparing columns."""

    zone: str
    day: date
    minute: int

    @property
    def yesterday(self) -> date:
        return self.day - timedelta(days=1)


def wall_clock(now: datetime, zone: str) -> WallClock:
    """Read the clock of `zone` at the instant `now` (aware)."""
    local = now.astimezone(ZoneInfo(zone))
    return WallClock(zone, local.date(), local.hour * 60 + local.minute)


def covers(shift: Shift, now: datetime) -> bool:
    """Whether `now` lies within the shift; an overnight shift belongs to the day it begins on.

    Judged by what the clock on the wall shows: in the hour that is lived twice in autumn the answer is
    the same twice, and the hour that spring skips is nobody's.
    """
    clock = wall_clock(now, shift.zone)
    today = _is_on(shift.day, clock.day) and shift.hours.start <= clock.minute < shift.hours.end
    since_yesterday = _is_on(shift.day, clock.yesterday) and clock.minute + MINUTES_A_DAY < shift.hours.end
    return today or since_yesterday


def parse_hours(text: str) -> Hours:
    """Read "09:00-12:30"; "22:00-06:00" ends on the next day, "00:00-24:00" is the whole day.

    Raises ValueError for anything else.
    """
    found = _HOURS.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is not hours like 09:00-12:30")
    first, first_minute, last, last_minute = map(int, found.groups())
    start, end = first * 60 + first_minute, last * 60 + last_minute
    if first_minute > 59 or last_minute > 59 or start >= MINUTES_A_DAY or end > MINUTES_A_DAY:
        raise ValueError(f"{text!r} is not a time of day")
    if start == end:
        raise ValueError(f"{text!r} ends as it begins; a whole day is 00:00-24:00")
    return Hours(start, end if end > start else end + MINUTES_A_DAY)


def parse_day(text: str) -> int | date:
    """Read "mon" … "sun", or a date such as "2027-02-28". Raises ValueError for anything else."""
    if text in DAYS:
        return DAYS.index(text)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a day like mon, nor a date like 2027-02-28") from error


def _is_on(day: int | date, when: date) -> bool:
    return when.weekday() == day if isinstance(day, int) else when == day


def _clock(minute: int) -> str:
    if minute == MINUTES_A_DAY:
        return "24:00"
    return time(minute // 60 % 24, minute % 60).strftime("%H:%M")
