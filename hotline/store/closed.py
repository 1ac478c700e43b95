"""Callbacks that somebody has closed by hand: they see them for a while, and may take that back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, select, update

from hotline.queue.ids import AccountId, CallId, PlaceId, TicketId
from hotline.queue.places import PlaceState
from hotline.queue.tickets import Attempt
from hotline.store.calls import CallRow
from hotline.store.places import PlaceRow
from hotline.store.tickets import AttemptRow, TicketRow
from hotline.store.topics import BOARD, CALLBACKS
from hotline.store.transactions import Tx

# nothing has happened to it since: what closed it is that attempt
_CLOSED_BY = and_(
    AttemptRow.account_id == bindparam("account"),
    AttemptRow.undone_at.is_(None),
    AttemptRow.result.in_([Attempt.REACHED, Attempt.GIVEN_UP]),
    TicketRow.closed_at == AttemptRow.at,
)
_SINCE = (
    select(TicketRow.id, CallRow.script, TicketRow.topic, AttemptRow.at, AttemptRow.result, AttemptRow.note)
    .join(AttemptRow, AttemptRow.ticket_id == TicketRow.id)
    .join(CallRow, CallRow.id == TicketRow.call_id)
    .where(_CLOSED_BY, AttemptRow.at >= bindparam("since"))
    .order_by(AttemptRow.id.desc())
    .limit(50)
)
_OF_TICKET = (
    select(AttemptRow.id, AttemptRow.at, PlaceRow.id, PlaceRow.call_id)
    .join(TicketRow, TicketRow.id == AttemptRow.ticket_id)
    .join(PlaceRow, PlaceRow.ticket_id == TicketRow.id)
    .where(
        _CLOSED_BY,
        TicketRow.id == bindparam("ticket"),
        PlaceRow.state == PlaceState.ENDED,
        PlaceRow.ended_at == AttemptRow.at,
    )
    .order_by(AttemptRow.id.desc(), PlaceRow.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Closed:
    ticket: TicketId
    script: str
    topic: str | None
    at: datetime
    result: Attempt
    note: str | None


@dataclass(frozen=True, slots=True)
class Closing:
    """What closed a callback, at which instant, and the place that ended by it."""

    attempt: int
    at: datetime
    place: PlaceId
    call: CallId


def since(tx: Tx, account: AccountId, then: datetime) -> list[Closed]:
    """Those that this account has closed since then, the latest first."""
    rows = tx.connection.execute(_SINCE, {"account": account, "since": then})
    return [
        Closed(TicketId(key), script, topic, at, result, tx.sealer.open(note) if note else None)
        for key, script, topic, at, result, note in rows
    ]


def by(tx: Tx, account: AccountId, ticket: TicketId) -> Closing | None:
    """How this account closed that callback; None when they have not, or something has happened since."""
    row = tx.connection.execute(_OF_TICKET, {"account": account, "ticket": ticket}).one_or_none()
    return Closing(row[0], row[1], PlaceId(row[2]), CallId(row[3])) if row else None


def undo(tx: Tx, closing: Closing, now: datetime) -> None:
    """What was noted then does not count any more."""
    tx.touched |= {BOARD, CALLBACKS}
    this = update(AttemptRow).where(AttemptRow.id == closing.attempt)
    tx.connection.execute(this.values(undone_at=now))
