"""A whole signed turn of the hotline beside a minimal view and a bare one."""

import os
import signal
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hotline import wiring
from hotline.cli.readiness import next_free, port_answers
from hotline.queue.ids import LegSid
from hotline.services import Services
from hotline.store import schema
from hotline.switchboard import turns
from hotline.switchboard.moment import Moment
from tests.bench import load
from tests.bench.load import Result
from tests.bench.place import emptied, settings

ROUNDS = 5
WARM_UP_SECONDS = 3.0
SECONDS = 4.0
CONNECTIONS = (1, 32)
CALLS = 128
APPS = ("bare", "minimal", "ours")
SERVER = Path(__file__).parent.parent.parent / "hotline" / "cli" / "gunicorn_settings.py"


@dataclass(frozen=True, slots=True)
class Compared:
    """Medians over the rounds. The costs are beside the minimal view's, each compared in its own round."""

    rate: float
    p50: float
    p95: float
    p99: float
    processor: float
    cost: float
    processor_cost: float


def compare(database_url: str | None, connections: int) -> dict[str, Compared]:
    """Several alternating rounds of each application; None: SQLite in a new folder."""
    rounds: list[dict[str, Result]] = []
    with TemporaryDirectory(prefix="hotline-bench-") as folder:
        url = database_url or f"sqlite:///{folder}/bench.sqlite3"
        port = next_free("127.0.0.1", 21_000)
        environ = settings(url, f"http://127.0.0.1:{port}")
        for number in range(ROUNDS):
            # each goes first as often: what the machine does at the same time is nobody's own
            order = APPS if number % 2 else APPS[::-1]
            rounds.append({name: _round(name, environ, port, connections) for name in order})
    return {name: _compared(name, rounds) for name in APPS}


def _compared(name: str, rounds: list[dict[str, Result]]) -> Compared:
    def median(of: Callable[[Result, Result], float]) -> float:
        return statistics.median(of(one[name], one["minimal"]) for one in rounds)

    return Compared(
        rate=median(lambda own, _: own.rate),
        p50=median(lambda own, _: own.p50),
        p95=median(lambda own, _: own.p95),
        p99=median(lambda own, _: own.p99),
        processor=median(lambda own, _: own.processor),
        cost=median(lambda own, minimal: minimal.rate / own.rate),
        processor_cost=median(lambda own, minimal: own.processor / minimal.processor),
    )


def _round(name: str, environ: Mapping[str, str], port: int, connections: int) -> Result:
    emptied(environ["DATABASE_URL"])
    schema.migrate(environ["DATABASE_URL"])
    cold, warm = (load_of(environ, mark, connections) for mark in ("cold", "warm"))
    with served(name, environ, port) as server:
        # a process that still starts takes a whole core from those that serve
        load.measure(port, connections, cold, WARM_UP_SECONDS)
        before = _processor_seconds(server)
        measured = load.measure(port, connections, warm, SECONDS)
        return replace(measured, processor=(_processor_seconds(server) - before) * 1000 / measured.requests)


def _processor_seconds(server: int) -> float:
    """What the processes of that server have used of the processors so far (proc(5): utime and stime)."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text(encoding="ascii").split()
    ticks = 0
    for process in children:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def load_of(environ: Mapping[str, str], mark: str, connections: int) -> Callable[[int], Iterator[bytes]]:
    """The requests of each connection: the turns of calls of its own."""
    legs = _calls(environ, mark)
    base, token = environ["HOTLINE_PUBLIC_URL"], environ["TWILIO_AUTH_TOKEN"]
    return lambda at: load.turns(base, token, legs[at::connections])


def _calls(environ: Mapping[str, str], mark: str) -> list[str]:
    """Calls that have come in and hear the menu."""
    services = wiring.from_environment(environ)
    legs = [f"CA{mark}{number}" for number in range(CALLS)]
    with closing(services.store):
        for number, leg in enumerate(legs):
            shown = f"+3363998{number:04}"
            services.store.run(_arrival(services, LegSid(leg), shown))
    return legs


def _arrival(services: Services, leg: LegSid, shown: str) -> Callable[..., object]:
    now = services.clock.now()
    return lambda tx: turns.arrive(Moment(tx, now, services.lines, services.jobs), leg, "+33199001234", shown)


@contextmanager
def served(name: str, environ: Mapping[str, str], port: int) -> Iterator[int]:
    """Its process id; the requests are answered by its children."""
    argv = [sys.executable, "-m", "gunicorn", "--config", str(SERVER), "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen([*argv, f"tests.bench.apps:{name}()"], env={**os.environ, **environ})
    try:
        while not port_answers("127.0.0.1", port):
            if server.poll() is not None:
                raise RuntimeError(f"the server of {name} has ended")
        yield server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)
