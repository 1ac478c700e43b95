"""Only what the carrier signed is let in."""

import base64
import hashlib
import hmac
import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from hotline import wiring
from hotline.app import create_app
from hotline.telephony.signature import TwilioSignature
from tests import factories

# the example of the carrier's own documentation
TOKEN = "12345"
PAGE = "/myapp.php?foo=1&bar=2"
FORM = {
    "CallSid": ["CA1234567890ABCDE"],
    "Caller": ["+14158675310"],
    "Digits": ["1234"],
    "From": ["+14158675310"],
    "To": ["+18005551212"],
}
SHA1 = "L/OH5YylLD5NRKLltdqwSvS0BnU="
SHA256 = "qMztBq0IANMH/q0K9sCfKQJLylezvRdRzRS647SAVow="
BASE = "https://line.example.org/hotline"
KNOWN = "+33639980001"


def sign(url: str, form: Mapping[str, Sequence[str]], token: str = TOKEN) -> str:
    """As the contract has it; the library under test takes no part."""
    text = url + "".join(name + value for name in sorted(form) for value in sorted(set(form[name])))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    nowhere = f"sqlite:///{tmp_path / 'none.sqlite3'}"
    services = wiring.build(factories.settings(nowhere, public_url=BASE, tokens=(TOKEN,)))
    yield create_app(services)
    services.store.close()


def test_the_carriers_own_example() -> None:
    assert sign(f"https://example.com{PAGE}", FORM) == SHA1
    assert TwilioSignature("https://example.com", [TOKEN]).is_genuine(PAGE, FORM, SHA1)


@pytest.mark.parametrize(
    ("base", "path", "form", "signature"),
    [
        ("https://example.com", PAGE, FORM, None),
        ("https://example.com", PAGE, FORM, ""),
        ("https://example.com", PAGE, FORM, SHA256),
        ("https://example.com", PAGE, FORM, SHA1[:-1]),
        ("https://example.com", PAGE, FORM, SHA1.lower()),
        ("https://example.com", PAGE, FORM, "é" * len(SHA1)),
        ("https://example.com", PAGE, FORM | {"Digits": ["1235"]}, SHA1),
        ("https://example.com", PAGE, FORM | {"More": [""]}, SHA1),
        ("https://example.com", "/myapp.php?bar=2&foo=1", FORM, SHA1),
        ("https://example.com", "/myapp.php/?foo=1&bar=2", FORM, SHA1),
        ("https://EXAMPLE.com", PAGE, FORM, SHA1),
        ("https://example.org", PAGE, FORM, SHA1),
        ("http://example.com", PAGE, FORM, SHA1),
    ],
)
def test_anything_else_is_refused(
    base: str, path: str, form: Mapping[str, Sequence[str]], signature: str | None
) -> None:
    assert not TwilioSignature(base, [TOKEN]).is_genuine(path, form, signature)


@pytest.mark.parametrize("signed", ["https://example.com", "https://example.com:443"])
@pytest.mark.parametrize("configured", ["https://example.com", "https://example.com:443"])
def test_the_port_of_https_may_be_signed_or_not(signed: str, configured: str) -> None:
    check = TwilioSignature(configured, [TOKEN])
    assert check.is_genuine("/voice/turn?n=1", FORM, sign(f"{signed}/voice/turn?n=1", FORM))


def test_another_port_is_dropped_by_https_and_kept_by_http() -> None:
    secure, plain = (TwilioSignature(f"{scheme}://example.com:8443", [TOKEN]) for scheme in ("https", "http"))
    assert secure.is_genuine("/v", FORM, sign("https://example.com/v", FORM))
    assert secure.is_genuine("/v", FORM, sign("https://example.com:8443/v", FORM))
    assert plain.is_genuine("/v", FORM, sign("http://example.com:8443/v", FORM))


@pytest.mark.parametrize("token", ["old", "new"])
def test_each_of_several_tokens_signs(token: str) -> None:
    check = TwilioSignature("https://example.com", ["new", "old"])
    assert check.is_genuine(PAGE, FORM, sign(f"https://example.com{PAGE}", FORM, token))
    assert not check.is_genuine(PAGE, FORM, sign(f"https://example.com{PAGE}", FORM, "older"))


@pytest.mark.parametrize(
    "form",
    [{}, {"FromCity": [""]}, {"A": ["2", "1", "2"], "B": ["é +\n"]}, {"a": ["1"], "B": ["2"]}],
    ids=["none", "empty", "repeated", "order"],
)
def test_forms_of_all_kinds(form: Mapping[str, Sequence[str]]) -> None:
    check = TwilioSignature("https://example.com", [TOKEN])
    assert check.is_genuine("/v?n=%20a", form, sign("https://example.com/v?n=%20a", form))


@pytest.mark.parametrize("path", ["/voice/turn?n=1", "/hotline/voice/turn?n=1"])
def test_a_proxy_may_strip_the_prefix_or_not(path: str) -> None:
    check = TwilioSignature(BASE, [TOKEN])
    assert check.is_genuine(path, FORM, sign(f"{BASE}/voice/turn?n=1", FORM))


def test_only_the_whole_prefix_is_one() -> None:
    check = TwilioSignature("https://example.org/hot", [TOKEN])
    assert check.is_genuine("/hotline", FORM, sign("https://example.org/hot/hotline", FORM))


def carrier_routes(app: Flask) -> list[str]:
    return sorted(rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith(("/voice", "/sms")))


def test_every_route_of_the_carrier_is_signed(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    routes = carrier_routes(app)
    assert {"/voice/incoming", "/voice/wait", "/voice/whispered", "/sms/incoming"} <= set(routes)
    for route in routes:
        for headers in ({}, {"X-Twilio-Signature": ""}, {"X-Twilio-Signature": sign(BASE + route, {})}):
            caplog.clear()
            with caplog.at_level(logging.DEBUG):
                answer = app.test_client().post(
                    route, query_string={"who": KNOWN}, data={"From": KNOWN, "To": KNOWN}, headers=headers
                )
            assert answer.status_code == 403, route
            assert [record.getMessage() for record in caplog.records] == [
                f"refused an unsigned request to {route}"
            ]
            assert KNOWN not in caplog.text


def test_every_route_of_the_carrier_refuses_another_method(app: Flask) -> None:
    for route in carrier_routes(app):
        for method in ("GET", "HEAD", "PUT", "DELETE"):
            assert app.test_client().open(route, method=method).status_code == 405, (method, route)


def test_nothing_but_the_health_check_and_static_files_is_open(app: Flask) -> None:
    others = {rule.rule for rule in app.url_map.iter_rules()} - set(carrier_routes(app))
    # the hold music is a file like any other: the carrier fetches it unsigned
    assert others <= {"/healthz", "/static/<path:filename>", "/sounds/hold-<int:part>.wav"}


def post(app: Flask, path: str, token: str = TOKEN, **more: str) -> TestResponse:
    form = {"CallSid": "CA1", "CallStatus": "ringing"}
    below = path.removeprefix("/hotline")
    signature = sign(BASE + below, {name: [value] for name, value in form.items()}, token)
    headers = {"X-Twilio-Signature": signature} | more
    return app.test_client().post(path, data=form, headers=headers)


@pytest.mark.parametrize("path", ["/voice/status", "/hotline/voice/status?a=%2B33&b="])
def test_what_is_signed_is_let_in(app: Flask, path: str) -> None:
    assert post(app, path).status_code == 204
    assert post(app, path, token="another").status_code == 403


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix"])
def test_no_header_has_a_say_in_the_address(app: Flask, header: str) -> None:
    assert post(app, "/voice/status", **{header: "elsewhere.example.org"}).status_code == 204


def test_no_header_chooses_the_algorithm(app: Flask) -> None:
    chosen = {"X-Twilio-Webhooks-Signature-Settings": "key=k,algorithm=HMAC_SHA256"}
    assert post(app, "/voice/status", **chosen).status_code == 204
    digest = hmac.new(TOKEN.encode(), f"{BASE}/voice/status".encode(), hashlib.sha256).digest()
    headers = {"X-Twilio-Signature": base64.b64encode(digest).decode()} | chosen
    assert app.test_client().post("/voice/status", headers=headers).status_code == 403


def test_a_text_message_is_answered_with_nothing(app: Flask) -> None:
    answer = post(app, "/sms/incoming")
    assert answer.mimetype == "text/xml"
    assert answer.text.endswith("<Response />")


def test_a_request_too_large_is_refused_unread(app: Flask) -> None:
    answer = app.test_client().post("/voice/incoming", data={"From": "x" * 300_000})
    assert answer.status_code == 413
