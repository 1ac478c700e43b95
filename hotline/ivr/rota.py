"""Holes in the rota: when the line is open and nobody is on duty."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hotline.ivr.hours import Opening
from hotline.queue.shifts import Shift, covers, span, wall_clock


@dataclass(frozen=True, slots=True)
class Gap:
    """From the first instant to the second, in UTC."""

    start: datetime
    end: datetime


def gaps(opening: Opening, shifts: Collection[Shift], since: datetime, days: int = 7) -> list[Gap]:
    """When the line is open in the days from `since` on and no shift covers it, in order.

    Whoever is on duty by hand is not counted: that is not planned.
    """
    # who works does not matter: the shifts of many people are few different ones
    different = set(shifts)
    by_day = _by_day(different)
    turns = sorted(_turns(opening, different, since, since + timedelta(days=days)))
    found: list[Gap] = []
    for start, end in pairwise(turns):
        if not opening.is_open(start) or _is_covered(by_day, start):
            continue
        if found and found[-1].end == start:
            found[-1] = Gap(found[-1].start, end)
        else:
            found.append(Gap(start, end))
    return found


_ByDay = Mapping[str, Mapping[int | date, list[Shift]]]


def _by_day(shifts: Collection[Shift]) -> _ByDay:
    """By zone and day."""
    found: defaultdict[str, defaultdict[int | date, list[Shift]]] = defaultdict(lambda: defaultdict(list))
    for one in shifts:
        found[one.zone][one.day].append(one)
    return found


def _is_covered(shifts: _ByDay, at: datetime) -> bool:
    """Whether a shift covers that instant; only those of its day and of the day before are looked at."""
    for zone, of_day in shifts.items():
        clock = wall_clock(at, zone)
        days = (clock.day, clock.day.weekday(), clock.yesterday, clock.yesterday.weekday())
        if any(covers(one, at) for day in days for one in of_day.get(day, ())):
            return True
    return False


def _turns(opening: Opening, shifts: Collection[Shift], since: datetime, until: datetime) -> set[datetime]:
    """The instants at which anything may change: shifts and hours begin or end, a day begins."""
    found = {since, until}
    first = since.astimezone(ZoneInfo(opening.zone)).date() - timedelta(days=1)
    for ahead in range((until - since).days + 3):
        day = first + timedelta(days=ahead)
        found.add(datetime.combine(day, time(), ZoneInfo(opening.zone)).astimezone(UTC))
        for shift in (*shifts, *opening.weekly):
            found.update(span(shift, day) or ())
    return {at for at in found if since <= at <= until}
