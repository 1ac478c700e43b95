"""The supervisor: starts, repeats what is said, restarts, gives up, and leaves nothing behind."""

import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hotline.cli.processes import Command, Patience, ProcessTroubleError, StopAskedError, Supervisor
from hotline.cli.readiness import is_free, next_free, page_answers, port_answers

DEADLINE = 10.0
QUICK = Patience(restarts=2, first_delay=0.01, stop_within=0.3)


class Trace:
    """A pipe by name that processes hold open for writing: it ends when the last of them has ended."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.path = path
        self._source = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def read(self, whole: bytes | None = None) -> bytes:
        """What was written, up to `whole`; without it, up to the end of all writers."""
        heard, until = b"", time.monotonic() + DEADLINE
        with selectors.DefaultSelector() as selector:
            selector.register(self._source, selectors.EVENT_READ)
            while whole is None or whole not in heard:
                assert selector.select(until - time.monotonic()), f"nothing more came after {heard!r}"
                more = os.read(self._source, 1024)
                if not more and whole is None:
                    break
                heard += more
        return heard

    def close(self) -> None:
        os.close(self._source)


@pytest.fixture
def trace(tmp_path: Path) -> Iterator[Trace]:
    trace = Trace(tmp_path / "trace")
    yield trace
    trace.close()


def shell(name: str, script: str) -> Command:
    return Command(name, ["/bin/sh", "-c", script], dict(os.environ))


def run(
    command: Command,
    say: Callable[[str], None],
    ready: Callable[[], bool] | None = None,
    within: float = DEADLINE,
) -> None:
    """Run one command for as long as the supervisor keeps it running."""
    with Supervisor(say, QUICK) as processes:
        processes.start(command, ready, within=within)
        processes.watch()


def nothing(_line: str) -> None:
    pass


def never() -> bool:
    return False


def test_repeats_what_is_said_under_the_name_and_stops_at_a_signal() -> None:
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        if "two" in line:
            os.kill(os.getpid(), signal.SIGTERM)

    with pytest.raises(StopAskedError):
        run(shell("web", "echo one; echo two; sleep 100"), say)
    assert said == ["     web | one", "     web | two"]


def test_restarts_what_dies_and_gives_up_in_the_end() -> None:
    said: list[str] = []
    with pytest.raises(ProcessTroubleError, match=r"web ended 3 times .* with exit code 3; giving up"):
        run(shell("web", "echo up; exit 3"), said.append)
    assert said.count("     web | up") == 3
    assert "web ended with exit code 3; starting it again in 0.02 s" in said


def test_one_that_dies_while_it_starts_is_not_started_again() -> None:
    said: list[str] = []
    with pytest.raises(ProcessTroubleError, match="by signal SIGKILL while it was starting"):
        run(shell("web", "echo reason >&2; kill -9 $$"), said.append, ready=never)
    assert said == ["     web | reason"]


def test_waits_until_it_is_ready(tmp_path: Path) -> None:
    sign = tmp_path / "ready"
    with Supervisor(nothing, QUICK) as processes:
        processes.start(shell("web", f"touch {sign}; sleep 100"), ready=sign.exists, within=DEADLINE)
        assert sign.exists()


def test_says_what_never_got_ready() -> None:
    with pytest.raises(ProcessTroubleError, match=r"web was not ready within 0\.05 s"):
        run(shell("web", "sleep 100"), nothing, ready=never, within=0.05)


def test_a_command_that_is_not_there_is_named() -> None:
    with pytest.raises(ProcessTroubleError, match="web cannot be started"):
        run(Command("web", ["/nowhere/at/all"], {}), nothing)


def test_ends_what_does_not_want_to_end_and_what_it_started(trace: Trace) -> None:
    script = f"exec 3>{trace.path}; trap '' TERM; sleep 100 & echo up >&3; while :; do wait; done"
    with Supervisor(nothing, QUICK) as processes:
        processes.start(shell("deaf", script))
        trace.read(b"up")
    assert trace.read() == b""


def test_what_a_dead_process_started_is_ended_before_it_runs_again(trace: Trace) -> None:
    script = f"exec 3>{trace.path}; sleep 100 & echo up >&3; exit 1"
    with pytest.raises(ProcessTroubleError):
        run(shell("web", script), nothing)
    assert trace.read() == b"up\n" * 3


def test_the_needed_one_ends_last(trace: Trace) -> None:
    def leaving(word: str) -> str:
        loop = "while :; do sleep 0.01; done"
        return f"exec 3>{trace.path}; trap 'echo {word} >&3; exit' TERM; echo up >&3; {loop}"

    server = Command("server", ["/bin/sh", "-c", leaving("server")], {**os.environ}, needed_by_others=True)
    with Supervisor(nothing) as processes:
        processes.start(server)
        trace.read(b"up")
        processes.start(shell("web", leaving("web")))
        trace.read(b"up")
    assert trace.read() == b"web\nserver\n"


KILLED_OUTRIGHT = """
import os, signal, sys
from hotline.cli.processes import Command, Supervisor

def say(line):
    os.kill(os.getpid(), signal.SIGKILL)

with Supervisor(say) as processes:
    processes.start(Command("web", ["/bin/sh", "-c", sys.argv[1]], dict(os.environ)))
    processes.watch()
"""


def test_nothing_outlives_us_even_when_we_are_killed_outright(trace: Trace) -> None:
    script = f"exec 3>{trace.path}; echo up; sleep 100"
    ended = subprocess.run([sys.executable, "-c", KILLED_OUTRIGHT, script], timeout=DEADLINE, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert trace.read() == b""


def test_a_listener_that_nobody_reads_ends_it_all() -> None:
    def say(_line: str) -> None:
        raise BrokenPipeError

    with pytest.raises(StopAskedError):
        run(shell("web", "echo up; sleep 100"), say)


def test_the_signals_are_given_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with Supervisor(nothing):
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_taken_port_is_passed_over(taken: int) -> None:
    assert port_answers("127.0.0.1", taken)
    assert not is_free("127.0.0.1", taken)
    assert next_free("127.0.0.1", taken) > taken


def test_a_page_that_nobody_serves_does_not_answer() -> None:
    port = next_free("127.0.0.1", 20_000)
    assert not port_answers("127.0.0.1", port)
    assert not page_answers(f"http://127.0.0.1:{port}/")
