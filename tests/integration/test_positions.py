"""The position that a caller is told: who is before them for a mediator whom they could have, too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.queue import routing
from hotline.queue.mediators import PRESENT, Availability
from hotline.queue.places import PlaceKind, PlaceState
from hotline.queue.routing import Candidate, Need
from hotline.store import places, positions, scripts
from hotline.store.places import Place
from hotline.store.transactions import Store, Tx
from tests.integration import checks
from tests.integration.crowds import (
    MANY_RUNS,
    NOW,
    PERSONS,
    WAITING,
    Person,
    Undone,
    Waiting,
    person,
    place,
    store,
)

__all__ = ["store"]
ON_THE_LINE = {PlaceState.WAITING, PlaceState.OFFERED}
BUSY = Availability.ON_CALL


@MANY_RUNS
@given(queue=st.lists(WAITING, min_size=1, max_size=8), people=st.lists(PERSONS, max_size=4))
def test_before_a_caller_is_whom_their_mediators_may_take_first(
    store: Store, queue: list[Waiting], people: list[Person]
) -> None:
    """Of those who came at the same instant, too, each has a position of their own."""

    def look(tx: Tx) -> None:
        everyone = crowd(tx, queue, people)
        there = [one for one in checks.everybody(tx, NOW) if one.on_duty and one.availability in PRESENT]
        for mine in everyone:
            before = [
                other
                for other in everyone
                if (other.queued_at, other.id) < (mine.queued_at, mine.id) and rivals(other, mine, there)
            ]
            line = positions.line_up(tx, mine, NOW)
            assert line.position == len(before) + 1
            needs = [Need(one.language, one.skill) for one in (mine, *before)]
            serve = [one for one in there if any(routing.suits(need, one) for need in needs)]
            assert positions.serving(tx, line, NOW) == len(serve)
        raise Undone

    with pytest.raises(Undone):
        store.run(look)


def crowd(tx: Tx, queue: list[Waiting], people: list[Person]) -> list[Place]:
    keys = [person(tx, n, one, NOW) for n, one in enumerate([mediator("fr"), *people])]
    scripts.keep(tx, "v1", "demo", {}, NOW)
    return [places.get(tx, place(tx, n, waiting, keys[0])) for n, waiting in enumerate(queue)]


def rivals(other: Place, mine: Place, there: list[Candidate]) -> bool:
    if other.kind is not PlaceKind.CALL or other.state not in ON_THE_LINE:
        return False
    theirs, ours = Need(other.language, other.skill), Need(mine.language, mine.skill)
    return theirs == ours or any(routing.suits(theirs, one) and routing.suits(ours, one) for one in there)


def mediator(language: str, *skills: str, availability: Availability = BUSY) -> Person:
    return Person(availability, 0, frozenset({language}), frozenset(skills), (), 600)


def waits(minutes: int, skill: str | None, language: str = "fr") -> Waiting:
    return Waiting(PlaceKind.CALL, minutes, PlaceState.WAITING, True, language, skill, None)


@pytest.mark.parametrize(
    ("people", "told"),
    [
        pytest.param([mediator("fr", "taxes", "health", "benefits")], [1, 2, 3], id="one for all"),
        pytest.param([mediator("fr", "taxes"), mediator("fr", "health", "benefits")], [1, 1, 2], id="two"),
        pytest.param(
            [mediator("fr", "taxes"), mediator("fr", "health", "benefits", availability=Availability.AWAY)],
            [1, 1, 1],
            id="one is away",
        ),
    ],
)
def test_with_few_mediators_for_all_topics_one_caller_is_next(
    store: Store, people: list[Person], told: list[int]
) -> None:
    queue = [waits(3, "taxes"), waits(2, "health"), waits(1, "benefits")]

    def look(tx: Tx) -> None:
        assert [positions.line_up(tx, mine, NOW).position for mine in crowd(tx, queue, people)] == told
        raise Undone

    with pytest.raises(Undone):
        store.run(look)
