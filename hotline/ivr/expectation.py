"""From when on a callback may be expected: the line's hours and the caller's best time of day."""

from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from hotline.ivr.hours import Opening
from hotline.queue.tickets import BestTime

HOURS: Final = MappingProxyType(
    {BestTime.MORNING: (time(8), time(12)), BestTime.AFTERNOON: (time(12), time(20))}
)
"""What people mean by it, by the line's clock: nobody is called at midnight because that is morning."""
DAYS_AHEAD: Final = 14
"""A line that has no mornings at all calls back whenever it is open."""


def expect(opening: Opening, best: BestTime, now: datetime) -> datetime | None:
    """The first instant at which the line is open at that time of day; None when that is now."""
    soonest = opening.next_opening(now)
    at = soonest if best is BestTime.ANY else _at_best(opening, best, now) or soonest
    return at if at is None or at > now else None


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
