"""Callbacks: made of places, listed in the order of the places, and what became of an attempt."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial

import pytest

from hotline.queue.ids import LegSid, TicketId
from hotline.queue.places import PlaceEnd, PlaceKind, PlaceState
from hotline.queue.tickets import Attempt, TicketState
from hotline.store import callbacks, places, tickets
from hotline.switchboard.moment import Moment
from tests.factories import CALLER
from tests.integration.callers import FIRST, OTHER, SECOND, THIRD, busy, in_hold, listed, promised, waits_in
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


def state_of(desk: Desk, ticket: TicketId) -> TicketState:
    with desk.services.store.reading() as tx:
        found = tickets.get(tx, ticket)
    assert found is not None
    return found.state


def to_come(desk: Desk) -> list[tuple[TicketId, datetime | None]]:
    with desk.services.store.reading() as tx:
        return [(one.ticket, one.not_before) for one in callbacks.later(tx, desk.clock.now())]


def queued_at(desk: Desk, ticket: TicketId) -> datetime:
    return next(one.queued_at for one in desk.due() if one.ticket == ticket)


# the list


def test_first_come_first_called_back_and_of_two_at_once_the_first_in_the_book(desk: Desk) -> None:
    """Whenever they pressed the 9."""
    for leg, shown in ((FIRST, CALLER), (SECOND, OTHER), (THIRD, "+33639980003")):
        in_hold(desk, leg, shown)
        desk.clock.pass_(60 if leg == FIRST else 0)
    for leg in (THIRD, SECOND, FIRST):
        desk.clock.pass_(60)
        desk.press(leg)
        desk.caller_left(leg)
    assert listed(desk) == [desk.ticket_of(leg).id for leg in (FIRST, SECOND, THIRD)]


def test_what_is_listed_is_what_whoever_calls_back_must_know(desk: Desk) -> None:
    began = desk.clock.now()
    ticket = promised(desk, FIRST)
    desk.clock.pass_(600)
    (due,) = desk.due()
    assert (due.ticket, due.topic, due.language) == (ticket, "taxes", "fr")
    assert (due.queued_at, due.not_before) == (began, None)
    with desk.services.store.reading() as tx:
        assert tickets.number(tx, ticket) == CALLER


def test_nobody_is_called_back_while_they_are_still_on_the_line(desk: Desk) -> None:
    in_hold(desk, FIRST)
    desk.press(FIRST)
    assert desk.due() == []
    desk.caller_left(FIRST)
    assert listed(desk) == [desk.ticket_of(FIRST).id]


def test_what_is_not_due_yet_comes_later(desk: Desk) -> None:
    ticket = promised(desk, FIRST)
    at = desk.clock.now() + PAUSE
    place = desk.due()[0].place
    desk.at_once(lambda m: callbacks.postpone(m.tx, place, at))
    assert (desk.due(), to_come(desk)) == ([], [(ticket, at)])
    desk.clock.pass_(PAUSE.total_seconds())
    assert (listed(desk), to_come(desk)) == ([ticket], [])


class Undone(Exception):
    """Ends a look: what it wrote is rolled back."""


@pytest.mark.parametrize(
    "way", [[], [PlaceState.OFFERED], [PlaceState.OFFERED, PlaceState.CONNECTED]], ids=len
)
def test_an_open_place_becomes_a_callback_and_keeps_its_time(desk: Desk, way: list[PlaceState]) -> None:
    in_hold(desk, FIRST)
    place = waits_in(desk, FIRST)
    desk.clock.pass_(300)

    def look(m: Moment) -> None:
        assert all(places.claim(m.tx, place.id, state) for state in way)
        ticket = tickets.add(m.tx, place.call_id, "demo", "taxes", "fr", "0000", None, m.now)
        assert callbacks.become(m.tx, place.id, ticket)
        found = places.get(m.tx, place.id)
        assert (found.kind, found.state, found.reachable) == (PlaceKind.CALLBACK, PlaceState.WAITING, False)
        assert (found.queued_at, found.ticket_id) == (place.queued_at, ticket)
        raise Undone

    with pytest.raises(Undone):
        desk.at_once(look)


def test_a_place_that_has_ended_becomes_nothing(desk: Desk) -> None:
    in_hold(desk, FIRST)
    place = waits_in(desk, FIRST)
    desk.caller_left(FIRST)
    assert not desk.at_once(lambda m: callbacks.become(m.tx, place.id, TicketId(1)))


# attempts


def test_whoever_was_reached_is_no_longer_listed(desk: Desk) -> None:
    ticket = promised(desk, FIRST)
    assert desk.attempt(ticket, Attempt.REACHED, "the form is sent")
    assert (desk.due(), to_come(desk), state_of(desk, ticket)) == ([], [], TicketState.CLOSED)
    with desk.services.store.reading() as tx:
        (tried,) = tickets.attempts(tx, ticket)
        assert places.ends_of(tx, desk.ticket_of(FIRST).call_id) == {PlaceEnd.ANSWERED}
    assert (tried.at, tried.result, tried.note) == (
        desk.clock.now(),
        Attempt.REACHED,
        "the form is sent",
    )


def test_whoever_was_not_reached_keeps_the_place_and_is_left_alone_for_a_while(desk: Desk) -> None:
    began = desk.clock.now()
    ticket = promised(desk, FIRST)
    desk.clock.pass_(600)
    other = promised(desk, SECOND, OTHER)
    assert desk.attempt(ticket, Attempt.NOT_REACHED)
    assert listed(desk) == [other]
    assert to_come(desk) == [(ticket, desk.clock.now() + PAUSE)]
    desk.clock.pass_(PAUSE.total_seconds())
    assert (listed(desk), queued_at(desk, ticket)) == ([ticket, other], began)
    assert desk.attempt(ticket, Attempt.REACHED)
    with desk.services.store.reading() as tx:
        assert [one.result for one in tickets.attempts(tx, ticket)] == [Attempt.NOT_REACHED, Attempt.REACHED]


def test_nobody_is_called_sooner_than_they_were_told(desk: Desk) -> None:
    """Also when somebody has tried too early."""
    ticket = promised(desk, FIRST)
    at, place = desk.clock.now() + 3 * PAUSE, desk.due()[0].place
    desk.at_once(lambda m: callbacks.postpone(m.tx, place, at))
    assert desk.attempt(ticket, Attempt.NOT_REACHED)
    assert to_come(desk) == [(ticket, at)]


def test_whoever_is_given_up_has_a_reason_written_down(desk: Desk) -> None:
    ticket = promised(desk, FIRST)
    assert desk.attempt(ticket, Attempt.GIVEN_UP, "a wrong number")
    assert (desk.due(), state_of(desk, ticket)) == ([], TicketState.CLOSED)


def test_what_is_done_or_was_never_there_is_not_done_again(desk: Desk) -> None:
    ticket = promised(desk, FIRST)
    assert desk.attempt(ticket, Attempt.REACHED)
    for key in (ticket, TicketId(999)):
        for result in Attempt:
            assert not desk.attempt(key, result)
    with desk.services.store.reading() as tx:
        assert len(tickets.attempts(tx, ticket)) == 1


def test_who_waits_again_on_the_line_is_not_called_back_meanwhile(desk: Desk) -> None:
    ticket = promised(desk, FIRST)
    in_hold(desk, SECOND)
    assert not desk.attempt(ticket, Attempt.REACHED)
    assert waits_in(desk, SECOND).ticket_id == ticket


def test_of_eight_who_have_called_back_at_once_one_has(desk: Desk, pool: ThreadPoolExecutor) -> None:
    for n in range(ROUNDS):
        ticket = promised(desk, LegSid(f"before {n}"), f"+3363998{n:04}")
        results = [Attempt.REACHED, Attempt.GIVEN_UP] * 4
        noted = at_the_same_time(pool, [partial(desk.attempt, ticket, result) for result in results])
        assert sorted(noted) == [False] * 7 + [True]
        with desk.services.store.reading() as tx:
            assert len(tickets.attempts(tx, ticket)) == 1
