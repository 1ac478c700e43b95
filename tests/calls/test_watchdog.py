"""What the carrier forgets to tell: we ask, and free nobody before its terminal answer or the time limit."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from hotline.simulator.faults import CallbackFault, RestFault
from hotline.simulator.legs import Leg
from hotline.simulator.trace import Kind
from tests.calls import heard, kept, words
from tests.calls.stage import Stage

ACTIONS = ("/voice/rung", "/voice/held", "/voice/message", "/voice/turn", "/voice/wait")
ASKED_WITHIN = 120 + 20 + 2
"""Two minutes of silence, and the next round."""


def vanishes(stage: Stage, caller: Leg) -> None:
    """The caller hangs up, and nothing that the carrier says of it arrives."""
    stage.carrier.faults.callbacks.append(CallbackFault("drop"))
    for path in ACTIONS:
        stage.fail_once(path, times=100)
    caller.hang_up()
    stage.carrier.advance(5)
    stage.failing.clear()
    stage.carrier.faults.callbacks.clear()
    assert not caller.is_open
    assert stage.outcome(caller) is None


def in_the_menu(stage: Stage) -> Leg:
    stage.mediator("Amina", "taxes")
    caller = stage.call()
    stage.carrier.advance(20)
    return caller


def while_it_rings(stage: Stage) -> Leg:
    stage.mediator("Amina", "taxes")
    caller = stage.asks("2")
    assert stage.rings("Amina")
    return caller


def in_hold(stage: Stage) -> Leg:
    stage.busy()
    caller = stage.holds()
    stage.carrier.advance(20)
    return caller


def in_a_talk(stage: Stage) -> Leg:
    stage.mediator("Amina", "taxes")
    caller = stage.asks("2")
    stage.connect(caller, stage.phones["Amina"])
    return caller


def in_the_dialogue(stage: Stage) -> Leg:
    caller = in_hold(stage)
    caller.press("9")
    stage.hears(caller, words.READ_BACK)
    return caller


BEGINS: dict[Callable[[Stage], Leg], str] = {
    in_the_menu: "abandoned_in_menu",
    # perhaps they did not give up, but were cut off when we could not be reached
    while_it_rings: "callback",
    in_hold: "callback",
    in_a_talk: "answered",
    in_the_dialogue: "callback",
}


@pytest.mark.parametrize("begin", BEGINS)
def test_a_call_that_ended_without_our_being_told_is_closed(
    stage: Stage, begin: Callable[[Stage], Leg]
) -> None:
    caller = begin(stage)
    vanishes(stage, caller)
    stage.carrier.advance(ASKED_WITHIN)
    assert stage.outcome(caller) == BEGINS[begin]
    assert stage.log(caller).count("ended") == 1
    owed = BEGINS[begin] == "callback"
    assert kept.due(stage) == ([kept.ticket(stage, caller).id] if owed else [])
    if begin in (in_the_menu, while_it_rings, in_a_talk):
        stage.carrier.advance(125)
        assert stage.state("Amina") == "available"
        stage.connect(stage.asks("2", "+33639980003"), stage.phones["Amina"])


def test_a_mediator_whose_leg_ended_without_our_being_told_is_freed(stage: Stage) -> None:
    """Amina's earlier leg is over for the carrier; the caller of her talk is still on the line."""
    amina = stage.busy()
    assert amina.leg is not None
    over = amina.leg
    amina.hang_up()
    stage.carrier.advance(125)
    caller = stage.call()
    stage.post("/voice/turn?n=1", CallSid=caller.sid, Digits="2", CallStatus="in-progress")
    stage.post("/voice/whispered?offer=2&asked=1", CallSid=over.sid, Digits="1")
    assert stage.state("Amina") == "on_call"
    stage.ahead = timedelta(minutes=3)
    stage.look()
    stage.later(hours=11 / 3600)
    assert stage.state("Amina") == "wrap_up"
    assert "talked" in stage.log(caller)
    assert stage.outcome(caller) is None


def test_a_live_call_is_asked_about_at_most_every_two_minutes_and_left_alone(stage: Stage) -> None:
    caller = in_a_talk(stage)
    waiting = stage.holds("+33639980003")
    before = len(stage.carrier.trace)
    stage.carrier.advance(20 * 60)
    assert caller.talking_to is stage.phones["Amina"].leg
    assert stage.state("Amina") == "on_call"
    asked = [
        one.at
        for one in stage.carrier.trace[before:]
        if one.kind is Kind.REST and caller.sid in str(one.params["path"])
    ]
    assert 8 <= len(asked) <= 10
    assert not waiting.is_open
    assert stage.outcome(waiting) == "callback"


@pytest.mark.parametrize("does", ["429", "500", "hang"])
def test_nobody_is_freed_while_the_carrier_does_not_answer(
    make_stage: Callable[..., Stage], does: str
) -> None:
    stage = make_stage(patience=0.5)
    caller = in_a_talk(stage)
    vanishes(stage, caller)
    fault = RestFault(does, times=None, seconds=0.6)  # type: ignore[arg-type]  # by parameter
    stage.carrier.faults.rest.append(fault)
    stage.carrier.advance(5 * 60)
    assert stage.state("Amina") == "on_call"
    assert stage.outcome(caller) is None
    stage.carrier.faults.rest.clear()
    stage.carrier.advance(ASKED_WITHIN)
    assert stage.outcome(caller) == "answered"
    assert stage.state("Amina") == "wrap_up"


def test_a_carrier_in_trouble_is_asked_once_a_round(stage: Stage) -> None:
    """Each question may take as long as its time limit: the others wait for the next round."""
    callers = [stage.call(f"+336399804{n:02}") for n in range(5)]
    stage.carrier.faults.rest.append(RestFault("500", times=None))
    before = len(stage.carrier.trace)
    stage.ahead = timedelta(minutes=3)
    stage.look()
    assert [one.kind for one in stage.carrier.trace[before:]].count(Kind.REST) == 1
    assert {stage.outcome(caller) for caller in callers} == {None}


def test_nobody_is_freed_by_a_carrier_that_does_not_know_the_call(stage: Stage) -> None:
    """A 404 may mean a wrong account as well. The time limit of the talk stays."""
    stage.mediator("Amina", "taxes")
    stage.post("/voice/incoming", CallSid="CAunknown", To="+33199001234", From="anonymous")
    stage.post("/voice/turn?n=1", CallSid="CAunknown", Digits="2", CallStatus="in-progress")
    stage.post("/voice/whispered?offer=1&asked=1", CallSid="CAamina", Digits="1")
    stage.carrier.advance(30 * 60)
    assert stage.state("Amina") == "on_call"
    assert stage.outcome_of("CAunknown") is None
    stage.later(hours=3)
    assert stage.state("Amina") == "on_call"
    stage.later(hours=1)
    assert stage.state("Amina") == "wrap_up"


def test_one_that_the_carrier_does_not_know_keeps_nobody_else_from_being_asked_about(stage: Stage) -> None:
    for n in range(4):
        stage.post("/voice/incoming", CallSid=f"CAunknown{n}", To="+33199001234", From="anonymous")
    caller = in_the_menu(stage)
    vanishes(stage, caller)
    stage.carrier.advance(ASKED_WITHIN + 5 * 20)
    assert stage.outcome(caller) == "abandoned_in_menu"


def test_forty_that_vanished_at_once_are_closed_within_minutes(stage: Stage) -> None:
    """Ten a round: our own restart at the wrong second."""
    callers = [stage.call(f"+336399804{n:02}") for n in range(40)]
    stage.carrier.advance(10)
    stage.carrier.faults.callbacks.append(CallbackFault("drop"))
    for caller in callers:
        caller.hang_up()
    stage.carrier.advance(1)
    stage.carrier.faults.callbacks.clear()
    stage.carrier.advance(120 + 5 * 20)
    assert {stage.outcome(caller) for caller in callers} == {"abandoned_in_menu"}


def test_a_caller_who_vanished_from_hold_is_in_nobodys_way(stage: Stage) -> None:
    gone = in_hold(stage)
    other = stage.holds("+33639980003")
    vanishes(stage, gone)
    stage.carrier.advance(ASKED_WITHIN + 60)
    assert heard.positions(other)[-1][1] == 1
