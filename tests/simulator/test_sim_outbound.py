"""Calls that the customer creates: paced, rung, answered, reported."""

from datetime import timedelta

import pytest

from hotline.simulator.carrier import Carrier
from hotline.simulator.legs import Ask, Leg, StatusHook
from hotline.simulator.scripted import ScriptedCustomer

LINE, AMINA, BRUNO = "+33199001234", "+33639980101", "+33639980102"
HOOK = StatusHook("http://customer.test/progress", "POST", ("initiated", "ringing", "answered", "completed"))


@pytest.fixture(autouse=True)
def documents(customer: ScriptedCustomer) -> None:
    customer["/out"] = '<Say>Bonjour</Say><Pause length="60"/>'


def create(carrier: Carrier, to: str = AMINA, timeout: float = 20) -> Leg:
    return carrier.create_call(LINE, to, Ask("http://customer.test/out"), hook=HOOK, timeout=timeout)


def test_a_created_call_rings_and_follows_its_document(carrier: Carrier, customer: ScriptedCustomer) -> None:
    leg = create(carrier)
    assert leg.status == "queued"
    carrier.advance(0)
    assert (leg.status, carrier.phone(AMINA).shows) == ("ringing", LINE)
    assert customer.asked("/out") == []
    carrier.phone(AMINA).answer()
    assert leg.heard_text() == "Bonjour"
    asked = customer.asked("/out")[0]
    assert (asked["Direction"], asked["CallStatus"]) == ("outbound-api", "in-progress")
    carrier.phone(AMINA).hang_up()
    told = [one["CallStatus"] for one in customer.asked("/progress")]
    assert told == ["initiated", "ringing", "in-progress", "completed"]


def test_one_call_is_created_a_second(carrier: Carrier) -> None:
    legs = [create(carrier, f"+3363998020{n}") for n in range(4)]
    carrier.advance(10)
    rung = [entry.at for entry in carrier.trace if entry.kind == "ringing"]
    assert [at - rung[0] for at in rung] == [timedelta(seconds=n) for n in range(4)]
    assert [leg.queue_time for leg in legs] == [0, 1, 2, 3]
    late = create(carrier)
    assert late.queue_time == 0


@pytest.mark.parametrize(
    ("behaviour", "status"), [("busy", "busy"), ("unreachable", "failed"), ("ring", "no-answer")]
)
def test_a_created_call_that_nobody_takes(
    carrier: Carrier, customer: ScriptedCustomer, behaviour: str, status: str
) -> None:
    carrier.phone(AMINA).behaviour = behaviour  # type: ignore[assignment]  # one of its words
    leg = create(carrier)
    carrier.advance(20.1)
    assert leg.status == status
    assert customer.asked("/progress")[-1]["CallStatus"] == status
    assert customer.asked("/out") == []


def test_a_call_canceled_in_the_queue_is_reported_to_nobody(
    carrier: Carrier, customer: ScriptedCustomer
) -> None:
    create(carrier, BRUNO)
    leg = create(carrier)
    carrier.end_call(leg, cancel=True)
    carrier.advance(5)
    assert leg.status == "canceled"
    assert leg.sid not in {one["CallSid"] for one in customer.asked("/progress")}


def test_a_ringing_call_is_canceled(carrier: Carrier, customer: ScriptedCustomer) -> None:
    leg = create(carrier)
    carrier.advance(3)
    carrier.end_call(leg, cancel=True)
    carrier.advance(0)
    assert (leg.status, carrier.phone(AMINA).state) == ("canceled", "idle")
    assert customer.asked("/progress")[-1]["CallStatus"] == "canceled"


def test_a_called_person_may_be_put_through(carrier: Carrier, customer: ScriptedCustomer) -> None:
    customer["/out"] = f'<Dial callerId="{LINE}">{BRUNO}</Dial>'
    leg = create(carrier)
    carrier.advance(0)
    carrier.phone(AMINA).answer()
    carrier.phone(BRUNO).answer()
    assert leg.talking_to is carrier.phone(BRUNO).leg
    assert carrier.phone(AMINA).talking_to is carrier.phone(BRUNO).leg


def test_a_telephone_that_does_nothing_cannot_be_used(carrier: Carrier) -> None:
    phone = carrier.phone(AMINA)
    for act in (phone.answer, phone.reject, phone.hang_up):
        with pytest.raises(LookupError):
            act()
