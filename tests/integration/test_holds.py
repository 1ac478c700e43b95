"""What a caller in hold is told: position and wait, which never grow, and of the 9 when they hear again."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from hotline.ivr.events import Miss
from hotline.queue.ids import LegSid, MediatorId
from hotline.queue.sayings import Saying
from hotline.queue.waiting import Told
from hotline.store import holds
from hotline.switchboard import duty
from hotline.switchboard.holding import HoldEnd, Stay
from hotline.switchboard.rings import RingResult
from tests.factories import CALLER
from tests.integration.callers import FIRST, OTHER, SECOND, busy, in_hold
from tests.integration.desk import FOR_EVER, Desk, ringing

MINUTE, DAY = 60, 86400
ENOUGH = 5


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with busy(database_url) as desk:
        yield desk


def heard(desk: Desk, leg: LegSid) -> Saying | None:
    stays = desk.wait_turn(leg)
    assert isinstance(stays, Stay)
    return stays.saying


def told(desk: Desk, leg: LegSid) -> Told:
    """What they hear when it is time for the position."""
    stays = desk.wait_turn(leg)
    assert isinstance(stays, Stay)
    assert stays.saying is Saying.POSITION
    return stays.told


def talks(desk: Desk, one: MediatorId, *seconds: int, key: str = "2") -> None:
    """Somebody comes for so many talks, and goes home."""
    desk.at_once(lambda m: duty.switch_on(m, one, FOR_EVER))
    for lasts in seconds:
        leg = talking(desk, key)
        desk.clock.pass_(lasts)
        desk.caller_left(leg)
        desk.clock.pass_(2 * MINUTE)
        desk.sweep()
    desk.at_once(lambda m: duty.switch_on(m, one, None))


def talking(desk: Desk, key: str = "2") -> LegSid:
    leg = LegSid(f"talk at {desk.clock.now()}")
    desk.arrive(leg, "anonymous")
    desk.whisper(ringing(desk.key(leg, key)), LegSid(f"other leg of {leg}"), "1")
    return leg


def test_position_then_the_9_then_music_until_it_is_time_again(desk: Desk) -> None:
    in_hold(desk, FIRST)
    said = []
    for _ in range(10):
        said.append(heard(desk, FIRST))
        desk.clock.pass_(10)
    assert said[:2] == [Saying.POSITION, Saying.CALLBACK]
    assert said[2:7] == [None] * 5
    assert said[7:] == [Saying.POSITION, Saying.CALLBACK, None]


def test_back_from_a_telephone_that_nobody_picked_up_the_9_comes_first(desk: Desk) -> None:
    """While it rang, no key could be heard."""
    in_hold(desk, FIRST)
    assert [heard(desk, FIRST) for _ in range(3)] == [Saying.POSITION, Saying.CALLBACK, None]
    one = desk.mediator()
    desk.come_back(one)
    desk.clock.pass_(4)
    assert not isinstance(desk.wait_turn(FIRST), Stay)
    ringing(desk.held(FIRST, 2, HoldEnd.LEFT))
    desk.ring_over(FIRST, 3, RingResult(bridged=False, miss=Miss.UNANSWERED))
    assert [heard(desk, FIRST) for _ in range(2)] == [Saying.CALLBACK, None]


def test_nothing_is_said_of_the_wait_before_five_talks(desk: Desk) -> None:
    one = desk.mediator()
    talks(desk, one, *[6 * MINUTE] * (ENOUGH - 1))
    in_hold(desk, FIRST)
    assert told(desk, FIRST) == Told(1)
    desk.caller_left(FIRST)
    talks(desk, one, 6 * MINUTE)
    in_hold(desk, SECOND)
    assert told(desk, SECOND) == Told(1, timedelta(minutes=10)), "eight minutes, rounded up"


def test_the_wait_grows_with_the_position_and_shrinks_with_the_mediators(desk: Desk) -> None:
    one = desk.mediator()
    talks(desk, one, *[6 * MINUTE] * ENOUGH)
    for leg, shown in ((FIRST, CALLER), (SECOND, OTHER)):
        in_hold(desk, leg, shown)
    assert told(desk, FIRST) == Told(1, timedelta(minutes=10))
    assert told(desk, SECOND) == Told(2, timedelta(minutes=20))
    desk.at_once(lambda m: duty.pause(m, one, None))
    desk.at_once(lambda m: duty.switch_on(m, one, FOR_EVER))
    again(desk, SECOND)
    assert told(desk, SECOND) == Told(2, timedelta(minutes=20)), "who pauses helps nobody"
    desk.come_back(one)
    desk.whisper(ringing(desk.fetched(FIRST)), LegSid("their leg"), "1")
    again(desk, SECOND)
    assert told(desk, SECOND) == Told(1, timedelta(minutes=5))


def again(desk: Desk, leg: LegSid) -> None:
    """Up to when they are told of their position once more."""
    desk.wait_turn(leg)
    desk.clock.pass_(MINUTE)


def test_neither_number_grows_within_one_wait(desk: Desk) -> None:
    """Somebody with credit comes in before them, and talks last longer than before."""
    in_hold(desk, LegSid("in vain"), OTHER)
    desk.clock.pass_(10)
    desk.caller_left(LegSid("in vain"))
    talks(desk, desk.mediator(), *[MINUTE] * ENOUGH)
    desk.mediator()
    long = talking(desk)
    desk.clock.pass_(120 * MINUTE)
    in_hold(desk, FIRST)
    first = told(desk, FIRST)
    assert first == Told(1, timedelta(minutes=5))
    in_hold(desk, SECOND, OTHER)
    desk.caller_left(long)
    again(desk, FIRST)
    assert told(desk, FIRST) == first
    assert told(desk, SECOND) == Told(1, timedelta(minutes=15))


def test_whoever_has_left_for_a_callback_is_before_nobody(desk: Desk) -> None:
    for leg, shown in ((FIRST, CALLER), (SECOND, OTHER)):
        in_hold(desk, leg, shown)
    desk.press(FIRST)
    assert told(desk, SECOND) == Told(1)


def times(desk: Desk, skill: str | None) -> list[float]:
    with desk.services.store.reading() as tx:
        return [one.total_seconds() for one in holds.talk_times(tx, skill, desk.clock.now())]


def test_the_latest_talks_about_the_same_at_most_a_week_ago(desk: Desk) -> None:
    one = desk.mediator(("taxes", "benefits"))
    talks(desk, one, *range(1, holds.RECENT + 3))
    talks(desk, one, 500, key="1")
    latest = list(range(holds.RECENT + 2, 2, -1))
    assert times(desk, "taxes") == latest
    assert times(desk, "benefits") == [500]
    assert times(desk, None) == [500, *latest[:-1]]
    assert times(desk, "health") == []
    desk.clock.pass_(7 * DAY - 3 * MINUTE)
    assert times(desk, None) == [500]
    desk.clock.pass_(MINUTE)
    assert times(desk, None) == []
