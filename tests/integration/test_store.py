"""Transactions: committed or not at all, run again after a lock conflict; instants; numbers at rest."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Barrier, BrokenBarrierError, Event

import pytest
from sqlalchemy import Connection, event, select
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from hotline.queue.ids import LegSid, MediatorId
from hotline.queue.mediators import Availability, Standing
from hotline.store import calls, mediators, switch, tickets
from hotline.store.base import Base
from hotline.store.engines import make_engine
from hotline.store.sealing import Sealer, SealError
from hotline.store.transactions import TRIES, Store, Tx
from tests import factories
from tests.integration.desk import opened, ringing

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SECRET = "a secret for the tests"


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A store that does not wait long for a lock."""
    store = Store(database_url, SECRET)
    if store.engine.dialect.name == "sqlite":
        event.listen(store.engine, "connect", lambda made, _: made.execute("PRAGMA busy_timeout = 20"))
    yield store
    store.close()


def mediator(tx: Tx, n: int = 1) -> MediatorId:
    return mediators.add(tx, f"mediator {n}", factories.number(n), ["fr"], ["taxes"], NOW)


def how_many(store: Store) -> int:
    with store.reading() as tx:
        return len(mediators.every(tx))


# commit and rollback


def test_what_follows_a_commit_sees_what_was_committed(store: Store) -> None:
    seen: list[int] = []

    def work(tx: Tx) -> None:
        tx.after_commit(lambda: seen.append(how_many(store)))
        mediator(tx)
        assert seen == []

    store.run(work)
    assert seen == [1]


def test_what_was_to_follow_a_commit_is_dropped_with_the_rest(store: Store) -> None:
    followed: list[str] = []

    def work(tx: Tx) -> None:
        mediator(tx)
        tx.after_commit(lambda: followed.append("after all"))
        raise LookupError("no")

    with pytest.raises(LookupError, match="no"):
        store.run(work)
    assert (how_many(store), followed) == (0, [])


def test_a_transaction_that_only_reads_leaves_nothing_behind(store: Store) -> None:
    with store.reading() as tx:
        mediator(tx)
    assert how_many(store) == 0


def test_a_glance_opens_no_transaction_and_the_next_one_is_one_again(store: Store) -> None:
    with store.glancing() as tx:
        assert mediators.every(tx) == []
        if store.engine.dialect.name == "postgresql":
            driver = tx.connection.connection.driver_connection
            assert driver is not None
            assert driver.info.transaction_status.name == "IDLE"
    with pytest.raises(ZeroDivisionError):
        store.run(lambda tx: mediator(tx) / 0)
    assert how_many(store) == 0


# locks


class WhenItRunsAgain(logging.Handler):
    """Does something as soon as a transaction is about to run again."""

    def __init__(self, act: Callable[[], None]) -> None:
        super().__init__()
        self.act = act

    def emit(self, record: logging.LogRecord) -> None:
        self.act()


@contextmanager
def someone_has_the_lock(database_url: str) -> Iterator[Connection]:
    engine = make_engine(database_url)
    with engine.connect() as connection, connection.begin():
        switch.take(Tx(connection, Sealer(SECRET)))
        yield connection
    engine.dispose()


@contextmanager
def watching(act: Callable[[], None]) -> Iterator[None]:
    handler = WhenItRunsAgain(act)
    log = logging.getLogger("hotline.store.transactions")
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)


def take_soon(tx: Tx) -> None:
    """Wants the lock at once: SQLite has refused the whole transaction by then."""
    if tx.connection.dialect.name == "postgresql":
        tx.connection.exec_driver_sql("SET LOCAL lock_timeout = '20ms'")
    switch.take(tx)


def test_a_transaction_runs_again_when_a_lock_was_in_the_way(store: Store, database_url: str) -> None:
    followed: list[int] = []

    def work(tx: Tx) -> MediatorId:
        tx.after_commit(lambda: followed.append(1))
        take_soon(tx)
        return mediator(tx)

    with someone_has_the_lock(database_url) as other, watching(other.rollback):
        store.run(work)
    assert (how_many(store), followed) == (1, [1])


def test_a_lock_that_stays_is_tried_three_times(store: Store, database_url: str) -> None:
    again: list[int] = []
    with (
        someone_has_the_lock(database_url),
        watching(lambda: again.append(1)),
        pytest.raises(OperationalError),
    ):
        store.run(take_soon)
    assert len(again) == TRIES - 1 == 2


def test_a_row_that_is_there_already_is_tried_three_times(store: Store) -> None:
    """Another transaction may have written it in between: then the next look finds it."""
    store.run(mediator)
    tried: list[int] = []

    def work(tx: Tx) -> None:
        tried.append(1)
        mediator(tx)

    with pytest.raises(IntegrityError):
        store.run(work)
    assert len(tried) == TRIES
    assert how_many(store) == 1


def test_two_that_wait_for_each_other_are_both_done(store: Store) -> None:
    first, second = store.run(mediator), store.run(lambda tx: mediator(tx, 2))
    both_have_one, met = Barrier(2), Event()

    def work(tx: Tx, one: MediatorId, other: MediatorId) -> None:
        standing = Standing(Availability.AWAY)
        mediators.claim(tx, one, list(Availability), standing, NOW)
        if not met.is_set():
            with suppress(BrokenBarrierError):
                # SQLite lets one in at a time: then nobody comes
                both_have_one.wait(timeout=0.01 if tx.connection.dialect.name == "sqlite" else 5)
            met.set()
        mediators.claim(tx, other, list(Availability), standing, NOW)

    with ThreadPoolExecutor(2) as pool:
        ways = [(first, second), (second, first)]
        done = [pool.submit(store.run, lambda tx, way=way: work(tx, *way)) for way in ways]
        assert [one.result(timeout=20) for one in done] == [None, None]


def test_reading_and_writing_do_not_wait_for_each_other(store: Store) -> None:
    with store.reading() as tx:
        assert mediators.every(tx) == []
        assert store.run(lambda writing: (mediator(writing), how_many(store)))[1] == 0
        assert store.run(lambda writing: mediator(writing, 2))
    assert how_many(store) == 2


# instants


@pytest.mark.parametrize("hours", [-10, 0, 2])
def test_an_instant_comes_back_aware_and_in_utc(store: Store, hours: int) -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=hours)))
    key = store.run(lambda tx: mediators.add(tx, "Amina", factories.number(1), ["fr"], [], elsewhere))
    with store.reading() as tx:
        found = mediators.get(tx, key)
    assert found is not None
    assert (found.idle_since, found.idle_since.tzinfo) == (NOW, UTC)


def test_an_instant_without_a_zone_is_refused(store: Store) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(StatementError, match="without a zone"):
        store.run(lambda tx: mediators.add(tx, "Amina", factories.number(1), ["fr"], [], naive))


# numbers at rest

CALLER = "+33639980001"
KEYED = "+33199000003"


@pytest.fixture
def lived_in(database_url: str) -> Iterator[Store]:
    """A store after a call that talked, and one of a withheld number who keyed where to be called back."""
    with opened(database_url) as desk:
        one = desk.mediator()
        desk.arrive(LegSid("caller"), CALLER)
        offer = ringing(desk.key(LegSid("caller"), "2"))
        desk.whisper(offer, LegSid("leg"), "1")
        desk.caller_left(LegSid("caller"))
        desk.at_once(lambda m: mediators.switch_on(m.tx, one, None))
        desk.arrive(LegSid("withheld"), "anonymous")
        desk.key(LegSid("withheld"), "2")
        desk.key(LegSid("withheld"), "0199000003", turn=2)
        yield desk.services.store


def numbers(store: Store) -> set[str | None]:
    with store.reading() as tx:
        found = {calls.number(tx, one.id) for one in calls.latest(tx, 10)}
        found |= {mediators.number(tx, one.id) for one in mediators.every(tx)}
        of_calls = [tickets.of_call(tx, one.id) for one in calls.latest(tx, 10)]
        return found | {tickets.number(tx, ticket.id) for of_call in of_calls for ticket in of_call}


def test_numbers_can_be_read_with_the_secret(lived_in: Store) -> None:
    assert numbers(lived_in) == {CALLER, None, "+33639985000", KEYED}


def test_no_number_can_be_read_in_the_database(lived_in: Store, database_url: str) -> None:
    readable = b"".join(_everything(lived_in, database_url))
    assert b"withheld" in readable
    for number in (CALLER, "+33639985000", KEYED):
        assert number.removeprefix("+33").encode() not in readable


def _everything(store: Store, database_url: str) -> Iterator[bytes]:
    """All rows, and with SQLite all bytes of its files."""
    with store.reading() as tx:
        for table in Base.metadata.sorted_tables:
            yield from (repr(tuple(row)).encode() for row in tx.connection.execute(select(table)))
    if database_url.startswith("sqlite"):
        file = Path(database_url.removeprefix("sqlite:///"))
        yield from (one.read_bytes() for one in file.parent.glob(f"{file.name}*"))


def test_another_secret_opens_nothing_and_finds_nobody(lived_in: Store, database_url: str) -> None:
    other = Store(database_url, "another secret")
    with other.reading() as tx:
        for key in (one.id for one in mediators.every(tx)):
            with pytest.raises(SealError):
                mediators.number(tx, key)
        assert mediators.by_number(tx, "+33639985000") is None
    other.close()
    with lived_in.reading() as tx:
        assert mediators.by_number(tx, "+33639985000") is not None


def test_one_number_has_one_index_and_never_the_same_seal() -> None:
    one, again, other = Sealer(SECRET), Sealer(SECRET), Sealer("another secret")
    assert one.index(CALLER) == again.index(CALLER)
    assert len({one.index(CALLER), one.index(KEYED), other.index(CALLER)}) == 3
    assert one.seal(CALLER) != one.seal(CALLER)
    assert again.open(one.seal(CALLER)) == CALLER


@pytest.mark.parametrize("spoil", [lambda it: it[:-1] + b"!", lambda it: it[:10], lambda it: b""])
def test_what_was_changed_is_not_opened(spoil: Callable[[bytes], bytes]) -> None:
    sealer = Sealer(SECRET)
    with pytest.raises(SealError):
        sealer.open(spoil(sealer.seal(CALLER)))
    assert not sealer.opens(spoil(sealer.seal(CALLER)))
    assert sealer.opens(sealer.seal(CALLER))
