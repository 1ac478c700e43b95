"""The server that comes along: answers, is private, and ends with us in every case."""

import shutil
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from redis import Redis

from hotline.cli import embedded

DEADLINE = 10.0

PARENT = """
import signal
from hotline.cli import embedded
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in the background of a shell
with embedded.running() as server:
    print(server.socket, flush=True)
    input()
"""


def test_it_keeps_and_returns_a_value() -> None:
    with embedded.running() as server, Redis.from_url(server.url) as client:
        client.set("key", "value")
        assert client.get("key") == b"value"


def test_nothing_is_left_of_it() -> None:
    with embedded.running() as server:
        assert server.answers()
    assert not server.answers()
    assert not server.directory.exists()


def test_only_we_may_reach_it() -> None:
    with embedded.running() as server, Redis.from_url(server.url) as client:
        assert stat.S_IMODE(server.directory.stat().st_mode) == 0o700
        assert client.config_get("port") == {"port": "0"}


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_it_ends_with_its_parent(number: signal.Signals) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with parent, socket.socket(socket.AF_UNIX) as connection:
        assert parent.stdout is not None
        path = Path(parent.stdout.readline().strip())
        connection.settimeout(DEADLINE)
        connection.connect(str(path))
        parent.send_signal(number)
        assert connection.recv(1) == b"", "the server closes its connections as it ends"
        parent.wait(DEADLINE)
    shutil.rmtree(path.parent, ignore_errors=True)  # nobody was left to do it


def test_one_that_cannot_start_says_why(tmp_path: Path) -> None:
    server = embedded.Server(tmp_path / "missing")
    ended = subprocess.run(server.argv(), capture_output=True, timeout=DEADLINE, check=False)
    assert ended.returncode == 1
    assert not server.answers()
