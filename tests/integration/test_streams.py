"""Open pages and the web server as shipped: they hear of changes in other processes, and let it stop."""

import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from hotline import dashboard, wiring
from hotline.cli.readiness import page_answers
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import mediators
from tests import factories
from tests.dashboard.visitor import account, cookie
from tests.integration.said import DEADLINE
from tests.integration.test_serving import environ, hotline, port

__all__ = ["environ", "port"]
PAGES = 6
END = b"0\r\n\r\n"
"""Of a chunked answer that has been brought to its end."""


@pytest.fixture
def services(environ: dict[str, str], redis_url: str) -> Iterator[Services]:
    environ["REDIS_URL"] = redis_url
    made = wiring.from_environment(environ)
    with closing(made.store):
        yield made


def opened(port: int, session: str) -> socket.socket:
    page = socket.create_connection(("127.0.0.1", port), timeout=DEADLINE)
    page.sendall(f"GET /live?board=1 HTTP/1.1\r\nHost: localhost\r\nCookie: {session}\r\n\r\n".encode())
    return page


def read(page: socket.socket, *words: bytes) -> None:
    """Read on until these have come, in this order."""
    got = b""
    for word in words:
        while word not in got:
            more = page.recv(65536)
            assert more, got
            got += more
        got = got.partition(word)[2]


def test_streams_hear_other_processes_and_end_with_theirs(
    environ: dict[str, str], port: int, services: Services
) -> None:
    session = cookie(dashboard.create(services), services, account(services, Role.COORDINATOR))
    amina = factories.mediator(services, "Amina", factories.number(1))
    with hotline(environ, "web", "--port", str(port)) as web, ExitStack() as pages:
        until = time.monotonic() + DEADLINE
        while not page_answers(f"http://127.0.0.1:{port}/healthz"):
            assert time.monotonic() < until
        streams = [pages.enter_context(opened(port, session)) for _ in range(PAGES)]
        for each in streams:
            read(each, b"event: hello", b"event: board", b"Amina")
        services.store.run(lambda tx: mediators.rename(tx, amina, "Somebody else"))
        for each in streams:
            read(each, b"Somebody else")
        web.send_signal(signal.SIGTERM)
        for each in streams:
            read(each, END)
        assert web.wait(DEADLINE) == 0
