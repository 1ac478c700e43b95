"""Holes in the rota: when the line is open and nobody is on duty."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hotline.ivr.hours import Opening
from hotline.queue.shifts import Shift, covers, span


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
    turns = sorted(_turns(opening, different, since, since + timedelta(days=days)))
    found: list[Gap] = []
    for start, end in pairwise(turns):
        if not opening.is_open(start) or any(covers(shift, start) for shift in different):
            continue
        if found and found[-1].end == start:
            found[-1] = Gap(found[-1].start, end)
        else:
            found.append(Gap(start, end))
    return found


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
