"""An account at the local carrier over real HTTP, and a hotline that is served."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask, Response, request
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from hotline import wiring
from hotline.app import create_app
from hotline.services import Services
from hotline.simulator.carrier import Carrier
from hotline.simulator.exchange import Line
from hotline.simulator.web import create_app as create_carrier_app
from tests import factories, scripts

ACCOUNT = "AC00000000000000000000000000000001"
TOKEN = "0123456789abcdef0123456789abcdef"


@contextmanager
def served(make: Callable[[str], Any], **more: Any) -> Iterator[str]:
    """Serve an application from threads; `make` is given its address."""
    server: BaseWSGIServer = make_server("127.0.0.1", 0, Flask("late"), threaded=True, **more)
    scheme = "https" if more.get("ssl_context") else "http"
    address = f"{scheme}://127.0.0.1:{server.server_port}"
    server.app = make(address)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield address
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def answering(status: int, body: str = "") -> Flask:
    """A server that answers everything alike."""
    app = Flask("answering")
    app.before_request(lambda: Response(body, status, {"Location": "/elsewhere"}))
    return app


@dataclass
class Front:
    """What the account says beyond what the local carrier knows of numbers."""

    values: dict[str, Any] = field(default_factory=dict)
    """Of each number, by the name of the field in the answer; what is sent to be set there is kept here."""
    date: str | None = None
    """What the carrier's clock shows; None: the machine's."""

    def __call__(self, response: Response) -> Response:
        body = response.get_json(silent=True) or {}
        for parameter, name in (("VoiceApplicationSid", "voice_application_sid"), ("TrunkSid", "trunk_sid")):
            if parameter in request.form:
                self.values[name] = request.form[parameter]
        for row in body.get("incoming_phone_numbers", [body] if "phone_number" in body else []):
            row.update(self.values)
        if self.values:
            response.set_data(json.dumps(body))
        return response


@pytest.fixture
def carrier() -> Carrier:
    made = Carrier(account_sid=ACCOUNT, auth_token=TOKEN, start=datetime(2026, 11, 23, 9, tzinfo=UTC))
    made.add_line(factories.LINE, voice_url="")
    return made


@pytest.fixture
def line(carrier: Carrier) -> Line:
    """The number of the line, as the carrier has it."""
    return carrier.lines[factories.LINE]


@pytest.fixture
def front() -> Front:
    return Front()


@pytest.fixture
def api(carrier: Carrier, front: Front) -> Iterator[str]:
    """The address of the carrier's REST interface."""
    app = create_carrier_app(carrier)
    app.after_request(front)

    class Telling(WSGIRequestHandler):
        def date_time_string(self, timestamp: float | None = None) -> str:
            return front.date or super().date_time_string(timestamp)

    with served(lambda _: app, request_handler=Telling) as address:
        yield address


@pytest.fixture
def account(environ: dict[str, str], api: str) -> dict[str, str]:
    """The environment of a shell that knows the account."""
    return environ | {"TWILIO_API_BASE": api, "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN}


@contextmanager
def hotline(
    environ: dict[str, str], wrap: Callable[[Flask], Any] = lambda app: app, prefix: str = ""
) -> Iterator[str]:
    """A hotline of these settings, served under the public address that this gives."""
    kept: list[Services] = []

    def make(address: str) -> Any:
        kept.append(wiring.from_environment(environ | {"HOTLINE_PUBLIC_URL": address + prefix}))
        return wrap(create_app(kept[0]))

    with served(make) as address:
        yield address + prefix
    kept[0].store.close()


def one_line(folder: Path, change: Callable[[str], str], name: str = "demo") -> str:
    """A folder with the demo line's script, changed."""
    (folder / "lines").mkdir(exist_ok=True)
    text = (scripts.CONFIG / "lines" / "demo.toml").read_text(encoding="utf-8")
    (folder / "lines" / f"{name}.toml").write_text(change(text), encoding="utf-8")
    return str(folder)


def two_lines(folder: Path) -> str:
    """A folder with the demo line and another, whose number the account does not have."""
    one_line(folder, lambda text: text)
    return one_line(folder, lambda text: text.replace(factories.LINE, "+33199009999"), "other")
