"""Whatever the carrier does, in any order: the state is sound, every call ends once, promises are due."""

import os
from typing import Final

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from hotline.queue.ids import AccountId, LegSid, MediatorId, TicketId
from hotline.queue.mediators import Availability
from hotline.queue.outcomes import Outcome as Became
from hotline.queue.roles import Role
from hotline.queue.tickets import Attempt
from hotline.store import accounts, call_log, callers, calls, mediators
from hotline.store.calls import CallRow
from hotline.store.offers import OfferRow
from hotline.store.tickets import TicketRow
from hotline.switchboard import callbacks as served
from hotline.switchboard import claiming
from hotline.switchboard.moment import Moment
from hotline.switchboard.ports import CarrierTrouble
from tests.databases import GIVEN
from tests.fakes import NotedCarrier
from tests.integration import checks
from tests.integration.desk import Desk, opened
from tests.integration.machine import CALLERS, MEDIATORS, NUMBERS, SKILLS, Calls
from tests.news import CHEAP, News

RUNS: Final = 40 if GIVEN is None else 20
NOTES: Final = st.sampled_from([None, "sonne dans le vide"])
SOAK: Final = int(os.environ.get("SOAK", "0"))
"""More, and other runs than last time: SOAK=50."""


class Switchboard(Calls):
    """With promises: the 9 in hold, messages, claims, attempts; with blocks, and a carrier that is asked."""

    news: News

    def __init__(self) -> None:
        super().__init__()
        # that nobody has called any more, nobody is told
        self.news.untold.clear()

    # promises

    @rule(n=CALLERS, digits=st.sampled_from(["9", "9", "9", "1", ""]))
    def presses_in_hold(self, n: int, digits: str) -> None:
        leg = self.leg(n)
        if leg in self.held:
            self.desk.press(leg, digits)

    @rule(n=CALLERS, second=st.booleans())
    def leaves_a_message(self, n: int, second: bool) -> None:
        leg = self.leg(n)
        if leg in self.invited:
            self.took(leg, self.desk.left_message(leg, self.turns[leg], f"{leg}'s {second}"))

    @rule(n=CALLERS, second=st.booleans())
    def is_told_of_a_recording(self, n: int, second: bool) -> None:
        """Perhaps once more, perhaps when the call has ended."""
        leg = self.leg(n)
        if leg in self.invited:
            self.desk.recorded(leg, f"{leg}'s {second}")

    @rule(back=st.integers(0, 3), result=st.sampled_from(Attempt))
    def is_called_back(self, back: int, result: Attempt) -> None:
        self.desk.attempt(self.ticket(back), result)

    @rule(n=MEDIATORS, back=st.integers(0, 3))
    def is_claimed(self, n: int, back: int) -> None:
        mediator, ticket = self.mediators[n], self.ticket(back)
        self.desk.at_once(lambda m: claiming.claim(m, ticket, AccountId(mediator), mediator))

    @rule(n=MEDIATORS, back=st.integers(0, 3), result=st.sampled_from([None, *Attempt]), note=NOTES)
    def is_called_back_or_not_by_a_mediator(
        self, n: int, back: int, result: Attempt | None, note: str | None
    ) -> None:
        by, ticket = AccountId(self.mediators[n]), self.ticket(back)
        if result is None:
            self.desk.at_once(lambda m: served.give_back(m, ticket, by, note))
        else:
            self.desk.at_once(lambda m: served.note_theirs(m, ticket, result, note, by))

    def ticket(self, back: int) -> TicketId:
        """A late one, or one that there never was."""
        with self.desk.services.store.reading() as tx:
            last = tx.connection.execute(select(func.max(TicketRow.id))).scalar_one()
        return TicketId(max(1, (last or 0) - back))

    # blocks, and the watchdog

    @rule(shown=NUMBERS, blocked=st.booleans())
    def a_number_is_blocked_or_not(self, shown: str, blocked: bool) -> None:
        if blocked:
            self.desk.at_once(lambda m: callers.block(m.tx, shown, "why", None, m.now))
        else:
            self.desk.at_once(lambda m: callers.unblock(m.tx, shown))

    @rule(over=st.frozensets(CALLERS), others=st.booleans(), trouble=st.booleans())
    def the_watchdog_looks(self, over: frozenset[int], others: bool, trouble: bool) -> None:
        """The carrier knows some legs to have ended: callers', or mediators' too; or it does not answer."""
        legs = {leg for n in over if (leg := self.leg(n)) is not None}
        if others:
            legs |= self.mediators_legs()
        self.desk.clock.pass_(120)
        self.swept = False
        self.desk.look(NotedCarrier(trouble=_slow if trouble else lambda: None, over=legs))

    def mediators_legs(self) -> set[LegSid]:
        with self.desk.services.store.reading() as tx:
            return {LegSid(f"leg of {key}") for key in tx.connection.execute(select(OfferRow.id)).scalars()}

    # what must hold

    @invariant()
    def nobody_is_overlooked(self) -> None:
        """Nobody waits while somebody suitable is free, unless time alone has just brought it about."""
        if self.swept:
            with self.desk.services.store.reading() as tx:
                assert checks.overlooked(self.desk.moment(tx)) == []

    @invariant()
    def one_story_is_told(self) -> None:
        with self.desk.services.store.reading() as tx:
            assert checks.contradictions(tx) == []
            assert checks.claims_amiss(tx, self.desk.clock.now()) == []

    @invariant()
    def what_changes_on_a_page_is_told(self) -> None:
        assert self.news.untold == []

    @invariant()
    def an_outcome_stays_what_it_was(self) -> None:
        ended = select(CallRow.leg, CallRow.outcome).where(CallRow.outcome.is_not(None))
        with self.desk.services.store.reading() as tx:
            found = {LegSid(leg): became for leg, became in tx.connection.execute(ended)}
        for leg, became in self.ended.items():
            # of a message we may hear when the call is over
            late = became in (Became.INFORMED, Became.FAILED) and found[leg] is Became.MESSAGE
            assert found[leg] is became or late
        self.ended = found

    def teardown(self) -> None:
        """Everybody hangs up and time passes: every call has ended once, and everybody is free."""
        self.desk.everybody_goes()
        with self.desk.services.store.reading() as tx:
            assert checks.contradictions(tx) == []
            assert checks.live_offers(tx) == []
            assert calls.open_legs(tx) == []
            assert checks.broken_promises(tx, self.desk.clock.now()) == []
            assert checks.unkept_outcomes(tx) == []
            free = {Availability.AVAILABLE, Availability.AWAY}
            assert {one.availability for one in mediators.every(tx)} <= free
            for leg in tx.connection.execute(select(CallRow.leg)).scalars():
                key, _ = calls.outcome_of(tx, LegSid(leg))
                ends = [one.what for one in call_log.entries(tx, key)].count("ended")
                assert ends == 1 + self.revived[LegSid(leg)]


def _slow() -> None:
    raise CarrierTrouble("ReadTimeout")


def test_whatever_happens_every_call_ends_once_and_everybody_is_free(database_url: str) -> None:
    runs = settings(
        max_examples=RUNS * (SOAK or 1),
        stateful_step_count=25,
        derandomize=not SOAK,
        deadline=None,
        database=None,
        # looking for a shorter way to a failure takes minutes
        phases=[Phase.generate, Phase.shrink] if SOAK else [Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    with opened(database_url) as desk:
        for skills in SKILLS:
            _with_account(desk, desk.mediator(skills))
        news = News(desk.services)
        if CHEAP:
            news.watch(desk.services.store)
        machine = type("Switchboard", (Switchboard,), {"desk": desk, "news": news})
        run_state_machine_as_test(machine, settings=runs)


def _with_account(desk: Desk, mediator: MediatorId) -> None:
    """Of the same number."""

    def add(m: Moment) -> None:
        address = f"mediator-{mediator}@example.org"
        key = accounts.add(m.tx, address, f"mediator {mediator}", Role.MEDIATOR, "fr", address, m.now)
        accounts.change(m.tx, key, {"mediator_id": mediator})
        assert int(key) == int(mediator)

    desk.at_once(add)
