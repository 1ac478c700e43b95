"""From when on a callback may be expected: the line's hours and the caller's best time of day."""

from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from hotline.ivr.hours import Opening
from hotline.queue.tickets import BestTime

HOURS: Final = MappingProxyType(
    {
        BestTime.MORNING: (time(8), time(12)),
        BestTime.AFTERNOON: (time(12), time(20)),
        BestTime.ANY: (time(7), time(21)),
    }
)
"""What people mean by it, by the line's clock: nobody is called at midnight because the line opens then."""
A_NIGHT: Final = timedelta(hours=10)
"""Longer than that nobody waits for the day: a line that is open at night calls back at night."""
DAYS_AHEAD: Final = 14
"""A line that has no mornings at all calls back whenever it is open."""


def expect(opening: Opening, best: BestTime, now: datetime) -> datetime | None:
    """The first instant at which the line is open at that time of day; None when that is now.

    At any time of day is now, whenever the line is open: they have just called themselves.
    """
    soonest = opening.next_opening(now)
    wished = _by_day(opening, soonest, now) if best is BestTime.ANY else _at_best(opening, best, now)
    at = wished or soonest
    return at if at is None or at > now else None


def _by_day(opening: Opening, soonest: datetime | None, now: datetime) -> datetime | None:
    """When the line opens; in the morning, if that is in the middle of the night and it stays open."""
    if soonest is None or soonest <= now:
        return soonest
    at = _at_best(opening, BestTime.ANY, now)
    return at if at is not None and at - soonest <= A_NIGHT else soonest


def _at_best(opening: Opening, best: BestTime, now: datetime) -> datetime | None:
    zone, (start, end) = ZoneInfo(opening.zone), HOURS[best]
    at = opening.next_opening(now)
    while at is not None and at - now < timedelta(days=DAYS_AHEAD):
        local = at.astimezone(zone)
        if start <= local.time() < end:
            return at
        day = local.date() if local.time() < start else local.date() + timedelta(days=1)
        at = opening.next_opening(datetime.combine(day, start, zone).astimezone(now.tzinfo))
    return None
