"""Crowds of mediators and of callers, as hypothesis makes them up, put into the database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from hotline.queue.ids import LegSid, LineName, MediatorId, PlaceId
from hotline.queue.mediators import Availability, Standing
from hotline.queue.offers import OfferState
from hotline.queue.places import PlaceKind, PlaceState
from hotline.queue.shifts import Hours, Shift
from hotline.store import calls, mediators, offers, places, shifts
from hotline.store.places import Place
from hotline.store.transactions import Store, Tx

NOW: Final = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ZONES: Final = ("Europe/Paris", "America/Martinique")
SKILLS: Final = ("taxes", "benefits", "health")
LANGUAGES: Final = ("fr", "en")
MANY_RUNS: Final = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store(database_url, "a secret for the tests")
    yield store
    store.close()


class Undone(Exception):
    """Ends an example: what it wrote is rolled back."""


@dataclass(frozen=True)
class Person:
    availability: Availability
    idle_minutes: int
    languages: frozenset[str]
    skills: frozenset[str]
    shifts: tuple[Shift, ...]
    manual_minutes: int | None


EDGES: Final = (
    datetime(2026, 3, 29, 0, 59, tzinfo=UTC),
    datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
    datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 0, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
    datetime(2028, 2, 28, 23, 0, tzinfo=UTC),
    datetime(2028, 2, 29, 23, 0, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 0, tzinfo=UTC),
    NOW,
)
"""Both changes of the clocks, a leap day and its midnights, the turn of a year."""
INSTANTS: Final = st.builds(
    lambda edge, minutes: edge + timedelta(minutes=minutes), st.sampled_from(EDGES), st.integers(-2000, 2000)
)
DAYS: Final = st.integers(0, 6) | st.sampled_from([one.date() for one in EDGES])
HOURS: Final = st.builds(
    lambda start, length: Hours(start, start + length), st.integers(0, 1439), st.integers(1, 1440)
)
SHIFTS: Final = st.builds(Shift, DAYS, HOURS, st.sampled_from(ZONES))
PERSONS: Final = st.builds(
    Person,
    st.sampled_from([Availability.AVAILABLE, *Availability]),
    st.integers(0, 5),
    st.frozensets(st.sampled_from(LANGUAGES)),
    st.frozensets(st.sampled_from(SKILLS)),
    st.lists(SHIFTS, max_size=2).map(tuple),
    st.sampled_from([None, -1, 0, 1, 600]),
)


def person(tx: Tx, n: int, one: Person, now: datetime) -> MediatorId:
    since = now - timedelta(minutes=one.idle_minutes)
    key = mediators.add(tx, f"mediator {n}", f"+3363998{n:04}", one.languages, one.skills, since)
    mediators.claim(tx, key, [Availability.AVAILABLE], Standing(one.availability), since)
    for shift in one.shifts:
        shifts.add(tx, key, shift)
    if one.manual_minutes is not None:
        mediators.switch_on(tx, key, now + timedelta(minutes=one.manual_minutes))
    return key


@dataclass(frozen=True)
class Waiting:
    kind: PlaceKind
    minutes: int
    state: PlaceState
    reachable: bool
    language: str
    skill: str | None
    refused_minutes: int | None
    """Until when the mediator is not to be asked again, from now."""


WAITING: Final = st.builds(
    Waiting,
    st.sampled_from([PlaceKind.CALL, PlaceKind.CALL, PlaceKind.CALLBACK]),
    st.integers(0, 3),
    st.sampled_from([PlaceState.WAITING, *PlaceState]),
    st.sampled_from([True, True, False]),
    st.sampled_from(LANGUAGES),
    st.sampled_from([None, *SKILLS]),
    st.sampled_from([None, None, -1, 0, 1]),
)


def place(tx: Tx, n: int, waiting: Waiting, mediator: MediatorId) -> PlaceId:
    since = NOW - timedelta(minutes=waiting.minutes)
    call = calls.add(tx, LegSid(f"caller {n}"), LineName("demo"), "v1", None, since)
    wanted = Place(
        id=PlaceId(0),
        kind=waiting.kind,
        call_id=call.id,
        ticket_id=None,
        line=call.line,
        topic=None,
        skill=waiting.skill,
        language=waiting.language,
        state=waiting.state,
        reachable=waiting.reachable,
        queued_at=since,
        previous_id=None,
    )
    key = places.add(tx, wanted).id
    if waiting.refused_minutes is not None:
        offer = offers.add(tx, key, mediator, since, NOW)
        again_at = NOW + timedelta(minutes=waiting.refused_minutes)
        assert offers.end(tx, offer, OfferState.DECLINED, NOW, again_at)
    return key
