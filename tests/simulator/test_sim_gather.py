"""The verb Gather: keys, words, silence."""

from collections.abc import Callable

import pytest

from hotline.simulator.carrier import Carrier
from hotline.simulator.legs import Leg
from hotline.simulator.scripted import ScriptedCustomer

Call = Callable[[str], Leg]
PROMPT = "<Say>Pour parler à quelqu’un, tapez 1.</Say>"


@pytest.fixture(autouse=True)
def action(customer: ScriptedCustomer) -> None:
    customer["/keys"] = "<Say>Merci</Say>"


def test_a_key_cuts_the_prompt_and_goes_to_the_action(
    call: Call, carrier: Carrier, customer: ScriptedCustomer
) -> None:
    leg = call(f'<Gather numDigits="1" action="/keys">{PROMPT}<Say>Suite</Say></Gather>')
    assert leg.gathering is not None
    carrier.advance(1)
    leg.press("1")
    assert [one.text for one in leg.heard][1:] == ["Merci"]
    asked = customer.asked("/keys")[0]
    assert asked["Digits"] == "1"
    assert "FinishedOnKey" not in asked


def test_silence_falls_through_without_a_request(
    call: Call, carrier: Carrier, customer: ScriptedCustomer
) -> None:
    leg = call('<Gather timeout="3" action="/keys"><Say>0123456789</Say></Gather><Say>Rien</Say>')
    carrier.advance(3.8)
    assert leg.heard_text() == "0123456789"
    carrier.advance(0.2)
    assert leg.heard_text().endswith("Rien")
    assert customer.paths == ["/voice"]


def test_silence_is_reported_when_wished(call: Call, carrier: Carrier, customer: ScriptedCustomer) -> None:
    call('<Gather timeout="3" action="/keys" actionOnEmptyResult="true"/>')
    carrier.advance(4)
    assert customer.asked("/keys")[0]["Digits"] == ""


def test_the_finishing_key_ends_the_input_and_is_not_part_of_it(
    call: Call, customer: ScriptedCustomer
) -> None:
    leg = call('<Gather action="/keys"/>')
    leg.press("12")
    assert customer.asked("/keys") == []
    leg.press("3#")
    asked = customer.asked("/keys")[0]
    assert (asked["Digits"], asked["FinishedOnKey"]) == ("123", "#")


def test_without_finishing_key_the_hash_is_a_digit(call: Call, customer: ScriptedCustomer) -> None:
    call('<Gather finishOnKey="" numDigits="2" action="/keys"/>').press("1#")
    assert customer.asked("/keys")[0]["Digits"] == "1#"


def test_the_hash_alone_is_no_input(call: Call, customer: ScriptedCustomer) -> None:
    leg = call('<Gather action="/keys"/><Say>Rien</Say>')
    leg.press("#")
    assert leg.heard_text() == "Rien"
    assert customer.asked("/keys") == []


def test_each_key_gives_new_time(call: Call, carrier: Carrier, customer: ScriptedCustomer) -> None:
    leg = call('<Gather timeout="3" action="/keys"/>')
    for key in "12":
        carrier.advance(2)
        leg.press(key)
    carrier.advance(2)
    assert customer.asked("/keys") == []
    carrier.advance(2)
    assert customer.asked("/keys")[0]["Digits"] == "12"


def test_a_key_that_nobody_listens_for_is_lost(
    call: Call, carrier: Carrier, customer: ScriptedCustomer
) -> None:
    leg = call('<Say>0123456789</Say><Gather timeout="3" numDigits="1" action="/keys"/><Say>Rien</Say>')
    carrier.advance(0.8)
    leg.press("1")
    carrier.advance(5)
    assert customer.asked("/keys") == []
    assert leg.heard_text().endswith("Rien")


def test_keys_beyond_the_wanted_number_are_lost(call: Call, customer: ScriptedCustomer) -> None:
    leg = call('<Gather numDigits="1" action="/keys"/>')
    leg.press("12")
    assert [asked["Digits"] for asked in customer.asked("/keys")] == ["1"]


def test_without_barge_in_the_prompt_is_heard_to_its_end(
    call: Call, carrier: Carrier, customer: ScriptedCustomer
) -> None:
    leg = call('<Gather bargeIn="false" numDigits="1" action="/keys"><Say>0123456789</Say></Gather>')
    leg.press("1")
    assert customer.asked("/keys") == []
    carrier.advance(1)
    assert customer.asked("/keys")[0]["Digits"] == "1"


def test_without_action_the_same_document_is_asked(call: Call, customer: ScriptedCustomer) -> None:
    leg = call('<Gather numDigits="1"/>')
    leg.press("7")
    assert customer.asked("/voice")[1]["Digits"] == "7"


def test_words_are_understood_only_where_they_are_listened_for(
    call: Call, customer: ScriptedCustomer
) -> None:
    call('<Gather action="/keys"/>').speak("bonjour")
    assert customer.asked("/keys") == []
    call('<Gather input="dtmf speech" action="/keys"/>').speak("bonjour")
    assert customer.asked("/keys")[0]["SpeechResult"] == "bonjour"


def test_the_action_may_be_a_get(call: Call, customer: ScriptedCustomer) -> None:
    call('<Gather numDigits="1" method="GET" action="/keys?step=2"/>').press("1")
    assert customer.requests_of("/keys")[0].method == "GET"
    assert customer.asked("/keys")[0]["step"] == "2"
