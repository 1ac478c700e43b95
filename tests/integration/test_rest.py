"""The push, over real HTTP: to the local carrier, and to servers that misbehave."""

import socket
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Response, request
from requests import PreparedRequest
from requests import Response as Answer
from requests.adapters import BaseAdapter

from hotline.queue.ids import LegSid, OfferId
from hotline.simulator.carrier import Carrier
from hotline.simulator.faults import RestFault
from hotline.simulator.legs import Leg
from hotline.simulator.scripted import ScriptedCustomer
from hotline.simulator.trace import Kind
from hotline.switchboard.ports import CarrierTrouble, LegEnded
from hotline.telephony.rest import TIMEOUT_SECONDS, make_client
from hotline.telephony.urls import OVERRIDES
from tests import factories
from tests.integration.carriers import (
    ACCOUNT,
    HOME,
    TOKEN,
    adapter,
    answering,
    api_base,
    carrier,
    customer,
    hanging,
    held,
    served,
)

__all__ = ["api_base", "carrier", "customer", "held"]

LEG, OFFER = LegSid("CA1"), OfferId(7)


def test_a_push_fetches_the_caller_from_hold(
    api_base: str, carrier: Carrier, customer: ScriptedCustomer, held: Leg
) -> None:
    adapter(api_base).push(LegSid(held.sid), OFFER)
    carrier.advance(0)
    assert held.heard_text() == "Une personne est là."
    assert customer.asked("/hotline/voice/fetched")[-1]["CallSid"] == held.sid
    asked = [entry for entry in carrier.trace if entry.kind is Kind.REST]
    assert [(entry.params["method"], entry.params["path"]) for entry in asked] == [
        ("POST", f"/Calls/{held.sid}.json")
    ]
    url = f"{HOME}/voice/fetched?offer=7{OVERRIDES}"
    assert asked[0].params["params"] == [f"Url={url}", "Method=POST"]


def test_one_client_pushes_again_and_again(api_base: str, carrier: Carrier, held: Leg) -> None:
    made = adapter(api_base)
    for _ in range(3):
        made.push(LegSid(held.sid), OFFER)
        carrier.advance(0)


def test_a_region_does_not_lead_away_from_the_base(api_base: str, carrier: Carrier, held: Leg) -> None:
    adapter(api_base, region="ie1", edge="dublin").push(LegSid(held.sid), OFFER)
    carrier.advance(0)
    assert held.heard_text() == "Une personne est là."


def test_a_caller_who_has_left_is_told_apart(api_base: str, carrier: Carrier, held: Leg) -> None:
    held.hang_up()
    carrier.advance(1)
    with pytest.raises(LegEnded):
        adapter(api_base).push(LegSid(held.sid), OFFER)


def test_a_leg_that_the_carrier_does_not_know_may_be_that_of_a_wrong_account(api_base: str) -> None:
    with pytest.raises(CarrierTrouble, match=r"^status 404, code 20404$"):
        adapter(api_base).push(LEG, OFFER)


@pytest.mark.parametrize(("fault", "code"), [("429", 20429), ("500", 20500)])
def test_a_carrier_that_refuses_is_in_trouble(
    api_base: str, carrier: Carrier, held: Leg, fault: Any, code: int
) -> None:
    carrier.faults.rest = [RestFault(fault)]
    with pytest.raises(CarrierTrouble, match=f"^status {fault}, code {code}$"):
        adapter(api_base).push(LegSid(held.sid), OFFER)
    adapter(api_base).push(LegSid(held.sid), OFFER)


def test_a_wrong_token_is_trouble_and_no_ended_leg(api_base: str, held: Leg) -> None:
    with pytest.raises(CarrierTrouble, match="code 20003"):
        adapter(api_base, tokens=("wrong",)).push(LegSid(held.sid), OFFER)


PROBLEM = '{"type": "t", "title": "t", "status": 400, "code": %d}'


@pytest.mark.parametrize(
    ("status", "body", "raised"),
    [
        (400, '{"code": 21220, "message": "ended", "status": 400}', LegEnded),
        (400, PROBLEM % 21220, LegEnded),
        (400, PROBLEM % 20001, CarrierTrouble),
        (400, '{"code": 21205}', CarrierTrouble),
        (404, "<h1>No such page</h1>", CarrierTrouble),
        (502, "<h1>Bad gateway</h1>", CarrierTrouble),
        (500, "[]", CarrierTrouble),
        (500, "", CarrierTrouble),
        (302, "", CarrierTrouble),
        (200, "<h1>Hello</h1>", CarrierTrouble),
        (200, "[]", CarrierTrouble),
        (200, "null", CarrierTrouble),
    ],
)
def test_answers_of_all_kinds_are_put_in_our_words(status: int, body: str, raised: type[Exception]) -> None:
    with (
        served(answering(lambda: Response(body, status, {"Location": "/elsewhere"}))) as base,
        pytest.raises(raised),
    ):
        adapter(base).push(LEG, OFFER)


def test_the_first_token_signs_in() -> None:
    seen: list[Any] = []

    def note() -> Response:
        seen.append((request.authorization, request.path, request.form.to_dict()))
        return Response("{}", 200)

    with served(answering(note)) as base:
        adapter(f"{base}/x").push(LEG, OFFER)
    ((signed_in, path, form),) = seen
    assert (signed_in.username, signed_in.password) == (ACCOUNT, TOKEN)
    assert path == f"/x/2010-04-01/Accounts/{ACCOUNT}/Calls/CA1.json"
    assert form == {"Url": f"{HOME}/voice/fetched?offer=7{OVERRIDES}", "Method": "POST"}


def test_a_carrier_that_does_not_answer_is_given_up() -> None:
    with hanging() as base, pytest.raises(CarrierTrouble, match=r"^ReadTimeout$"):
        adapter(base, timeout=0.05).push(LEG, OFFER)


def test_a_carrier_that_is_not_there_is_trouble() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(CarrierTrouble, match=r"^ConnectionError$"):
        adapter(f"http://127.0.0.1:{port}").push(LEG, OFFER)


@dataclass
class NotingAdapter(BaseAdapter):
    """In the place of the network."""

    sent: list[tuple[str | None, object]] = field(default_factory=list)

    def send(self, request: PreparedRequest, *_args: object, **more: Any) -> Answer:
        self.sent.append((request.url, more["timeout"]))
        answer = Answer()
        answer.status_code = 200
        answer._content = b"{}"
        return answer

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("region", "edge", "host"),
    [
        (None, None, "api.twilio.com"),
        ("ie1", "dublin", "api.dublin.ie1.twilio.com"),
        ("ie1", None, "api.ie1.twilio.com"),
        (None, "dublin", "api.dublin.us1.twilio.com"),
    ],
)
def test_without_a_base_region_and_edge_name_the_host(
    region: str | None, edge: str | None, host: str
) -> None:
    made = make_client(
        factories.settings("sqlite://", api_base="https://api.twilio.com", region=region, edge=edge)
    )
    noting = NotingAdapter()
    made.http_client.session.mount("https://", noting)
    made.calls("CA1").update(url=f"{HOME}/voice/fetched", method="POST")
    url = f"https://{host}/2010-04-01/Accounts/{ACCOUNT}/Calls/CA1.json"
    assert noting.sent == [(url, TIMEOUT_SECONDS)]


def test_no_proxy_of_the_environment_comes_between(monkeypatch: pytest.MonkeyPatch, api_base: str) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with pytest.raises(CarrierTrouble, match=r"^status 404"):
        adapter(api_base).push(LEG, OFFER)
