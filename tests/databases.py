"""Databases for tests: an empty, migrated database for each test, on what DATABASE_URL names or SQLite."""

import os
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, delete, func, inspect, select

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
        self.engine = _engine(database_url, room).execution_options()

    def close(self) -> None:
        """The connections stay."""


@cache
def _engine(database_url: str, room: Room) -> Engine:
    return make_engine(database_url, room)


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
def database_url(_template: Path, _given: Engine | None) -> str:
    """The address of an empty database at the present schema; the same for each test."""
    if _given is None:
        return _fresh(_template)
    assert GIVEN is not None
    _empty(_given)
    return GIVEN


def _fresh(template: Path) -> str:
    path = template.with_name("hotline.sqlite3")
    address = f"sqlite:///{path}"
    for room in (CALLERS, PAGES):
        _engine(address, room).dispose()
    for old in template.parent.glob(f"{path.name}*"):
        old.unlink()
    shutil.copy(template, path)
    return address


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
