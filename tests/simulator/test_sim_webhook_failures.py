"""What the carrier does when the customer's server fails: retries, fallback, apology."""

from collections.abc import Callable

import pytest

from hotline.simulator.carrier import Carrier
from hotline.simulator.exchange import CarrierViolation
from hotline.simulator.fetch import HttpFetch, WebAnswer, WebRequest
from hotline.simulator.legs import Leg
from hotline.simulator.overrides import split
from hotline.simulator.scripted import ScriptedCustomer, twiml

Call = Callable[[str], Leg]
NO_CONNECTION = WebAnswer(0, failure="connect")
GOOD = "<Say>Bonjour</Say>"


def test_a_failed_connection_is_tried_again_with_the_same_token(
    call: Call, customer: ScriptedCustomer
) -> None:
    customer["/next"] = [NO_CONNECTION, GOOD]
    assert call("<Redirect>/next</Redirect>").heard_text() == "Bonjour"
    tokens = [one.headers["I-Twilio-Idempotency-Token"] for one in customer.requests]
    assert tokens[1] == tokens[2] != tokens[0]


def test_an_error_is_not_tried_again_by_default(call: Call, customer: ScriptedCustomer) -> None:
    customer["/next"] = [WebAnswer(503), GOOD]
    customer["/fallback"] = "<Say>Secours</Say>"
    leg = call("<Redirect>/next</Redirect>")
    assert leg.heard_text() == "Secours"
    told = customer.asked("/fallback")[0]
    assert (told["ErrorCode"], told["ErrorUrl"]) == ("11200", "http://customer.test/next")
    assert told["CallSid"] == leg.sid


def test_an_error_is_tried_again_where_the_address_says_so(call: Call, customer: ScriptedCustomer) -> None:
    customer["/next"] = [WebAnswer(503), WebAnswer(503), GOOD]
    assert call("<Redirect>/next#rc=2&amp;rp=ct,5xx</Redirect>").heard_text() == "Bonjour"
    assert len({one.headers["I-Twilio-Idempotency-Token"] for one in customer.requests_of("/next")}) == 1


def test_without_fallback_the_caller_hears_an_apology_and_is_cut(
    call: Call, carrier: Carrier, customer: ScriptedCustomer
) -> None:
    customer["/next"] = WebAnswer(500)
    customer["/fallback"] = WebAnswer(500)
    leg = call("<Redirect>/next</Redirect>")
    assert "application error" in leg.heard_text()
    carrier.advance(10)
    assert (leg.status, leg.ended_by) == ("completed", "carrier")
    assert customer.asked("/status")[0]["CallStatus"] == "completed"


@pytest.mark.parametrize(("fragment", "patience"), [("", 15), ("#rt=6000", 6), ("#tt=2000", 2)])
def test_a_slow_answer_is_given_up(
    call: Call, carrier: Carrier, customer: ScriptedCustomer, fragment: str, patience: float
) -> None:
    customer["/next"] = WebAnswer(200, twiml(GOOD).body, "text/xml", took=60)
    customer["/fallback"] = "<Say>Secours</Say>"
    leg = call(f"<Redirect>/next{fragment}</Redirect>")
    carrier.advance(patience - 0.5)
    assert leg.heard_text() == ""
    carrier.advance(1)
    assert leg.heard_text() == "Secours"


def test_a_late_answer_is_followed_late(call: Call, carrier: Carrier, customer: ScriptedCustomer) -> None:
    customer["/next"] = WebAnswer(200, twiml(GOOD).body, "text/xml", took=3)
    leg = call("<Redirect>/next</Redirect>")
    carrier.advance(2.9)
    assert leg.heard_text() == ""
    carrier.advance(0.2)
    assert leg.heard_text() == "Bonjour"


def test_redirects_become_gets(call: Call, customer: ScriptedCustomer) -> None:
    customer["/next"] = WebAnswer(302, location="/moved?a=1")
    customer["/moved"] = GOOD
    assert call("<Redirect>/next</Redirect>").heard_text() == "Bonjour"
    assert customer.requests_of("/moved")[0].method == "GET"


def test_redirects_without_end(call: Call, customer: ScriptedCustomer) -> None:
    customer["/next"] = WebAnswer(302, location="/next")
    customer["/fallback"] = GOOD
    assert call("<Redirect>/next</Redirect>").heard_text() == "Bonjour"
    assert len(customer.requests_of("/next")) == 11


def test_what_a_fragment_may_wish() -> None:
    address, wishes = split("http://a.test/b?c=d#ct=20&rt=6000&rc=9&rp=4xx,rt&e=dublin")
    assert address == "http://a.test/b?c=d"
    assert (wishes.connect_timeout, wishes.read_timeout, wishes.retries) == (0.1, 6.0, 5)
    assert wishes.wants_retry(WebAnswer(404))
    assert wishes.wants_retry(WebAnswer(0, failure="read-timeout"))
    assert not wishes.wants_retry(WebAnswer(500))
    assert split("http://a.test/#rp=all")[1].wants_retry(WebAnswer(500))
    assert split("http://a.test/#rc=many")[1].retries == 1


def test_nobody_listens_at_the_address() -> None:
    request = WebRequest("POST", "http://127.0.0.1:9/voice", {}, {}, 0.5, 0.5)
    assert HttpFetch()(request).failure == "connect"


def test_a_broken_text_from_the_customer(call: Call, carrier: Carrier, customer: ScriptedCustomer) -> None:
    customer["/next"] = WebAnswer(200, b"<Response>", "text/xml")
    customer["/fallback"] = "<Say>Secours</Say>"
    with pytest.raises(CarrierViolation, match="12100"):
        call("<Redirect>/next</Redirect>")
    carrier.advance(0)
    assert customer.asked("/fallback")[0]["ErrorCode"] == "12100"
