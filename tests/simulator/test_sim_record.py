"""The verb Record."""

from collections.abc import Callable

from hotline.simulator.carrier import Carrier
from hotline.simulator.legs import Leg
from hotline.simulator.scripted import ScriptedCustomer

Call = Callable[[str], Leg]
RECORD = '<Record action="/recorded" recordingStatusCallback="/ready" timeout="4" maxLength="30"/>'


def test_a_message_ended_by_a_key(call: Call, carrier: Carrier, customer: ScriptedCustomer) -> None:
    customer["/recorded"] = "<Say>Merci</Say>"
    leg = call(RECORD)
    assert leg.heard[0].by == "tone"
    leg.speak("Rappelez-moi")
    carrier.advance(2)
    leg.press("#")
    told = customer.asked("/recorded")[0]
    assert (told["Digits"], told["RecordingDuration"]) == ("#", "2")
    assert "/Recordings/RE" in told["RecordingUrl"]
    assert leg.heard_text().endswith("Merci")
    carrier.advance(1.1)
    ready = customer.asked("/ready")[0]
    assert (ready["RecordingStatus"], ready["RecordingSource"]) == ("completed", "RecordVerb")
    assert ready["RecordingSid"] == told["RecordingSid"]


def test_a_message_ended_by_silence(call: Call, carrier: Carrier, customer: ScriptedCustomer) -> None:
    call(RECORD).speak("Rappelez-moi")
    carrier.advance(6)
    assert customer.asked("/recorded")[0]["Digits"] == ""


def test_the_longest_message(call: Call, carrier: Carrier, customer: ScriptedCustomer) -> None:
    leg = call(RECORD)
    for _ in range(20):
        leg.speak("encore et encore")
        carrier.advance(2)
    assert customer.asked("/recorded")[0]["RecordingDuration"] == "30"


def test_a_caller_who_hangs_up_leaves_what_was_said(call: Call, customer: ScriptedCustomer) -> None:
    leg = call(RECORD)
    leg.speak("Rappelez-moi")
    leg.hang_up()
    told = customer.asked("/recorded")[0]
    assert (told["Digits"], told["CallStatus"]) == ("hangup", "completed")


def test_an_empty_message_falls_through(call: Call, carrier: Carrier, customer: ScriptedCustomer) -> None:
    leg = call(RECORD + "<Say>Rien entendu</Say>")
    carrier.advance(4.1)
    assert leg.heard_text().endswith("Rien entendu")
    leg = call(RECORD)
    leg.hang_up()
    assert customer.asked("/recorded") == []
