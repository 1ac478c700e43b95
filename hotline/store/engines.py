"""Makes an engine whose transactions behave alike on PostgreSQL and SQLite."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from time import monotonic
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

LOCK_SECONDS: Final = 5
FRESH: Final = 1.0
"""Seconds for which a connection that has answered is trusted to answer again."""
RESTS_SINCE: Final = "hotline_rests_since"
READING: Final = "hotline_reading"


@dataclass(frozen=True, slots=True)
class Room:
    """How many connections an engine opens at most, and how many seconds one who finds none waits for one."""

    most: int
    wait: float


# A turn holds a connection for milliseconds, so few serve many; two web processes with both and a worker
# together stay below the 100 that PostgreSQL allows by default.
CALLERS: Final = Room(20, LOCK_SECONDS)
PAGES: Final = Room(8, 20)
"""However many pages ask at one instant: none takes a connection that a caller would need."""


class BadAddressError(Exception):
    """The address names no database that can be used."""


def make_engine(url: str, room: Room = CALLERS) -> Engine:
    """An engine for `url`. Opens no connection. Raises BadAddressError."""
    try:
        parsed = make_url(url)
        parsed.get_dialect().import_dbapi()
    except (ArgumentError, ImportError, ValueError) as error:
        raise BadAddressError("it must look like postgresql+psycopg://… or sqlite:///file") from error
    if parsed.get_backend_name() != "sqlite":
        engine = create_engine(parsed, **_pool(room), connect_args=_limits(parsed))
        event.listen(engine, "checkin", _rests)
        event.listen(engine, "checkout", partial(_still_there, engine))
        return engine
    if not parsed.database or parsed.database == ":memory:":
        raise BadAddressError("a database in memory would be another one for each connection")
    Path(parsed.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(parsed, **_pool(room), connect_args={"timeout": LOCK_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _pool(room: Room) -> dict[str, Any]:
    """Errors are logged without the values of statements."""
    kept = room.most // 2
    return {
        "pool_size": kept,
        "max_overflow": room.most - kept,
        "pool_timeout": room.wait,
        "hide_parameters": True,
    }


def _rests(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info[RESTS_SINCE] = monotonic()


def _still_there(
    engine: Engine, connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: Any
) -> None:
    """Ask a connection that has rested whether the server still knows it; if not, all are opened anew.

    SQLAlchemy's own `pool_pre_ping` asks before each transaction: one question more for every turn of a call.
    """
    if monotonic() - record.info.get(RESTS_SINCE, monotonic()) <= FRESH:
        return
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error


def _limits(url: URL) -> dict[str, Any]:
    """A server that swallows packets must not hold a call: seconds, and milliseconds for the last."""
    return {
        "options": _options(url),
        "connect_timeout": LOCK_SECONDS,
        "tcp_user_timeout": 2 * LOCK_SECONDS * 1000,
    }


def _options(url: URL) -> str:
    given = url.query.get("options", "")
    waits = f"-c lock_timeout={LOCK_SECONDS}s -c statement_timeout={2 * LOCK_SECONDS}s"
    return f"{given if isinstance(given, str) else ' '.join(given)} {waits}".strip()


def _prepare_sqlite(connection: SqliteConnection, _record: Any) -> None:
    # Python's own way of starting transactions begins them too late and breaks savepoints: it is ours to do
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # a transaction that reads first and writes later fails at once when another one wrote in between
    reading = connection.get_execution_options().get(READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
