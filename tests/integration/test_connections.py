"""Pages and callers have connections to the database of their own."""

from contextlib import ExitStack, closing

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from hotline import wiring
from hotline.store import switch
from hotline.store.engines import PAGES
from tests import factories


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
