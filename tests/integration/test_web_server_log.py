"""The log of the web server: what failed is said, without the address that was asked for."""

import logging
import runpy
from collections.abc import Iterator

import pytest

from hotline import cli

SETTINGS = f"{cli.__path__[0]}/gunicorn_settings.py"


@pytest.fixture
def log() -> Iterator[logging.Logger]:
    """gunicorn's, with our settings."""
    found, ours = logging.getLogger("gunicorn.error"), logging.getLogger("hotline")
    filters, level = list(found.filters), ours.level
    runpy.run_path(SETTINGS)
    yield found
    found.filters = filters
    ours.setLevel(level)


def test_a_request_that_failed_is_told_without_its_address(
    log: logging.Logger, caplog: pytest.LogCaptureFixture
) -> None:
    log.error("Error handling request %s %s", "GET", "/invitation/the-secret")
    log.error("Error handling request %s", "/invitation/the-secret")
    log.error("Worker (pid:%s) exited with code %s", 12, 1)
    assert [record.getMessage() for record in caplog.records] == [
        "Error handling request",
        "Error handling request",
        "Worker (pid:12) exited with code 1",
    ]
