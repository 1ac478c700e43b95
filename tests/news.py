"""Looks on at each transaction: what changes on the board, or in somebody's day, is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import select

from hotline.queue.ids import AccountId, MediatorId, TicketId
from hotline.services import Services
from hotline.store import (
    board,
    callbacks,
    claims,
    closed,
    day,
    mediators,
    messages,
    noted,
    shifts,
    tickets,
    write_ups,
)
from hotline.store.accounts import AccountRow
from hotline.store.callbacks import Due
from hotline.store.claims import ClaimRow
from hotline.store.topics import BOARD, CALLBACKS, of_mediator
from hotline.store.transactions import Store, Tx
from tests.databases import GIVEN

T = TypeVar("T")
Shown = Mapping[tuple[str, frozenset[str]], object]
"""By what it is, and the topics of which one is enough: whoever has it open listens to all of them."""
CHEAP = GIVEN is None
"""On SQLite a question goes over no network."""
A_DAY = timedelta(days=1)
MANY = 1000


@dataclass
class News:
    """What has changed and was told to nobody."""

    services: Services
    untold: list[str] = field(default_factory=list)

    def watch(self, store: Store) -> None:
        """From now on, at each transaction of that store. It asks much: what takes long is looked on at where
        asking costs least (CHEAP), since what is told does not depend on the database.
        """
        run = store.run

        def watched(work: Callable[[Tx], T]) -> T:
            return run(lambda tx: self._compared(tx, work))

        store.run = watched  # type: ignore[method-assign]  # whoever has the store is looked on at

    def _compared(self, tx: Tx, work: Callable[[Tx], T]) -> T:
        now = self.services.clock.now()
        before = _shown(tx, now)
        done = work(tx)
        after = _shown(tx, now)
        for (what, topics), here in before.items():
            if here != after.get((what, topics)) and not topics & tx.touched:
                self.untold.append(f"{what} changed, and nobody was told: {sorted(tx.touched)}")
        return done


def _shown(tx: Tx, now: datetime) -> Shown:
    since = now - A_DAY
    shown: dict[tuple[str, frozenset[str]], object] = {
        ("the queue", _of(BOARD)): board.queue(tx, now, MANY),
        ("who answers", _of(BOARD)): board.on_the_line(tx, now),
        ("the day's figures", _of(BOARD)): board.today(tx, since),
        ("who is to be called back", _of(CALLBACKS)): [
            _callback(tx, one, now) for one in (*callbacks.due(tx, now), *callbacks.later(tx, now))
        ],
    }
    accounts = select(AccountRow.id, AccountRow.mediator_id)
    for account, _mediator in tx.connection.execute(accounts):
        what = f"what account {account} has closed"
        shown[what, _of(CALLBACKS)] = closed.since(tx, AccountId(account), since)
    for one in mediators.every(tx):
        mine = _of(CALLBACKS, of_mediator(one.id))
        shown[f"the talks of {one.name}", mine] = day.talks(tx, one.id, since)
        shown[f"what {one.name} reads of whom they call back", mine] = noted.said(tx, _claimed(tx, one.id))
        shown[f"what {one.name} knows and has promised", mine] = (
            mediators.skills(tx, one.id),
            mediators.languages(tx, one.id),
            write_ups.promised_by(tx, one.id),
            shifts.of(tx, one.id),
        )
    return shown


def _claimed(tx: Tx, mediator: MediatorId) -> list[TicketId]:
    theirs = select(ClaimRow.ticket_id).join(AccountRow).where(AccountRow.mediator_id == mediator)
    return [TicketId(key) for key in tx.connection.execute(theirs).scalars()]


def _of(*topics: str) -> frozenset[str]:
    return frozenset(topics)


def _callback(tx: Tx, due: Due, now: datetime) -> tuple[Any, ...]:
    return (
        due,
        tickets.get(tx, due.ticket),
        tickets.attempts(tx, due.ticket),
        messages.of_ticket(tx, due.ticket),
        claims.of(tx, due.ticket, now),
        noted.deadlines(tx, [due.ticket]),
    )
