"""Carriers that are asked over real HTTP: the local one, and servers that answer as the test says."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Any

import pytest
from flask import Flask, Response
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

from hotline.simulator.carrier import Carrier
from hotline.simulator.legs import Leg
from hotline.simulator.scripted import ScriptedCustomer
from hotline.simulator.web import create_app
from hotline.telephony.rest import TwilioCarrier
from tests import factories

ACCOUNT, TOKEN = "AC00000000000000000000000000000001", "12345"
HOME = "http://customer.test/hotline"
SECONDS = 3
"""A voice message's."""
NOBODY: Any = Response("not here", status=404)


@contextmanager
def served(app: Any) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def adapter(api_base: str, timeout: float = 5, **changes: Any) -> TwilioCarrier:
    values = {"public_url": HOME, "account": ACCOUNT, "tokens": (TOKEN, "old")} | changes
    return TwilioCarrier(factories.settings("sqlite://", api_base=api_base, **values), timeout)


@pytest.fixture
def customer() -> ScriptedCustomer:
    return ScriptedCustomer()


@pytest.fixture
def carrier(customer: ScriptedCustomer) -> Carrier:
    made = Carrier(
        account_sid=ACCOUNT, auth_token=TOKEN, start=datetime(2026, 11, 23, tzinfo=UTC), fetch=customer
    )
    made.add_line(factories.LINE, voice_url=f"{HOME}/voice/incoming", status_url="", fallback_url="")
    return made


@pytest.fixture
def held(carrier: Carrier, customer: ScriptedCustomer) -> Leg:
    """A caller in hold."""
    customer["/hotline/voice/incoming"] = '<Enqueue waitUrl="">hotline</Enqueue>'
    customer["/hotline/voice/fetched"] = "<Say>Une personne est là.</Say>"
    return carrier.call(factories.CALLER, factories.LINE)


@pytest.fixture
def recording(carrier: Carrier, customer: ScriptedCustomer) -> str:
    """The carrier's name for a voice message."""
    customer["/hotline/voice/incoming"] = '<Record timeout="4" maxLength="30" playBeep="false"/>'
    caller = carrier.call(factories.CALLER, factories.LINE)
    caller.speak("Rappelez-moi")
    carrier.advance(SECONDS)
    caller.hang_up()
    carrier.advance(1)
    (sid,) = carrier.exchange.recordings
    return sid


@pytest.fixture(params=["", "/behind/a/gateway"])
def api_base(request: pytest.FixtureRequest, carrier: Carrier) -> Iterator[str]:
    """The local carrier's address: at the root, and below a path."""
    app = create_app(carrier)
    mounted = DispatcherMiddleware(NOBODY, {request.param: app.wsgi_app}) if request.param else app
    with served(mounted) as address:
        yield address + request.param


def answering(answer: Callable[[], Any]) -> Flask:
    """A server that answers everything alike."""
    app = Flask("answering")
    app.add_url_rule("/<path:path>", "any", lambda path: answer(), methods=["GET", "POST", "DELETE"])
    return app


@contextmanager
def hanging() -> Iterator[str]:
    """A server that takes requests and does not answer while it is asked."""
    late = Event()

    def wait() -> Response:
        late.wait()
        return Response("{}", 200)

    with served(answering(wait)) as base:
        try:
            yield base
        finally:
            late.set()
