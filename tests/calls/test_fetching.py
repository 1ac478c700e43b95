"""A mediator becomes free: the caller in hold is fetched at once, or at the latest with the next document."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from hotline.queue.ids import LegSid, OfferId
from hotline.simulator.faults import CallbackFault, RestFault
from hotline.simulator.legs import Leg
from hotline.simulator.trace import Kind
from tests.calls.stage import Stage

WRAP_UP = 120
AT_ONCE = timedelta(seconds=1.5)
"""A sweep comes each second, and the worker looks for pushes four times a second."""
NEXT_DOCUMENT = timedelta(seconds=11)


def waiting_caller(stage: Stage) -> Leg:
    stage.busy()
    caller = stage.holds()
    stage.carrier.advance(15)
    return caller


def rings_after_wrap_up(stage: Stage, caller: Leg) -> timedelta:
    """Amina hangs up; how long after the end of her wrap-up her telephone rings."""
    stage.phones["Amina"].hang_up()
    free_at = stage.carrier.now() + timedelta(seconds=WRAP_UP)
    assert stage.rings("Amina", within=WRAP_UP + 30)
    late = stage.carrier.now() - free_at
    assert late >= timedelta()
    stage.connect(caller, stage.phones["Amina"])
    return late


def test_a_mediator_who_becomes_free_rings_within_about_a_second(stage: Stage) -> None:
    caller = waiting_caller(stage)
    assert rings_after_wrap_up(stage, caller) <= AT_ONCE


def test_without_redis_the_next_wait_turn_does_it(stage: Stage) -> None:
    caller = waiting_caller(stage)
    stage.jobs.out_of_reach = True
    assert rings_after_wrap_up(stage, caller) <= NEXT_DOCUMENT


@pytest.mark.parametrize("does", ["429", "500", "hang", "lost"])
def test_with_the_rest_interface_in_trouble_the_next_wait_turn_does_it(
    make_stage: Callable[..., Stage], does: str
) -> None:
    stage = make_stage(patience=0.3)
    caller = waiting_caller(stage)
    fault = RestFault(does, times=None, seconds=0.5)  # type: ignore[arg-type]  # by parameter
    stage.carrier.faults.rest.append(fault)
    assert rings_after_wrap_up(stage, caller) <= NEXT_DOCUMENT


@pytest.mark.parametrize("in_a_talk", [False, True])
def test_a_push_that_was_given_up_and_takes_effect_late_costs_nobody_anything(
    stage: Stage, in_a_talk: bool
) -> None:
    """The carrier takes the caller out of the ringing, or of the talk: the same mediator is rung again."""
    caller = waiting_caller(stage)
    stage.carrier.faults.rest.append(RestFault("500", times=None))
    stage.phones["Amina"].hang_up()
    assert stage.rings("Amina", within=WRAP_UP + 30)
    if in_a_talk:
        stage.connect(caller, stage.phones["Amina"])
    stage.carrier.faults.rest.clear()
    stage.services.carrier.push(LegSid(caller.sid), OfferId(2))
    assert stage.carrier.advance_until(lambda: stage.phones["Amina"].ringing_leg is None, 5)
    assert stage.rings("Amina", within=15)
    stage.connect(caller, stage.phones["Amina"])
    assert stage.misses("Amina") == 0
    stage.leaves(caller)
    assert stage.outcome(caller) == "answered"


def test_no_webhook_waits_for_the_rest_interface(make_stage: Callable[..., Stage]) -> None:
    """A carrier that says nothing for a while must not make its own questions wait."""
    patience = 0.8
    stage = make_stage(patience=patience, timings__wrap_up=0)
    waiting_caller(stage)
    stage.carrier.faults.rest.append(RestFault("hang", times=None, seconds=1.0))
    before = len(stage.carrier.trace)
    stage.phones["Amina"].hang_up()
    assert stage.rings("Amina", within=30)
    asked = [one for one in stage.carrier.trace[before:] if one.kind is Kind.WEBHOOK]
    assert len(asked) > 3
    assert max(int(str(one.params["ms"])) for one in asked) < 1000 * patience


def test_somebody_who_has_gone_without_our_being_told_is_found_gone_by_the_push(
    make_stage: Callable[..., Stage],
) -> None:
    """The carrier refuses the push (21220), long before the watchdog asks: the next caller is rung."""
    stage = make_stage(timings__wrap_up=20)
    gone = waiting_caller(stage)
    other = stage.holds("+33639980003")
    stage.carrier.faults.callbacks.append(CallbackFault("drop", path="/voice/status", times=1))
    stage.fail_once("/voice/held")
    gone.hang_up()
    stage.phones["Amina"].hang_up()
    stage.carrier.advance(15)
    assert stage.outcome(gone) is None
    stage.carrier.advance(7)
    assert stage.outcome(gone) == "abandoned_in_queue"
    assert stage.rings("Amina", within=10)
    stage.connect(other, stage.phones["Amina"])
