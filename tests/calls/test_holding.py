"""On duty but all busy: the caller waits, and is let out of hold in time, whatever comes of it."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest

from hotline.simulator.legs import Leg
from tests.calls import heard, kept, words
from tests.calls.stage import Stage


def waiting_caller(stage: Stage) -> Leg:
    """The only mediator talks; a second caller waits."""
    stage.busy()
    caller = stage.holds()
    stage.carrier.advance(10)
    return caller


def test_the_caller_hears_that_the_call_is_still_there(stage: Stage) -> None:
    caller = waiting_caller(stage)
    assert "Restez en ligne" in caller.heard_text()
    stage.carrier.advance(100)
    assert len(heard.music(caller)) > 5
    told = [one.at for one in caller.heard]
    assert max(later - earlier for earlier, later in pairwise(told)) < timedelta(seconds=12)


def test_callers_are_served_in_the_order_they_came(stage: Stage) -> None:
    first = waiting_caller(stage)
    second = stage.asks("2", caller="+33639980003")
    stage.carrier.advance(15)
    stage.phones["Amina"].hang_up()
    assert stage.rings("Amina", within=130)
    stage.connect(first, stage.phones["Amina"])
    assert second.in_queue is not None


def test_a_newcomer_does_not_overtake_who_waits(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(timings__wrap_up=0)
    first = waiting_caller(stage)
    stage.phones["Amina"].hang_up()
    second = stage.asks("2", caller="+33639980003")
    assert stage.rings("Amina", within=15)
    stage.connect(first, stage.phones["Amina"])
    assert second.is_open


def test_nobody_starves_behind_callers_who_need_less(stage: Stage) -> None:
    """Whoever waits for one topic is served before those who came later and would take anybody."""
    amina = stage.busy()
    first = stage.holds()
    others = [stage.holds(f"+3363998003{n}", key="0") for n in range(3)]
    amina.hang_up()
    assert stage.rings("Amina", within=130)
    stage.connect(first, amina)
    assert all(other.in_queue is not None for other in others)


def test_after_the_longest_wait_a_callback_is_promised(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(timings__longest_wait=60)
    caller = waiting_caller(stage)
    queued_at = kept.place(stage, caller).queued_at
    stage.hears(caller, f"{words.said('waited_long')} {words.OFFERED}", 80)
    assert stage.carrier.now() - queued_at <= timedelta(seconds=60 + 10)
    assert stage.is_over(caller, within=120)
    assert stage.outcome(caller) == "callback"
    assert kept.place(stage, caller).queued_at == queued_at
    assert kept.is_due(stage, caller)


def test_when_everybody_has_gone_a_callback_is_promised(stage: Stage) -> None:
    caller = waiting_caller(stage)
    queued_at = kept.place(stage, caller).queued_at
    stage.phones["Amina"].hang_up()
    stage.carrier.advance(3)
    stage.pause("Amina")
    stage.hears(caller, f"{words.NOBODY} {words.OFFERED}", within=15)
    assert stage.is_over(caller)
    assert stage.outcome(caller) == "callback"
    assert kept.place(stage, caller).queued_at == queued_at


def test_somebody_who_leaves_the_hold_is_gone(stage: Stage) -> None:
    caller = waiting_caller(stage)
    caller.hang_up()
    stage.carrier.advance(5)
    assert stage.outcome(caller) == "abandoned_in_queue"
    stage.phones["Amina"].hang_up()
    stage.carrier.advance(150)
    assert stage.phones["Amina"].ringing_leg is None


def test_a_caller_who_leaves_while_being_fetched_frees_the_mediator(stage: Stage) -> None:
    caller = waiting_caller(stage)
    stage.phones["Amina"].hang_up()
    assert stage.rings("Amina", within=130)
    caller.hang_up()
    stage.carrier.advance(10)
    assert stage.state("Amina") == "available"
    assert stage.outcome(caller) == "abandoned_in_queue"


@pytest.mark.parametrize("path", ["/voice/wait", "/voice/keyed", "/voice/held", "/voice/fetched"])
def test_an_answer_that_fails_in_hold_does_not_cost_the_caller_the_place(stage: Stage, path: str) -> None:
    caller = waiting_caller(stage)
    queued_at = kept.place(stage, caller).queued_at
    stage.fail_once(path)
    caller.press("5")
    stage.carrier.advance(15)
    stage.phones["Amina"].hang_up()
    assert stage.rings("Amina", within=150)
    assert kept.place(stage, caller).queued_at == queued_at
    stage.connect(caller, stage.phones["Amina"])
