"""The team as coordinators see it: a row for each person, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hotline.dashboard import words
from hotline.dashboard.abilities import Choices, offered
from hotline.dashboard.languages import translated as _
from hotline.queue.mediators import Availability
from hotline.queue.shifts import Hours, Shift, hours_on, wall_clock
from hotline.services import Services
from hotline.store.people import Person

MOST: Final = 200
"""Of more people than that nobody reads a list: there is the search."""

PAUSES: Final = (30, 120, 1440)
"""Minutes; besides, until somebody ends it."""


@dataclass(frozen=True, slots=True)
class Row:
    person: Person
    role: str
    state: str
    kind: str
    """Of the state, for its colour: good, sorry or nothing."""
    pause_end: datetime | None
    """When their pause ends by itself."""
    topics: list[str]
    languages: list[str]
    today: list[Hours]
    """Nothing when their account is closed: then they do not count."""


@dataclass(frozen=True, slots=True)
class Team:
    rows: list[Row]
    many: int
    """How many there are besides those shown."""
    sought: str


def team(services: Services, people: Iterable[Person], sought: str, now: datetime) -> Team:
    """Those whose name holds what is sought, by name; all for nothing."""
    wanted = words.alphabetical(sought)
    found = [one for one in people if wanted in words.alphabetical(one.name)]
    found.sort(key=lambda one: words.alphabetical(one.name))
    choices = offered(services)
    rows = [row(one, choices, now) for one in found[:MOST]]
    return Team(rows, len(found) - len(rows), sought)


def row(person: Person, choices: Choices, now: datetime) -> Row:
    state, kind = _state(person)
    topics, spoken = dict(choices.skills), dict(choices.languages)
    return Row(
        person=person,
        role=words.role(person.account.role) if person.account else _("sans compte"),
        state=state,
        kind=kind,
        pause_end=_pause_end(person),
        topics=_labels(topics, person.skills),
        languages=_labels(spoken, person.languages),
        today=today(person.shifts, now) if _is_open(person) else [],
    )


def today(shifts: Iterable[Shift], now: datetime) -> list[Hours]:
    """The hours of today's shifts, in order."""
    found = {one for shift in shifts for one in hours_on(shift, wall_clock(now, shift.zone).day)}
    return sorted(found, key=lambda hours: (hours.start, hours.end))


def pauses(person: Person, now: datetime) -> list[tuple[int | None, str]]:
    """The pauses that a coordinator may choose, minutes and words: those that change anything."""
    said = {30: _("30 minutes"), 120: _("2 heures"), 1440: _("24 heures")}
    mediator = person.mediator
    is_off = mediator is not None and mediator.availability is Availability.OFF
    off_until = mediator.until if is_off and mediator is not None else now
    useful = [one for one in PAUSES if off_until is not None and now + timedelta(minutes=one) > off_until]
    return [(one, said[one]) for one in useful] + [(None, _("tant que personne n’y met fin"))]


def _labels(known: Mapping[str, str], keys: Iterable[str]) -> list[str]:
    """What the scripts no longer know is called by its key."""
    return [known.get(key, key) for key in keys]


def _pause_end(person: Person) -> datetime | None:
    mediator = person.mediator
    if mediator is None or not mediator.has_number or not _is_open(person):
        return None
    return mediator.until if mediator.availability is Availability.AWAY else None


def _is_open(person: Person) -> bool:
    return person.account is None or person.account.active


def _state(person: Person) -> tuple[str, str]:
    account, mediator = person.account, person.mediator
    if not _is_open(person):
        return _("compte fermé"), "sorry"
    if account is not None and account.password is None and mediator is None:
        return _("pas encore venu·e"), ""
    if mediator is None:
        return _("ne prend pas d’appels"), ""
    if not mediator.has_number:
        return _("sans numéro"), "sorry"
    waits = mediator.availability in (Availability.AVAILABLE, Availability.OFF)
    if waits and not person.is_on_duty:
        return _("hors permanence"), ""
    kind = {Availability.AWAY: "sorry", Availability.OFF: ""}.get(mediator.availability, "good")
    said, why = (
        words.availability(mediator.availability, mediator.away_reason),
        words.away(mediator.away_reason),
    )
    return f"{said} ({why})" if why else said, kind
