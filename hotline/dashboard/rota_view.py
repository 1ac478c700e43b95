"""The rota as coordinators see it: a week for each person, single days, and when nobody is there."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from hotline.dashboard import words
from hotline.ivr.rota import Gap, gaps
from hotline.queue.ids import MediatorId, ShiftId
from hotline.queue.mediators import Availability
from hotline.queue.shifts import Shift, is_over
from hotline.services import Services
from hotline.store import mediators, shifts
from hotline.store.mediators import Mediator

MOST: Final = 50
"""People, and single days: of more nobody reads a list, and there is the search."""
MOST_GAPS: Final = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """A shift as it stands in the table."""

    id: ShiftId
    mediator: Mediator
    shift: Shift


@dataclass(frozen=True, slots=True)
class Rota:
    to_choose: list[Mediator]
    """Whom a shift may be given to: all of them where they are few, else those that were found."""
    unlisted: int
    """How many there are besides those to choose from."""
    week: list[tuple[Mediator, list[list[Entry]]]]
    """Whoever has a weekly shift, and theirs from Monday to Sunday."""
    days: list[Entry]
    """Shifts on one day that are not over."""
    many: int
    """How many people have a weekly shift besides those shown."""
    many_days: int
    gaps: list[Gap]
    more_gaps: int
    sought: str
    found: int
    """How many are called as is sought."""
    only: Mediator | None
    """Of whom alone the shifts are shown."""


def rota(
    services: Services,
    now: datetime,
    sought: str = "",
    only: MediatorId | None = None,
    chosen: MediatorId | None = None,
) -> Rota:
    """Of those whose name holds what is sought, or of that one alone; the gaps are those of all together.

    `chosen`: who is to choose from whatever is sought.
    """
    with services.store.reading() as tx:
        people = {one.id: one for one in mediators.every(tx)}
        entries = [Entry(key, people[who], shift) for key, who, shift in shifts.every(tx)]
    opening = services.lines.lines[0].script.opening
    holes = gaps(opening, [one.shift for one in entries if _answers(one.mediator)], now)
    found = _found(list(people.values()), sought, only)
    wanted = [one for one in entries if one.mediator.id in found]
    week, days = _week(wanted), _days(wanted, now)
    rung = [one for one in people.values() if one.active]
    to_choose = _to_choose(rung, found, chosen)
    return Rota(
        to_choose=to_choose,
        unlisted=len(rung) - len(to_choose),
        week=week[:MOST],
        days=days[:MOST],
        many=len(week[MOST:]),
        many_days=len(days[MOST:]),
        gaps=holes[:MOST_GAPS],
        more_gaps=len(holes[MOST_GAPS:]),
        sought=sought,
        found=len(found),
        only=people.get(only) if only is not None else None,
    )


def _found(people: Sequence[Mediator], sought: str, only: MediatorId | None) -> set[MediatorId]:
    """Whose shifts are shown; of somebody who is not there (any more): everybody's."""
    named = {one.id for one in people if one.id == only}
    wanted = words.alphabetical(sought)
    return named or {one.id for one in people if wanted in words.alphabetical(one.name)}


def _to_choose(rung: list[Mediator], found: set[MediatorId], chosen: MediatorId | None) -> list[Mediator]:
    """By name; of many those that were found alone, so many at most, and whoever is chosen already."""
    if len(rung) <= MOST:
        return sorted(rung, key=_name)
    first = sorted((one for one in rung if one.id in found and one.id != chosen), key=_name)[:MOST]
    return sorted([*first, *(one for one in rung if one.id == chosen)], key=_name)


def _answers(mediator: Mediator) -> bool:
    """Whether a shift of theirs counts.

    Whoever is paused without end, has no number or a closed account will not be there.
    """
    is_back = mediator.availability is not Availability.AWAY or mediator.until is not None
    return is_back and mediator.has_number and mediator.active


def _week(entries: list[Entry]) -> list[tuple[Mediator, list[list[Entry]]]]:
    cells: defaultdict[tuple[MediatorId, object], list[Entry]] = defaultdict(list)
    weekly = [one for one in entries if isinstance(one.shift.day, int)]
    for one in sorted(weekly, key=lambda one: one.shift.hours.start):
        cells[one.mediator.id, one.shift.day].append(one)
    people = sorted({one.mediator.id: one.mediator for one in weekly}.values(), key=_name)
    return [(who, [cells[who.id, day] for day in words.WEEKDAYS]) for who in people]


def _days(entries: list[Entry], now: datetime) -> list[Entry]:
    single = [(one.shift.day, one) for one in entries if isinstance(one.shift.day, date)]
    found = [(day, one) for day, one in single if not is_over(one.shift, now)]
    return [one for _day, one in sorted(found, key=lambda each: (each[0], each[1].shift.hours.start))]


def _name(mediator: Mediator) -> str:
    return words.alphabetical(mediator.name)
