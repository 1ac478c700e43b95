"""What `hotline doctor` says of the public address: what answers there, and whether signatures fit."""

import socket
from typing import Any

import pytest
from flask import Flask, Response, request
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from hotline.cli import doctor_public
from hotline.cli.doctor_findings import Installation, State, fine
from tests.integration.accounts import TOKEN, account, answering, api, carrier, front, hotline, served
from tests.integration.examined import Look, environment, home, look
from tests.integration.shell import Run, environ, run

__all__ = ["account", "api", "carrier", "environ", "front", "home", "look", "run"]


def test_an_address_on_the_internet_is_fine() -> None:
    found = doctor_public.address(Installation(environment("https://line.example.org/help")))
    assert found == fine("https://line.example.org/help")


def test_an_address_that_no_carrier_reaches_is_noted(look: Look) -> None:
    report = look()
    assert "the carrier cannot reach it; HOTLINE_PUBLIC_URL is not https://" in report.words["address"]
    assert report.states["address"] == State.NOTE


def test_nobody_listens(look: Look) -> None:
    report = look()
    assert report.words["web server"].startswith("no connection (ConnectionError): do the name, the firewall")
    assert report.words["unsigned"] == "not looked at: first put right web server"
    assert report.words["signed"] == "not looked at: first put right unsigned"


def test_a_certificate_that_nobody_vouches_for() -> None:
    with served(lambda _: answering(200), ssl_context="adhoc") as address:
        found = doctor_public.reachable(Installation(environment(address)))
    assert found.words.startswith("its certificate is not accepted")


def test_a_server_that_takes_too_long() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        found = doctor_public.reachable(Installation(environment(address), answer_within=0.05))
    assert found.words.startswith("no answer in time: do the name, the firewall and the proxy lead")


def test_a_proxy_before_a_hotline_that_is_down(look: Look) -> None:
    with served(lambda _: answering(502)) as address:
        report = look(HOTLINE_PUBLIC_URL=address)
    assert report.words["web server"] == (
        "the proxy answers, the hotline behind it does not: start `hotline serve` (status 502)"
    )


ANOTHER = "no hotline there: the proxy has to hand on /voice/ and /sms/, prefix included"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (200, "what nobody signed is accepted there: that is another server"),
        (301, "it redirects: set HOTLINE_PUBLIC_URL to the address where that ends (status 301)"),
        (401, "the proxy wants a password: let /voice/ and /sms/ through without one (status 401)"),
        (404, f"{ANOTHER} (status 404)"),
        (405, f"{ANOTHER} (status 405)"),
        (418, "no answer of a hotline: correct HOTLINE_PUBLIC_URL (status 418)"),
    ],
)
def test_what_is_not_us_is_told_by_its_answer_to_the_unsigned(status: int, words: str) -> None:
    with served(lambda _: answering(status)) as address:
        here = Installation(environment(address))
        assert doctor_public.reachable(here).state == State.OK
        found = doctor_public.refuses_unsigned(here)
    assert found.words.startswith(words)
    assert found.state == State.WRONG


def test_a_shell_with_another_token_than_the_running_hotline(look: Look, home: str) -> None:
    report = look(HOTLINE_PUBLIC_URL=home, TWILIO_AUTH_TOKEN=f"another-one,{TOKEN}")
    assert report.states["unsigned"] == State.OK
    assert report.words["signed"].startswith("what the first TWILIO_AUTH_TOKEN signs is refused")


def test_a_shell_with_another_address_than_the_running_hotline(look: Look, home: str) -> None:
    report = look(HOTLINE_PUBLIC_URL=home.replace("127.0.0.1", "localhost"))
    assert report.states["unsigned"] == State.OK
    assert "another HOTLINE_PUBLIC_URL than this shell" in report.words["signed"]


def test_a_hotline_that_fails() -> None:
    with served(lambda _: failing()) as address:
        here = Installation(environment(address))
        assert doctor_public.refuses_unsigned(here).state == State.OK
        assert doctor_public.accepts_signed(here).words == "the hotline fails: read its log (status 500)"


def failing() -> Flask:
    """Refuses what is not signed, and fails with what is."""
    app = Flask("failing")
    app.before_request(lambda: Response("", 500 if "X-Twilio-Signature" in request.headers else 403))
    return app


@pytest.mark.parametrize("strips", [True, False], ids=["the proxy strips it", "the proxy hands it on"])
def test_below_a_prefix(look: Look, account: dict[str, str], strips: bool) -> None:
    def below(app: Flask) -> Any:
        whole: Any = lambda environ, start: app.wsgi_app(  # noqa: E731 - a WSGI application in a line
            environ | {"PATH_INFO": environ["SCRIPT_NAME"] + environ["PATH_INFO"], "SCRIPT_NAME": ""}, start
        )
        nobody: Any = Response("not here", status=404)
        return DispatcherMiddleware(nobody, {"/help/line": app.wsgi_app if strips else whole})

    with hotline(account, below, prefix="/help/line") as address:
        report = look(HOTLINE_PUBLIC_URL=address)
    assert [report.states[name] for name in ("web server", "unsigned", "signed")] == ["OK", "OK", "OK"]


def test_the_signed_report_changes_nothing(run: Run, look: Look, home: str) -> None:
    assert look(HOTLINE_PUBLIC_URL=home).states["signed"] == State.OK
    assert run("calls").stdout == "No call yet.\n"
