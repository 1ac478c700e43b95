"""Several who take the same call at one instant: one has it, the others are told that it is taken."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from hotline.queue.ids import LegSid, MediatorId, OfferId
from hotline.queue.outcomes import Outcome
from hotline.store import calls, mediators
from hotline.switchboard.whispers import Verdict
from tests.integration import checks
from tests.integration.desk import Desk, opened, ringing
from tests.integration.rounds import at_the_same_time

ROUNDS = 12


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with opened(database_url, timings__wrap_up=0) as desk:
        yield desk


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


def rung(desk: Desk, leg: LegSid) -> OfferId:
    """A caller for whom somebody's telephone rings."""
    desk.arrive(leg)
    return ringing(desk.key(leg, "2"))


def outcome(desk: Desk, leg: LegSid) -> Outcome | None:
    with desk.services.store.reading() as tx:
        return calls.outcome_of(tx, leg)[1]


def test_of_eight_legs_that_accept_one_offer_one_is_connected(desk: Desk, pool: ThreadPoolExecutor) -> None:
    desk.mediator()
    for n in range(ROUNDS):
        caller = LegSid(f"caller {n}")
        offer = rung(desk, caller)
        legs = [LegSid(f"leg {n}.{one}") for one in range(8)]
        told = at_the_same_time(pool, [partial(desk.whisper, offer, leg, "1") for leg in legs])
        assert Counter(told) == {Verdict.CONNECT: 1, None: 7}
        desk.mediator_leg_over(offer, legs[told.index(Verdict.CONNECT)])
        desk.caller_left(caller)
        assert outcome(desk, caller) is Outcome.ANSWERED


def test_a_leg_that_accepts_eight_times_is_connected_each_time(desk: Desk, pool: ThreadPoolExecutor) -> None:
    desk.mediator()
    offer = rung(desk, LegSid("caller"))
    told = at_the_same_time(pool, [partial(desk.whisper, offer, LegSid("leg"), "1")] * 8)
    assert set(told) == {Verdict.CONNECT}
    assert desk.at_once(lambda m: checks.contradictions(m.tx)) == []


def test_of_eight_callers_one_is_offered_the_one_mediator(desk: Desk, pool: ThreadPoolExecutor) -> None:
    desk.mediator()
    callers = [LegSid(f"caller {n}") for n in range(8)]
    for leg in callers:
        desk.arrive(leg)
    at_the_same_time(pool, [partial(desk.key, leg, "2") for leg in callers])
    assert desk.at_once(lambda m: checks.contradictions(m.tx)) == []
    assert desk.at_once(lambda m: len(checks.live_offers(m.tx))) == 1


def test_a_caller_who_leaves_as_the_mediator_accepts_was_answered_or_never_met(
    desk: Desk, pool: ThreadPoolExecutor
) -> None:
    one = desk.mediator()
    for n in range(3 * ROUNDS):
        caller = LegSid(f"caller {n}")
        offer = rung(desk, caller)
        desk.clock.pass_(20)
        accepts = partial(desk.whisper, offer, LegSid(f"leg {n}"), "1")
        acts: list[Callable[[], Verdict | None]] = [accepts, partial(desk.caller_left, caller)]
        verdict = at_the_same_time(pool, acts)[0]
        became = outcome(desk, caller)
        assert (verdict, became) in {
            (Verdict.CONNECT, Outcome.ANSWERED),
            (None, Outcome.ABANDONED_IN_QUEUE),
        }
        assert desk.at_once(lambda m: checks.contradictions(m.tx)) == []
        desk.clock.pass_(60)
        desk.sweep()
        assert misses(desk, one) == 0


def misses(desk: Desk, mediator: MediatorId) -> int:
    with desk.services.store.reading() as tx:
        found = mediators.get(tx, mediator)
    assert found is not None
    return found.misses
