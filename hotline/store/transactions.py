"""Transactions: writing, reading, what is done after a commit, and running again after a lock conflict."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

from hotline.store.engines import CALLERS, READING, Room, make_engine
from hotline.store.sealing import Sealer

log = logging.getLogger(__name__)

T = TypeVar("T")
Publish = Callable[[frozenset[str]], None]
TRIES: Final = 3
WORTH_ANOTHER_TRY: Final = 4.0
"""Seconds. The carrier gives up on an answer after six, and then its own next step helps more."""
# PostgreSQL: serialization failure, deadlock, lock not available
_CONFLICTS: Final = frozenset({"40001", "40P01", "55P03"})


@dataclass(slots=True)
class Tx:
    """An open transaction: the connection, the seals, and what to do once it is committed."""

    connection: Connection
    sealer: Sealer
    later: list[Callable[[], None]] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    """The topics of what has changed, for whoever has it on a screen."""

    def after_commit(self, act: Callable[[], None]) -> None:
        """Run `act` when the transaction is committed; never when it is rolled back."""
        self.later.append(act)


class Store:
    """The database of one process. No connection is opened before it is needed."""

    def __init__(
        self,
        database_url: str,
        secret: str,
        publish: Publish = lambda _topics: None,
        room: Room = CALLERS,
    ) -> None:
        """`publish` is told after each commit what has changed; it must not raise and not take long."""
        self.engine: Engine = make_engine(database_url, room)
        self._sealer = Sealer(secret)
        self._publish = publish

    def run(self, work: Callable[[Tx], T]) -> T:
        """Do `work` in one transaction; thrice at most from the start, when a lock was in the way or the
        connection broke before anything was kept.
        """
        began = time.monotonic()
        for left in reversed(range(TRIES)):
            try:
                return self._once(work)
            except DBAPIError as error:
                late = time.monotonic() - began > WORTH_ANOTHER_TRY
                if not left or late or not (_is_conflict(error) or _is_cut_off(error)):
                    raise
                log.warning("transaction runs again: %s", type(error.orig).__name__)
        raise AssertionError("unreachable")

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        """A transaction that only reads: it waits for nobody and is rolled back at the end."""
        with self.engine.connect().execution_options(**{READING: True}) as connection:
            yield Tx(connection, self._sealer)

    @contextmanager
    def glancing(self) -> Iterator[Tx]:
        """For one statement that only reads, many times a minute: no other opens and ends a transaction.

        On SQLite as `reading`: there they ask no server.
        """
        if self.engine.dialect.name == "sqlite":
            with self.reading() as tx:
                yield tx
            return
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield Tx(connection, self._sealer)

    def close(self) -> None:
        self.engine.dispose()

    def _once(self, work: Callable[[Tx], T]) -> T:
        with self.engine.connect() as connection, connection.begin():
            tx = Tx(connection, self._sealer)
            result = work(tx)
        if tx.touched:
            self._publish(frozenset(tx.touched))
        for act in tx.later:
            act()
        return result


def _is_conflict(error: DBAPIError) -> bool:
    """Whether running the transaction once more can help."""
    if isinstance(error, IntegrityError):
        return True
    state = getattr(error.orig, "sqlstate", None)
    return state in _CONFLICTS or "database is locked" in str(error.orig)


def _is_cut_off(error: DBAPIError) -> bool:
    """Whether the connection broke at a statement: nothing is kept then. At the end nobody knows."""
    return error.connection_invalidated and error.statement is not None
