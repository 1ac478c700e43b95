"""Connections to the database: pages and callers have their own; one that broke is opened anew."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from hotline import wiring
from hotline.store import engines, switch
from hotline.store.engines import FRESH, PAGES
from hotline.store.transactions import Store, Tx
from tests import factories
from tests.databases import GIVEN


def test_no_page_takes_a_connection_that_a_caller_needs(database_url: str) -> None:
    services = wiring.build(factories.settings(database_url))
    pages = wiring.for_pages(services)
    with closing(services.store), closing(pages.store), ExitStack() as held:
        for _ in range(PAGES.most):
            held.enter_context(pages.store.reading()).connection.exec_driver_sql("SELECT 1")
        pages.store.engine.pool._timeout = 0.01  # type: ignore[attr-defined]  # nobody waits in a test
        with pytest.raises(PoolTimeout), pages.store.reading():
            pass
        services.store.run(switch.take)  # raises where it takes none


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    if GIVEN is None:
        pytest.skip("SQLite has no server")
    with closing(Store(database_url, "a secret")) as made:
        yield made


def server_process(tx: Tx) -> int:
    return int(tx.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())


def closed(process: int) -> None:
    """The server has closed that connection, as it does when it starts again."""
    with closing(Store(str(GIVEN), "a secret")) as other, other.reading() as tx:
        tx.connection.exec_driver_sql(f"SELECT pg_terminate_backend({process}, 10000)")


def rested(monkeypatch: pytest.MonkeyPatch) -> None:
    later = time.monotonic() + 2 * FRESH
    monkeypatch.setattr(engines, "monotonic", lambda: later)


def test_a_connection_that_was_closed_while_it_rested_is_opened_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = store.run(server_process)
    closed(before)
    rested(monkeypatch)
    assert store.run(server_process) != before


def test_one_that_was_closed_just_now_costs_no_transaction(store: Store) -> None:
    before = store.run(server_process)
    assert store.run(server_process) == before
    closed(before)
    assert store.run(server_process) != before


def one_more(tx: Tx) -> int:
    return int(tx.connection.exec_driver_sql("UPDATE switch SET n = n + 1 RETURNING n").scalar_one())


def test_whatever_was_done_on_a_connection_that_breaks_is_done_once(store: Store) -> None:
    first = store.run(one_more)
    broken: list[int] = []

    def work(tx: Tx) -> int:
        counted = one_more(tx)
        if not broken:
            broken.append(server_process(tx))
            closed(*broken)
        server_process(tx)
        return counted

    assert store.run(work) == first + 1


def test_what_may_have_been_kept_is_not_done_again(store: Store) -> None:
    """It broke when it was to be kept: whoever does it twice may ring somebody twice."""
    with pytest.raises(OperationalError):
        store.run(lambda tx: closed(server_process(tx)))
