"""A stage on which everything of ours may fail too: the web server, the worker, Redis, the database."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any, Final

from flask import Flask, got_request_exception
from sqlalchemy import delete

from hotline.simulator.carrier import Carrier
from hotline.simulator.faults import Faults
from hotline.simulator.fetch import HttpFetch, WebAnswer, WebRequest
from hotline.simulator.web import create_app as create_carrier_app
from hotline.store import schema
from hotline.store.transactions import Tx
from hotline.switchboard.moment import Moment
from tests import factories, scripts
from tests.calls.conftest import ACCOUNT, TOKEN, _connect, _services, served
from tests.calls.stage import MONDAY, Stage
from tests.fakes import KeptJobs
from tests.news import CHEAP, News

SHORT: Final[Mapping[str, Any]] = {
    "timings__ring": 10,
    "timings__longest_wait": 60,
    "timings__longest_talk": 90,
    "timings__wrap_up": 10,
    "timings__refused_pause": 20,
    "timings__missed_pause": 60,
    "timings__hold_announcement": 20,
    "timings__longest_message": 20,
    "timings__message_silence": 10,
    "timings__attempt_pause": 60,
    "whisper_tries": 2,
    "limits__waiting": 2,
    "limits__calls_an_hour": 6,
    "limits__minutes_a_call": 10,
}
"""Every limit is short, so that a run meets all of them."""


PATIENCE: Final = 60.0
"""Seconds by the wall's clock, on both sides: a slow machine must not make a run another one."""


class _Patient(HttpFetch):
    def __call__(self, request: WebRequest) -> WebAnswer:
        return super().__call__(replace(request, connect_timeout=PATIENCE, read_timeout=PATIENCE))


@dataclass
class RoughStage(Stage):
    losing: dict[str, int] = field(default_factory=dict)
    """How many more answers to a path are lost, although we have done what was asked."""
    worker_rests: bool = False
    pushes_to_lose: int = 0
    refused: list[str] = field(default_factory=list)
    """Answers with an error that nobody wished for."""
    spoilt: Counter[str] = field(default_factory=Counter)
    """How many requests to a path got an error that was wished for."""

    @cached_property
    def news(self) -> News:
        return News(self.services)

    def start(self) -> None:
        super().start()
        self.news.services = self.services
        if CHEAP:
            self.news.watch(self.services.store)
        got_request_exception.connect(self._note, self.app)

    def work(self) -> None:
        if self.pushes_to_lose and self.jobs.take():
            self.pushes_to_lose -= 1
        if not self.worker_rests:
            self._while_there(super().work)

    def beat(self) -> None:
        if not self.worker_rests:
            super().beat()

    def sweep(self) -> None:
        if not self.worker_rests:
            super().sweep()

    def look(self) -> None:
        if not self.worker_rests:
            super().look()

    def _note(self, _app: Flask, exception: BaseException) -> None:
        if not self.store.is_away:
            self.refused.append(f"we have failed: {exception!r}")

    def be_well(self) -> None:
        """From now on nothing of ours fails any more."""
        self.store.mend()
        self.failing.clear()
        self.losing.clear()
        self.pushes_to_lose = 0
        self.jobs.out_of_reach = self.worker_rests = self.is_down = False

    @property
    def is_well(self) -> bool:
        """Nothing of ours fails just now."""
        ill = self.is_down or self.worker_rests or self.store.is_away
        return not ill and not any(self.failing.values()) and not any(self.losing.values())

    def moment(self, tx: Tx) -> Moment:
        return Moment(tx, self.carrier.now(), self.services.lines, self.jobs)


def _in_front(stage: RoughStage) -> Flask:
    """The server in front: it fails before we are asked, or loses what we have answered."""
    front = Flask("front")

    def outer(environ: Any, start_response: Callable[..., Any]) -> Any:
        path = environ["PATH_INFO"]
        if stage.is_down or _next(stage.failing, path):
            return _error(stage, path, start_response)
        told: list[Any] = []

        def note(*args: Any) -> Any:
            told.extend(args)

        body = b"".join(stage.app.wsgi_app(environ, note))
        status, headers = str(told[0]), told[1]
        if _next(stage.losing, path):
            return _error(stage, path, start_response)
        if status >= "4" and not stage.store.is_away:
            stage.refused.append(f"{path} was answered {status}")
        stage.spoilt[path] += status >= "4"
        start_response(status, headers)
        return [body]

    front.wsgi_app = outer  # type: ignore[method-assign]  # how WSGI is wrapped
    return front


def _next(many: dict[str, int], path: str) -> bool:
    """Whether this request is one of those that fail: of that path, or of any but the one to fall back to."""
    found = next((key for key in (path, "") if many.get(key, 0)), None)
    if found is None or path == "/voice/fallback" or not path.startswith("/voice/"):
        return False
    many[found] -= 1
    return True


def _error(stage: RoughStage, path: str, start_response: Callable[..., Any]) -> list[bytes]:
    stage.spoilt[path] += 1
    start_response("502 Bad Gateway", [("Content-Type", "text/plain")])
    return [b"no answer"]


def _words(text: str, _language: str) -> float:
    """How long a sentence lasts: by its words, since the digits of a code are as long as chance has it."""
    return 0.3 + 0.3 * len(text.split())


@contextmanager
def opened(database_url: str, faults: Faults, **changes: Any) -> Iterator[RoughStage]:
    """A hotline with nobody in it and a carrier of its own; what an earlier one has kept is deleted."""
    bodies = [("demo", scripts.body(**{**SHORT, **changes}))]
    carrier = Carrier(
        account_sid=ACCOUNT,
        auth_token=TOKEN,
        start=MONDAY,
        misbehaviour=faults,
        fetch=_Patient(),
        say_duration=_words,
    )
    jobs = KeptJobs()
    with served(lambda _: create_carrier_app(carrier)) as api:
        made: list[RoughStage] = []

        def hotline(address: str) -> Flask:
            given = factories.settings(
                database_url, public_url=address, account=ACCOUNT, tokens=(TOKEN,), api_base=api
            )
            build = partial(_services, given, carrier, jobs, bodies, PATIENCE)
            made.append(RoughStage(build, carrier, jobs))
            return _in_front(made[0])

        with served(hotline) as address:
            stage = made[0]
            _empty(stage)
            _connect(stage, address)
            try:
                yield stage
            finally:
                stage.close()


def _empty(stage: RoughStage) -> None:
    kept = [table for table in schema.metadata.sorted_tables if table.name != "switch"]
    with stage.store.engine.begin() as connection:
        for table in reversed(kept):
            connection.execute(delete(table))
