"""The calls tier: the hotline over real HTTP with signatures, and the local carrier with its own time."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from threading import Condition, Thread
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server

from hotline.mailing.absent import NoMail
from hotline.services import Services
from hotline.settings import Settings
from hotline.simulator.carrier import Carrier
from hotline.simulator.web import create_app as create_carrier_app
from hotline.switchboard.lines import Lines, line
from hotline.telephony.rest import TIMEOUT_SECONDS, TwilioCarrier
from hotline.telephony.signature import TwilioSignature
from tests import factories, scripts
from tests.calls.severable import SeverableStore
from tests.calls.stage import MONDAY, Stage
from tests.databases import _given, _template, database_url
from tests.fakes import KeptEvents, KeptJobs

__all__ = ["_given", "_template", "database_url"]

ACCOUNT = "AC00000000000000000000000000000001"
TOKEN = "the carrier's token"
Bodies = list[tuple[str, dict[str, Any]]]
WSGIApplication = Callable[[dict[str, Any], Any], Iterable[bytes]]
_idle: list[BaseWSGIServer] = []
_without_carrier: list[Flask] = []


@contextmanager
def served(make: Callable[[str], WSGIApplication]) -> Iterator[str]:
    """Serve an application from threads; `make` is given its address.

    A server is kept for the next application: to start and stop one takes as long as many a test.
    """
    server = _idle.pop() if _idle else _started()
    try:
        address = f"http://127.0.0.1:{server.server_port}"
        server.app = make(address)
        yield address
    finally:
        server.app = _nobody
        _idle.append(server)


def _started() -> BaseWSGIServer:
    server = make_server("127.0.0.1", 0, _nobody, threaded=True)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    return server


def _nobody(_environ: Any, start_response: Any) -> list[bytes]:
    start_response("410 Gone", [])
    return []


@contextmanager
def reachable(carrier: Carrier) -> Iterator[str]:
    """Serve the carrier's REST interface; its application, too, is kept for the next carrier."""
    app = _without_carrier.pop() if _without_carrier else create_carrier_app(carrier)
    app.extensions["carrier"] = carrier
    answers = Answering(app.wsgi_app)
    with served(lambda _: answers) as api:
        yield api
    answers.wait()
    _without_carrier.append(app)


class Answering:
    """An application of which one knows whether it still answers a request, as it does after a time-out."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self._changed = Condition()
        self._requests = 0

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        self._count(1)
        try:
            return self._app(environ, start_response)
        finally:
            self._count(-1)

    def _count(self, change: int) -> None:
        with self._changed:
            self._requests += change
            self._changed.notify_all()

    def wait(self) -> None:
        """Return when it answers nobody any more. Raises TimeoutError after ten seconds."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._requests == 0, 10):
                raise TimeoutError("a request is still being answered")


@pytest.fixture(scope="session", autouse=True)
def _stop_servers() -> Iterator[None]:
    yield
    for server in _idle:
        server.shutdown()
        server.server_close()


def in_front(stage: Stage) -> WSGIApplication:
    """A server in front of the hotline that answers an error instead, as long as the stage says."""

    def front(environ: Any, start_response: Any) -> Any:
        left = stage.failing.get(environ["PATH_INFO"], 0)
        if not left and not stage.is_down:
            return stage.app.wsgi_app(environ, start_response)
        stage.failing[environ["PATH_INFO"]] = max(0, left - 1)
        start_response("502 Bad Gateway", [("Content-Type", "text/plain")])
        return [b"no answer"]

    return front


@pytest.fixture
def make_stage(database_url: str) -> Iterator[Callable[..., Stage]]:
    """Build a stage; keyword arguments change the line's table.

    A second one that starts later is the same hotline then: it has the same database.
    """
    opened: list[Any] = []

    def make(
        *,
        start: datetime = MONDAY,
        more_lines: tuple[Any, ...] = (),
        patience: float = TIMEOUT_SECONDS,
        **changes: Any,
    ) -> Stage:
        bodies = [("demo", scripts.body(**changes)), *more_lines]
        context = _stage(database_url, start, bodies, patience)
        stage = context.__enter__()
        opened.append(context)
        return stage

    yield make
    for context in reversed(opened):
        context.__exit__(None, None, None)


@pytest.fixture
def stage(make_stage: Callable[..., Stage]) -> Stage:
    return make_stage()


@contextmanager
def _stage(database_url: str, start: datetime, bodies: Bodies, patience: float) -> Iterator[Stage]:
    carrier = Carrier(account_sid=ACCOUNT, auth_token=TOKEN, start=start)
    jobs = KeptJobs()
    with reachable(carrier) as api:
        made: list[Stage] = []
        answers: list[Answering] = []

        def hotline(address: str) -> WSGIApplication:
            settings = factories.settings(
                database_url, public_url=address, account=ACCOUNT, tokens=(TOKEN,), api_base=api
            )
            made.append(Stage(partial(_services, settings, carrier, jobs, bodies, patience), carrier, jobs))
            answers.append(Answering(in_front(made[0])))
            return answers[0]

        with served(hotline) as address:
            _connect(made[0], address)
            yield made[0]
            # a page may have asked just before it was closed
            answers[0].wait()
            made[0].close()


def _services(
    settings: Settings, clock: Carrier, jobs: KeptJobs, bodies: Bodies, patience: float
) -> Services:
    """The services of one process; `patience` is for how many seconds it waits for the carrier's answers."""
    events = KeptEvents()
    return Services(
        settings=settings,
        store=SeverableStore(settings.database_url, settings.secret_key, events.publish),
        lines=Lines([line(name, body, fiction_numbers=True) for name, body in bodies], True),
        clock=clock,
        carrier=TwilioCarrier(settings, patience),
        jobs=jobs,
        events=events,
        webhooks=TwilioSignature(settings.public_url, settings.tokens),
        mail=NoMail(),
    )


def _connect(stage: Stage, address: str) -> None:
    """The carrier knows the line's numbers, and a worker does its periodic jobs."""
    for one in stage.services.lines.lines:
        for number in one.script.numbers:
            stage.carrier.add_line(
                number,
                voice_url=f"{address}/voice/incoming",
                status_url=f"{address}/voice/status",
                fallback_url=f"{address}/voice/fallback",
            )
    stage.carrier.every(0.25, stage.work)
    stage.carrier.every(1, stage.beat)
    stage.carrier.every(1, stage.sweep)
    stage.carrier.every(20, stage.look)
