"""The verb Dial: ringing, whisper, conversation, and what its action is told."""

from collections.abc import Callable

import pytest

from hotline.simulator.carrier import Carrier
from hotline.simulator.exchange import CarrierViolation
from hotline.simulator.fetch import WebAnswer
from hotline.simulator.legs import Leg
from hotline.simulator.phones import Phone
from hotline.simulator.scripted import ScriptedCustomer

Call = Callable[[str], Leg]
LINE, AMINA = "+33199001234", "+33639980101"
EVENTS = "initiated ringing answered completed"
WHISPER = '<Gather numDigits="1" action="/pressed" timeout="3"><Say>Tapez 1</Say></Gather><Hangup/>'


def dial(attributes: str = 'action="/dialled"', number: str = "") -> str:
    return (
        f'<Dial answerOnBridge="true" callerId="{LINE}" {attributes}><Number {number}>{AMINA}</Number></Dial>'
    )


DIAL = dial()
SCREENED = dial(number=f'url="/whisper" statusCallback="/progress" statusCallbackEvent="{EVENTS}"')


@pytest.fixture
def amina(carrier: Carrier, customer: ScriptedCustomer) -> Phone:
    customer["/whisper"] = WHISPER
    customer["/pressed"] = "<Say>Vous êtes en ligne</Say>"
    customer["/dialled"] = "<Say>Au revoir</Say>"
    return carrier.phone(AMINA)


def test_the_telephone_rings_and_shows_the_line(call: Call, amina: Phone) -> None:
    leg = call(DIAL)
    assert (amina.state, amina.shows) == ("ringing", LINE)
    assert leg.status == "ringing"
    assert leg.heard[-1].by == "tone"


def test_an_answer_connects_both(call: Call, amina: Phone) -> None:
    leg = call(DIAL)
    amina.answer()
    assert amina.leg is not None
    assert leg.talking_to is amina.leg
    assert amina.talking_to is leg
    assert (leg.status, amina.state) == ("in-progress", "in_call")


def test_without_answer_on_bridge_the_call_is_answered_at_once(call: Call, amina: Phone) -> None:
    leg = call(f'<Dial callerId="{LINE}">{AMINA}</Dial>')
    assert (leg.status, amina.state) == ("in-progress", "ringing")


def test_the_whisper_comes_before_the_connection(
    call: Call, amina: Phone, carrier: Carrier, customer: ScriptedCustomer
) -> None:
    leg = call(SCREENED)
    amina.answer()
    assert amina.leg is not None
    assert amina.leg.heard_text() == "Tapez 1"
    assert leg.talking_to is None
    asked = customer.asked("/whisper")[0]
    assert (asked["ParentCallSid"], asked["CallSid"]) == (leg.sid, amina.leg.sid)
    assert (asked["Direction"], asked["From"], asked["To"]) == ("outbound-dial", LINE, AMINA)
    amina.press("1")
    carrier.advance(3)
    assert leg.talking_to is amina.leg


def test_the_callee_ends_the_conversation_and_the_caller_goes_on(
    call: Call, amina: Phone, carrier: Carrier, customer: ScriptedCustomer
) -> None:
    leg = call(DIAL)
    carrier.advance(4)
    amina.answer()
    child = amina.leg
    assert child is not None
    carrier.advance(60)
    amina.hang_up()
    asked = customer.asked("/dialled")[0]
    assert asked["CallStatus"] == "in-progress"
    assert asked["DialCallStatus"] == "completed"
    assert asked["DialCallSid"] == child.sid
    assert asked["DialCallDuration"] == "60"
    assert asked["DialBridged"] == "true"
    assert leg.heard_text().endswith("Au revoir")
    assert amina.state == "idle"


@pytest.mark.parametrize(
    ("behaviour", "status"), [("busy", "busy"), ("unreachable", "failed"), ("ring", "no-answer")]
)
def test_nobody_answers(
    call: Call, amina: Phone, carrier: Carrier, customer: ScriptedCustomer, behaviour: str, status: str
) -> None:
    amina.behaviour = behaviour  # type: ignore[assignment]  # one of its words
    call(dial('action="/dialled" timeout="20"'))
    carrier.advance(20.1)
    asked = customer.asked("/dialled")[0]
    assert (asked["DialCallStatus"], asked["DialBridged"], asked["DialCallDuration"]) == (
        status,
        "false",
        "0",
    )
    assert amina.state == "idle"


def test_a_rejected_ring_is_busy(call: Call, amina: Phone, customer: ScriptedCustomer) -> None:
    call(DIAL)
    amina.reject()
    assert customer.asked("/dialled")[0]["DialCallStatus"] == "busy"


def test_an_engaged_telephone_is_busy(call: Call, amina: Phone, customer: ScriptedCustomer) -> None:
    call(DIAL)
    call(DIAL)
    assert customer.asked("/dialled")[0]["DialCallStatus"] == "busy"
    assert amina.state == "ringing"


def test_a_voicemail_answers_and_presses_nothing(
    call: Call, amina: Phone, carrier: Carrier, customer: ScriptedCustomer
) -> None:
    amina.behaviour = "voicemail"
    leg = call(SCREENED)
    carrier.advance(9)
    assert amina.state == "in_call"
    carrier.advance(10)
    assert leg.talking_to is None
    assert customer.asked("/dialled")[0]["DialBridged"] == "false"


@pytest.mark.parametrize("status", ["completed", "no-answer"])
def test_a_refused_whisper_connects_nobody(
    call: Call, amina: Phone, carrier: Carrier, customer: ScriptedCustomer, status: str
) -> None:
    carrier.faults.readings.refused_whisper = status  # type: ignore[assignment]  # one of its words
    call(SCREENED)
    amina.answer()
    carrier.advance(6)
    asked = customer.asked("/dialled")[0]
    assert (asked["DialBridged"], asked["DialCallStatus"]) == ("false", status)


def test_the_callee_hangs_up_during_the_whisper(call: Call, amina: Phone, customer: ScriptedCustomer) -> None:
    leg = call(SCREENED)
    amina.answer()
    amina.hang_up()
    assert customer.asked("/dialled")[0]["DialBridged"] == "false"
    assert leg.heard_text().endswith("Au revoir")


@pytest.mark.parametrize(("reading", "bridged"), [("bridge", "true"), ("end", "false")])
def test_a_failing_whisper_in_both_readings(
    call: Call, amina: Phone, carrier: Carrier, customer: ScriptedCustomer, reading: str, bridged: str
) -> None:
    customer["/whisper"] = WebAnswer(500)
    carrier.faults.readings.failing_whisper = reading  # type: ignore[assignment]  # one of its words
    leg = call(SCREENED)
    amina.answer()
    assert (leg.talking_to is not None) == (bridged == "true")
    if leg.talking_to:
        amina.hang_up()
    assert customer.asked("/dialled")[0]["DialBridged"] == bridged
    assert customer.asked("/fallback") == []


def test_progress_callbacks_are_numbered(
    call: Call, amina: Phone, carrier: Carrier, customer: ScriptedCustomer
) -> None:
    leg = call(SCREENED)
    amina.answer()
    amina.press("1")
    carrier.advance(30)
    amina.hang_up()
    told = customer.asked("/progress")
    assert [one["CallStatus"] for one in told] == ["initiated", "ringing", "in-progress", "completed"]
    assert [one["SequenceNumber"] for one in told] == ["0", "1", "2", "3"]
    assert {one["ParentCallSid"] for one in told} == {leg.sid}
    assert told[3]["CallDuration"] == "30"


def test_without_action_the_next_verb_follows(call: Call, amina: Phone) -> None:
    leg = call(f"{dial('')}<Say>Suite</Say>")
    amina.reject()
    assert leg.heard_text().endswith("Suite")


def test_with_action_the_next_verb_is_never_reached(call: Call, amina: Phone) -> None:
    leg = call(f"{DIAL}<Say>Suite</Say>")
    amina.reject()
    assert "Suite" not in leg.heard_text()


def test_the_time_limit_ends_the_conversation(
    call: Call, amina: Phone, carrier: Carrier, customer: ScriptedCustomer
) -> None:
    leg = call(dial('action="/dialled" timeLimit="60"'))
    amina.answer()
    carrier.advance(61)
    assert customer.asked("/dialled")[0]["DialCallDuration"] == "60"
    assert leg.heard_text().endswith("Au revoir")


def test_a_caller_id_that_is_not_ours(
    call: Call, amina: Phone, carrier: Carrier, customer: ScriptedCustomer
) -> None:
    with pytest.raises(CarrierViolation, match="13214"):
        call(f'<Dial callerId="+33199009999" action="/dialled">{AMINA}</Dial>')
    carrier.advance(1)
    assert customer.asked("/dialled")[0]["DialCallStatus"] == "failed"
    assert amina.shows is None


def test_an_anonymous_caller_without_caller_id_reaches_nobody(
    carrier: Carrier, customer: ScriptedCustomer
) -> None:
    customer["/voice"] = f'<Dial action="/dialled">{AMINA}</Dial>'
    customer["/dialled"] = "<Hangup/>"
    carrier.call("anonymous", LINE)
    assert customer.asked("/dialled")[0]["DialCallStatus"] == "failed"


def test_the_caller_hangs_up_while_it_rings(call: Call, amina: Phone, customer: ScriptedCustomer) -> None:
    customer["/dialled"] = "<Say>Jamais</Say>"
    leg = call("<Say>A</Say>" + SCREENED)
    assert leg.is_open
    leg.hang_up()
    assert amina.state == "idle"


@pytest.mark.parametrize("reading", ["canceled", "no-answer"])
def test_the_caller_hangs_up_while_ringing_ends_the_callee(
    call: Call, amina: Phone, carrier: Carrier, customer: ScriptedCustomer, reading: str
) -> None:
    carrier.faults.readings.caller_gone_while_ringing = reading  # type: ignore[assignment]  # one of its words
    leg = call("<Say>A</Say>" + SCREENED)
    carrier.advance(5)
    leg.hang_up()
    assert amina.state == "idle"
    asked = customer.asked("/dialled")[0]
    assert (asked["CallStatus"], asked["DialCallStatus"]) == ("completed", reading)
    assert customer.asked("/progress")[-1]["CallStatus"] == reading
    assert customer.asked("/status")[0]["CallStatus"] == "completed"
    assert leg.ended_by == "caller"
    assert "Au revoir" not in leg.heard_text()


def test_the_caller_hangs_up_in_conversation(
    call: Call, amina: Phone, carrier: Carrier, customer: ScriptedCustomer
) -> None:
    leg = call(SCREENED)
    amina.answer()
    amina.press("1")
    carrier.advance(20)
    leg.hang_up()
    asked = customer.asked("/dialled")[0]
    assert (asked["CallStatus"], asked["DialCallStatus"], asked["DialBridged"]) == ("completed",) * 2 + (
        "true",
    )
    assert customer.asked("/progress")[-1]["CallStatus"] == "completed"
    assert amina.state == "idle"
    assert leg.talking_to is None


def test_a_caller_who_was_never_answered(call: Call, amina: Phone, customer: ScriptedCustomer) -> None:
    call(DIAL).hang_up()
    told = customer.asked("/status")[0]
    assert (told["CallStatus"], told["CallDuration"]) == ("no-answer", "0")
    assert amina.state == "idle"


@pytest.mark.parametrize(("behaviour", "talking"), [("accepts", True), ("declines", False)])
def test_people_who_know_the_whisper(
    call: Call, amina: Phone, carrier: Carrier, customer: ScriptedCustomer, behaviour: str, talking: bool
) -> None:
    customer["/pressed"] = lambda params: "<Say>Oui</Say>" if params["Digits"] == "1" else "<Hangup/>"
    amina.behaviour = behaviour  # type: ignore[assignment]  # one of its words
    amina.answers_after = 3
    leg = call(SCREENED)
    carrier.advance(5)
    assert (leg.talking_to is not None) is talking
