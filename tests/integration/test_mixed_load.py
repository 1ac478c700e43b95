"""Everything that can happen, at random, from eight threads: the database tells one story throughout."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from random import Random
from threading import Lock
from typing import Final

import pytest
from sqlalchemy import func, select

from hotline.ivr.actions import HangUp, Hold
from hotline.ivr.events import Event, Keyed, Miss, Silent
from hotline.queue.ids import LegSid, MediatorId, OfferId, TicketId
from hotline.queue.mediators import Availability
from hotline.queue.tickets import Attempt
from hotline.store import calls, mediators
from hotline.store.offers import OfferRow
from hotline.switchboard import duty
from hotline.switchboard.holding import HoldEnd
from hotline.switchboard.ports import CarrierTrouble, LegEnded
from hotline.switchboard.rings import RingResult
from hotline.switchboard.turns import Answer, Outcome
from tests.fakes import NotedCarrier
from tests.integration import checks
from tests.integration.desk import FOR_EVER, Desk, opened
from tests.integration.rounds import EVERYTHING, at_the_same_time

THREADS: Final = 8
STEPS: Final = 45
EVENTS: Final[tuple[Event, ...]] = (
    Keyed("0"),
    Keyed("2"),
    Keyed("1"),
    Silent(),
    Keyed("0639980003"),
    Keyed("9"),
)
HOLD_ENDS: Final = tuple(HoldEnd)
TROUBLES: Final = (None, LegEnded("over"), CarrierTrouble("too slow"))


@dataclass
class World:
    """What the carrier knows: the legs there are, and the turn that each was asked to take next."""

    desk: Desk
    mediators: list[MediatorId]
    turns: dict[LegSid, int] = field(default_factory=dict)
    held: set[LegSid] = field(default_factory=set)
    """Who has been in hold, and may have pressed a key there."""
    parted: set[LegSid] = field(default_factory=set)
    """Whose last answer ends the call: nothing that it could have begun is over later."""
    lock: Lock = field(default_factory=Lock)

    def some_leg(self, random: Random) -> LegSid:
        return random.choice([*self.turns, LegSid("the first")])

    def some_offer(self, random: Random) -> OfferId:
        """A recent one, or one that there never was."""
        with self.desk.services.store.reading() as tx:
            last = tx.connection.execute(select(func.max(OfferRow.id))).scalar_one() or 0
        return OfferId(max(1, last + 1 - random.randrange(6)))

    def answered(self, leg: LegSid, outcome: Outcome) -> None:
        if isinstance(outcome, Answer):
            self.turns[leg] = outcome.turn
            (self.parted.add if isinstance(outcome.then, HangUp) else self.parted.discard)(leg)
            if isinstance(outcome.then, Hold):
                self.held.add(leg)


def step(world: World, random: Random) -> None:
    """One thing that happens."""
    leg, desk = world.some_leg(random), world.desk
    turn = max(0, world.turns.get(leg, 0) - random.choice([0, 0, 0, 1]))
    match random.randrange(14):
        case 0 | 1:
            new = LegSid(f"caller {random.randrange(60)}")
            world.answered(
                new, desk.arrive(new, random.choice(["+33639980001", "+33639980002", "anonymous"]))
            )
        case 2 | 3:
            world.answered(leg, desk.event(leg, turn, random.choice(EVENTS)))
        case 4:
            result = RingResult(random.choice([None, True, False]), random.choice(list(Miss)))
            world.answered(leg, desk.ring_over(leg, turn, result))
        case 5:
            if leg not in world.parted:
                world.answered(leg, desk.held(leg, turn, random.choice(HOLD_ENDS)))
        case 6:
            world.answered(leg, random.choice([desk.fetched, desk.fell_back])(leg))
        case 7:
            desk.caller_left(leg, failed=random.random() < 0.2, bridged=random.choice([None, True, False]))
        case _:
            _of_others(world, random, leg)


def _of_others(world: World, random: Random, leg: LegSid) -> None:
    desk, offer, mediator = world.desk, world.some_offer(random), random.choice(world.mediators)
    match random.randrange(9):
        case 0 | 1:
            desk.whisper(
                offer, LegSid(f"leg of {offer}"), random.choice(["1", "1", "2", ""]), random.randint(1, 5)
            )
        case 2:
            desk.mediator_leg_over(offer, LegSid(f"leg of {offer}"))
        case 3:
            desk.wait_turn(leg)
        case 4:
            for waiting in desk.jobs.take():
                desk.push(waiting, random.choice(TROUBLES))
        case 5:
            with world.lock:
                desk.clock.pass_(random.choice([1, 5, 30]))
            desk.sweep()
        case 6:
            desk.come_back(mediator)
        case 7:
            move = random.choice([duty.pause, duty.switch_on])
            desk.at_once(lambda m: move(m, mediator, random.choice([None, FOR_EVER])))
        case _:
            _of_promises(world, random, leg)


def _of_promises(world: World, random: Random, leg: LegSid) -> None:
    desk = world.desk
    match random.randrange(3):
        case 0:
            if leg in world.held:
                desk.press(leg)
        case 1:
            desk.attempt(TicketId(random.randint(1, 40)), random.choice(list(Attempt)))
        case _:
            desk.look(NotedCarrier(over={leg} if random.random() < 0.5 else set()))


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    with opened(database_url, timings__wrap_up=5) as desk:
        desk.arrive(LegSid("the first"))
        skills = [("taxes",), ("taxes", "benefits"), EVERYTHING, EVERYTHING]
        yield World(desk, [desk.mediator(known) for known in skills])


def _some(world: World, seed: int) -> None:
    random = Random(seed)
    for _ in range(STEPS):
        step(world, random)


@pytest.mark.parametrize("seed", range(3))
def test_eight_threads_of_everything(world: World, seed: int, caplog: pytest.LogCaptureFixture) -> None:
    """No exception escapes, nobody waits for each other in a circle, and at the end everybody is free."""
    with caplog.at_level(logging.WARNING, logger="hotline.store"), ThreadPoolExecutor(THREADS) as pool:
        at_the_same_time(pool, [partial(_some, world, 100 * seed + one) for one in range(THREADS)])
    assert "Deadlock" not in caplog.text
    assert world.desk.at_once(lambda m: checks.contradictions(m.tx)) == []
    world.desk.everybody_goes()
    with world.desk.services.store.reading() as tx:
        assert checks.live_offers(tx) == []
        assert calls.open_legs(tx) == []
        assert {one.availability for one in mediators.every(tx)} <= {
            Availability.AVAILABLE,
            Availability.AWAY,
        }
        assert checks.contradictions(tx) == []
        assert checks.broken_promises(tx, world.desk.clock.now()) == []
        assert checks.unkept_outcomes(tx) == []
