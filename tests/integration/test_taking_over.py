"""Whoever is to be called back and rings again waits in the place they have."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest

from hotline.ivr.events import Keyed
from hotline.queue.ids import LegSid, LineName
from hotline.queue.outcomes import Outcome
from hotline.queue.places import PlaceKind
from hotline.queue.tickets import Attempt, TicketState
from hotline.store import callbacks, calls, tickets
from hotline.switchboard.holding import HoldEnd
from hotline.switchboard.moment import Moment
from tests.factories import CALLER
from tests.integration.callers import (
    FIRST,
    OTHER,
    SECOND,
    THIRD,
    busy,
    in_hold,
    listed,
    number,
    promised,
    waits_in,
)
from tests.integration.desk import Desk
from tests.integration.rounds import at_the_same_time

PAUSE = timedelta(hours=1)
ROUNDS = 12


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with busy(database_url) as desk:
        yield desk


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


class Undone(Exception):
    """Ends a look: what it wrote is rolled back."""


def test_whoever_rings_again_waits_in_the_place_they_have(desk: Desk) -> None:
    began = desk.clock.now()
    ticket = promised(desk, FIRST)
    desk.clock.pass_(1200)
    in_hold(desk, SECOND)
    place = waits_in(desk, SECOND)
    assert (place.kind, place.ticket_id, place.queued_at) == (PlaceKind.CALL, ticket, began)
    assert desk.due() == []
    assert "place_taken_over" in desk.log_of(SECOND)


def test_and_is_called_back_all_the_same_when_they_hang_up(desk: Desk) -> None:
    began = desk.clock.now()
    ticket = promised(desk, FIRST)
    desk.clock.pass_(1200)
    in_hold(desk, SECOND)
    desk.caller_left(SECOND)
    assert (desk.became(SECOND), listed(desk)) == (Outcome.CALLBACK, [ticket])
    assert desk.due()[0].queued_at == began


@pytest.mark.parametrize(
    ("shown", "before", "again", "taken"),
    [
        (CALLER, "2", "2", True),
        (CALLER, "2", "0", True),
        (CALLER, "0", "2", True),
        (CALLER, "2", "1", False),
        (OTHER, "2", "2", False),
        ("anonymous", "2", "2", False),
    ],
)
def test_the_same_number_about_the_same_matter(
    desk: Desk, shown: str, before: str, again: str, taken: bool
) -> None:
    """Whoever has not said what it is about may mean that."""
    ticket = promised(desk, FIRST, key=before)
    in_hold(desk, SECOND, shown, again)
    assert waits_in(desk, SECOND).ticket_id == (ticket if taken else None)
    assert listed(desk) == ([] if taken else [ticket])


@pytest.mark.parametrize("line", ["demo", "another"])
def test_on_the_same_line(desk: Desk, line: str) -> None:
    promised(desk, FIRST)

    def look(m: Moment) -> None:
        call = calls.add(m.tx, SECOND, LineName(line), m.lines.lines[0].version, CALLER, m.now)
        assert call.number_index is not None
        known = call.number_index
        taken = callbacks.take_over(m.tx, call.id, known, line, "taxes", "taxes", "fr", anybody=True)
        assert taken is (line == "demo")
        raise Undone

    with pytest.raises(Undone):
        desk.at_once(look)


def test_what_the_second_call_says_holds_from_then_on(desk: Desk) -> None:
    promised(desk, FIRST, key="0")
    place = desk.due()[0].place
    at = desk.clock.now() + PAUSE
    desk.at_once(lambda m: callbacks.postpone(m.tx, place, at))
    desk.arrive(SECOND, CALLER)
    desk.key(SECOND, "8")
    desk.key(SECOND, "2", turn=2)
    mine = waits_in(desk, SECOND)
    assert (mine.id, mine.topic, mine.skill, mine.language) == (place, "taxes", "taxes", "en")
    desk.caller_left(SECOND)
    assert desk.due() == [], "they are still called back when they were told"
    desk.clock.pass_(PAUSE.total_seconds())
    (due,) = desk.due()
    assert (due.place, due.language, due.not_before) == (place, "en", at)


def test_who_had_another_number_noted_is_known_by_both(desk: Desk) -> None:
    in_hold(desk, FIRST)
    desk.press(FIRST)
    desk.held(FIRST, 2, HoldEnd.LEFT)
    desk.event(FIRST, 3, Keyed("2"))
    desk.event(FIRST, 4, Keyed("0639980002"))
    desk.caller_left(FIRST)
    ticket = desk.ticket_of(FIRST).id
    assert number(desk, FIRST) == OTHER
    for leg, shown in ((SECOND, CALLER), (THIRD, OTHER)):
        in_hold(desk, leg, shown)
        assert waits_in(desk, leg).ticket_id == ticket
        desk.caller_left(leg)


def test_the_place_of_somebody_who_is_still_on_the_line_is_theirs(desk: Desk) -> None:
    """Two of one household, say: the first is in the middle of saying where to be called back."""
    in_hold(desk, FIRST)
    desk.press(FIRST)
    in_hold(desk, SECOND)
    assert waits_in(desk, SECOND).ticket_id is None


def test_of_two_places_the_older_one_is_taken_over(desk: Desk) -> None:
    older = promised(desk, FIRST)
    desk.clock.pass_(60)
    promised(desk, SECOND, key="1")
    in_hold(desk, THIRD, key="0")
    assert waits_in(desk, THIRD).ticket_id == older


def test_of_those_who_ring_again_at_the_same_instant_one_has_the_place(
    desk: Desk, pool: ThreadPoolExecutor
) -> None:
    for n in range(ROUNDS):
        ticket = promised(desk, LegSid(f"before {n}"), f"+3363998{n:04}")
        legs = [LegSid(f"again {n}.{one}") for one in range(4)]
        for leg in legs:
            desk.arrive(leg, f"+3363998{n:04}")
        at_the_same_time(pool, [partial(desk.key, leg, "2") for leg in legs])
        assert sorted(waits_in(desk, leg).ticket_id == ticket for leg in legs) == [False] * 3 + [True]
        for leg in legs:
            desk.caller_left(leg)


def test_whoever_is_recorded_as_reached_while_they_ring_again_is_one_or_the_other(
    desk: Desk, pool: ThreadPoolExecutor
) -> None:
    """Helped, and waiting about something else; or waiting in the place that they have."""
    for n in range(ROUNDS):
        ticket = promised(desk, LegSid(f"before {n}"), f"+3363998{n:04}")
        leg = LegSid(f"again {n}")
        desk.arrive(leg, f"+3363998{n:04}")
        acts: list[Callable[[], object]] = [
            partial(desk.attempt, ticket, Attempt.REACHED),
            partial(desk.key, leg, "2"),
        ]
        reached, _ = at_the_same_time(pool, acts)
        with desk.services.store.reading() as tx:
            found = tickets.get(tx, ticket)
            tried = len(tickets.attempts(tx, ticket))
        assert found is not None
        ways = (True, None, TicketState.CLOSED, 1), (False, ticket, TicketState.CALLBACK_DUE, 0)
        assert (reached, waits_in(desk, leg).ticket_id, found.state, tried) in ways
        desk.caller_left(leg)
