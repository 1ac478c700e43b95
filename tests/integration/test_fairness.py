"""Fairness and starvation: first come, first served, as far as mediators suit, and credit goes so far."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Final

import pytest
from sqlalchemy import select

from hotline.queue.ids import LegSid, MediatorId
from hotline.queue.offers import OfferState
from hotline.store import calls, offers, places
from hotline.store.offers import OfferRow
from hotline.switchboard.turns import Answer
from tests.databases import GIVEN
from tests.factories import CALLER
from tests.integration import checks
from tests.integration.busy_hours import MISSED, BusyHours
from tests.integration.desk import Desk, opened, ringing

SEEDS: Final = range((2 if GIVEN is None else 1) * int(os.environ.get("SOAK", "1")))
TELLING: Final = 0
"""In these hours everything is met that could make them unfair."""
SELDOM: Final = ("credit", "place_taken_over", "callback_promised", "offer_declined", "offer_expired")
PAUSE: Final = timedelta(seconds=60)
LONG: Final = {"timings__longest_wait": 7200, "limits__waiting": 1000}
"""Nobody is let out of hold before they may have met everything."""
FIRST, SECOND, THIRD = (LegSid(f"caller {n}") for n in range(3))
OTHER = "+33639980002"
TALK = LegSid("a talk")


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with opened(database_url, **LONG) as desk:
        yield desk
        assert desk.at_once(lambda m: checks.contradictions(m.tx)) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_a_few_busy_hours(desk: Desk, seed: int) -> None:
    """Nobody is passed over, by credit no further than it goes; and at the end nobody is left waiting."""
    hours = BusyHours(desk, Random(seed))
    hours.play(hours=1.5)
    hours.drain()
    assert hours.unfair == []
    assert rung_too_soon(desk) == []
    assert desk.at_once(lambda m: checks.broken_promises(m.tx, m.now)) == []
    if seed == TELLING:
        met = hours.met()
        assert [what for what in SELDOM if not met[what]] == []


def rung_too_soon(desk: Desk) -> list[str]:
    """Mediators who were asked for the same place again within the pause after they did not take it."""
    until: dict[tuple[int, int], datetime] = {}
    found = []
    columns = OfferRow.place_id, OfferRow.mediator_id, OfferRow.state, OfferRow.made_at, OfferRow.ended_at
    with desk.services.store.reading() as tx:
        rows = tx.connection.execute(select(*columns).order_by(OfferRow.id)).all()
    for place, mediator, state, made_at, ended_at in rows:
        if made_at < until.get((place, mediator), made_at):
            found.append(f"mediator {mediator} is asked for place {place} again at {made_at}")
        if state in {OfferState.DECLINED, OfferState.EXPIRED} and ended_at is not None:
            until[place, mediator] = ended_at + PAUSE
    return found


# what the busy hours meet seldom, one by one


def in_hold(desk: Desk, leg: LegSid, shown: str = CALLER, key: str = "2") -> None:
    desk.arrive(leg, shown)
    assert isinstance(desk.key(leg, key), Answer)


def talking(desk: Desk, leg: LegSid, shown: str, key: str = "2") -> None:
    desk.arrive(leg, shown)
    desk.whisper(ringing(desk.key(leg, key)), LegSid(f"other leg of {leg}"), "1")


def offered_to(desk: Desk, leg: LegSid) -> MediatorId | None:
    """Whose telephone is held for a caller."""
    with desk.services.store.reading() as tx:
        place = places.glimpse_of(tx, calls.outcome_of(tx, leg)[0])
        live = offers.live_of(tx, place.id) if place else None
    return live.mediator_id if live else None


@pytest.fixture
def rests(desk: Desk) -> MediatorId:
    """Who talks, and will rest for two minutes."""
    one = desk.mediator()
    talking(desk, TALK, "anonymous")
    return one


@pytest.mark.parametrize("kept", [True, False], ids=["with a kept place", "with credit"])
def test_who_rings_again_at_the_instant_at_which_a_rest_ends_is_not_passed_over(
    desk: Desk, rests: MediatorId, kept: bool
) -> None:
    """They cannot be fetched yet, and somebody younger could: who is older goes first all the same."""
    in_hold(desk, FIRST)
    desk.clock.pass_(60)
    if kept:
        desk.press(FIRST)
    desk.caller_left(FIRST)
    in_hold(desk, SECOND, OTHER)
    desk.caller_left(TALK)
    desk.clock.pass_(120)
    in_hold(desk, THIRD)
    assert (offered_to(desk, THIRD), offered_to(desk, SECOND)) == (rests, None)


def test_nor_is_who_comes_back_from_a_ring_at_that_instant(desk: Desk, rests: MediatorId) -> None:
    in_hold(desk, FIRST)
    in_hold(desk, SECOND, OTHER)
    desk.caller_left(TALK)
    desk.clock.pass_(100)
    other = desk.mediator()
    desk.come_back(other)
    ringing(desk.fetched(FIRST))
    desk.clock.pass_(20)
    desk.ring_over(FIRST, 3, MISSED)
    assert (offered_to(desk, FIRST), offered_to(desk, SECOND)) == (rests, None)


def test_who_knows_the_caller_does_not_make_somebody_older_wait(desk: Desk) -> None:
    """And the caller does not wait for them while another one suits."""
    knows = desk.mediator()
    talking(desk, FIRST, CALLER)
    desk.caller_left(FIRST)
    desk.clock.pass_(60)
    in_hold(desk, SECOND, OTHER)
    desk.clock.pass_(60)
    in_hold(desk, THIRD, CALLER)
    assert (offered_to(desk, SECOND), offered_to(desk, THIRD)) == (knows, None)
    free = desk.mediator()
    desk.come_back(free)
    assert offered_to(desk, THIRD) == free


def test_credit_is_ahead_of_those_of_the_last_half_hour_and_of_nobody_else(
    desk: Desk, rests: MediatorId
) -> None:
    in_hold(desk, LegSid("in vain"))
    desk.clock.pass_(10)
    desk.caller_left(LegSid("in vain"))
    in_hold(desk, FIRST, OTHER)
    desk.clock.pass_(60)
    in_hold(desk, SECOND, "+33639980003")
    desk.clock.pass_(29.5 * 60)
    in_hold(desk, THIRD)
    order = [TALK]
    for _ in range(3):
        desk.caller_left(order[-1])
        desk.clock.pass_(180)
        desk.sweep()
        order += [waits for waits in (FIRST, SECOND, THIRD) if offered_to(desk, waits) == rests]
    assert order == [TALK, FIRST, THIRD, SECOND]
