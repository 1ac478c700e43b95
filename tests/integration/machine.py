"""A state machine of calls: what callers, the carrier, mediators, workers and time may do, in any order."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import delete, func, select, update

from hotline.ivr.actions import HangUp, Hold, Record
from hotline.ivr.events import Keyed, Miss, Silent
from hotline.queue.ids import LegSid, MediatorId, OfferId
from hotline.queue.mediators import Availability
from hotline.queue.outcomes import Outcome as Became
from hotline.store import call_log, calls, mediators
from hotline.store.alarms import AlarmRow
from hotline.store.call_log import LogRow
from hotline.store.callers import BlockRow, CallerRow
from hotline.store.calls import CallRow
from hotline.store.claims import ClaimRow
from hotline.store.mediators import MediatorRow
from hotline.store.messages import MessageRow
from hotline.store.offers import OfferRow
from hotline.store.places import PlaceRow
from hotline.store.tickets import AttemptRow, TicketRow
from hotline.store.write_ups import WriteUpRow
from hotline.switchboard import duty
from hotline.switchboard.holding import HoldEnd
from hotline.switchboard.moment import Moment
from hotline.switchboard.ports import CarrierTrouble, LegEnded
from hotline.switchboard.rings import RingResult
from hotline.switchboard.turns import Answer, Doubt, Nothing, Outcome, Repeated
from tests.factories import CALLER
from tests.fakes import SetClock
from tests.integration import checks
from tests.integration.desk import FOR_EVER, Desk

START: Final = SetClock().now()
CALLERS: Final = st.integers(0, 6)
MEDIATORS: Final = st.integers(0, 2)
UNTIL: Final = st.sampled_from([None, START + timedelta(minutes=2), FOR_EVER])
RESULTS: Final = st.builds(RingResult, st.sampled_from([None, True, False]), st.sampled_from(Miss))
KEYS: Final = st.sampled_from(["0", "1", "2", "2", "3", "8", "7", "9", "", "0639980003"])
NUMBERS: Final = st.sampled_from(["+33639980001", "+33639980002", "anonymous"])
FAR: Final = (
    (CALLER,),
    (CALLER, "2"),
    ("+33639980002", "2"),
    (CALLER, "2", "talk"),
    ("anonymous", "2", "talk"),
    (CALLER, "2", "9 in hold", "hangs up"),
    ("+33639980002", "2", "9 in hold"),
    ("anonymous", "2", "9 in hold"),
    ("anonymous", "9", "", ""),
    (CALLER, "9", "3"),
)
"""Who calls, and what they do."""
SKILLS: Final = (("taxes",), ("taxes", "benefits"), ("benefits", "taxes"))
Take = Callable[[LegSid, int], Outcome]
Move = Callable[[Moment, MediatorId, datetime | None], object]


class Calls(RuleBasedStateMachine):
    """Up to seven calls and those of before, and three mediators."""

    desk: Desk
    """One for all runs; each begins with nobody who has called, and everybody free."""

    def __init__(self) -> None:
        super().__init__()
        self.desk.clock.instant = START
        self.desk.jobs.take()
        self.desk.at_once(_nobody_has_called)
        self.mediators = [MediatorId(n + 1) for n in range(len(SKILLS))]
        self.turns: dict[LegSid, int] = {}
        self.ended: dict[LegSid, Became | None] = {}
        self.revived: Counter[LegSid] = Counter()
        self.invited: set[LegSid] = set()
        """Who has been asked for a voice message: of no other can there be one."""
        self.held: set[LegSid] = set()
        """Who has been in hold: of no other can there be a key pressed there."""
        self.parted: set[LegSid] = set()
        """Whose last answer ends the call: nothing that it could have begun is over later."""
        self.swept = True

    @initialize(far=st.lists(st.sampled_from(FAR), min_size=1, max_size=6))
    def some_call_already(self, far: list[tuple[str, ...]]) -> None:
        """In the menu, in hold, talking, to be called back: chance alone seldom gets that far."""
        for n, (shown, *keys) in enumerate(far):
            leg = LegSid(f"early caller {n}")
            self.took(leg, self.desk.arrive(leg, shown))
            for key in keys:
                self.early(leg, key)

    def early(self, leg: LegSid, key: str) -> None:
        match key:
            case "talk":
                offer = self.offer(0)
                self.desk.whisper(offer, LegSid(f"leg of {offer}"), "1")
            case "9 in hold":
                self.desk.press(leg)
            case "hangs up":
                self.desk.caller_left(leg)
            case _:
                self.took(leg, self.desk.event(leg, self.turns[leg], Keyed(key) if key else Silent()))

    # callers

    @rule(n=CALLERS, shown=NUMBERS)
    def arrives(self, n: int, shown: str) -> None:
        """Or arrives once more: the same leg is the same call."""
        leg = LegSid(f"caller {n}")
        self.took(leg, self.desk.arrive(leg, shown))

    @rule(n=CALLERS, digits=KEYS)
    def presses_or_is_silent(self, n: int, digits: str) -> None:
        event = Keyed(digits) if digits else Silent()
        self.turn(n, lambda leg, turn: self.desk.event(leg, turn, event))

    @rule(n=CALLERS, digits=KEYS, back=st.integers(1, 3))
    def a_webhook_comes_again(self, n: int, digits: str, back: int) -> None:
        """A turn that the call has left behind gets an answer of before, and changes nothing."""
        leg = self.leg(n)
        turn = self.turns.get(leg, 0) - back if leg else -1
        if leg is None or turn < 0:
            return
        before = self.story(leg)
        assert isinstance(self.desk.event(leg, turn, Keyed(digits)), Repeated | Nothing | Doubt)
        assert self.story(leg) == before

    @rule(n=CALLERS, result=RESULTS)
    def ring_is_over(self, n: int, result: RingResult) -> None:
        if self.leg(n) not in self.parted:
            self.turn(n, lambda leg, turn: self.desk.ring_over(leg, turn, result))

    @rule(n=CALLERS, how=st.sampled_from(HoldEnd))
    def hold_is_over(self, n: int, how: HoldEnd) -> None:
        if self.leg(n) not in self.parted:
            self.turn(n, lambda leg, turn: self.desk.held(leg, turn, how))

    @rule(n=CALLERS)
    def waits_on(self, n: int) -> None:
        leg = self.leg(n)
        if leg is not None:
            self.desk.wait_turn(leg)

    @rule(n=CALLERS, token=st.sampled_from([None, "token 1", "token 2"]))
    def is_fetched(self, n: int, token: str | None) -> None:
        self.turn(n, lambda leg, _turn: self.desk.fetched(leg, token and f"{leg} {token}"))

    @rule(n=CALLERS)
    def an_answer_failed(self, n: int) -> None:
        self.turn(n, lambda leg, _turn: self.desk.fell_back(leg))

    @rule(n=CALLERS)
    def was_there_after_all(self, n: int) -> None:
        """Only then is an outcome taken back."""
        leg = self.leg(n)
        if leg is not None and self.ended.pop(leg, None) is not None:
            self.took(leg, self.desk.revive(leg))
            self.revived[leg] += 1
            assert self.became(leg) is None

    @rule(n=CALLERS, failed=st.booleans(), bridged=st.sampled_from([None, True, False]))
    def leaves(self, n: int, failed: bool, bridged: bool | None) -> None:
        leg = self.leg(n)
        if leg is not None:
            self.desk.caller_left(leg, failed=failed, bridged=bridged)
            assert self.became(leg) is not None

    # mediators

    @rule(back=st.integers(0, 3), key=st.sampled_from(["1", "1", "2", ""]), asked=st.integers(1, 5))
    def answers_the_whisper(self, back: int, key: str, asked: int) -> None:
        offer = self.offer(back)
        self.desk.whisper(offer, LegSid(f"leg of {offer}"), key, asked)

    @rule(back=st.integers(0, 3))
    def the_other_leg_is_over(self, back: int) -> None:
        offer = self.offer(back)
        self.desk.mediator_leg_over(offer, LegSid(f"leg of {offer}"))

    @rule(n=MEDIATORS, move=st.sampled_from([duty.pause, duty.switch_on]), until=UNTIL)
    def is_moved_by_hand(self, n: int, move: Move, until: datetime | None) -> None:
        self.desk.at_once(lambda m: move(m, self.mediators[n], until))

    @rule(n=MEDIATORS)
    def comes_back(self, n: int) -> None:
        self.desk.come_back(self.mediators[n])

    # the worker, and time

    @rule(trouble=st.sampled_from([None, LegEnded("over"), CarrierTrouble("slow")]), times=st.integers(0, 2))
    def a_worker_pushes(self, trouble: Exception | None, times: int) -> None:
        """Or the push is lost, or comes twice."""
        for offer in self.desk.jobs.take() * times:
            self.desk.push(offer, trouble)

    @rule(seconds=st.sampled_from([1, 4, 20, 130, 1000]), sweep=st.booleans())
    def time_passes(self, seconds: int, sweep: bool) -> None:
        self.desk.clock.pass_(seconds)
        if sweep:
            self.desk.sweep()
        self.swept = sweep

    # what the carrier knows

    def leg(self, n: int) -> LegSid | None:
        """The leg of one of the callers who have come, if any has."""
        return list(self.turns)[-1 - n % len(self.turns)] if self.turns else None

    def offer(self, back: int) -> OfferId:
        """A late one, or one that there never was."""
        with self.desk.services.store.reading() as tx:
            last = tx.connection.execute(select(func.max(OfferRow.id))).scalar_one()
        return OfferId(max(1, (last or 0) - back))

    def became(self, leg: LegSid) -> Became | None:
        with self.desk.services.store.reading() as tx:
            return calls.outcome_of(tx, leg)[1]

    def story(self, leg: LegSid) -> tuple[object, ...]:
        with self.desk.services.store.reading() as tx:
            key, became = calls.outcome_of(tx, leg)
            everyone = [(one.id, one.availability, one.until) for one in mediators.every(tx)]
            return became, calls.get(tx, key), call_log.entries(tx, key), everyone, checks.live_offers(tx)

    def turn(self, n: int, take: Take) -> None:
        leg = self.leg(n)
        if leg is not None:
            self.took(leg, take(leg, self.turns[leg]))

    def took(self, leg: LegSid, outcome: Outcome) -> None:
        self.turns.setdefault(leg, 0)
        if isinstance(outcome, Answer):
            self.turns[leg] = outcome.turn
            (self.parted.add if isinstance(outcome.then, HangUp) else self.parted.discard)(leg)
            if isinstance(outcome.then, Record):
                self.invited.add(leg)
            if isinstance(outcome.then, Hold):
                self.held.add(leg)


def _nobody_has_called(m: Moment) -> None:
    of_calls = (ClaimRow, WriteUpRow, OfferRow, PlaceRow, AttemptRow, MessageRow, TicketRow, LogRow, CallRow)
    for table in (*of_calls, CallerRow, BlockRow, AlarmRow):
        m.tx.connection.execute(delete(table))
    m.tx.connection.execute(
        update(MediatorRow).values(
            availability=Availability.AVAILABLE, until=None, misses=0, idle_since=m.now, manual_until=FOR_EVER
        )
    )
