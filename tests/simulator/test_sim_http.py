"""Over real HTTP: the customer's server is a web application, and calls the carrier back from a webhook."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests
from flask import Flask, Response, request
from twilio.request_validator import RequestValidator
from werkzeug.serving import make_server

from hotline.simulator.carrier import Carrier
from hotline.simulator.web import create_app

LINE = "+33199001234"
ACCOUNT, TOKEN = "AC" + "0" * 32, "12345"


def twiml(inner: str) -> Response:
    return Response(f"<Response>{inner}</Response>", mimetype="text/xml")


def serve(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def real() -> Carrier:
    return Carrier(account_sid=ACCOUNT, auth_token=TOKEN, start=datetime(2026, 11, 2, tzinfo=UTC))


@pytest.fixture
def carrier_url(real: Carrier) -> Iterator[str]:
    yield from serve(create_app(real))


@pytest.fixture
def customer_url(carrier_url: str) -> Iterator[str]:
    app = Flask("customer")

    @app.post("/voice")
    def voice() -> Response:
        # Flask's own url is a decoded one: the signature is over the address as it was asked.
        address = request.host_url.rstrip("/") + request.environ["RAW_URI"]
        if not RequestValidator(TOKEN).validate(address, request.form, request.headers["X-Twilio-Signature"]):
            return Response(status=403)
        return twiml('<Say>Un</Say><Enqueue waitUrl="">aide</Enqueue>')

    @app.post("/push")
    def push() -> Response:
        """Sends the first caller elsewhere while the carrier waits for this very answer."""
        sid = request.args["sid"]
        address = f"{carrier_url}/2010-04-01/Accounts/{ACCOUNT}/Calls/{sid}.json"
        with requests.Session() as session:
            session.trust_env = False
            answer = session.post(address, data={"Twiml": "<Response/>"}, auth=(ACCOUNT, TOKEN), timeout=5)
        return twiml(f"<Say>{answer.status_code}</Say>")

    yield from serve(app)


def test_a_call_over_http(real: Carrier, customer_url: str) -> None:
    real.add_line(LINE, voice_url=f"{customer_url}/voice?a=%C3%A9#rc=1")
    leg = real.call("+33639980001", LINE)
    assert leg.heard_text() == "Un"


def test_the_customer_calls_back_from_a_webhook(real: Carrier, customer_url: str) -> None:
    real.add_line(LINE, voice_url=f"{customer_url}/voice")
    waiting = real.call("+33639980001", LINE)
    real.advance(2)
    assert waiting.in_queue == "aide"
    real.add_line("+33199001235", voice_url=f"{customer_url}/push?sid={waiting.sid}")
    pushing = real.call("+33639980002", "+33199001235")
    assert pushing.heard_text() == "200"
    assert not waiting.is_open
