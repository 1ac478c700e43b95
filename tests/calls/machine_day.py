"""What mediators do with callbacks, as rules of the state machine over the whole application."""

from collections.abc import Iterator
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from sqlalchemy import select

from hotline.queue.ids import AccountId, MediatorId, TicketId
from hotline.queue.tickets import Attempt
from hotline.simulator.phones import Phone
from hotline.store import callbacks, claims
from hotline.store.accounts import AccountRow
from hotline.store.claims import ClaimRow
from hotline.store.transactions import Tx
from hotline.switchboard import callbacks as served
from hotline.switchboard import claiming
from hotline.switchboard.moment import Moment
from tests.calls.machine_stage import RoughStage

N: Final = st.integers(0, 4)
ON_DUTY: Final = precondition(lambda self: bool(self.here.phones("any")))
RESULTS: Final = st.sampled_from([None, *Attempt])


class TheirDay(RuleBasedStateMachine):
    """Each claims a callback that is due, and says what came of the one that they have claimed."""

    here: Any

    @ON_DUTY
    @rule(n=N, seconds=st.sampled_from([0, 2, 10]))
    def mediator_claims_a_callback(self, n: int, seconds: float) -> None:
        def claim(phone: Phone) -> None:
            me = self.here.stage.names[phone.name]
            self.here.at_once(lambda m: _claim(m, me, n))

        self.here.mediator(n, "any", "claims a callback", claim, seconds)

    @ON_DUTY
    @rule(n=N, result=RESULTS, note=st.sampled_from([None, "sonne dans le vide"]))
    def mediator_says_what_came_of_it(self, n: int, result: Attempt | None, note: str | None) -> None:
        def say(phone: Phone) -> None:
            me = self.here.stage.names[phone.name]
            self.here.at_once(lambda m: _say(m, me, result, note))

        self.here.mediator(n, "any", f"says what came of a callback: {result}", say, 1)


def give_all_back(stage: RoughStage) -> None:
    """Nobody calls anybody back any more."""

    def give(tx: Tx) -> None:
        for ticket, account in list(_claimed(tx)):
            served.give_back(stage.moment(tx), ticket, account, None)

    stage.services.store.run(give)


def _claimed(tx: Tx) -> Iterator[tuple[TicketId, AccountId]]:
    for ticket, account in tx.connection.execute(select(ClaimRow.ticket_id, ClaimRow.account_id)):
        yield TicketId(ticket), AccountId(account)


def _claim(m: Moment, me: MediatorId, n: int) -> None:
    due = callbacks.due(m.tx, m.now)
    if due:
        claiming.claim(m, due[n % len(due)].ticket, _account(m.tx, me), me)


def _say(m: Moment, me: MediatorId, result: Attempt | None, note: str | None) -> None:
    account = _account(m.tx, me)
    ticket = claims.by(m.tx, account, m.now)
    if ticket is None:
        return
    if result is None:
        served.give_back(m, ticket, account, note)
    else:
        served.note_theirs(m, ticket, result, note, account)


def _account(tx: Tx, me: MediatorId) -> AccountId:
    return AccountId(
        tx.connection.execute(select(AccountRow.id).where(AccountRow.mediator_id == me)).scalar_one()
    )
