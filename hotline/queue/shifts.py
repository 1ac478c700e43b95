"""Shifts: when a mediator is on duty. Wall-clock times in a zone, so a change of the clocks moves nothing."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
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


def is_over(shift: Shift, now: datetime) -> bool:
    """Whether a shift on one day has ended; one that is worked every week never has."""
    if isinstance(shift.day, int):
        return False
    clock = wall_clock(now, shift.zone)
    return (clock.day - shift.day).days * MINUTES_A_DAY + clock.minute >= shift.hours.end


def is_skipped(shift: Shift) -> bool:
    """Whether the clock never shows a shift on one day: it lies within the hour that spring skips."""
    if isinstance(shift.day, int):
        return False
    return all(
        wall_clock(_instant(shift.day, minute, shift.zone), shift.zone).minute != minute % MINUTES_A_DAY
        for minute in (shift.hours.start, shift.hours.end - 1)
    )


def overlapping(shift: Shift, others: Collection[Shift]) -> list[Shift]:
    """Which of the others, of the same zone, share a minute with it whenever it is worked.

    What is worked once says nothing of what is worked every week.
    """
    first, last = shift.hours.start, shift.hours.end
    return [one for one in others if any(start < last and first < end for start, end in _beside(shift, one))]


def is_covered(shift: Shift, others: Collection[Shift]) -> bool:
    """Whether the others, taken together, are worked all the time that the shift is."""
    reached = shift.hours.start
    for start, end in sorted(times for one in others for times in _beside(shift, one)):
        if start <= reached:
            reached = max(reached, end)
    return reached >= shift.hours.end


def _beside(shift: Shift, other: Shift) -> list[tuple[int, int]]:
    """When the other is worked around that shift: minutes after midnight of the day it begins on."""
    if other.zone != shift.zone or (isinstance(shift.day, int) and not isinstance(other.day, int)):
        return []
    # of a weekly one any week will do: this began on a Monday
    begins = date(2001, 1, 1) + timedelta(days=shift.day) if isinstance(shift.day, int) else shift.day
    return [
        (hours.start + days * MINUTES_A_DAY, hours.end + days * MINUTES_A_DAY)
        for days in (-1, 0, 1)
        for hours in hours_on(other, begins + timedelta(days=days))
    ]


def hours_on(shift: Shift, day: date) -> list[Hours]:
    """The hours of the shift that begins on `day`: one, or none."""
    return [shift.hours] if _is_on(shift.day, day) else []


def span(shift: Shift, day: date) -> tuple[datetime, datetime] | None:
    """When the shift that begins on `day` begins and ends, in UTC; None when none begins on it."""
    if not _is_on(shift.day, day):
        return None
    return _instant(day, shift.hours.start, shift.zone), _instant(day, shift.hours.end, shift.zone)


def next_start(shift: Shift, now: datetime) -> datetime | None:
    """When the shift begins next, after `now`; None when it never does again."""
    today = wall_clock(now, shift.zone).day
    days = (today + timedelta(days=ahead) for ahead in range(9))
    candidates = [shift.day] if isinstance(shift.day, date) else [d for d in days if d.weekday() == shift.day]
    starts = (_instant(day, shift.hours.start, shift.zone) for day in candidates)
    return next((start for start in starts if start > now), None)


def present_end(shift: Shift, now: datetime) -> datetime | None:
    """When the shift that covers `now` ends; None when it does not cover it."""
    if not covers(shift, now):
        return None
    today = wall_clock(now, shift.zone).day
    ends = (
        _instant(day, shift.hours.end, shift.zone)
        for day in (today - timedelta(days=1), today)
        if _is_on(shift.day, day)
    )
    return next((end for end in ends if end > now), None)


def on_duty_until(shifts: Collection[Shift], manual_until: datetime | None, now: datetime) -> datetime | None:
    """Until when somebody is on duty without a break; None: for longer than a day, or not at all."""
    end = max(manual_until or now, now)
    while end < now + timedelta(days=1):
        further = [one for one in (present_end(shift, end) for shift in shifts) if one is not None]
        if not further:
            return end if end > now else None
        end = max(further)
    return None


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


def _instant(day: date, minute: int, zone: str) -> datetime:
    midnight = datetime.combine(day + timedelta(days=minute // MINUTES_A_DAY), time(), ZoneInfo(zone))
    return midnight.replace(hour=minute % MINUTES_A_DAY // 60, minute=minute % 60).astimezone(UTC)


def _is_on(day: int | date, when: date) -> bool:
    return when.weekday() == day if isinstance(day, int) else when == day


def _clock(minute: int) -> str:
    if minute == MINUTES_A_DAY:
        return "24:00"
    return time(minute // 60 % 24, minute % 60).strftime("%H:%M")
