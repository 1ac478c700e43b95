"""The watchdog: the carrier is asked about silent calls, seldom, and only a terminal answer ends one."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from hotline.ivr.events import Miss
from hotline.queue.alarms import Kind
from hotline.queue.ids import LegSid
from hotline.queue.mediators import Availability
from hotline.queue.outcomes import Outcome
from hotline.store import alarms, mediators, silence
from hotline.switchboard.ports import CarrierTrouble, LegEnded
from hotline.switchboard.rings import RingResult
from hotline.switchboard.watchdog import AT_ONCE, SILENT_FOR
from tests.fakes import NotedCarrier
from tests.integration import checks
from tests.integration.desk import Desk, opened, ringing
from tests.integration.rounds import at_the_same_time

CALLER, OTHER = LegSid("the caller's leg"), LegSid("the mediator's leg")
TWO_MINUTES = SILENT_FOR.total_seconds()
A_ROUND = 20


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with opened(database_url) as desk:
        yield desk
        assert desk.at_once(lambda m: checks.contradictions(m.tx)) == []


def asked(desk: Desk, carrier: NotedCarrier) -> list[LegSid]:
    """About whom the carrier is asked in one round."""
    desk.look(carrier)
    told, carrier.asked = carrier.asked, []
    return told


def failing(error: Exception) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


def raised(desk: Desk) -> list[tuple[Kind, str, int]]:
    with desk.services.store.reading() as tx:
        return [(one.kind, one.detail, one.count) for one in alarms.every(tx)]


def talking(desk: Desk) -> None:
    desk.mediator()
    desk.arrive(CALLER)
    desk.whisper(ringing(desk.key(CALLER, "2")), OTHER, "1")


def standing(desk: Desk) -> Availability:
    with desk.services.store.reading() as tx:
        (one,) = mediators.every(tx)
    return one.availability


# whom it asks about


def test_a_call_is_asked_about_after_two_minutes_and_then_every_two_minutes(desk: Desk) -> None:
    carrier = NotedCarrier()
    desk.arrive(CALLER)
    seen = []
    for n in range(19):
        if asked(desk, carrier):
            seen.append(n * A_ROUND)
        desk.clock.pass_(A_ROUND)
    assert seen == [120, 240, 360]
    assert desk.became(CALLER) is None


def test_nobody_is_asked_about_who_has_just_called_or_has_hung_up(desk: Desk) -> None:
    desk.arrive(CALLER)
    desk.caller_left(CALLER)
    desk.clock.pass_(TWO_MINUTES)
    desk.arrive(LegSid("just now"))
    desk.clock.pass_(TWO_MINUTES - 1)
    assert asked(desk, NotedCarrier()) == []


def test_at_most_ten_a_round_and_the_longest_silent_first(desk: Desk) -> None:
    legs = [LegSid(f"caller {n:02}") for n in range(2 * AT_ONCE + 5)]
    for leg in legs:
        desk.arrive(leg)
        desk.clock.pass_(1)
    desk.clock.pass_(TWO_MINUTES)
    carrier = NotedCarrier()
    rounds = [asked(desk, carrier) for _ in range(4)]
    assert rounds == [legs[:AT_ONCE], legs[AT_ONCE : 2 * AT_ONCE], legs[2 * AT_ONCE :], []]


def test_several_workers_ask_about_each_call_once(desk: Desk) -> None:
    legs = [LegSid(f"caller {n}") for n in range(AT_ONCE)]
    for leg in legs:
        desk.arrive(leg)
    desk.clock.pass_(TWO_MINUTES)
    carrier = NotedCarrier()
    with ThreadPoolExecutor(4) as pool:
        at_the_same_time(pool, [partial(desk.look, carrier)] * 4)
    assert sorted(carrier.asked) == legs


def test_the_mediator_s_leg_is_asked_about_only_in_a_talk(desk: Desk) -> None:
    talking(desk)
    desk.clock.pass_(TWO_MINUTES)
    with desk.services.store.reading() as tx:
        (silent,) = silence.open_calls(tx, desk.clock.now() - SILENT_FOR, AT_ONCE)
    assert (silent.leg, silent.mediator_leg, silent.offer) == (CALLER, OTHER, 1)
    assert asked(desk, NotedCarrier()) == [CALLER, OTHER]


def test_a_mediator_who_is_only_rung_has_no_leg_to_ask_about(desk: Desk) -> None:
    desk.mediator()
    desk.arrive(CALLER)
    ringing(desk.key(CALLER, "2"))
    desk.clock.pass_(TWO_MINUTES)
    assert asked(desk, NotedCarrier()) == [CALLER]


def test_who_has_ended_a_ring_and_waits_again_is_asked_about_once(desk: Desk) -> None:
    """Their place has had offers; they are still one call."""
    desk.mediator()
    desk.arrive(CALLER)
    ringing(desk.key(CALLER, "2"))
    desk.ring_over(CALLER, 2, RingResult(bridged=False, miss=Miss.UNANSWERED))
    desk.clock.pass_(TWO_MINUTES)
    assert asked(desk, NotedCarrier()) == [CALLER]


# what it makes of the answer


def test_a_call_that_is_over_ends_with_its_outcome_and_frees_the_mediator(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    talking(desk)
    desk.clock.pass_(TWO_MINUTES)
    assert asked(desk, NotedCarrier(over={CALLER, OTHER})) == [CALLER]
    assert (desk.became(CALLER), standing(desk)) == (Outcome.ANSWERED, Availability.WRAP_UP)
    assert "had ended without our being told" in caplog.text
    desk.clock.pass_(TWO_MINUTES)
    assert asked(desk, NotedCarrier(over={CALLER, OTHER})) == []


def test_a_talk_whose_mediator_has_hung_up_ends_a_moment_later(desk: Desk) -> None:
    """The moment is for the ring's own turn, which may be on its way."""
    talking(desk)
    desk.clock.pass_(TWO_MINUTES)
    asked(desk, NotedCarrier(over={OTHER}))
    assert (desk.became(CALLER), standing(desk)) == (None, Availability.ON_CALL)
    desk.clock.pass_(10)
    desk.sweep()
    assert standing(desk) is Availability.WRAP_UP
    desk.caller_left(CALLER)
    assert desk.became(CALLER) is Outcome.ANSWERED


def test_whoever_still_talks_is_left_alone(desk: Desk) -> None:
    talking(desk)
    for _ in range(10):
        desk.clock.pass_(TWO_MINUTES)
        asked(desk, NotedCarrier())
        desk.sweep()
    assert (desk.became(CALLER), standing(desk)) == (None, Availability.ON_CALL)


def test_a_caller_in_hold_who_has_gone_is_found_out(desk: Desk) -> None:
    """And a promise that they were made is kept."""
    one = desk.mediator()
    desk.arrive(CALLER, "anonymous")
    desk.whisper(ringing(desk.key(CALLER, "2")), OTHER, "1")
    held = [LegSid("in hold"), LegSid("pressed the 9")]
    for n, leg in enumerate(held):
        desk.arrive(leg, f"+3363998{n:04}")
        desk.key(leg, "2")
    desk.press(held[1])
    desk.clock.pass_(TWO_MINUTES)
    asked(desk, NotedCarrier(over=set(held)))
    assert [desk.became(leg) for leg in held] == [Outcome.CALLBACK, Outcome.CALLBACK]
    assert [due.ticket for due in desk.due()] == [desk.ticket_of(leg).id for leg in held]
    desk.come_back(one)


# the carrier in trouble


@pytest.mark.parametrize("error", [CarrierTrouble("status 500, code None"), LegEnded("?")])
def test_after_the_first_trouble_nobody_else_is_asked_about_and_the_alarm_is_raised(
    desk: Desk, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    legs = [LegSid(f"caller {n}") for n in range(3)]
    for leg in legs:
        desk.arrive(leg)
    desk.clock.pass_(TWO_MINUTES)
    carrier = NotedCarrier(trouble=failing(error), over=set(legs))
    assert asked(desk, carrier) == legs[:1]
    assert raised(desk) == [(Kind.REST_FAILING, str(error), 1)]
    assert [desk.became(leg) for leg in legs] == [None] * 3
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    carrier.trouble = lambda: None
    assert asked(desk, carrier) == legs[1:], "the first again in two minutes"
    desk.clock.pass_(TWO_MINUTES)
    assert asked(desk, carrier) == legs[:1]


@pytest.mark.parametrize("error", [CarrierTrouble("x" * 1000), CarrierTrouble("ReadTimeout")])
def test_a_push_that_fails_raises_the_alarm_and_the_wait_turn_takes_over(
    desk: Desk, error: Exception
) -> None:
    desk.mediator()
    for leg, digits in ((LegSid("talks"), "2"), (CALLER, "2")):
        desk.arrive(leg, "anonymous")
        desk.key(leg, digits)
    desk.caller_left(LegSid("talks"))
    desk.clock.pass_(10)
    desk.sweep()
    (offer,) = desk.jobs.take()
    desk.push(offer, error)
    assert raised(desk) == [(Kind.REST_FAILING, str(error)[:200], 1)]
    assert desk.press(CALLER), "any key, or the next wait turn, lets them out to the telephone that rings"
