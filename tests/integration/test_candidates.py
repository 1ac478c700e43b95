"""The named queries find whom the plain rules would choose among everyone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hotline.queue import routing
from hotline.queue.ids import LegSid, LineName, MediatorId, PlaceId
from hotline.queue.mediators import PRESENT, Availability, Standing
from hotline.queue.offers import OfferState
from hotline.queue.places import PlaceKind, PlaceState
from hotline.queue.routing import Need
from hotline.queue.shifts import Hours, Shift, covers
from hotline.store import calls, candidates, holds, mediators, offers, places, scripts, shifts
from hotline.store.places import Place
from hotline.store.transactions import Store, Tx
from tests.integration import checks

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


@MANY_RUNS
@given(
    people=st.lists(PERSONS, max_size=8),
    now=INSTANTS,
    language=st.sampled_from(LANGUAGES),
    skill=st.sampled_from([None, *SKILLS]),
    previous=st.none() | st.integers(0, 7),
    refused=st.frozensets(st.integers(0, 7)),
    crowd=st.sampled_from([0, 0, candidates.LIMIT + 1]),
)
def test_the_few_candidates_are_enough(
    store: Store,
    people: list[Person],
    now: datetime,
    language: str,
    skill: str | None,
    previous: int | None,
    refused: frozenset[int],
    crowd: int,
) -> None:
    """Deciding over those found by index is deciding over everyone, in a crowd too."""
    anyone = Person(Availability.AVAILABLE, 6, frozenset(LANGUAGES), frozenset(SKILLS), (), 600)

    def look(tx: Tx) -> None:
        keys = [person(tx, n, one, now) for n, one in enumerate([anyone] * crowd + people)][crowd:]
        known = keys[previous % len(keys)] if keys and previous is not None else None
        need = Need(language, skill, known, frozenset(keys[n] for n in refused if n < len(keys)))
        everybody = checks.everybody(tx, now)
        few = candidates.free(tx, need, now)
        assert routing.decide(need, few) == routing.decide(need, everybody)
        assert len(few) <= candidates.LIMIT + 1
        assert [(one.id, one.idle_since, one.languages, one.skills) for one in few] == [
            (same.id, same.idle_since, same.languages, same.skills)
            for same in (next(other for other in everybody if other.id == one.id) for one in few)
        ]
        assert candidates.anyone_present(tx, need, now) == any(
            one.on_duty and routing.suits(need, one) and one.availability in PRESENT for one in everybody
        )
        assert candidates.count_present(tx, need, now) == sum(
            one.on_duty and routing.suits(need, one) and one.availability in PRESENT for one in everybody
        )
        raise Undone

    with pytest.raises(Undone):
        store.run(look)


@MANY_RUNS
@given(kept=st.lists(SHIFTS, min_size=1, max_size=4), now=INSTANTS)
@example(kept=[Shift(6, Hours(120, 180), "Europe/Paris")], now=datetime(2026, 3, 29, 1, 30, tzinfo=UTC))
@example(kept=[Shift(6, Hours(120, 180), "Europe/Paris")], now=datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
@example(kept=[Shift(6, Hours(120, 180), "Europe/Paris")], now=datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
@example(
    kept=[Shift(date(2028, 2, 29), Hours(1320, 1800), "Europe/Paris")],
    now=datetime(2028, 3, 1, 4, 59, tzinfo=UTC),
)
@example(
    kept=[Shift(0, Hours(1320, 1800), "America/Martinique")], now=datetime(2026, 11, 24, 9, 59, tzinfo=UTC)
)
def test_on_duty_is_what_the_shifts_cover(store: Store, kept: list[Shift], now: datetime) -> None:
    def look(tx: Tx) -> None:
        for n, shift in enumerate(kept):
            one = Person(Availability.AVAILABLE, 0, frozenset(), frozenset(), (shift,), None)
            key = person(tx, n, one, now)
            assert list(shifts.of(tx, key).values()) == [shift]
            assert shifts.is_on_duty(tx, key, now) == covers(shift, now)
        raise Undone

    with pytest.raises(Undone):
        store.run(look)


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


@MANY_RUNS
@given(
    queue=st.lists(WAITING, max_size=8),
    languages=st.frozensets(st.sampled_from(LANGUAGES)),
    skills=st.frozensets(st.sampled_from(SKILLS)),
)
def test_the_oldest_place_for_a_mediator(
    store: Store, queue: list[Waiting], languages: frozenset[str], skills: frozenset[str]
) -> None:
    def look(tx: Tx) -> None:
        one = person(tx, 0, Person(Availability.AVAILABLE, 0, languages, skills, (), 600), NOW)
        scripts.keep(tx, "v1", "demo", {}, NOW)
        keys = [place(tx, n, waiting, one) for n, waiting in enumerate(queue)]
        suitable = [
            (-waiting.minutes, key)
            for key, waiting in zip(keys, queue, strict=True)
            if waiting.kind is PlaceKind.CALL
            and waiting.state is PlaceState.WAITING
            and waiting.reachable
            and waiting.language in languages
            and (waiting.skill is None or waiting.skill in skills)
            and (waiting.refused_minutes is None or waiting.refused_minutes <= 0)
        ]
        found = places.oldest_for(tx, one, NOW)
        assert (found.id if found else None) == min(suitable, default=(0, None))[1]
        raise Undone

    with pytest.raises(Undone):
        store.run(look)


@MANY_RUNS
@given(queue=st.lists(WAITING, min_size=1, max_size=8))
def test_the_position_among_those_who_wait_for_the_same_mediators(store: Store, queue: list[Waiting]) -> None:
    """Of those who came at the same instant, too, each has a position of their own."""

    def look(tx: Tx) -> None:
        one = person(tx, 0, Person(Availability.AVAILABLE, 0, frozenset(), frozenset(), (), 600), NOW)
        scripts.keep(tx, "v1", "demo", {}, NOW)
        everyone = [places.get(tx, place(tx, n, waiting, one)) for n, waiting in enumerate(queue)]
        for mine in everyone:
            same = [other for other in everyone if _waits_for_the_same(other, mine)]
            before = [other for other in same if (other.queued_at, other.id) < (mine.queued_at, mine.id)]
            assert holds.position(tx, mine) == len(before) + 1
            assert holds.waiting(tx, mine.language, mine.skill) == len(same)
        raise Undone

    with pytest.raises(Undone):
        store.run(look)


def _waits_for_the_same(other: Place, mine: Place) -> bool:
    on_the_line = other.kind is PlaceKind.CALL and other.state in {PlaceState.WAITING, PlaceState.OFFERED}
    any_skill = other.skill is None or mine.skill is None
    return on_the_line and other.language == mine.language and (any_skill or other.skill == mine.skill)


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
