"""The worker: its clock goes on whatever happens, its queue comes back, and it ends when told to."""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue
from rq.results import Result

from hotline import worker
from hotline.cli import embedded
from hotline.jobs.queues import PUSH
from hotline.jobs.schedule import PERIODIC, Periodic

DEADLINE = 10.0


class Time:
    """A clock that moves by being waited on, and stops the loop after `turns` waits."""

    def __init__(self, turns: int) -> None:
        self.passed = 0.0
        self.turns = turns

    def now(self) -> float:
        return self.passed

    def wait(self, timeout: float) -> bool:
        self.passed += timeout
        self.turns -= 1
        return self.turns < 0


def runs(turns: int, takes: float = 0.0) -> list[float]:
    """When a job of every 5 s begins that takes so long."""
    clock, begun = Time(turns), list[float]()

    def job() -> None:
        begun.append(clock.passed)
        clock.passed += takes

    worker.repeat(Periodic("job", timedelta(seconds=5), job), clock, clock.now)
    return begun


def test_runs_at_once_and_then_in_step() -> None:
    assert runs(turns=4) == [0, 5, 10, 15]


def test_the_time_a_run_takes_is_not_added() -> None:
    assert runs(turns=3, takes=2) == [0, 5, 10]


def test_runs_that_were_missed_are_not_made_up_for() -> None:
    assert runs(turns=3, takes=12) == [0, 12, 24]


def test_a_failure_is_logged_and_the_next_run_comes(caplog: pytest.LogCaptureFixture) -> None:
    clock, begun = Time(turns=2), list[float]()

    def job() -> None:
        begun.append(clock.passed)
        raise ValueError("out of order")

    worker.repeat(Periodic("broken", timedelta(seconds=5), job), clock, clock.now)
    assert begun == [0, 5]
    assert [record.message for record in caplog.records] == [
        "the periodic job broken failed; it runs again in 0:00:05"
    ] * 2
    assert "out of order" in caplog.text


def test_how_often_each_job_runs() -> None:
    assert {each.name: each.every for each in PERIODIC} == {
        "pulse": timedelta(seconds=1),
        "sweep": timedelta(seconds=0.5),
        "alarms": timedelta(seconds=15),
        "watchdog": timedelta(seconds=20),
        "unheard": timedelta(seconds=20),
        "reminders": timedelta(minutes=5),
        "messages": timedelta(hours=1),
        "outages": timedelta(hours=1),
        "log-ins": timedelta(hours=1),
    }


# A worker in its own process, with a job of the clock that writes and RQ's queue beside it.
PROCESS = r"""
import dataclasses, logging, os, sys, time
from datetime import timedelta
from hotline import settings, worker
from hotline.jobs.schedule import Periodic
from hotline.services import Services

def tick():
    os.write(1, b"tick\n")
    if sys.argv[3] == "holds the log":
        logging.getLogger().handlers[0].acquire()
    time.sleep(float(sys.argv[1]))  # in the child: a job that takes so long

logging.basicConfig()
environ = {"HOTLINE_PUBLIC_URL": "http://127.0.0.1", "TWILIO_ACCOUNT_SID": "A", "TWILIO_AUTH_TOKEN": "t",
           "SECRET_KEY": "k" * 16, "REDIS_URL": sys.argv[2]}
parts = dict.fromkeys([field.name for field in dataclasses.fields(Services)])
worker.run(Services(**parts | {"settings": settings.read(environ)}),
           [Periodic("tick", timedelta(seconds=0.05), tick)])
"""


@contextmanager
def working(redis_url: str, takes: float = 0.0, and_what: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """A worker process that has ticked once."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROCESS, str(takes), redis_url, and_what], stdout=subprocess.PIPE, bufsize=0
    )
    with process:
        try:
            assert "tick" in heard(process)
            yield process
        finally:
            process.kill()


def heard(process: subprocess.Popen[bytes]) -> str:
    """The next thing that it writes."""
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        assert selector.select(DEADLINE), "nothing was written in time"
    return os.read(process.stdout.fileno(), 1024).decode()


def seconds_to_end(process: subprocess.Popen[bytes], number: signal.Signals) -> float:
    begun = time.monotonic()
    process.send_signal(number)
    assert process.wait(DEADLINE) == 0
    return time.monotonic() - begun


def seconds_to_run(client: Redis, folder: Path) -> float:
    """Enqueue a job whose effect is a new folder, and wait for RQ's word that it ran."""
    begun = time.monotonic()
    job = Queue(PUSH, connection=client).enqueue("os.mkdir", str(folder))
    result = job.latest_result(timeout=int(DEADLINE))
    assert result is not None
    assert result.type is Result.Type.SUCCESSFUL
    assert folder.is_dir()
    return time.monotonic() - begun


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_clock_goes_on_while_redis_is_away(tmp_path: Path, number: signal.Signals) -> None:
    with working(f"unix://{tmp_path}/nobody") as process:
        assert "tick" in heard(process)
        assert seconds_to_end(process, number) < 2.0


def test_a_push_is_worked_within_a_second(redis_url: str, tmp_path: Path) -> None:
    with working(redis_url) as process, Redis.from_url(redis_url) as client:
        seconds_to_run(client, tmp_path / "first")  # the worker may still be starting
        assert seconds_to_run(client, tmp_path / "second") < 1.0
        assert seconds_to_end(process, signal.SIGTERM) < 2.0


@pytest.fixture
def server() -> Iterator[embedded.Server]:
    with embedded.place() as server:
        yield server


def test_the_queue_comes_back_with_redis(server: embedded.Server, tmp_path: Path) -> None:
    with served(server), working(server.url) as process, Redis.from_url(server.url) as client:
        seconds_to_run(client, tmp_path / "before")
        client.shutdown(nosave=True)
        assert "tick" in heard(process)
        with served(server):
            seconds_to_run(client, tmp_path / "after")
        assert seconds_to_end(process, signal.SIGTERM) < 2.0


@contextmanager
def served(server: embedded.Server) -> Iterator[None]:
    with subprocess.Popen(server.argv()) as process:
        try:
            until = time.monotonic() + DEADLINE
            while not server.answers():
                assert time.monotonic() < until
            yield
        finally:
            process.kill()


@pytest.mark.parametrize("and_what", ["", "holds the log"])
def test_what_takes_too_long_is_left_when_told_to_end(redis_url: str, and_what: str) -> None:
    """Also when it was interrupted where it writes to the log, whose lock it then never gives back."""
    with working(redis_url, takes=100, and_what=and_what) as process:
        assert seconds_to_end(process, signal.SIGTERM) < 2.5
