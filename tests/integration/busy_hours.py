"""Busy hours, simulated: callers of several topics and languages, some of whom ring again or press the 9."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Final

from sqlalchemy import func, select

from hotline.ivr.actions import HangUp, Hold, Ring
from hotline.ivr.events import Miss
from hotline.queue.ids import LegSid, MediatorId, OfferId, PlaceId
from hotline.queue.tickets import Attempt
from hotline.store import calls, offers, places
from hotline.store.call_log import LogRow
from hotline.store.offers import OfferRow
from hotline.store.places import FETCHABLE, Place, PlaceRow
from hotline.store.transactions import Tx
from hotline.switchboard import duty
from hotline.switchboard.holding import HoldEnd, Leave
from hotline.switchboard.rings import RingResult
from hotline.switchboard.turns import Answer, Outcome
from tests.integration.desk import Desk

STEP: Final = 30
"""Seconds."""
CREDIT: Final = timedelta(minutes=30)
NUMBERS: Final = 300
KEYS: Final = ("2", "2", "1", "3", "0")
TEAM: Final = (
    (("taxes",), ("fr",)),
    (("taxes", "benefits"), ("fr", "en")),
    (("benefits", "health"), ("fr",)),
    (("taxes", "benefits", "health"), ("fr", "en")),
)
NEWEST: Final = select(
    select(func.max(PlaceRow.id)).scalar_subquery(), select(func.max(OfferRow.id)).scalar_subquery()
)
MISSED: Final = RingResult(bridged=False, miss=Miss.UNANSWERED)
TALKED: Final = RingResult(bridged=True, miss=Miss.UNANSWERED)


@dataclass(frozen=True, slots=True)
class Skilled:
    """What a mediator can do, as the simulation knows it."""

    skills: tuple[str, ...]
    languages: tuple[str, ...]

    def suits(self, place: Place) -> bool:
        return place.language in self.languages and (place.skill is None or place.skill in self.skills)


@dataclass
class Caller:
    """Somebody on the line, and what the carrier does for them next."""

    number: str
    patient_until: datetime
    turn: int = 0
    has_chosen: bool = False
    holds: bool = False
    rings: OfferId | None = None
    talks_until: datetime | None = None


@dataclass
class BusyHours:
    """Everything goes on in steps; after each happening every new offer is looked at."""

    desk: Desk
    random: Random
    team: dict[MediatorId, Skilled] = field(default_factory=dict)
    on_the_line: dict[LegSid, Caller] = field(default_factory=dict)
    came_at: dict[PlaceId, datetime] = field(default_factory=dict)
    """When each place was first seen: no credit is counted."""
    last_offer: int = 0
    unfair: list[str] = field(default_factory=list)
    served: int = 0
    calls: int = 0
    seen: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for skills, languages in TEAM:
            self.team[self.desk.mediator(skills, languages)] = Skilled(skills, languages)

    def play(self, hours: float) -> None:
        for _ in range(int(hours * 3600 / STEP)):
            self.desk.clock.pass_(STEP)
            if self.random.random() < 0.35:
                self._do(self._somebody_calls)
            self._step()

    def drain(self) -> int:
        """Nobody calls any more, and everybody is patient; how many steps until nobody waits."""
        for one in self.team:
            self._do(partial(self.desk.come_back, one))
        for steps in range(2000):
            if not self.on_the_line:
                return steps
            for caller in self.on_the_line.values():
                caller.patient_until = self.desk.clock.now() + CREDIT
            self.desk.clock.pass_(STEP)
            self._step(quiet=True)
        raise AssertionError(f"passed over for ever: {self.on_the_line}")

    def _step(self, *, quiet: bool = False) -> None:
        for leg, caller in list(self.on_the_line.items()):
            self._do(partial(self._goes_on, leg, caller, quiet))
        self._do(self._pushes)
        if not quiet and self.random.random() < 0.04:
            self._do(self._somebody_pauses_or_comes_back)
        if self.random.random() < 0.03:
            self._do(self._somebody_is_called_back)
        self._do(self.desk.sweep)

    # what may happen

    def _somebody_calls(self) -> None:
        number = f"+3363998{self.random.randrange(NUMBERS):04}"
        if self.seen and self.random.random() < 0.5:
            number = self.random.choice(self.seen)
        if any(one.number == number for one in self.on_the_line.values()):
            return
        self.calls += 1
        self.seen.append(number)
        leg = LegSid(f"call {self.calls}")
        patience = timedelta(minutes=self.random.choice([3, 6, 60, 90]))
        caller = self.on_the_line[leg] = Caller(number, self.desk.clock.now() + patience)
        self._took(leg, caller, self.desk.arrive(leg, number))
        language = "8" if self.random.random() < 0.2 else "7"
        self._took(leg, caller, self.desk.key(leg, language, caller.turn))
        key = self.random.choice(KEYS) if language == "7" else self.random.choice("02")
        caller.has_chosen = True
        self._took(leg, caller, self.desk.key(leg, key, caller.turn))

    def _goes_on(self, leg: LegSid, caller: Caller, quiet: bool) -> None:
        now = self.desk.clock.now()
        if caller.talks_until is not None:
            if now >= caller.talks_until:
                self._took(leg, caller, self.desk.ring_over(leg, caller.turn, TALKED))
        elif caller.rings is not None:
            self._answered(leg, caller, caller.rings)
        elif now >= caller.patient_until:
            self._leaves(leg)
        elif not quiet and self.random.random() < 0.02:
            if self.desk.press(leg):
                self._took(leg, caller, self.desk.held(leg, caller.turn, HoldEnd.LEFT))
        elif caller.holds and isinstance(self.desk.waits(leg), Leave):
            self._took(leg, caller, self.desk.held(leg, caller.turn, HoldEnd.LEFT))

    def _answered(self, leg: LegSid, caller: Caller, offer: OfferId) -> None:
        """Mostly; now and then somebody declines, or nobody picks up."""
        chance, other = self.random.random(), LegSid(f"leg of {offer}")
        caller.rings = None
        if chance < 0.8 and self.desk.whisper(offer, other, "1") is not None:
            self.served += 1
            minutes = self.random.choice([1, 3, 8, 15])
            caller.talks_until = self.desk.clock.now() + timedelta(minutes=minutes)
            return
        if chance > 0.9:
            self.desk.whisper(offer, other, "2")
        self._took(leg, caller, self.desk.ring_over(leg, caller.turn, MISSED))

    def _pushes(self) -> None:
        """Some get lost."""
        for offer in self.desk.jobs.take():
            with self.desk.services.store.reading() as tx:
                found = offers.get(tx, offer)
                assert found is not None
                leg = calls.get(tx, places.get(tx, found.place_id).call_id).leg
            caller = self.on_the_line.get(leg)
            if caller is not None and caller.holds and self.random.random() < 0.8:
                self._took(leg, caller, self.desk.fetched(leg))

    def _somebody_pauses_or_comes_back(self) -> None:
        one = self.random.choice(list(self.team))
        if self.random.random() < 0.5:
            self.desk.at_once(lambda m: duty.pause(m, one, None))
        else:
            self.desk.come_back(one)

    def _somebody_is_called_back(self) -> None:
        for due in self.desk.due()[:1]:
            self.desk.attempt(due.ticket, self.random.choice([Attempt.REACHED, Attempt.NOT_REACHED]))

    def _took(self, leg: LegSid, caller: Caller, outcome: Outcome) -> None:
        assert isinstance(outcome, Answer), outcome
        caller.turn, caller.holds, caller.rings = outcome.turn, isinstance(outcome.then, Hold), None
        match outcome.then:
            case Ring():
                caller.rings = OfferId(outcome.then.offer)
            case HangUp():
                self._leaves(leg)
            case Hold():
                pass
            case _:
                # whoever has chosen is promised a callback now: it must do without them
                if caller.has_chosen:
                    self._leaves(leg)

    def _leaves(self, leg: LegSid) -> None:
        self.desk.caller_left(leg)
        del self.on_the_line[leg]

    # what must hold

    def met(self) -> Counter[str]:
        """How often something happened that makes it unfair, if it is."""
        with self.desk.services.store.reading() as tx:
            happened = Counter(tx.connection.execute(select(LogRow.what)).scalars())
            queued = tx.connection.execute(select(PlaceRow.id, PlaceRow.queued_at)).all()
        happened["credit"] = sum(since < self.came_at[PlaceId(key)] for key, since in queued)
        return happened

    def _do(self, act: Callable[[], object]) -> None:
        act()
        with self.desk.services.store.reading() as tx:
            place, offer = tx.connection.execute(NEWEST).one()
            for key in range(len(self.came_at) + 1, (place or 0) + 1):
                self._see(tx, PlaceId(key))
            for key in range(self.last_offer + 1, (offer or 0) + 1):
                self._look_at(tx, OfferId(key))
        self.last_offer = offer or 0

    def _see(self, tx: Tx, key: PlaceId) -> None:
        self.came_at[key] = self.desk.clock.now()
        gained = self.desk.clock.now() - places.get(tx, key).queued_at
        if not timedelta() <= gained <= CREDIT:
            self.unfair.append(f"place {key} has gained {gained}")

    def _look_at(self, tx: Tx, key: OfferId) -> None:
        """Somebody older whom the mediator suits still waits: they have been passed over."""
        offer = offers.get(tx, key)
        assert offer is not None
        mine, now = places.get(tx, offer.place_id), self.desk.clock.now()
        for one in tx.connection.execute(select(PlaceRow.id).where(FETCHABLE)).scalars():
            other = places.get(tx, PlaceId(one))
            asked = offer.mediator_id in offers.refused_by(tx, other.id, now)
            if asked or not self.team[offer.mediator_id].suits(other):
                continue
            if other.queued_at < mine.queued_at:
                self.unfair.append(f"{now}: offer {key} passes over place {one} for place {mine.id}")
            if self.came_at[other.id] < self.came_at[mine.id] - CREDIT:
                self.unfair.append(f"{now}: place {mine.id} came more than the credit after place {one}")
