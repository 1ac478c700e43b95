"""Callbacks that somebody has closed by hand: they see them for a while, and may take that back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, or_, select, union, update
from sqlalchemy.orm import aliased

from hotline.queue.ids import AccountId, CallId, PlaceId, TicketId
from hotline.queue.places import PlaceState
from hotline.queue.tickets import Attempt
from hotline.store.calls import CallRow
from hotline.store.offers import OfferRow
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
_CLOSED = aliased(PlaceRow)
_THIS_PLACE = PlaceRow.id == bindparam("place")
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

_NUMBERS = union(
    select(TicketRow.number_index).join(PlaceRow, PlaceRow.ticket_id == TicketRow.id).where(_THIS_PLACE),
    select(CallRow.number_index).join(PlaceRow, PlaceRow.call_id == CallRow.id).where(_THIS_PLACE),
)
_THEN = bindparam("then", type_=PlaceRow.queued_at.type)
_TALKED = select(OfferRow.id).where(OfferRow.place_id == PlaceRow.id, OfferRow.accepted_at > _THEN)
_RANG_SINCE = (
    select(PlaceRow.id)
    .join(CallRow, CallRow.id == PlaceRow.call_id)
    .outerjoin(TicketRow, TicketRow.id == PlaceRow.ticket_id)
    .join(_CLOSED, and_(_CLOSED.line == PlaceRow.line, _CLOSED.id != PlaceRow.id))
    .where(
        _CLOSED.id == bindparam("place"),
        or_(CallRow.number_index.in_(_NUMBERS), TicketRow.number_index.in_(_NUMBERS)),
        # the same matter, as for whoever rings again and finds their place
        or_(PlaceRow.topic.is_(None), _CLOSED.topic.is_(None), PlaceRow.topic == _CLOSED.topic),
        or_(CallRow.started_at > _THEN, PlaceRow.queued_at > _THEN, TicketRow.created_at > _THEN),
        or_(PlaceRow.state != PlaceState.ENDED, _TALKED.exists()),
    )
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


def rang_since(tx: Tx, closing: Closing) -> bool:
    """Whether the caller has rung again about it since, and was helped, waits, or is to be called back."""
    values = {"place": closing.place, "then": closing.at}
    return tx.connection.execute(_RANG_SINCE, values).first() is not None


def undo(tx: Tx, closing: Closing, now: datetime) -> None:
    """What was noted then does not count any more."""
    tx.touched |= {BOARD, CALLBACKS}
    this = update(AttemptRow).where(AttemptRow.id == closing.attempt)
    tx.connection.execute(this.values(undone_at=now))
