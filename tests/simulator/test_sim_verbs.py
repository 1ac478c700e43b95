"""The simple verbs: Say, Play, Pause, Redirect, Hangup, Reject."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from hotline.simulator.carrier import Carrier
from hotline.simulator.exchange import CarrierViolation
from hotline.simulator.fetch import WebAnswer
from hotline.simulator.legs import Leg
from hotline.simulator.scripted import ScriptedCustomer

Call = Callable[[str], Leg]


def test_an_incoming_call_asks_the_line_and_is_answered_by_what_it_says(
    call: Call, customer: ScriptedCustomer
) -> None:
    leg = call('<Say language="fr-FR">Bonjour</Say>')
    asked = customer.asked("/voice")[0]
    assert asked["CallStatus"] == "ringing"
    assert asked["Direction"] == "inbound"
    assert asked["CallSid"] == leg.sid
    assert (leg.status, leg.number) == ("in-progress", "+33639980001")
    assert (leg.heard[0].text, leg.heard[0].language, leg.heard[0].by) == ("Bonjour", "fr-FR", "say")


def test_speech_recordings_and_pauses_take_their_time(call: Call, carrier: Carrier) -> None:
    leg = call('<Say>0123456789</Say><Play loop="2">/m.wav</Play><Pause length="2"/><Say>fin</Say>')
    began = leg.heard[0].at
    carrier.advance(20)
    assert [one.by for one in leg.heard] == ["say", "play", "play", "say"]
    assert [(one.at - began) / timedelta(seconds=1) for one in leg.heard] == [0, 0.9, 3.9, 8.9]
    assert leg.heard[1].audio == "http://customer.test/m.wav"
    assert leg.ended_by == "line"


def test_markup_inside_speech(call: Call, carrier: Carrier) -> None:
    leg = call('<Say>Le <sub alias="premier">1er</sub><break time="1500ms"/> <s>mot</s>.</Say>')
    assert leg.heard_text() == "Le premier mot."
    carrier.advance(0.3 + 0.06 * len("Le premier mot.") + 1.4)
    assert leg.is_open
    carrier.advance(0.2)
    assert not leg.is_open


def test_redirect_goes_on_at_another_address(call: Call, customer: ScriptedCustomer) -> None:
    customer["/next"] = "<Say>Ensuite</Say>"
    leg = call("<Redirect>next</Redirect><Say>Jamais</Say>")
    assert leg.heard_text() == "Ensuite"
    assert customer.requests[1].method == "POST"


def test_hang_up_ends_the_call_and_reports_it(
    call: Call, carrier: Carrier, customer: ScriptedCustomer
) -> None:
    leg = call('<Pause length="3"/><Say>A</Say><Pause length="7"/><Hangup/><Say>Jamais</Say>')
    carrier.advance(30)
    assert (leg.status, leg.ended_by) == ("completed", "line")
    [told] = customer.asked("/status")
    assert (told["CallStatus"], told["CallDuration"], told["SequenceNumber"]) == ("completed", "7", "0")
    assert told["CallbackSource"] == "call-progress-events"


@pytest.mark.parametrize(("reason", "status"), [("busy", "busy"), ("rejected", "no-answer")])
def test_a_rejected_call_was_never_answered(call: Call, reason: str, status: str) -> None:
    leg = call(f'<Reject reason="{reason}"/>')
    assert (leg.status, leg.answered_at) == (status, None)


def test_the_end_of_the_documents_is_the_end_of_the_call(call: Call) -> None:
    assert not call("").is_open


@pytest.mark.parametrize("inner", ["<Shout/>", '<Say tone="x">A</Say>', "<Connect/>"])
def test_a_bad_document_stops_the_test_which_caused_it(call: Call, carrier: Carrier, inner: str) -> None:
    with pytest.raises(CarrierViolation):
        call(inner)
    assert len(carrier.violations) == 1


def test_a_circle_of_documents_is_noticed(call: Call) -> None:
    with pytest.raises(CarrierViolation, match="turns in a circle"):
        call("<Redirect>/voice</Redirect>")


def test_other_content_types(call: Call, carrier: Carrier, customer: ScriptedCustomer) -> None:
    customer["/sound"] = WebAnswer(200, b"RIFF", "audio/x-wav")
    assert call("<Redirect>/sound</Redirect>").heard[0].by == "play"
    customer["/words"] = WebAnswer(200, b"Bonjour & merci", "text/plain")
    assert call("<Redirect>/words</Redirect>").heard_text() == "Bonjour & merci"
    customer["/json"] = WebAnswer(200, b"{}", "application/json")
    customer["/fallback"] = "<Say>Secours</Say>"
    assert call("<Redirect>/json</Redirect>").heard_text() == "Secours"
    assert customer.asked("/fallback")[0]["ErrorCode"] == "12300"


def test_a_voice_may_be_plugged_in(carrier: Carrier, customer: ScriptedCustomer) -> None:
    carrier.voice.audio_for = lambda text, language: (f"/audio/{language}/{text}", 2.0)
    customer["/voice"] = '<Say language="fr-FR">Oui</Say>'
    leg = carrier.call("anonymous", "+33199001234")
    assert leg.heard[0].audio == "/audio/fr-FR/Oui"
    carrier.advance(1.9)
    assert leg.is_open
    carrier.advance(0.2)
    assert not leg.is_open


def test_cookies_are_kept_for_the_call(call: Call, customer: ScriptedCustomer) -> None:
    customer["/first"] = WebAnswer(
        200, b"<Response><Redirect>/second</Redirect></Response>", "text/xml", cookies={"a": "1"}
    )
    customer["/second"] = "<Hangup/>"
    call("<Redirect>/first</Redirect>")
    assert dict(customer.requests_of("/second")[0].cookies) == {"a": "1"}


def test_unknown_lines_cannot_be_called(carrier: Carrier) -> None:
    with pytest.raises(LookupError):
        carrier.call("anonymous", "+33199009999")


def test_a_call_that_was_answered_cannot_be_rejected_any_more(call: Call, carrier: Carrier) -> None:
    leg = call("<Say>A</Say><Reject/>")
    carrier.advance(1)
    assert leg.status == "completed"


def test_keys_may_be_played(call: Call, carrier: Carrier) -> None:
    leg = call('<Play digits="12"/><Say>Fin</Say>')
    assert (leg.heard[0].text, leg.heard[0].by) == ("12", "tone")
    carrier.advance(1)
    assert leg.heard_text().endswith("Fin")
