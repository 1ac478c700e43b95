"""Databases for tests: an empty, migrated database for each test, on what DATABASE_URL names or SQLite."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, delete, event, func, inspect, select

from hotline.store import schema
from hotline.store.engines import CALLERS, PAGES, Room, make_engine
from hotline.store.transactions import Publish, Store

GIVEN = os.environ.get("DATABASE_URL")


class KeptStore(Store):
    """A store that goes on with the connections and the compiled statements of the tests before.

    To make them anew for each test takes longer than many a test.
    """

    def __init__(
        self,
        database_url: str,
        secret: str,
        publish: Publish = lambda _topics: None,
        room: Room = CALLERS,
    ) -> None:
        super().__init__(database_url, secret, publish, room)
        # options make an engine of its own to listen to, on the pool of the other
        self.engine = _engine(room, database_url if GIVEN else None).execution_options()
        assert GIVEN or database_url == _address(_here), "it is the database of this test"

    def close(self) -> None:
        """The connections stay."""


@dataclass
class _File:
    """The file of the test that runs; each has its own: whoever closes one late takes its journal along."""

    path: Path = Path()


_here = _File()


def _address(file: _File) -> str:
    return f"sqlite:///{file.path}"


@cache
def _engine(room: Room, database_url: str | None) -> Engine:
    """On that database; None: on whichever file is the test's."""
    if database_url is not None:
        return make_engine(database_url, room)
    engine = make_engine(_address(_here), room)

    @event.listens_for(engine, "do_connect")
    def connect(dialect: Any, _record: Any, _given: Any, more: dict[str, Any]) -> Any:
        return dialect.connect(str(_here.path), **more)

    return engine


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: faster than migrating for each test."""
    path = tmp_path_factory.mktemp("databases") / "template.sqlite3"
    schema.migrate(f"sqlite:///{path}")
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def _given() -> Iterator[Engine | None]:
    """The migrated database of DATABASE_URL."""
    if GIVEN is None:
        yield None
        return
    schema.migrate(GIVEN)
    engine = make_engine(GIVEN)
    yield engine
    engine.dispose()


@pytest.fixture
def database_url(_template: Path, _given: Engine | None, tmp_path: Path) -> str:
    """The address of an empty database at the present schema."""
    if _given is None:
        return _fresh(_template, tmp_path)
    assert GIVEN is not None
    _empty(_given)
    return GIVEN


def _fresh(template: Path, folder: Path) -> str:
    _here.path = folder / "hotline.sqlite3"
    shutil.copy(template, _here.path)
    for room in (CALLERS, PAGES):
        _engine(room, None).dispose()
    return _address(_here)


def _empty(engine: Engine) -> None:
    """Take all rows away and number from 1 again; for a few rows this is much faster than TRUNCATE."""
    tables = [table for table in schema.metadata.sorted_tables if table.name != "switch"]
    with engine.begin() as connection:
        # one question for all tables: most of them are empty
        filled = connection.execute(select(*(select(table).exists() for table in tables))).one()
        for table, has_rows in reversed(list(zip(tables, filled, strict=True))):
            if has_rows:
                connection.execute(delete(table))
        sequences = _sequences(engine)
        connection.execute(select(*(func.setval(sequence, 1, False) for sequence in sequences)))


@cache
def _sequences(engine: Engine) -> list[str]:
    return inspect(engine).get_sequence_names()
