"""Nobody waits while a suitable mediator is free: callers and mediators who come at the same instant."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest

from hotline.ivr.events import Miss
from hotline.queue.ids import LegSid, MediatorId
from hotline.queue.tickets import Attempt
from hotline.switchboard import duty
from hotline.switchboard.rings import RingResult
from tests.integration.desk import opened, ringing
from tests.integration.rounds import KEYS, Rounds


@pytest.fixture
def _often() -> Iterator[None]:
    """Threads take turns fifty times as often as usual: more of what can happen happens, and sooner."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(usual / 50)
    yield
    sys.setswitchinterval(usual)


@pytest.fixture
def rounds(database_url: str, _often: None) -> Iterator[Rounds]:
    with opened(database_url, timings__wrap_up=0) as desk, ThreadPoolExecutor(16) as pool:
        yield Rounds(desk, pool)


def presses(rounds: Rounds, leg: LegSid, key: str) -> Callable[[], object]:
    return lambda: rounds.desk.key(leg, key)


def comes_back(rounds: Rounds, mediator: MediatorId) -> Callable[[], object]:
    return lambda: rounds.desk.come_back(mediator)


def waits_on(rounds: Rounds, leg: LegSid) -> Callable[[], object]:
    return lambda: rounds.desk.wait_turn(leg)


def leaves(rounds: Rounds, leg: LegSid) -> Callable[[], object]:
    return lambda: rounds.desk.caller_left(leg)


def test_callers_choose_while_mediators_come_back(rounds: Rounds) -> None:
    for _ in rounds.many_times():
        chosen = [presses(rounds, leg, key) for leg, key in zip(rounds.callers(), KEYS, strict=True)]
        rounds.play([*chosen, *(comes_back(rounds, one) for one in rounds.mediators)])


def test_more_callers_than_mediators(rounds: Rounds) -> None:
    for _ in rounds.many_times():
        chosen = [presses(rounds, leg, "2") for leg in rounds.callers(6)]
        rounds.play([*chosen, comes_back(rounds, rounds.mediators[0])])


def test_callers_choose_when_pauses_have_just_ended(rounds: Rounds) -> None:
    for _ in rounds.many_times():
        end = rounds.desk.clock.now() + timedelta(seconds=1)
        for one in rounds.mediators:
            rounds.desk.at_once(partial(duty.pause, mediator=one, until=end))
        rounds.desk.clock.pass_(1)
        rounds.play([presses(rounds, leg, "2") for leg in rounds.callers()])


def test_callers_in_hold_ask_again_hear_nothing_or_leave_while_mediators_come_back(rounds: Rounds) -> None:
    for _ in rounds.many_times():
        legs = rounds.callers()
        for leg, key in zip(legs, KEYS, strict=True):
            rounds.desk.key(leg, key)
        asking = [waits_on(rounds, leg) for leg in legs]
        again = presses(rounds, legs[0], KEYS[0])
        back = [comes_back(rounds, one) for one in rounds.mediators]
        rounds.play([*asking, again, leaves(rounds, legs[3]), *back])


def presses_9(rounds: Rounds, leg: LegSid) -> Callable[[], object]:
    return lambda: rounds.desk.press(leg)


def test_callers_in_hold_press_9_while_mediators_come_back(rounds: Rounds) -> None:
    """They are called back, or a telephone rings for them: whoever is left is not overlooked."""
    for _ in rounds.many_times():
        legs = rounds.callers()
        for leg, key in zip(legs, KEYS, strict=True):
            rounds.desk.key(leg, key)
        back = [comes_back(rounds, one) for one in rounds.mediators[1:]]
        rounds.play(
            [presses_9(rounds, legs[0]), presses_9(rounds, legs[1]), waits_on(rounds, legs[2]), *back]
        )


def test_callers_ring_again_while_they_are_recorded_as_reached(rounds: Rounds) -> None:
    """And while a mediator comes back: they wait in the place that they have, or in a new one."""
    for _ in rounds.many_times():
        before = rounds.callers(2)
        again = rounds.callers(again=before)
        tickets = []
        for leg in before:
            rounds.desk.key(leg, "2")
            rounds.desk.press(leg)
            rounds.desk.caller_left(leg)
            tickets.append(rounds.desk.ticket_of(leg).id)
        reached = [partial(rounds.desk.attempt, ticket, Attempt.REACHED) for ticket in tickets]
        calling = [presses(rounds, leg, "2") for leg in again]
        rounds.play([*reached, *calling, comes_back(rounds, rounds.mediators[0])])


def test_callers_choose_while_talks_end(rounds: Rounds) -> None:
    for _ in rounds.many_times():
        talks = [_talk(rounds, leg) for leg in rounds.callers(3)]
        legs = rounds.callers(3)
        rounds.play([*(presses(rounds, leg, "2") for leg in legs), *talks])


def _talk(rounds: Rounds, leg: LegSid) -> Callable[[], object]:
    """A talk that is under way; what is returned ends it, the caller still on the line."""
    for one in rounds.mediators:
        if rounds.desk.come_back(one):
            break
    offer = ringing(rounds.desk.key(leg, "0"))
    other = LegSid(f"{leg}'s mediator")
    rounds.desk.whisper(offer, other, "1")
    over = RingResult(bridged=True, miss=Miss.UNANSWERED)
    return lambda: rounds.desk.ring_over(leg, 2, over)
