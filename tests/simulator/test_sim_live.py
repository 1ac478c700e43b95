"""The live carrier: the wall clock, a pool that asks webhooks, and a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import requests

from hotline.simulator.__main__ import build, parser
from hotline.simulator.carrier import Carrier
from hotline.simulator.fetch import WebAnswer, WebRequest
from hotline.simulator.scripted import ScriptedCustomer

LINE = "+33199001234"
PATIENCE = 5.0


@pytest.fixture
def live(customer: ScriptedCustomer) -> Iterator[Carrier]:
    made = Carrier(
        account_sid="AC1",
        auth_token="12345",
        start=datetime.now(UTC),
        fetch=customer,
        say_duration=lambda _text, _language: 0.02,
        live=True,
    )
    made.add_line(LINE, voice_url="http://customer.test/voice", status_url="http://customer.test/status")
    made.begin()
    yield made
    made.stop()


def until(carrier: Carrier, holds: Callable[[], bool]) -> None:
    with carrier.engine.changed:
        assert carrier.engine.changed.wait_for(holds, PATIENCE)


def test_a_live_call_runs_by_itself(live: Carrier, customer: ScriptedCustomer) -> None:
    customer["/voice"] = "<Say>Un</Say><Say>Deux</Say>"
    leg = live.call("anonymous", LINE)
    until(live, lambda: not leg.is_open)
    assert leg.heard_text() == "Un\nDeux"
    assert leg.heard[1].at > leg.heard[0].at


def test_a_slow_webhook_does_not_hold_up_other_calls(live: Carrier, customer: ScriptedCustomer) -> None:
    released = threading.Event()

    def slow(_params: object) -> str:
        released.wait(PATIENCE)
        return "<Say>Lent</Say>"

    customer["/voice"] = [slow, "<Say>Rapide</Say>"]
    first = live.call("anonymous", LINE)
    until(live, lambda: len(customer.requests) == 1)
    second = live.call("anonymous", LINE)
    until(live, lambda: not second.is_open)
    assert first.heard == []
    released.set()
    until(live, lambda: not first.is_open)
    assert first.heard_text() == "Lent"


def test_a_live_carrier_survives_bad_documents_and_broken_servers(
    live: Carrier, customer: ScriptedCustomer
) -> None:
    def broken(_params: object) -> str:
        raise OSError("no")

    customer["/voice"] = [broken, "<Shout/><Say>Un</Say>"]
    first = live.call("anonymous", LINE)
    second = live.call("anonymous", LINE)
    until(live, lambda: not first.is_open and not second.is_open)
    assert {first.heard_text(), second.heard_text()} >= {"Un"}
    assert live.violations


def test_time_of_a_live_carrier_cannot_be_moved(live: Carrier, carrier: Carrier) -> None:
    with pytest.raises(TypeError):
        live.advance(1)
    with pytest.raises(TypeError):
        carrier.begin()


def test_the_command_builds_lines_and_telephones() -> None:
    words = f"--account AC1 --token t --line {LINE}=http://127.0.0.1:8000/ --phone +33639980101=Amina".split()
    carrier = build(parser().parse_args(words))
    carrier.stop()
    assert carrier.lines[LINE].voice_url == "http://127.0.0.1:8000/voice/incoming#rc=1&rp=ct,5xx&rt=6000"
    assert carrier.phone("+33639980101").name == "Amina"
    with pytest.raises(SystemExit):
        parser().parse_args(["--account", "AC1", "--token", "t", "--line", "nothing"])


def test_the_process_serves_and_ends_when_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "hotline.simulator",
        "--port",
        str(port),
        "--account",
        "AC1",
        "--token",
        "t",
    ]
    with subprocess.Popen(
        [*command, "--line", f"{LINE}=http://127.0.0.1:9"], stderr=subprocess.PIPE
    ) as process:
        assert process.stderr is not None
        assert b"listens" in process.stderr.readline()
        with requests.Session() as session:
            session.trust_env = False
            phones = session.get(f"http://127.0.0.1:{port}/control/phones", timeout=PATIENCE).json()
        assert phones["lines"][0]["number"] == LINE
        began = time.monotonic()
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
        assert time.monotonic() - began < PATIENCE


def test_requests_are_remembered_by_the_scripted_customer(customer: ScriptedCustomer) -> None:
    answer = customer(WebRequest("GET", "http://customer.test/x?a=1", {}, {}, 1, 1))
    assert answer == WebAnswer(204)
    assert customer.asked("/x") == [{"a": "1"}]
