"""Backup codes that come at one instant: each opens one door, and none that was used comes back."""

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, local
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from hotline.services import Services
from hotline.store import accounts
from tests.dashboard.doors import Door, is_in
from tests.dashboard.visitor import Visitor

CODES = [f"{n}000-0000-0000" for n in range(5)]


@pytest.fixture
def door(app: Flask, services: Services) -> Door:
    made = Door(app, services)
    key = made.with_codes()
    services.store.run(lambda tx: accounts.change(tx, key, {"recovery_codes": CODES}))
    return made


@contextmanager
def all_have_read(engine: Engine, many: int) -> Iterator[None]:
    """Each request goes on when all of them have read the account."""
    together, mine = Barrier(many), local()

    def wait(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "FROM accounts" in statement and not hasattr(mine, "has_read"):
            mine.has_read = True
            together.wait(timeout=30)

    event.listen(engine, "after_cursor_execute", wait)
    try:
        yield
    finally:
        event.remove(engine, "after_cursor_execute", wait)


def give(door: Door, codes: Sequence[str]) -> list[bool]:
    """Whether each opens the door, when all come at one instant, from a browser of its own."""
    visitors = [door.browser() for _code in codes]
    for one in visitors:
        door.log_in(one)

    def post(visitor: Visitor, code: str) -> int:
        return visitor.post("/account/mf-recovery", code=code).status_code

    with ThreadPoolExecutor(len(codes)) as pool, all_have_read(door.services.store.engine, len(codes)):
        answers = list(pool.map(post, visitors, codes))
    opened = [is_in(one) for one in visitors]
    assert opened == [answer == 302 for answer in answers]
    return opened


def test_one_code_opens_one_door(door: Door) -> None:
    assert Counter(give(door, CODES[:1] * 6)) == {True: 1, False: 5}
    assert door.known().recovery_codes == CODES[1:]


def test_several_codes_open_a_door_each_and_all_are_used(door: Door) -> None:
    assert give(door, CODES[:4]) == [True] * 4
    assert door.known().recovery_codes == CODES[4:]
    assert give(door, CODES[:1]) == [False]
