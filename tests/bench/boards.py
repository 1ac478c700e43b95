"""Open boards: what they cost the callers, and how soon they show a change."""

import json
import math
import os
import selectors
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import update

from hotline import dashboard, wiring
from hotline.cli import embedded
from hotline.cli.readiness import next_free
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import schema
from hotline.store.mediators import MediatorRow
from hotline.store.topics import BOARD
from hotline.store.transactions import Tx
from tests import factories
from tests.bench import load, turn
from tests.bench.place import settings
from tests.dashboard.ledger import Ledger
from tests.dashboard.visitor import account, cookie

BOARDS = 300
MEDIATORS = 60
WAITING = 25
CHANGES = 30
APART = 0.7
"""Seconds between two changes whose way is measured: no picture is held back for the one before."""
STORM = 0.05
"""Seconds between two changes while turns are measured."""
CONNECTIONS = 4
SLOT = 0.1
"""Seconds between two turns on a connection: 40 turns a second in all, a busy opening."""
SECONDS = 10.0
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Result:
    """Turns' latencies in milliseconds in each situation; seconds from a change to a page; MB a process."""

    turns: Mapping[str, load.Result]
    shown: tuple[float, float, float]
    """Median, the 99th of a hundred, the longest."""
    memory: Mapping[str, float]
    threads: int


def measure() -> Result:
    with TemporaryDirectory(prefix="hotline-bench-") as folder, embedded.running() as server:
        port = next_free("127.0.0.1", 23_000)
        environ = settings(f"sqlite:///{folder}/bench.sqlite3", f"http://127.0.0.1:{port}")
        environ["REDIS_URL"] = server.url
        schema.migrate(environ["DATABASE_URL"])
        services = wiring.from_environment(environ)
        with closing(services.store):
            return _measured(services, environ, port)


def _measured(services: Services, environ: Mapping[str, str], port: int) -> Result:
    _fill(services)
    session = cookie(dashboard.create(services), services, account(services, Role.COORDINATOR))
    requests = turn.load_of(environ, "boards", CONNECTIONS)
    with turn.served("ours", environ, port) as server:
        load.measure(port, CONNECTIONS, requests, 2.0)
        turns = {"no board is open": _turns(port, requests)}
        memory = {"no board is open": _memory(server)}
        with _looking_on(port, session) as looking_on:
            turns[f"{BOARDS} boards, nothing changes"] = _turns(port, requests)
            shown = _shown(services, looking_on)
            with _changing(services):
                turns[f"{BOARDS} boards, {1 / STORM:.0f} changes a second"] = _turns(port, requests)
            memory[f"{BOARDS} boards are open"] = _memory(server)
            threads = max(_status(process, "Threads:") for process in _processes(server))
        with _changing(services):
            turns[f"no board, {1 / STORM:.0f} changes a second"] = _turns(port, requests)
    return Result(turns, shown, memory, threads)


def _fill(services: Services) -> None:
    for number in range(MEDIATORS):
        factories.mediator(services, f"Person {number}", factories.number(number))
    ledger = Ledger(services)
    for _ in range(WAITING):
        ledger.waits(ledger.call())


def _turns(port: int, requests_of: Callable[[int], load.Requests]) -> load.Result:
    return load.measure(port, CONNECTIONS, lambda at: _paced(requests_of(at)), SECONDS)


def _paced(requests: load.Requests) -> load.Requests:
    """Each at its time, as callers press keys, not as fast as can be."""
    clock, next_at = threading.Event(), time.monotonic()
    for request in requests:
        clock.wait(max(next_at - time.monotonic(), 0))
        next_at += SLOT
        yield request


def _change(services: Services, mark: str) -> None:
    """What every board shows from now on."""
    change = update(MediatorRow).where(MediatorRow.id == 1).values(name=mark)

    def write(tx: Tx) -> None:
        tx.connection.execute(change)
        tx.touched.add(BOARD)

    services.store.run(write)


@contextmanager
def _changing(services: Services) -> Iterator[None]:
    over = threading.Event()

    def change() -> None:
        for number in count():
            if over.wait(STORM):
                return
            _change(services, f"Person {number}")

    thread = threading.Thread(target=change)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def _looking_on(port: int, session: str) -> Iterator["subprocess.Popen[str]"]:
    """The boards, in a process of their own: what they read must not hold up those who measure."""
    argv = [sys.executable, "-m", "tests.bench.boards", str(port)]
    with subprocess.Popen(
        argv, env=os.environ | {"SESSION": session}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        if process.stdout.readline().strip() != "open":
            raise RuntimeError("the boards could not be opened")
        yield process
        process.terminate()


def _shown(services: Services, looking_on: "subprocess.Popen[str]") -> tuple[float, float, float]:
    """From just before a change is written to its arrival at each board, in seconds."""
    assert looking_on.stdin is not None
    assert looking_on.stdout is not None
    took: list[float] = []
    for number in range(CHANGES):
        mark = f"Mark-{number}."
        looking_on.stdin.write(f"{mark}\n")
        looking_on.stdin.flush()
        assert looking_on.stdout.readline().strip() == "ready"
        threading.Event().wait(APART)
        began = time.monotonic()
        _change(services, mark)
        took += [at - began for at in json.loads(looking_on.stdout.readline())]
    took.sort()
    return statistics.median(took), took[math.ceil(len(took) * 0.99) - 1], took[-1]


def _processes(server: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{server}/task/{server}/children").read_text().split()]


def _memory(server: int) -> float:
    """Resident megabytes of the larger process."""
    return max(_status(process, "VmRSS:") for process in _processes(server)) / 1024


def _status(process: int, key: str) -> int:
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(key))


def look_on(port: int, session: str) -> None:
    """Open the boards; for each mark that is asked for, tell when each of them has shown it."""
    with ExitStack() as open_boards, selectors.DefaultSelector() as selector:
        for _ in range(BOARDS):
            board = open_boards.enter_context(socket.create_connection(("127.0.0.1", port), PATIENCE))
            head = f"GET /live?board=1 HTTP/1.1\r\nHost: localhost\r\nCookie: {session}\r\n\r\n"
            board.sendall(head.encode())
            if not board.recv(65536).startswith(b"HTTP/1.1 200"):
                raise RuntimeError("refused")
            board.setblocking(False)
            selector.register(board, selectors.EVENT_READ, bytearray())
        _say("open")
        selector.register(sys.stdin, selectors.EVENT_READ)
        mark, times = b"", list[float]()
        while True:
            for key, _ in selector.select():
                if key.fileobj is sys.stdin:
                    mark, times = input().encode(), []
                    _say("ready")
                elif _has_come(key.fileobj, key.data, mark):  # type: ignore[arg-type]  # a socket
                    times.append(time.monotonic())
                    if len(times) == BOARDS:
                        mark = b""
                        _say(json.dumps(times))


def _has_come(board: socket.socket, got: bytearray, mark: bytes) -> bool:
    with suppress(BlockingIOError):
        more = board.recv(1 << 20)
        if not more:
            raise RuntimeError("a board was closed")
        got += more
    found = bool(mark) and mark in got
    # a picture may come in two parts
    del got[: max(len(got) - (0 if found else 16), 0)]
    return found


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    look_on(int(sys.argv[1]), os.environ["SESSION"])
