"""`hotline call` refuses what no telephone can do, and reports what answers it."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner, Result

from hotline.cli import main


class Carrier(BaseHTTPRequestHandler):
    """Refuses every call with the status that the address begins with; 404 is somebody else's page."""

    def do_GET(self) -> None:
        self._answer(200, json.dumps({"lines": [{"number": "+33199001234"}, {"number": "+33199005678"}]}))

    def do_POST(self) -> None:
        status = int(self.path.split("/")[1])
        words = "<p>Bonjour</p>" if status == 404 else json.dumps({"error": "that cannot be done"})
        self._answer(status, words)

    def _answer(self, status: int, words: str) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(words.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: it would stand between the results."""


@pytest.fixture
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Carrier) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def call(*words: str) -> Result:
    return CliRunner().invoke(main, ["call", *words], env={"TWILIO_API_BASE": None})


@pytest.mark.parametrize("status", [400, 409])
def test_what_the_carrier_refuses_is_told_in_its_words_with_its_lines(address: str, status: int) -> None:
    result = call("--carrier", f"{address}/{status}", "--to", "+33199009999")
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: the local carrier refuses: that cannot be done; "
        "its lines are +33199001234, +33199005678: name one with --to\n"
    )


def test_something_else_at_the_address(address: str) -> None:
    result = call("--carrier", f"{address}/404")
    assert result.exit_code == 1
    assert f"what answers at {address}/404 is not the local carrier (404)" in result.stderr
    assert "name its address with --carrier" in result.stderr


def test_nothing_at_the_address() -> None:
    result = call("--carrier", "http://127.0.0.1:1")
    assert result.exit_code == 1
    assert "no local carrier at http://127.0.0.1:1: start it with `make run`" in result.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--hang-up-after", "0"), "0.0 is not in the range 0<x<="),
        (("--hang-up-after", "-3"), "-3.0 is not in the range 0<x<="),
        (("--keys", "1,a"), "'a' is not on a telephone: it has the keys 0 to 9, * and #"),
        (("--keys", "1;2"), "'1;2' is not on a telephone"),
        (("--carrier", "localhost:8000"), "'localhost:8000' is not an address like http://127.0.0.1:8000"),
    ],
)
def test_what_no_telephone_can_do(words: tuple[str, str], message: str) -> None:
    result = call(*words)
    assert result.exit_code == 2
    assert message in result.stderr


def test_all_keys_of_a_telephone_may_be_pressed(address: str) -> None:
    assert call("--keys", "0639980001#, *,,1", "--carrier", f"{address}/409").exit_code == 1
