"""The verb Enqueue: waiting documents, and the ways out of a queue."""

from collections.abc import Callable

import pytest

from hotline.simulator.carrier import Carrier
from hotline.simulator.fetch import WebAnswer
from hotline.simulator.legs import Ask, Inline, Leg
from hotline.simulator.scripted import ScriptedCustomer

Call = Callable[[str], Leg]
ENQUEUE = '<Enqueue waitUrl="/wait" action="/left">aide</Enqueue>'


@pytest.fixture(autouse=True)
def documents(customer: ScriptedCustomer) -> None:
    customer["/wait"] = "<Play>/m.wav</Play>"
    customer["/left"] = "<Say>Après la file</Say>"
    customer["/elsewhere"] = '<Say>Ailleurs</Say><Pause length="60"/>'


def test_the_wait_document_is_asked_again_each_time_it_ends(
    call: Call, carrier: Carrier, customer: ScriptedCustomer
) -> None:
    leg = call(ENQUEUE)
    assert (leg.in_queue, leg.status) == ("aide", "in-progress")
    carrier.advance(7)
    asked = customer.asked("/wait")
    assert [one["QueueTime"] for one in asked] == ["0", "3", "6"]
    assert {one["QueuePosition"] for one in asked} == {"1"}
    assert {one["MaxQueueSize"] for one in asked} == {"1000"}
    assert asked[0]["QueueSid"].startswith("QU")


def test_positions_follow_the_order_of_arrival(
    call: Call, carrier: Carrier, customer: ScriptedCustomer
) -> None:
    first = call(ENQUEUE)
    call(ENQUEUE)
    asked = customer.asked("/wait")[1]
    assert (asked["QueuePosition"], asked["CurrentQueueSize"]) == ("2", "2")
    first.hang_up()
    carrier.advance(3.1)
    assert customer.asked("/wait")[-1]["QueuePosition"] == "1"


def test_leaving_goes_to_the_action(call: Call, carrier: Carrier, customer: ScriptedCustomer) -> None:
    customer["/wait"] = ["<Play>/m.wav</Play>", "<Leave/>"]
    leg = call(ENQUEUE)
    carrier.advance(3.1)
    told = customer.asked("/left")[0]
    assert (told["QueueResult"], told["QueueTime"], told["CallStatus"]) == ("leave", "3", "in-progress")
    assert leg.in_queue is None
    assert leg.heard_text().endswith("Après la file")


def test_without_action_leaving_goes_on_with_the_next_verb(call: Call, customer: ScriptedCustomer) -> None:
    customer["/wait"] = "<Leave/>"
    assert call('<Enqueue waitUrl="/wait">aide</Enqueue><Say>Suite</Say>').heard_text() == "Suite"


def test_keys_work_while_waiting(call: Call, carrier: Carrier, customer: ScriptedCustomer) -> None:
    customer["/wait"] = '<Gather numDigits="1" action="/nine" timeout="3"><Play>/m.wav</Play></Gather>'
    customer["/nine"] = "<Say>Nous vous rappelons</Say><Leave/>"
    leg = call(ENQUEUE)
    carrier.advance(7)
    assert len(customer.asked("/wait")) == 2
    leg.press("9")
    carrier.advance(5)
    assert customer.asked("/nine")[0]["Digits"] == "9"
    assert customer.asked("/left")[0]["QueueResult"] == "leave"


def test_hanging_up_while_waiting(call: Call, carrier: Carrier, customer: ScriptedCustomer) -> None:
    leg = call(ENQUEUE)
    carrier.advance(5)
    leg.hang_up()
    told = customer.asked("/left")[0]
    assert (told["QueueResult"], told["CallStatus"], told["QueueTime"]) == ("hangup", "completed", "5")
    assert customer.asked("/status")[0]["CallDuration"] == "5"
    assert "Après" not in leg.heard_text()
    assert carrier.exchange.queue("aide").waiting == []


def test_the_line_may_hang_up_in_the_wait_document(call: Call, customer: ScriptedCustomer) -> None:
    customer["/wait"] = "<Hangup/>"
    assert not call(ENQUEUE).is_open
    assert customer.asked("/left")[0]["QueueResult"] == "hangup"


@pytest.mark.parametrize(
    ("reading", "order"), [("first", ["/left", "/elsewhere"]), ("after", ["/elsewhere", "/left"])]
)
def test_an_update_takes_the_call_out_in_either_order(
    call: Call, carrier: Carrier, customer: ScriptedCustomer, reading: str, order: list[str]
) -> None:
    carrier.faults.readings.redirected_action = reading  # type: ignore[assignment]  # one of its words
    leg = call(ENQUEUE)
    carrier.advance(1)
    carrier.update_call(leg, Ask("http://customer.test/elsewhere"))
    assert leg.in_queue == "aide"
    carrier.advance(1)
    assert customer.paths[-2:] == order
    assert customer.asked("/left")[0]["QueueResult"] == "redirected"
    assert leg.heard_text().endswith("Ailleurs")


def test_an_update_with_a_text(call: Call, carrier: Carrier) -> None:
    leg = call(ENQUEUE)
    carrier.update_call(leg, Inline("<Response><Say>Direct</Say></Response>"))
    carrier.advance(0)
    assert leg.heard_text().endswith("Direct")


def test_a_failing_wait_document_is_an_error(call: Call, customer: ScriptedCustomer) -> None:
    customer["/wait"] = WebAnswer(500)
    call(ENQUEUE)
    assert customer.asked("/left")[0]["QueueResult"] == "error"
    assert customer.asked("/fallback") == []


def test_a_full_queue(call: Call, customer: ScriptedCustomer) -> None:
    small = '<Enqueue waitUrl="/wait" action="/left" maxQueueSize="1">petite</Enqueue>'
    call(small)
    assert customer.asked("/left") == []
    call(small)
    assert customer.asked("/left")[0]["QueueResult"] == "queue-full"


def test_an_empty_wait_document_does_not_turn_for_ever(
    call: Call, carrier: Carrier, customer: ScriptedCustomer
) -> None:
    customer["/wait"] = ""
    call(ENQUEUE)
    carrier.advance(3.5)
    assert len(customer.asked("/wait")) == 4


@pytest.mark.parametrize(("attribute", "sounds"), [("", 1), ('waitUrl=""', 0)])
def test_waiting_without_documents(call: Call, carrier: Carrier, attribute: str, sounds: int) -> None:
    leg = call(f"<Enqueue {attribute}>aide</Enqueue>")
    carrier.advance(3600)
    assert (leg.in_queue, len(leg.heard)) == ("aide", sounds)
