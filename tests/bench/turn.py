"""A whole signed turn of the hotline beside a minimal view and a bare one."""

import os
import signal
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
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
SECONDS = 4.0
CALLS_EACH = 4
APPS = ("bare", "minimal", "ours")
SERVER = Path(__file__).parent.parent.parent / "hotline" / "cli" / "gunicorn_settings.py"


def compare(database_url: str | None) -> dict[str, Result]:
    """The median of several alternating rounds for each application; None: SQLite in a new folder."""
    rounds: dict[str, list[Result]] = {name: [] for name in APPS}
    with TemporaryDirectory(prefix="hotline-bench-") as folder:
        url = database_url or f"sqlite:///{folder}/bench.sqlite3"
        port = next_free("127.0.0.1", 21_000)
        environ = settings(url, f"http://127.0.0.1:{port}")
        for number in range(ROUNDS):
            for name in APPS:
                rounds[name].append(_round(name, environ, port, number))
    return {name: _median(results) for name, results in rounds.items()}


def _round(name: str, environ: Mapping[str, str], port: int, number: int) -> Result:
    emptied(environ["DATABASE_URL"])
    schema.migrate(environ["DATABASE_URL"])
    legs = _calls(environ, load.CONNECTIONS * CALLS_EACH)
    base, token = environ["HOTLINE_PUBLIC_URL"], environ["TWILIO_AUTH_TOKEN"]

    def requests_of(connection: int) -> Iterator[bytes]:
        own = legs[connection * CALLS_EACH : (connection + 1) * CALLS_EACH]
        return load.turns(base, token, own)

    with _served(name, environ, port):
        if number == 0:
            load.measure(port, requests_of, 1.0)
            return _again(name, environ, port)
        return load.measure(port, requests_of, SECONDS)


def _again(name: str, environ: Mapping[str, str], port: int) -> Result:
    """The first second of a server is not measured."""
    legs = _calls(environ, load.CONNECTIONS * CALLS_EACH, "second")
    base, token = environ["HOTLINE_PUBLIC_URL"], environ["TWILIO_AUTH_TOKEN"]
    del name
    return load.measure(
        port,
        lambda at: load.turns(base, token, legs[at * CALLS_EACH : (at + 1) * CALLS_EACH]),
        SECONDS,
    )


def _calls(environ: Mapping[str, str], many: int, mark: str = "first") -> list[str]:
    """Calls that have come in and hear the menu."""
    services = wiring.from_environment(environ)
    legs = [f"CA{mark}{number}" for number in range(many)]
    with closing(services.store):
        for number, leg in enumerate(legs):
            shown = f"+3363998{number:04}"
            services.store.run(_arrival(services, LegSid(leg), shown))
    return legs


def _arrival(services: Services, leg: LegSid, shown: str) -> Callable[..., object]:
    now = services.clock.now()
    return lambda tx: turns.arrive(Moment(tx, now, services.lines, services.jobs), leg, "+33199001234", shown)


@contextmanager
def _served(name: str, environ: Mapping[str, str], port: int) -> Iterator[None]:
    argv = [sys.executable, "-m", "gunicorn", "--config", str(SERVER), "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen([*argv, f"tests.bench.apps:{name}()"], env={**os.environ, **environ})
    try:
        while not port_answers("127.0.0.1", port):
            if server.poll() is not None:
                raise RuntimeError(f"the server of {name} has ended")
        yield
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def _median(results: list[Result]) -> Result:
    return Result(
        *(
            statistics.median(getattr(one, field) for one in results)
            for field in ("rate", "p50", "p95", "p99")
        )
    )
