"""Lost, late, doubled and reordered: what the carrier repeats or forgets changes nothing for the people."""

import pytest

from hotline.simulator.faults import CallbackFault, Readings, WebhookRepeat
from tests.calls.stage import Stage


def talk(stage: Stage) -> None:
    """One whole call, with all that must be true at its end."""
    amina = stage.mediator("Amina", "taxes")
    caller = stage.asks("2")
    stage.connect(caller, amina)
    stage.carrier.advance(30)
    amina.hang_up()
    assert stage.is_over(caller)
    stage.carrier.advance(200)
    assert stage.outcome(caller) == "answered"
    assert stage.log(caller).count("talked") == 1
    assert stage.log(caller).count("ended") == 1
    assert stage.state("Amina") == "available"


@pytest.mark.parametrize("does", ["duplicate", "delay", "reorder"])
def test_status_callbacks_doubled_late_or_reordered(stage: Stage, does: str) -> None:
    stage.carrier.faults.callbacks.append(CallbackFault(does, seconds=20))  # type: ignore[arg-type]  # by parameter
    talk(stage)


def test_the_mediators_status_callback_lost(stage: Stage) -> None:
    stage.carrier.faults.callbacks.append(CallbackFault("drop", path="/voice/leg"))
    talk(stage)


@pytest.mark.parametrize("token", ["same", "new"])
@pytest.mark.parametrize(
    "path", ["/voice/incoming", "/voice/turn", "/voice/rung", "/voice/whisper", "/voice/whispered"]
)
def test_a_webhook_repeated(stage: Stage, path: str, token: str) -> None:
    repeat = WebhookRepeat(path, token, times=None)  # type: ignore[arg-type]  # by parameter
    stage.carrier.faults.repeats.append(repeat)
    talk(stage)


@pytest.mark.parametrize("token", ["same", "new"])
@pytest.mark.parametrize("path", ["/voice/wait", "/voice/held", "/voice/fetched"])
def test_a_webhook_of_the_hold_repeated(stage: Stage, path: str, token: str) -> None:
    repeat = WebhookRepeat(path, token, times=None)  # type: ignore[arg-type]  # by parameter
    stage.carrier.faults.repeats.append(repeat)
    amina = stage.mediator("Amina", "taxes")
    stage.connect(stage.asks("2", caller="+33639980002"), amina)
    caller = stage.asks("2")
    amina.hang_up()
    assert stage.rings("Amina", within=150)
    stage.connect(caller, amina)
    caller.hang_up()
    stage.carrier.advance(2)
    assert stage.outcome(caller) == "answered"


@pytest.mark.parametrize(
    ("updated", "redirected", "refused", "gone"),
    [
        (True, "first", "completed", "canceled"),
        (True, "after", "no-answer", "canceled"),
        (False, "first", "no-answer", "no-answer"),
        (False, "after", "completed", "no-answer"),
        (True, "after", "completed", "no-answer"),
    ],
)
def test_both_readings_of_what_the_contract_leaves_open(
    stage: Stage, updated: bool, redirected: str, refused: str, gone: str
) -> None:
    stage.carrier.faults.readings = Readings(
        updated_parent_requests_action=updated,
        redirected_action=redirected,  # type: ignore[arg-type]  # by parameter
        refused_whisper=refused,  # type: ignore[arg-type]  # by parameter
        caller_gone_while_ringing=gone,  # type: ignore[arg-type]  # by parameter
    )
    amina = stage.mediator("Amina", "taxes")
    stage.connect(stage.asks("2", caller="+33639980002"), amina)
    first = stage.asks("2")
    second = stage.asks("2", caller="+33639980003")
    amina.hang_up()
    assert stage.rings("Amina", within=150)
    amina.answer()
    stage.carrier.advance(4)
    amina.press("2")
    assert stage.rings("Amina", within=100)
    assert amina.ringing_leg is not None
    second.hang_up()
    stage.carrier.advance(100)
    first.hang_up()
    stage.carrier.advance(30)
    assert stage.outcome(first) == "abandoned_in_queue"
    assert stage.outcome(second) == "abandoned_in_queue"
    assert stage.state("Amina") == "available"


def test_an_offer_that_is_over_is_no_longer_accepted(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    caller = stage.asks("2")
    amina.answer()
    stage.carrier.advance(2)
    stage.post("/voice/whispered?offer=1&asked=1", CallSid="CAother", Digits="2")
    amina.press("1")
    stage.carrier.advance(2)
    assert caller.talking_to is None
    assert "n'attend plus" in stage.carrier.legs[amina_leg(stage)].heard_text()


def amina_leg(stage: Stage) -> str:
    return next(leg.sid for leg in stage.carrier.legs.values() if leg.ends.direction == "outbound-dial")
