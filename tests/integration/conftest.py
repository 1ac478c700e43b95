"""Databases, and Redis for the tests that need a real one: REDIS_URL's, or the one that comes along."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from redis import Redis

from hotline.cli import embedded
from tests.databases import _given, _template, database_url

NUMBER = "15"
"""The database of a given server that the tests empty: never its first one."""

__all__ = ["_given", "_template", "database_url"]


@pytest.fixture(scope="session")
def _redis_server() -> Iterator[str]:
    given = os.environ.get("REDIS_URL")
    if given is None:
        with embedded.running() as server:
            yield server.url
    elif given.startswith("unix"):
        yield f"{given.partition('?')[0]}?db={NUMBER}"
    else:
        yield urlsplit(given)._replace(path=f"/{NUMBER}").geturl()


@pytest.fixture
def redis_url(_redis_server: str) -> str:
    """The address of an empty database."""
    with Redis.from_url(_redis_server) as client:
        client.flushdb()
    return _redis_server
