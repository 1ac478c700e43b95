"""What time alone brings about is matched by whoever comes first: a wait turn, a mediator, a sweep."""

from collections.abc import Iterator

import pytest

from hotline.queue.ids import LegSid
from hotline.store import call_log, calls
from hotline.switchboard import duty
from hotline.switchboard.holding import Leave
from hotline.switchboard.turns import Answer
from tests.integration import checks
from tests.integration.desk import Desk, opened, ringing

FIRST, SECOND, THIRD = (LegSid(f"caller {n}") for n in range(3))


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with opened(database_url) as desk:
        yield desk


def in_hold(desk: Desk, leg: LegSid) -> None:
    desk.arrive(leg)
    outcome = desk.key(leg, "2")
    assert isinstance(outcome, Answer)
    assert outcome.ringing is None


def talking(desk: Desk, leg: LegSid) -> None:
    desk.arrive(leg)
    offer = ringing(desk.key(leg, "2"))
    desk.whisper(offer, LegSid(f"leg of {offer}"), "1")


def offers_made(desk: Desk, leg: LegSid) -> int:
    with desk.services.store.reading() as tx:
        log = call_log.entries(tx, calls.outcome_of(tx, leg)[0])
    return [one.what for one in log].count("offer_made")


def test_a_wait_turn_that_finds_two_rests_over_takes_one_of_the_two(desk: Desk) -> None:
    for _ in range(2):
        desk.mediator()
    for leg in (FIRST, SECOND):
        talking(desk, leg)
    in_hold(desk, THIRD)
    for leg in (FIRST, SECOND):
        desk.caller_left(leg)
    desk.clock.pass_(121)
    assert desk.wait_turn(THIRD) == Leave()
    assert offers_made(desk, THIRD) == 1
    assert desk.at_once(checks.overlooked) == []


@pytest.mark.parametrize("who", ["a mediator of another skill", "a caller of another topic", "the sweep"])
def test_a_caller_who_was_not_fetched_in_time_is_held_out_to_the_next_at_once(desk: Desk, who: str) -> None:
    one = desk.mediator(["health"])
    desk.mediator()
    desk.at_once(lambda m: duty.pause(m, one, None))
    talking(desk, FIRST)
    in_hold(desk, SECOND)
    desk.caller_left(FIRST)
    desk.clock.pass_(121)
    desk.sweep()
    assert offers_made(desk, SECOND) == 1
    desk.mediator()
    desk.clock.pass_(30)
    match who:
        case "a mediator of another skill":
            desk.come_back(one)
        case "a caller of another topic":
            desk.arrive(THIRD)
            desk.key(THIRD, "3")
        case _:
            desk.sweep()
    assert offers_made(desk, SECOND) == 2
    assert desk.at_once(checks.overlooked) == []
