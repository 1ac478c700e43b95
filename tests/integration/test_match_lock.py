"""Why there is a match lock: without it, plain conditional updates side by side each see nobody."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine

from hotline.ivr.events import Keyed
from hotline.queue.ids import LegSid, MediatorId
from hotline.queue.mediators import Availability, Standing
from hotline.queue.routing import Need
from hotline.queue.sayings import Saying
from hotline.store import calls, candidates, mediators, places, switch
from hotline.store.sealing import Sealer
from hotline.store.transactions import Tx
from hotline.switchboard import duty, holding, turns
from hotline.switchboard.holding import HoldEnd
from hotline.switchboard.moment import Moment
from tests.integration import checks
from tests.integration.desk import Desk, kept, opened
from tests.integration.rounds import Rounds

Work = Callable[[Moment], object]
A_MOMENT = 0.5
"""Long enough for a transaction that nothing stops, in seconds."""


@pytest.fixture
def rounds(database_url: str) -> Iterator[Rounds]:
    with opened(database_url) as desk, ThreadPoolExecutor(1) as pool:
        yield Rounds(desk, pool)


@pytest.fixture
def leg(rounds: Rounds) -> LegSid:
    """A caller who hears the menu; nobody is free."""
    return rounds.callers(1)[0]


def one_at_a_time(desk: Desk) -> bool:
    """SQLite: BEGIN IMMEDIATE lets one writing transaction in, so there is no side by side."""
    return desk.services.store.engine.dialect.name == "sqlite"


@contextmanager
def open_transaction(desk: Desk) -> Iterator[Moment]:
    """A transaction that is committed when the test says so."""
    sealer = Sealer(desk.services.settings.secret_key)
    with desk.services.store.engine.connect() as connection, connection.begin():
        yield desk.moment(Tx(connection, sealer))


def side_by_side(rounds: Rounds, first: Work, second: Work) -> bool:
    """Do `first`, then `second` while `first` is not committed; whether that could be done."""
    with open_transaction(rounds.desk) as m:
        first(m)
        other = rounds.pool.submit(_committed, rounds.desk, second)
        finished = bool(wait_for([other], timeout=A_MOMENT).done)
    other.result(timeout=10)
    return finished


def _committed(desk: Desk, work: Work) -> None:
    with open_transaction(desk) as m:
        work(m)


def no_lock(_tx: Tx) -> None:
    """What a switchboard of plain conditional updates would do."""


@pytest.mark.parametrize("lock", [switch.take, no_lock])
def test_two_plain_sides_meet_under_the_lock_alone(
    rounds: Rounds, leg: LegSid, lock: Callable[[Tx], None]
) -> None:
    mediator = rounds.mediators[0]
    met: list[bool] = []

    def caller_waits(m: Moment) -> None:
        call = calls.lock(m.tx, leg)
        assert call is not None
        place = rounds.waiting_place(m, call)
        lock(m.tx)
        met.append(bool(candidates.free(m.tx, Need(place.language, place.skill), m.now)))

    def mediator_gets_free(m: Moment) -> None:
        standing = Standing(Availability.AVAILABLE)
        assert mediators.claim(m.tx, mediator, [Availability.AWAY], standing, m.now)
        lock(m.tx)
        met.append(places.oldest_for(m.tx, mediator, m.now) is not None)

    together = side_by_side(rounds, caller_waits, mediator_gets_free)
    lost = lock is no_lock and not one_at_a_time(rounds.desk)
    assert together is lost
    assert met == [False, not lost]


def chooses(leg: LegSid) -> Work:
    return lambda m: kept(m, turns.go_on(m, leg, 1, lambda _call, _script: Keyed("2")))


def comes_back(mediator: MediatorId) -> Work:
    return lambda m: duty.come_back(m, mediator)


@pytest.mark.parametrize("caller_first", [True, False])
def test_the_switchboard_has_the_second_wait_for_the_first(
    rounds: Rounds, leg: LegSid, caller_first: bool
) -> None:
    both = [chooses(leg), comes_back(rounds.mediators[0])]
    first, second = both if caller_first else reversed(both)
    assert not side_by_side(rounds, first, second)
    assert rounds.desk.at_once(checks.overlooked) == []


@pytest.mark.parametrize("caller_first", [True, False])
def test_the_switchboard_without_its_lock_overlooks_the_caller(
    rounds: Rounds, leg: LegSid, caller_first: bool
) -> None:
    """The negative control: the very same happenings, and the lock replaced by nothing."""
    both = [chooses(leg), comes_back(rounds.mediators[0])]
    first, second = both if caller_first else reversed(both)
    if one_at_a_time(rounds.desk):
        assert not side_by_side(rounds, first, second)
        assert rounds.desk.at_once(checks.overlooked) == []
        return
    with _without_the_match_lock(rounds.desk.services.store.engine):
        assert side_by_side(rounds, first, second)
    assert [mediator for _, mediator in rounds.desk.at_once(checks.overlooked)] == [rounds.mediators[0]]


@contextmanager
def _without_the_match_lock(engine: Engine) -> Iterator[None]:
    """A view in place of the row: updating it changes nothing and waits for nobody (PostgreSQL)."""
    _execute(
        engine,
        "ALTER TABLE switch RENAME TO kept_switch",
        "CREATE VIEW switch AS SELECT * FROM kept_switch",
        "CREATE FUNCTION no_lock() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TRIGGER no_lock INSTEAD OF UPDATE ON switch FOR EACH ROW EXECUTE FUNCTION no_lock()",
    )
    try:
        yield
    finally:
        _execute(
            engine,
            "DROP VIEW switch",
            "DROP FUNCTION no_lock",
            "ALTER TABLE kept_switch RENAME TO switch",
        )


def _execute(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_a_caller_who_presses_a_key_does_not_hide_whom_they_talked_to_last(
    rounds: Rounds, leg: LegSid
) -> None:
    """A new place names the mediator whom the caller knows; naming them is not changing them."""
    knows, other = rounds.mediators[0], rounds.callers(1)[0]
    rounds.desk.key(other, "2")
    with open_transaction(rounds.desk) as m:
        call = calls.lock(m.tx, leg)
        assert call is not None
        rounds.waiting_place(m, call, skill="health", previous=knows, reachable=False)
        if one_at_a_time(rounds.desk):
            duty.come_back(m, knows)
        else:
            rounds.desk.come_back(knows)
    assert rounds.desk.at_once(checks.overlooked) == []


def test_a_quiet_wait_turn_hides_nobody_and_waits_for_nobody(rounds: Rounds, leg: LegSid) -> None:
    """It only reads: the mediator who comes back meanwhile finds the caller."""
    rounds.desk.key(leg, "2")
    said = [rounds.desk.wait_turn(leg) for _ in range(2)]
    assert [one.saying for one in said if isinstance(one, holding.Stay)] == [
        Saying.POSITION,
        Saying.CALLBACK,
    ]
    with rounds.desk.services.store.reading() as tx:
        assert isinstance(holding.quiet_turn(rounds.desk.moment(tx), leg), holding.Stay)
        rounds.desk.come_back(rounds.mediators[0])
    assert rounds.desk.at_once(checks.overlooked) == []


@pytest.mark.parametrize("how", [HoldEnd.MOVED, HoldEnd.REFUSED])
def test_the_end_of_a_hold_that_leads_nowhere_here_hides_nobody(
    rounds: Rounds, leg: LegSid, how: HoldEnd
) -> None:
    """The carrier says that a push has moved the caller, or could not hold them, as a mediator comes back."""
    rounds.desk.key(leg, "2")
    back = comes_back(rounds.mediators[0])

    def ends(m: Moment) -> None:
        kept(m, turns.go_on(m, leg, 2, lambda c, s: holding.left(m, c, s, how)))

    side_by_side(rounds, ends, back)
    assert rounds.desk.at_once(checks.overlooked) == []
