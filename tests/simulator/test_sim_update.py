"""A live call is sent elsewhere or ended, whatever it is doing."""

from collections.abc import Callable

import pytest

from hotline.simulator.carrier import Carrier, NotPossible
from hotline.simulator.fetch import WebAnswer
from hotline.simulator.legs import Ask, Leg
from hotline.simulator.scripted import ScriptedCustomer

Call = Callable[[str], Leg]
AMINA = "+33639980101"
ELSEWHERE = Ask("http://customer.test/elsewhere")
DIAL = f'<Dial callerId="+33199001234" action="/dialled">{AMINA}</Dial>'


@pytest.fixture(autouse=True)
def documents(customer: ScriptedCustomer) -> None:
    customer["/elsewhere"] = '<Say>Ailleurs</Say><Pause length="60"/>'
    customer["/dialled"] = "<Say>Suite du Dial</Say>"


@pytest.mark.parametrize("doing", ["<Say>0123456789</Say>", "<Gather/>", '<Pause length="9"/>', DIAL])
def test_an_update_breaks_into_anything(call: Call, carrier: Carrier, doing: str) -> None:
    leg = call("<Say>Avant</Say>" + doing)
    carrier.advance(0.8)
    carrier.update_call(leg, ELSEWHERE)
    carrier.advance(0)
    assert leg.heard_text().endswith("Ailleurs")
    assert leg.gathering is None
    assert carrier.phone(AMINA).state == "idle"


@pytest.mark.parametrize(("reading", "times"), [(True, 1), (False, 0)])
def test_an_updated_parent_in_both_readings(
    call: Call, carrier: Carrier, customer: ScriptedCustomer, reading: bool, times: int
) -> None:
    carrier.faults.readings.updated_parent_requests_action = reading
    leg = call(DIAL)
    carrier.phone(AMINA).answer()
    carrier.advance(10)
    carrier.update_call(leg, ELSEWHERE)
    carrier.advance(1)
    assert len(customer.asked("/dialled")) == times
    assert carrier.phone(AMINA).state == "idle"
    assert leg.heard_text().endswith("Ailleurs")


def test_the_callee_may_be_sent_elsewhere(call: Call, carrier: Carrier, customer: ScriptedCustomer) -> None:
    leg = call(DIAL)
    amina = carrier.phone(AMINA)
    amina.answer()
    child = amina.leg
    assert child is not None
    carrier.update_call(child, ELSEWHERE)
    carrier.advance(0)
    assert child.heard_text() == "Ailleurs"
    assert leg.heard_text().endswith("Suite du Dial")
    assert customer.asked("/dialled")[0]["DialCallStatus"] == "completed"
    amina.hang_up()
    assert not child.is_open


def test_the_line_ends_a_call(call: Call, carrier: Carrier, customer: ScriptedCustomer) -> None:
    leg = call('<Say>A</Say><Pause length="9"/>')
    carrier.end_call(leg, cancel=True)
    carrier.advance(1)
    assert leg.is_open
    carrier.end_call(leg)
    carrier.advance(0)
    assert (leg.status, leg.ended_by) == ("completed", "line")
    assert customer.asked("/status")[0]["CallStatus"] == "completed"
    with pytest.raises(NotPossible):
        carrier.end_call(leg)
    with pytest.raises(NotPossible):
        carrier.update_call(leg, ELSEWHERE)


def test_an_update_during_the_webhook_of_the_same_call(
    call: Call, carrier: Carrier, customer: ScriptedCustomer
) -> None:
    def push(params: object) -> str:
        carrier.update_call(next(iter(carrier.legs.values())), ELSEWHERE)
        return "<Say>Trop tard</Say>"

    customer["/slow"] = push
    assert call("<Redirect>/slow</Redirect>").heard_text() == "Ailleurs"


def test_a_hang_up_during_the_webhook(call: Call, carrier: Carrier, customer: ScriptedCustomer) -> None:
    def gone(params: object) -> str:
        next(iter(carrier.legs.values())).hang_up()
        return DIAL

    customer["/slow"] = gone
    leg = call("<Say>A</Say><Redirect>/slow</Redirect>")
    carrier.advance(5)
    assert not leg.is_open
    assert carrier.phone(AMINA).shows is None


def test_a_call_that_breaks_off_in_the_apology(
    call: Call, carrier: Carrier, customer: ScriptedCustomer
) -> None:
    customer["/fallback"] = WebAnswer(500)
    customer["/gone"] = WebAnswer(404)
    leg = call("<Redirect>/gone</Redirect>")
    carrier.update_call(leg, ELSEWHERE)
    carrier.advance(0)
    assert leg.heard_text().endswith("Ailleurs")


def test_time_cannot_be_moved_from_inside_a_webhook(
    call: Call, carrier: Carrier, customer: ScriptedCustomer
) -> None:
    def move(params: object) -> str:
        carrier.advance(1)
        return ""

    customer["/move"] = move
    with pytest.raises(RuntimeError, match="already running"):
        call("<Redirect>/move</Redirect>")
