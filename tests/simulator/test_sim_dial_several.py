"""Dial with several numbers: in parallel, in both readings, and one after the other."""

from collections.abc import Callable

import pytest

from hotline.simulator.carrier import Carrier
from hotline.simulator.exchange import CarrierViolation
from hotline.simulator.legs import Leg
from hotline.simulator.scripted import ScriptedCustomer

Call = Callable[[str], Leg]
LINE, AMINA, BRUNO = "+33199001234", "+33639980101", "+33639980102"
NUMBERS = "".join(f'<Number url="/whisper">{one}</Number>' for one in (AMINA, BRUNO))


def dial(more: str = "") -> str:
    return f'<Dial callerId="{LINE}" action="/dialled" timeout="10" {more}>{NUMBERS}</Dial>'


@pytest.fixture(autouse=True)
def documents(customer: ScriptedCustomer) -> None:
    customer["/whisper"] = '<Gather numDigits="1" action="/pressed"/><Hangup/>'
    customer["/pressed"] = ""
    customer["/dialled"] = "<Hangup/>"


def test_both_ring_and_the_first_to_pick_up_silences_the_other(call: Call, carrier: Carrier) -> None:
    leg = call(dial())
    amina, bruno = carrier.phone(AMINA), carrier.phone(BRUNO)
    assert (amina.state, bruno.state) == ("ringing", "ringing")
    bruno.answer()
    assert (amina.state, bruno.state) == ("idle", "in_call")
    bruno.press("1")
    assert leg.talking_to is bruno.leg


def test_in_the_other_reading_the_whisper_decides(call: Call, carrier: Carrier) -> None:
    carrier.faults.readings.parallel_cut = "whisper_end"
    leg = call(dial())
    amina, bruno = carrier.phone(AMINA), carrier.phone(BRUNO)
    bruno.answer()
    amina.answer()
    assert (amina.state, bruno.state) == ("in_call", "in_call")
    amina.press("1")
    assert leg.talking_to is amina.leg
    assert bruno.state == "idle"


def test_a_refusal_under_the_first_reading_leaves_nobody(
    call: Call, carrier: Carrier, customer: ScriptedCustomer
) -> None:
    call(dial())
    carrier.phone(BRUNO).answer()
    carrier.phone(BRUNO).hang_up()
    assert customer.asked("/dialled")[0]["DialBridged"] == "false"


def test_one_after_the_other(call: Call, carrier: Carrier, customer: ScriptedCustomer) -> None:
    leg = call(dial('sequential="true"'))
    amina, bruno = carrier.phone(AMINA), carrier.phone(BRUNO)
    assert (amina.state, bruno.state) == ("ringing", "idle")
    carrier.advance(10.1)
    assert (amina.state, bruno.state) == ("idle", "ringing")
    bruno.answer()
    bruno.press("1")
    assert leg.talking_to is bruno.leg
    bruno.hang_up()
    assert customer.asked("/dialled")[0]["DialCallStatus"] == "completed"


def test_a_hang_up_silences_all(call: Call, carrier: Carrier) -> None:
    leg = call(dial())
    carrier.phone(AMINA).answer()
    leg.hang_up()
    assert (carrier.phone(AMINA).state, carrier.phone(BRUNO).state) == ("idle", "idle")


@pytest.mark.parametrize(
    ("inside", "problem"),
    [("<Client>amina</Client>", "Number only"), (f"<Number>{AMINA}</Number>" * 11, "at most 10 numbers")],
)
def test_what_a_dial_cannot_hold(call: Call, inside: str, problem: str) -> None:
    with pytest.raises(CarrierViolation, match=problem):
        call(f'<Dial callerId="{LINE}">{inside}</Dial>')
