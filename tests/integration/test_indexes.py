"""No statement that is sent all day looks through all the calls that there ever were.

How SQLite plans without figures of a table depends on the statement and the indexes alone, so an empty table
tells. PostgreSQL plans by figures and reads a small table whole.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from sqlalchemy import Engine, event

from hotline.queue.ids import CallId, LineName, MediatorId, OfferId, PlaceId, TicketId
from hotline.queue.places import PlaceKind, PlaceState
from hotline.store import board, callbacks, day, desk, history, noted, offers, places, positions, write_ups
from hotline.store.places import Place
from hotline.store.transactions import Store, Tx

NOW: Final = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
GROWING: Final = frozenset({"calls", "places", "offers", "tickets", "write_ups", "attempts", "call_log"})
FEW: Final = frozenset(
    {
        "uq_places_open_call",
        "uq_places_open_ticket",
        "ix_places_waiting",
        "ix_places_callbacks",
        "uq_offers_live",
        "ix_offers_overdue",
        "ix_calls_open",
    }
)
"""Indexes of what is open: they may be read whole."""
ME, CALL, PLACE, TICKET, OFFER = MediatorId(1), CallId(1), PlaceId(1), TicketId(1), OfferId(1)
WAITING = Place(
    PLACE,
    PlaceKind.CALL,
    CALL,
    None,
    LineName("demo"),
    "taxes",
    "taxes",
    "fr",
    PlaceState.WAITING,
    reachable=True,
    queued_at=NOW,
    previous_id=None,
)
ALL_DAY: Final[dict[str, Callable[[Tx], object]]] = {
    "whoever has waited longest for a mediator": lambda tx: places.oldest_for(tx, ME, NOW),
    "the first who wait": lambda tx: places.waiting(tx, 200),
    "whether anything is due": lambda tx: history.anything_due(tx, NOW),
    "offers that nobody took": lambda tx: history.overdue(tx, NOW),
    "calls that were forgotten": lambda tx: history.forgotten_legs(tx, NOW),
    "a position": lambda tx: positions.line_up(tx, WAITING, NOW),
    "what a mediator is offered": lambda tx: offers.of_mediator(tx, ME),
    "what a mediator was offered last": lambda tx: offers.latest_of(tx, ME),
    "who is held out": lambda tx: offers.live_of(tx, PLACE),
    "the queue": lambda tx: board.queue(tx, NOW, 40),
    "the day's figures": lambda tx: board.today(tx, NOW),
    "due callbacks": lambda tx: callbacks.due(tx, NOW),
    "later callbacks": lambda tx: callbacks.later(tx, NOW),
    "the callback of a call": lambda tx: callbacks.of_call(tx, CALL),
    "the talks of a day": lambda tx: day.talks(tx, ME, NOW),
    "earlier calls": lambda tx: desk.earlier(tx, b"number", CALL),
    "open tickets": lambda tx: desk.open_tickets(tx, b"number", CALL),
    "what is noted of callbacks": lambda tx: noted.said(tx, [TICKET]),
    "the deadlines of callbacks": lambda tx: noted.deadlines(tx, [TICKET]),
    "who reads a note": lambda tx: noted.readers(tx, OFFER),
    "who has promised after a talk": lambda tx: write_ups.promised_after(tx, OFFER, ME, TICKET),
    "whether a callback is open": lambda tx: callbacks.is_open(tx, TICKET),
    "talks to be written up": lambda tx: write_ups.unfinished(tx, ME),
}


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    made = Store(database_url, "a secret for the tests")
    if made.engine.dialect.name != "sqlite":
        made.close()
        pytest.skip("plans by the figures of its tables")
    yield made
    made.close()


@contextmanager
def sent(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """The statements of a block, with their values."""
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            found.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def reads_whole(step: str) -> str | None:
    """The growing table that a step of a plan reads from end to end."""
    words = step.split()
    if words[0] != "SCAN" or FEW & set(words):
        return None
    return words[1] if words[1] in GROWING else None


@pytest.mark.parametrize("what", ALL_DAY)
def test_nobody_looks_through_all_there_ever_was(store: Store, what: str) -> None:
    with store.reading() as tx:
        with sent(store.engine) as statements:
            ALL_DAY[what](tx)
        assert statements
        for statement, values in statements:
            plan = tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            steps = [row[-1] for row in plan]
            assert [step for step in steps if reads_whole(step)] == [], (statement, steps)
