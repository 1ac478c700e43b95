"""The states of places, offers, tickets and mediators, and what became of a call."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.queue import offers, places, tickets
from hotline.queue.mediators import BREATHER, MISSED, PRESENT, Availability, Patience, Standing, after_offer
from hotline.queue.offers import OfferState
from hotline.queue.outcomes import Facts, Outcome, outcome
from hotline.queue.places import PlaceState
from hotline.queue.tickets import TicketState

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SHORT = timedelta(seconds=5)
PATIENCE = Patience(misses=3, pause=timedelta(minutes=15), breather=timedelta(seconds=5))


def reachable(moves: Mapping[Any, frozenset[Any]], first: Any) -> set[Any]:
    found: set[Any] = set()
    new = {first}
    while new:
        found |= new
        new = {target for source in new for target in moves[source]} - found
    return found


@pytest.mark.parametrize(
    ("moves", "kind", "terminal"),
    [
        (places.MOVES, PlaceState, {PlaceState.ENDED}),
        (
            offers.MOVES,
            OfferState,
            {OfferState.DECLINED, OfferState.EXPIRED, OfferState.WITHDRAWN, OfferState.FINISHED},
        ),
        (tickets.MOVES, TicketState, frozenset[TicketState]()),
    ],
    ids=["places", "offers", "tickets"],
)
def test_every_state_is_reached_and_only_the_terminal_ones_are_the_end(
    moves: Mapping[Any, frozenset[Any]], kind: type[StrEnum], terminal: set[Any]
) -> None:
    """The first state of each kind is the one in which it begins."""
    states: set[Any] = set(kind)
    assert set(moves) == states, "every state has its moves"
    assert reachable(moves, next(iter(kind))) == states
    assert {state for state, targets in moves.items() if not targets} == terminal
    assert all(state not in targets for state, targets in moves.items()), "a move goes somewhere"
    for state in states - terminal:
        assert not terminal or reachable(moves, state) & terminal, f"no way out of {state}"


def test_what_is_live_or_open_is_what_has_not_ended() -> None:
    assert {state for state, targets in places.MOVES.items() if targets} == places.OPEN
    assert {state for state, targets in offers.MOVES.items() if targets} == offers.LIVE
    assert offers.LIVE - {OfferState.ACCEPTED} == offers.PENDING


@pytest.mark.parametrize("state", PlaceState)
def test_before_a_place(state: PlaceState) -> None:
    assert all((state in places.MOVES[one]) is (one in places.before(state)) for one in PlaceState)


@pytest.mark.parametrize("state", OfferState)
def test_before_an_offer(state: OfferState) -> None:
    assert all((state in offers.MOVES[one]) is (one in offers.before(state)) for one in OfferState)


@pytest.mark.parametrize("state", TicketState)
def test_before_a_ticket(state: TicketState) -> None:
    assert all((state in tickets.MOVES[one]) is (one in tickets.before(state)) for one in TicketState)


def test_a_ticket_that_is_closed_may_be_opened_or_promised_again() -> None:
    assert tickets.MOVES[TicketState.CLOSED] == {TicketState.OPEN, TicketState.CALLBACK_DUE}


def test_an_offer_is_accepted_only_while_it_rings() -> None:
    assert offers.before(OfferState.ACCEPTED) == {OfferState.RINGING}


def test_a_place_is_connected_only_from_an_offer() -> None:
    assert places.before(PlaceState.CONNECTED) == {PlaceState.OFFERED}


def test_only_an_expired_offer_is_a_miss() -> None:
    assert [state for state in OfferState if offers.missed(state)] == [OfferState.EXPIRED]


def test_who_is_present_may_be_on_duty() -> None:
    assert set(Availability) - PRESENT == {Availability.AWAY, Availability.OFF}


@pytest.mark.parametrize("misses", range(5))
def test_an_offer_that_was_no_miss_leaves_a_breather_and_the_count(misses: int) -> None:
    found = after_offer(misses, missed=False, now=NOW, patience=PATIENCE)
    assert found == Standing(Availability.WRAP_UP, NOW + PATIENCE.breather, misses, BREATHER)


def test_misses_in_a_row_lead_away_for_a_while_and_are_forgotten_then() -> None:
    first = after_offer(0, missed=True, now=NOW, patience=PATIENCE)
    second = after_offer(first.misses, missed=True, now=NOW, patience=PATIENCE)
    third = after_offer(second.misses, missed=True, now=NOW, patience=PATIENCE)
    assert first == Standing(Availability.WRAP_UP, NOW + PATIENCE.breather, 1, BREATHER)
    assert second == Standing(Availability.WRAP_UP, NOW + PATIENCE.breather, 2, BREATHER)
    assert third == Standing(Availability.AWAY, NOW + PATIENCE.pause, 0, MISSED)


@given(st.integers(0, 50), st.booleans(), st.integers(1, 20))
def test_nobody_is_lost_for_the_day(misses: int, missed: bool, allowed: int) -> None:
    patience = Patience(allowed, PATIENCE.pause, PATIENCE.breather)
    found = after_offer(misses, missed=missed, now=NOW, patience=patience)
    assert found.until is not None
    assert NOW < found.until <= NOW + patience.pause


FLAGS = [field.name for field in fields(Facts) if field.name != "lasted"]
LASTED = st.integers(0, 10).map(lambda n: timedelta(seconds=n))
FACTS = st.builds(Facts, lasted=LASTED, **{name: st.booleans() for name in FLAGS})


def applies(facts: Facts) -> list[Outcome]:
    """All outcomes that apply, in the order of the list."""
    tests = {
        Outcome.BLOCKED: facts.blocked,
        Outcome.ANSWERED: facts.answered,
        Outcome.CALLBACK: facts.callback,
        Outcome.MESSAGE: facts.message,
        Outcome.FAILED: facts.failed,
        Outcome.INFORMED: facts.informed,
        Outcome.SHORT: facts.lasted < SHORT,
        Outcome.ABANDONED_IN_QUEUE: facts.queued,
        Outcome.ABANDONED_IN_MENU: True,
    }
    return [one for one in Outcome if tests[one]]


@given(FACTS)
def test_every_call_has_the_first_outcome_that_applies(facts: Facts) -> None:
    assert outcome(facts, SHORT) is applies(facts)[0]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(timedelta(0)), Outcome.SHORT),
        (Facts(timedelta(seconds=5)), Outcome.ABANDONED_IN_MENU),
        (Facts(timedelta(seconds=5), queued=True), Outcome.ABANDONED_IN_QUEUE),
        (Facts(timedelta(seconds=4), queued=True), Outcome.SHORT),
        (Facts(timedelta(0), informed=True), Outcome.INFORMED),
        (Facts(timedelta(0), failed=True, informed=True), Outcome.FAILED),
        (Facts(timedelta(0), callback=True, failed=True), Outcome.CALLBACK),
        (Facts(timedelta(0), answered=True, callback=True), Outcome.ANSWERED),
        (Facts(timedelta(0), message=True, informed=True, queued=True), Outcome.MESSAGE),
        (Facts(timedelta(0), message=True, failed=True), Outcome.MESSAGE),
        (Facts(timedelta(0), callback=True, message=True), Outcome.CALLBACK),
        (Facts(timedelta(0), blocked=True, informed=True), Outcome.BLOCKED),
    ],
)
def test_outcomes(facts: Facts, expected: Outcome) -> None:
    assert outcome(facts, SHORT) is expected
