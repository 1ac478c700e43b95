"""The carrier misbehaves on request, and only then."""

from collections.abc import Callable

import pytest

from hotline.simulator.carrier import Carrier
from hotline.simulator.fault_settings import apply, as_json
from hotline.simulator.faults import CallbackFault, Faults, WebhookRepeat
from hotline.simulator.legs import Leg
from hotline.simulator.scripted import ScriptedCustomer

Call = Callable[[str], Leg]
AMINA = "+33639980101"
DIAL = (
    '<Dial callerId="+33199001234"><Number statusCallback="/progress" '
    f'statusCallbackEvent="initiated ringing answered completed">{AMINA}</Number></Dial>'
)


def sequence(customer: ScriptedCustomer) -> list[str]:
    return [one["SequenceNumber"] for one in customer.asked("/progress")]


def whole_call(call: Call, carrier: Carrier) -> None:
    call(DIAL)
    carrier.phone(AMINA).answer()
    carrier.advance(5)
    carrier.phone(AMINA).hang_up()
    carrier.advance(10)


@pytest.mark.parametrize(
    ("fault", "order"),
    [
        (CallbackFault("drop", event="ringing"), ["0", "2", "3"]),
        (CallbackFault("duplicate", event="answered"), ["0", "1", "2", "2", "3"]),
        (CallbackFault("reorder", event="ringing"), ["0", "2", "1", "3"]),
        (CallbackFault("reorder", event="completed"), ["0", "1", "2", "3"]),
        (CallbackFault("delay", event="answered", seconds=7), ["0", "1", "3", "2"]),
        (CallbackFault("drop", path="/status"), ["0", "1", "2", "3"]),
        (CallbackFault("drop", times=2), ["2", "3"]),
    ],
)
def test_callbacks_are_spoilt(
    call: Call, carrier: Carrier, customer: ScriptedCustomer, fault: CallbackFault, order: list[str]
) -> None:
    carrier.faults.callbacks = [fault]
    whole_call(call, carrier)
    assert sequence(customer) == order


def test_a_delayed_callback_tells_what_was_then(
    call: Call, carrier: Carrier, customer: ScriptedCustomer
) -> None:
    carrier.faults.callbacks = [CallbackFault("delay", event="answered", seconds=7)]
    whole_call(call, carrier)
    assert customer.asked("/progress")[-1]["CallStatus"] == "in-progress"


@pytest.mark.parametrize(("token", "different"), [("same", 1), ("new", 2)])
def test_a_webhook_is_repeated(
    call: Call, carrier: Carrier, customer: ScriptedCustomer, token: str, different: int
) -> None:
    carrier.faults.repeats = [WebhookRepeat("/next", token=token)]  # type: ignore[arg-type]  # one of its words
    customer["/next"] = ["<Say>Un</Say>", "<Say>Deux</Say>"]
    assert call("<Redirect>/next</Redirect>").heard_text() == "Deux"
    tokens = {one.headers["I-Twilio-Idempotency-Token"] for one in customer.requests_of("/next")}
    assert (len(customer.requests_of("/next")), len(tokens)) == (2, different)


def test_chance_is_the_same_in_each_run() -> None:
    def runs() -> list[bool]:
        faults = Faults(callbacks=[CallbackFault("drop", chance=0.5)], seed=7)
        return [faults.for_callback("/status", "completed") is not None for _ in range(20)]

    assert runs() == runs()
    assert len(set(runs())) == 2


def test_faults_are_read_from_json() -> None:
    faults = Faults()
    apply(faults, {"callbacks": [{"does": "drop", "path": "/s"}], "readings": {"failing_whisper": "end"}})
    apply(faults, {"rest": [{"does": "429", "times": 2}]})
    shown = as_json(faults)
    assert shown["callbacks"][0]["path"] == "/s"
    assert shown["readings"]["failing_whisper"] == "end"
    assert shown["readings"]["parallel_cut"] == "first_pickup"
    assert shown["rest"][0]["times"] == 2


@pytest.mark.parametrize(
    "wished",
    [
        {"weather": []},
        {"callbacks": [{"does": "explode"}]},
        {"callbacks": [{"path": "/s"}]},
        {"rest": [{"does": "429", "colour": "red"}]},
        {"readings": {"failing_whisper": "perhaps"}},
    ],
)
def test_meaningless_faults_are_refused(wished: dict[str, object]) -> None:
    faults = Faults()
    with pytest.raises(ValueError, match=r".+"):
        apply(faults, wished)
    assert faults == Faults()
