"""Promises to call back: made at once, refined by the dialogue, kept whatever the caller does next."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial

import pytest

from hotline.ivr.actions import Ask
from hotline.ivr.course import State, Step, read_state
from hotline.ivr.events import CallTooLong, Keyed
from hotline.queue.ids import LegSid
from hotline.queue.mediators import Availability
from hotline.queue.offers import OfferState
from hotline.queue.outcomes import Outcome
from hotline.queue.places import PlaceEnd
from hotline.queue.tickets import Attempt, BestTime, TicketState
from hotline.store import calls, mediators, offers, places, tickets
from hotline.store.calls import Call
from hotline.switchboard import promises
from hotline.switchboard.holding import HoldEnd, Leave, Stay
from hotline.switchboard.moment import Moment
from tests.factories import CALLER
from tests.integration import checks
from tests.integration.callers import (
    BUSY,
    FIRST,
    OTHER,
    SECOND,
    answered,
    busy,
    in_hold,
    listed,
    number,
    wants_callback,
    words,
)
from tests.integration.desk import Desk, opened
from tests.integration.rounds import at_the_same_time

KEYED = "+33639980077"


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with busy(database_url) as desk:
        yield desk


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def step_of(desk: Desk, leg: LegSid) -> Step:
    with desk.services.store.reading() as tx:
        return read_state(calls.get(tx, calls.outcome_of(tx, leg)[0]).state).step


def with_call(desk: Desk, leg: LegSid, work: Callable[[Moment, Call, State], None]) -> None:
    def locked(m: Moment) -> None:
        call = calls.lock(m.tx, leg)
        assert call is not None
        work(m, call, read_state(call.state))

    desk.at_once(locked)


# the 9 in hold


def test_the_9_keeps_the_place_from_that_instant_on(desk: Desk) -> None:
    began = desk.clock.now()
    in_hold(desk, FIRST)
    desk.clock.pass_(400)
    assert desk.press(FIRST)
    desk.clock.pass_(400)
    desk.caller_left(FIRST)
    (due,) = desk.due()
    assert (due.ticket, due.queued_at) == (desk.ticket_of(FIRST).id, began)
    assert (desk.became(FIRST), number(desk, FIRST)) == (Outcome.CALLBACK, CALLER)


@pytest.mark.parametrize("digits", ["1", "0", "*", "99", ""])
def test_no_other_key_changes_anything(desk: Desk, digits: str) -> None:
    in_hold(desk, FIRST)
    assert not desk.press(FIRST, digits)
    assert isinstance(desk.wait_turn(FIRST), Stay)
    assert "callback_promised" not in desk.log_of(FIRST)


def test_who_is_not_known_leaves_the_hold_and_begins_anew(desk: Desk) -> None:
    assert desk.press(LegSid("nobody"))


def test_pressed_twice_it_is_one_promise(desk: Desk) -> None:
    in_hold(desk, FIRST)
    assert [desk.press(FIRST), desk.press(FIRST), desk.wait_turn(FIRST)] == [True, True, Leave()]
    assert desk.log_of(FIRST).count("callback_promised") == 1
    assert re.fullmatch(r"\d{4}", desk.ticket_of(FIRST).code)


def test_the_dialogue_only_refines_it(desk: Desk) -> None:
    asked = wants_callback(desk, FIRST)
    assert (asked.then, step_of(desk, FIRST)) == (Ask(timedelta(seconds=6)), Step.CONFIRM)
    before = desk.ticket_of(FIRST)
    desk.event(FIRST, 3, Keyed("2"))
    desk.event(FIRST, 4, Keyed("0639980077"))
    desk.event(FIRST, 5, Keyed("1"))
    assert "Voici votre code" in words(desk.event(FIRST, 6, Keyed("2")))
    after = desk.ticket_of(FIRST)
    assert (after.id, after.code, after.best) == (before.id, before.code, BestTime.AFTERNOON)
    assert number(desk, FIRST) == KEYED
    assert desk.log_of(FIRST).count("callback_promised") == 1


@pytest.mark.parametrize("tell", [Desk.fetched, Desk.fell_back])
def test_a_push_or_a_failure_after_the_9_leads_into_the_dialogue(
    desk: Desk, tell: Callable[[Desk, LegSid], object]
) -> None:
    """The push was on its way before; nobody who pressed the 9 is put at the end of the queue."""
    in_hold(desk, FIRST)
    desk.press(FIRST)
    tell(desk, FIRST)
    assert step_of(desk, FIRST) is Step.CONFIRM
    desk.caller_left(FIRST)
    assert listed(desk) == [desk.ticket_of(FIRST).id]


def test_a_telephone_that_is_about_to_ring_goes_first(desk: Desk) -> None:
    in_hold(desk, FIRST)
    free = desk.mediator()
    desk.come_back(free)
    assert not desk.press(FIRST), "the push fetches them"
    desk.clock.pass_(4)
    assert desk.press(FIRST), "there was no push, and they are let out"
    assert answered(desk.held(FIRST, 2, HoldEnd.LEFT)).ringing is not None
    assert desk.log_of(FIRST).count("callback_promised") == 1, "for whoever hangs up before they talk"


def test_a_promise_frees_the_mediator_who_was_held_for_the_call(desk: Desk) -> None:
    in_hold(desk, FIRST)
    free = desk.mediator()
    desk.come_back(free)
    (offer,) = desk.jobs.take()
    with_call(desk, FIRST, promises.keep_place)
    with desk.services.store.reading() as tx:
        withdrawn, one = offers.get(tx, offer), mediators.get(tx, free)
    assert withdrawn is not None
    assert one is not None
    assert (withdrawn.state, one.availability, one.misses) == (OfferState.WITHDRAWN, Availability.WRAP_UP, 0)
    desk.clock.pass_(5)
    desk.sweep()
    assert desk.jobs.take() == [], "who is to be called back is not fetched"
    in_hold(desk, SECOND, OTHER)
    assert desk.at_once(checks.overlooked) == []


# who withholds their number


def test_without_a_number_or_a_message_there_is_nobody_to_call(desk: Desk) -> None:
    in_hold(desk, FIRST, "anonymous")
    desk.press(FIRST)
    desk.clock.pass_(60)
    desk.caller_left(FIRST)
    ticket = desk.ticket_of(FIRST)
    with desk.services.store.reading() as tx:
        assert places.ends_of(tx, ticket.call_id) == {PlaceEnd.GIVEN_UP}
    assert (ticket.state, desk.due()) == (TicketState.CLOSED, [])
    assert desk.became(FIRST) is Outcome.ABANDONED_IN_QUEUE


def test_whoever_heard_the_question_and_hung_up_is_informed(desk: Desk) -> None:
    wants_callback(desk, FIRST, "anonymous")
    assert step_of(desk, FIRST) is Step.NUMBER
    desk.caller_left(FIRST)
    assert (desk.became(FIRST), desk.due()) == (Outcome.INFORMED, [])


def test_a_keyed_number_is_called(desk: Desk) -> None:
    began = desk.clock.now()
    wants_callback(desk, FIRST, "anonymous")
    desk.clock.pass_(30)
    desk.event(FIRST, 3, Keyed("0639980077"))
    desk.caller_left(FIRST)
    assert (desk.became(FIRST), number(desk, FIRST)) == (Outcome.CALLBACK, KEYED)
    assert [one.queued_at for one in desk.due()] == [began]


@pytest.mark.parametrize("why", ["waited long", "call too long", "nobody any more"])
def test_nobody_is_fetched_out_of_the_dialogue(desk: Desk, why: str) -> None:
    """Their number is asked for; a mediator who is free meanwhile is not held for them."""
    in_hold(desk, FIRST, "anonymous")
    match why:
        case "waited long":
            desk.clock.pass_(900)
            assert desk.wait_turn(FIRST) == Leave()
            desk.held(FIRST, 2, HoldEnd.LEFT)
        case "call too long":
            desk.event(FIRST, 2, CallTooLong())
        case _:
            desk.caller_left(BUSY)
            desk.clock.pass_(121)
            desk.at_once(lambda m: mediators.switch_on(m.tx, mediators.every(m.tx)[0].id, None))
            assert desk.wait_turn(FIRST) == Leave()
            desk.held(FIRST, 2, HoldEnd.LEFT)
    assert step_of(desk, FIRST) is Step.NUMBER
    desk.mediator()
    desk.clock.pass_(1)
    desk.sweep()
    assert "offer_made" not in desk.log_of(FIRST)
    desk.event(FIRST, 3, Keyed("0639980077"))
    desk.caller_left(FIRST)
    assert listed(desk) == [desk.ticket_of(FIRST).id]


# at the same instant


def test_refining_a_promise_and_closing_it_do_not_wait_for_each_other_in_a_circle(
    desk: Desk, pool: ThreadPoolExecutor, caplog: pytest.LogCaptureFixture
) -> None:
    """A promise that the caller hears after it was closed is another one."""
    for n in range(12):
        leg = LegSid(f"caller {n}")
        wants_callback(desk, leg, "anonymous")
        acts: list[Callable[[], object]] = [
            partial(desk.attempt, desk.ticket_of(leg).id, Attempt.REACHED),
            partial(desk.event, leg, 3, Keyed("0639980077")),
        ]
        at_the_same_time(pool, acts)
        desk.caller_left(leg)
        with desk.services.store.reading() as tx:
            states = [one.state for one in tickets.of_call(tx, calls.outcome_of(tx, leg)[0])]
        assert states in ([TicketState.CLOSED], [TicketState.CLOSED, TicketState.CALLBACK_DUE])
        assert desk.became(leg) is Outcome.ANSWERED
    assert "runs again" not in caplog.text


# when


MORNINGS = {"mon": ["09:00-12:00"], "tue": ["09:00-12:00", "14:00-18:00"]}


def test_a_callback_is_due_when_it_was_said_to_be(database_url: str) -> None:
    """Monday 11:00 in Paris: the best time is an afternoon, and that of Tuesday is the first."""
    with opened(database_url, hours=MORNINGS) as desk:
        desk.arrive(FIRST)
        desk.key(FIRST, "2")
        assert step_of(desk, FIRST) is Step.CONFIRM, "nobody is on duty"
        desk.event(FIRST, 2, Keyed("1"))
        desk.event(FIRST, 3, Keyed("2"))
        desk.caller_left(FIRST)
        assert (desk.ticket_of(FIRST).best, desk.due()) == (BestTime.AFTERNOON, [])
        desk.clock.instant = datetime.fromisoformat("2026-11-24T13:59:59+01:00")
        assert desk.due() == []
        desk.clock.pass_(1)
        assert listed(desk) == [desk.ticket_of(FIRST).id]
