"""Requests are signed as the contract's vectors and the provider's own library demand."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from twilio.request_validator import RequestValidator

from hotline.simulator.carrier import Carrier
from hotline.simulator.legs import Leg
from hotline.simulator.scripted import ScriptedCustomer
from hotline.simulator.signing import signature, signed_url


def test_the_vector_of_the_contract() -> None:
    params = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675310",
        "From": "+14158675310",
        "Digits": "1234",
        "To": "+18005551212",
    }
    assert (
        signature("12345", "https://example.com/myapp.php?foo=1&bar=2", params)
        == "L/OH5YylLD5NRKLltdqwSvS0BnU="
    )


@pytest.mark.parametrize(
    ("url", "signed"),
    [
        ("http://127.0.0.1:8000/a?b=c%20d#rc=1", "http://127.0.0.1:8000/a?b=c%20d"),
        ("https://example.com:8443/a", "https://example.com/a"),
        ("https://[::1]:8443/a", "https://[::1]/a"),
        ("http://user:pw@example.com/a", "http://example.com/a"),
    ],
)
def test_what_is_signed_of_an_address(url: str, signed: str) -> None:
    assert signed_url(url) == signed


def test_webhooks_satisfy_the_providers_validator(
    call: Callable[[str], Leg], customer: ScriptedCustomer
) -> None:
    call('<Redirect method="GET">/next?a=1#rc=2</Redirect>')
    validator = RequestValidator("12345")
    posted, got = customer.requests[0], customer.requests[1]
    assert "FromCity" in posted.params
    assert validator.validate(posted.url, dict(posted.params), posted.headers["X-Twilio-Signature"])
    assert got.method == "GET"
    assert not got.params
    assert validator.validate(got.url, {}, got.headers["X-Twilio-Signature"])


def test_the_fragment_is_not_sent(carrier: Carrier, customer: ScriptedCustomer) -> None:
    carrier.add_line("+33199001235", voice_url="http://customer.test/other#rc=0&rp=all")
    customer["/other"] = "<Hangup/>"
    carrier.call("anonymous", "+33199001235")
    assert urlsplit(customer.requests[0].url).fragment == ""
    assert customer.asked("/other")[0]["From"] == "anonymous"
