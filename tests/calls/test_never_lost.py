"""What had once cost a caller the call, or a mediator the day."""

from collections.abc import Callable

import pytest

from tests.calls import words
from tests.calls.stage import Stage


def accepted_but_hung_up(stage: Stage, callbacks: bool) -> None:
    """Amina presses 1 and hangs up before the two are bridged."""
    amina = stage.mediator("Amina", "taxes")
    bruno = stage.mediator("Bruno", "taxes")
    caller = stage.asks("2")
    form = {"DialCallStatus": "completed", "DialBridged": "false", "CallStatus": "in-progress"}
    stage.post("/voice/whispered?offer=1&asked=1", CallSid="CAamina", Digits="1")
    if callbacks:
        stage.post("/voice/leg?offer=1", CallSid="CAamina", CallStatus="completed")
    document = stage.post("/voice/rung?n=2", CallSid=caller.sid, **form)
    if not callbacks:
        stage.post("/voice/leg?offer=1", CallSid="CAamina", CallStatus="completed")
    assert bruno.number in document
    assert amina.number not in document
    assert "talked" not in stage.log(caller)


@pytest.mark.parametrize("first", [True, False])
def test_a_mediator_who_hangs_up_before_the_bridge(stage: Stage, first: bool) -> None:
    accepted_but_hung_up(stage, first)


def test_a_mediator_who_hangs_up_before_the_bridge_as_the_carrier_does_it(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    bruno = stage.mediator("Bruno", "taxes")
    caller = stage.asks("2")
    amina.answer()
    stage.carrier.advance(4)
    amina.press("1")
    stage.carrier.advance(0.3)
    amina.hang_up()
    assert stage.rings("Bruno")
    stage.connect(caller, bruno)


def test_a_talk_of_which_only_the_mediators_end_was_told(stage: Stage) -> None:
    stage.mediator("Amina", "taxes")
    caller = stage.asks("2")
    stage.post("/voice/whispered?offer=1&asked=1", CallSid="CAamina", Digits="1")
    stage.post("/voice/leg?offer=1", CallSid="CAamina", CallStatus="completed")
    assert stage.state("Amina") == "on_call"
    stage.carrier.advance(12)
    assert stage.state("Amina") == "wrap_up"
    assert "talked" in stage.log(caller)


def test_a_talk_of_which_no_end_was_told(stage: Stage) -> None:
    stage.mediator("Amina", "taxes")
    stage.post("/voice/incoming", CallSid="CAforgotten", To="+33199001234", From="anonymous")
    stage.post("/voice/turn?n=1", CallSid="CAforgotten", Digits="2", CallStatus="in-progress")
    stage.post("/voice/whispered?offer=1&asked=1", CallSid="CAamina", Digits="1")
    stage.later(hours=3)
    assert stage.state("Amina") == "on_call"
    stage.later(hours=2)
    assert stage.state("Amina") == "wrap_up"
    stage.later(hours=4)
    assert stage.outcome_of("CAforgotten") == "answered"


def test_a_call_that_had_ended_for_us_but_goes_on(stage: Stage) -> None:
    """A false status callback: whoever asks again is there, and reaches a person."""
    amina = stage.mediator("Amina", "health")
    caller = stage.call()
    stage.carrier.advance(4)
    stage.post("/voice/status", CallSid=caller.sid, CallStatus="completed")
    caller.press("2")
    assert stage.rings("Amina")
    stage.connect(caller, amina)
    caller.hang_up()
    stage.carrier.advance(2)
    assert stage.outcome(caller) == "answered"


def test_a_late_turn_of_a_caller_who_has_gone_wakes_nobody(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    caller = stage.call()
    stage.carrier.advance(10)
    caller.hang_up()
    stage.carrier.advance(2)
    stage.post("/voice/turn?n=1", CallSid=caller.sid, Digits="2", CallStatus="in-progress")
    stage.carrier.advance(30)
    assert stage.outcome(caller) == "abandoned_in_menu"
    assert amina.ringing_leg is None
    assert stage.state("Amina") == "available"


def test_who_can_neither_key_a_number_nor_speak_is_told_to_call_again(
    make_stage: Callable[..., Stage],
) -> None:
    """Withheld, no tones, the longest wait over: the last thing that can be done is to say so kindly."""
    stage = make_stage(timings__longest_wait=60)
    stage.busy()
    caller = stage.holds("anonymous")
    stage.hears(caller, words.said("waited_long"), within=80)
    stage.hears(caller, words.NO_NUMBER, within=90)
    stage.hears(caller, f"{words.EMPTY} {words.said('callback_impossible')}", within=120)
    assert stage.is_over(caller)
    assert stage.outcome(caller) == "informed"


def test_the_fallback_of_a_mediators_leg_is_no_call(stage: Stage) -> None:
    document = stage.post("/voice/fallback", CallSid="CAx", Direction="outbound-dial", ParentCallSid="CAy")
    assert "Hangup" in document
    assert "Bonjour" not in document
