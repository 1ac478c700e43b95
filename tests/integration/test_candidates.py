"""The named queries find whom the plain rules would choose among everyone."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hotline.queue import routing
from hotline.queue.mediators import PRESENT, Availability
from hotline.queue.places import PlaceKind, PlaceState
from hotline.queue.routing import Need
from hotline.queue.shifts import Hours, Shift, covers
from hotline.store import candidates, places, scripts, shifts
from hotline.store.transactions import Store, Tx
from tests.integration import checks
from tests.integration.crowds import (
    INSTANTS,
    LANGUAGES,
    MANY_RUNS,
    NOW,
    PERSONS,
    SHIFTS,
    SKILLS,
    WAITING,
    Person,
    Undone,
    Waiting,
    person,
    place,
    store,
)

__all__ = ["store"]


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
