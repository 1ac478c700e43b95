"""Calls that check a number are few: a stranger's telephone may ring, and a code may be guessed."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask

from hotline.services import Services
from hotline.store import accounts
from hotline.store import number_checks as kept
from hotline.store.accounts import Account
from hotline.switchboard import number_checks
from hotline.switchboard.number_checks import TooManyCalls
from hotline.switchboard.ports import CarrierTrouble
from tests import factories
from tests.dashboard.visitor import Visitor, account, visitor
from tests.fakes import NotedCarrier, SetClock

WRITTEN, NUMBER = "06 39 98 01 23", "+33639980123"


@pytest.fixture
def me(app: Flask, services: Services) -> Visitor:
    return visitor(app, services, account(services), "/welcome")


def others(app: Flask, services: Services, name: str) -> Visitor:
    return visitor(app, services, account(services, email=f"{name}@example.org", name=name), "/welcome")


def numbered(n: int) -> str:
    return f"06 39 98 02 {n:02}"


def test_six_calls_a_day_by_one_account(
    me: Visitor, services: Services, carrier: NotedCarrier, clock: SetClock
) -> None:
    began = clock.instant
    for n in range(6):
        assert me.post("/number", number=numbered(n)).location == "/number/code"
        clock.instant += timedelta(minutes=20)
    answer = me.post("/number", number=numbered(6))
    assert answer.status_code == 429
    assert "mardi 24 novembre à 11:00" in answer.text, "a day after the first, by local time"
    assert "J’ai le code" not in answer.text, "the latest has run out"
    assert len(carrier.called_up) == 6
    clock.instant = began + timedelta(days=1) - timedelta(seconds=1)
    assert me.post("/number", number=numbered(6)).status_code == 429
    clock.instant += timedelta(seconds=1)
    assert me.post("/number", number=numbered(6)).location == "/number/code"


def test_three_calls_an_hour_to_one_number_whoever_asks(
    app: Flask, services: Services, carrier: NotedCarrier, clock: SetClock
) -> None:
    for name in ("amina", "bruno", "chloe"):
        assert others(app, services, name).post("/number", number=WRITTEN).location == "/number/code"
        clock.instant += timedelta(minutes=1)
    dora = others(app, services, "dora")
    assert dora.post("/number", number="0033 6 39 98 01 23").status_code == 429, "however it is written"
    assert len(carrier.called_up) == 3
    assert dora.post("/number", number=numbered(1)).location == "/number/code"
    clock.instant += timedelta(hours=1)
    assert dora.post("/number", number=WRITTEN).location == "/number/code"


def test_six_calls_a_day_to_one_number_whoever_asks(
    app: Flask, services: Services, carrier: NotedCarrier, clock: SetClock
) -> None:
    began = clock.instant
    for n in range(6):
        assert others(app, services, f"m{n}").post("/number", number=WRITTEN).location == "/number/code"
        clock.instant += timedelta(hours=1)
    dora = others(app, services, "dora")
    assert dora.post("/number", number=WRITTEN).status_code == 429
    assert len(carrier.called_up) == 6
    clock.instant = began + timedelta(days=1)
    assert dora.post("/number", number=WRITTEN).location == "/number/code"


def test_while_it_rings_no_other_call_is_made(me: Visitor, carrier: NotedCarrier, clock: SetClock) -> None:
    me.post("/number", number=WRITTEN)
    clock.instant += number_checks.RINGS - timedelta(seconds=1)
    answer = me.post("/number", number="0033 6 39 98 01 23")
    assert answer.location == "/number/code"
    assert "Nous vous appelons déjà" in me.get("/number/code").text
    assert len(carrier.called_up) == 1
    clock.instant += timedelta(seconds=1)
    assert me.post("/number", number=WRITTEN).location == "/number/code"
    assert len(carrier.called_up) == 2


def test_a_number_that_was_mistyped_is_corrected_at_once(me: Visitor, carrier: NotedCarrier) -> None:
    me.post("/number", number=numbered(1))
    me.post("/number", number=WRITTEN)
    assert len(carrier.called_up) == 2


def test_a_colleagues_number_is_counted_like_any_other(app: Flask, services: Services) -> None:
    mediator = factories.mediator(services, "Bruno", NUMBER)
    account(services, mediator=mediator, email="bruno@example.org", name="Bruno")
    answers = [others(app, services, f"m{n}").post("/number", number=WRITTEN).status_code for n in range(4)]
    assert answers == [302, 302, 302, 429]


def test_no_number_is_kept_of_a_call_and_nothing_after_a_day(
    me: Visitor, services: Services, clock: SetClock
) -> None:
    me.post("/number", number=WRITTEN)
    assert me.account is not None
    since = clock.instant - timedelta(days=9)
    with services.store.reading() as tx:
        row = tx.connection.execute(kept.CheckCallRow.__table__.select()).one()
        assert row.number_index == tx.sealer.index(NUMBER)
        assert set(row._fields) == {"token", "account_id", "number_index", "at"}
    clock.instant += timedelta(days=1)
    me.post("/number", number=numbered(1))
    with services.store.reading() as tx:
        assert kept.calls_to(tx, NUMBER, since) == []
        assert len(kept.calls_by(tx, me.account, since)) == 1


def test_guessing_hits_less_than_once_in_two_hundred_days() -> None:
    guesses = number_checks.MOST_TRIES * number_checks.MOST_A_DAY
    assert guesses / 10_000 < 0.005


def test_a_code_that_was_not_read_out_is_not_guessed_at(
    me: Visitor, services: Services, carrier: NotedCarrier
) -> None:
    """A number that the carrier does not call costs nothing: there would be no end of guesses."""

    def away() -> None:
        raise CarrierTrouble("status 400")

    carrier.trouble = away
    me.post("/number", number=WRITTEN)
    assert me.get("/number/code").location == "/number"
    assert me.post("/number/code", code="0000").location == "/number"


@pytest.mark.parametrize(
    "written", ["+881 6 1234 5678", "+882 16 123 4567", "+883 5100 1234 5678", "0806 70 01 00"]
)
def test_no_network_of_the_whole_world_is_called(me: Visitor, carrier: NotedCarrier, written: str) -> None:
    answer = me.post("/number", number=written)
    assert (answer.status_code, "pas un numéro de téléphone que nous pouvons appeler" in answer.text) == (
        422,
        True,
    )
    assert carrier.called_up == []


def test_of_many_who_ask_at_once_three_are_called(services: Services) -> None:
    names = [f"m{n}" for n in range(8)]
    keys = [account(services, email=f"{name}@example.org", name=name) for name in names]
    with services.store.reading() as tx:
        everybody = [found for key in keys if (found := accounts.get(tx, key)) is not None]
    start = threading.Barrier(len(everybody))

    def ask(one: Account) -> bool:
        start.wait(10)
        try:
            factories.at_once(services, lambda m: number_checks.begin(m, one, WRITTEN))
        except TooManyCalls:
            return False
        return True

    with ThreadPoolExecutor(len(everybody)) as pool:
        assert sum(pool.map(ask, everybody)) == number_checks.MOST_TO_A_NUMBER
