"""What `hotline doctor` printed, and an installation for it to look at."""

from collections.abc import Callable, Iterator

import pytest
from click.testing import Result
from redis import Redis
from rq import SimpleWorker

from hotline.cli.doctor_findings import State
from hotline.jobs.queues import PUSH
from tests import scripts
from tests.integration.accounts import ACCOUNT, TOKEN, hotline
from tests.integration.shell import Run

Look = Callable[..., "Report"]
NOWHERE = "http://127.0.0.1:1"


class Report:
    """What was printed: the lines by the name of the check."""

    def __init__(self, result: Result) -> None:
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        assert result.stderr == ""
        self.code = result.exit_code
        self.text = result.stdout
        self.states: dict[str, str] = {}
        self.words: dict[str, str] = {}
        for printed in result.stdout.splitlines():
            name, _, self_words = printed[9:].partition(": ")
            self.states[name], self.words[name] = printed[:9].strip(), self_words

    def all(self, state: State) -> list[str]:
        return [name for name, found in self.states.items() if found == state]


@pytest.fixture
def home(account: dict[str, str]) -> Iterator[str]:
    """The address under which a hotline of the account is served."""
    with hotline(account) as address:
        yield address


@pytest.fixture
def look(run: Run, account: dict[str, str]) -> Look:
    """Run the command; the hotline that it looks for is nowhere, unless told otherwise."""
    return lambda **changes: Report(run("doctor", **(account | {"HOTLINE_PUBLIC_URL": NOWHERE} | changes)))


def environment(public_url: str) -> dict[str, str]:
    return {
        "HOTLINE_PUBLIC_URL": public_url,
        "HOTLINE_CONFIG": str(scripts.CONFIG),
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_BASE": NOWHERE,
        "SECRET_KEY": "a secret for the tests",
    }


@pytest.fixture
def alive(redis_url: str) -> str:
    """The address of a Redis where a worker has just given a sign of life."""
    worker_on(redis_url, PUSH)
    return redis_url


def worker_on(redis_url: str, queue: str) -> None:
    """A worker of that queue gives a sign of life."""
    with Redis.from_url(redis_url) as client:
        SimpleWorker([queue], connection=client).register_birth()  # type: ignore[no-untyped-call]  # RQ's own
