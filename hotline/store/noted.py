"""What is noted of the calls that belong to a callback, and on whose pages it stands."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, CompoundSelect, bindparam, func, select, union

from hotline.queue.ids import CallId, MediatorId, OfferId, TicketId
from hotline.queue.offers import LIVE, OfferState
from hotline.store.accounts import AccountRow
from hotline.store.base import one_of
from hotline.store.claims import ClaimRow
from hotline.store.mediators import MediatorRow
from hotline.store.offers import OfferRow
from hotline.store.places import PlaceRow
from hotline.store.tickets import TicketRow
from hotline.store.transactions import Tx
from hotline.store.write_ups import CALL_OF_TALK, WriteUpRow

_SOME: BindParameter[Any] = bindparam("tickets", expanding=True)
# the call that brought it, those that took its place over, and those in which it was promised
_CALLS: CompoundSelect[Any] = union(
    select(TicketRow.id.label("ticket"), TicketRow.call_id.label("call")).where(TicketRow.id.in_(_SOME)),
    select(PlaceRow.ticket_id, PlaceRow.call_id).where(PlaceRow.ticket_id.in_(_SOME)),
    select(WriteUpRow.ticket_id, PlaceRow.call_id)
    .join(OfferRow, OfferRow.id == WriteUpRow.offer_id)
    .join(PlaceRow, PlaceRow.id == OfferRow.place_id)
    .where(WriteUpRow.ticket_id.in_(_SOME)),
)
_THEIRS = _CALLS.subquery()
_SAID = (
    select(_THEIRS.c.ticket, PlaceRow.call_id, MediatorRow.name, WriteUpRow.started_at, WriteUpRow.note)
    .select_from(_THEIRS)
    .join(PlaceRow, PlaceRow.call_id == _THEIRS.c.call)
    .join(OfferRow, OfferRow.place_id == PlaceRow.id)
    .join(WriteUpRow, WriteUpRow.offer_id == OfferRow.id)
    .join(MediatorRow, MediatorRow.id == WriteUpRow.mediator_id)
    .where(WriteUpRow.note.is_not(None))
    .order_by(WriteUpRow.offer_id)
)
_DEADLINES = (
    select(_THEIRS.c.ticket, func.min(WriteUpRow.due_on))
    .select_from(_THEIRS)
    .join(PlaceRow, PlaceRow.call_id == _THEIRS.c.call)
    .join(OfferRow, OfferRow.place_id == PlaceRow.id)
    .join(WriteUpRow, WriteUpRow.offer_id == OfferRow.id)
    .where(WriteUpRow.due_on.is_not(None))
    .group_by(_THEIRS.c.ticket)
)
_READERS: CompoundSelect[Any] = union(
    select(OfferRow.mediator_id)
    .join(PlaceRow, PlaceRow.id == OfferRow.place_id)
    .where(
        PlaceRow.call_id == CALL_OF_TALK,
        OfferRow.id > bindparam("offer"),
        one_of(OfferRow.state, LIVE | {OfferState.FINISHED}),
    ),
    select(AccountRow.mediator_id)
    .join(ClaimRow, ClaimRow.account_id == AccountRow.id)
    .where(
        ClaimRow.ticket_id.in_(
            union(
                select(TicketRow.id).where(TicketRow.call_id == CALL_OF_TALK),
                select(PlaceRow.ticket_id).where(PlaceRow.call_id == CALL_OF_TALK),
            )
        ),
        AccountRow.mediator_id.is_not(None),
    ),
)


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody has noted of a talk."""

    call: CallId
    by: str
    at: datetime
    note: str


def said(tx: Tx, some: Collection[TicketId]) -> dict[TicketId, list[Said]]:
    """What is noted of the talks of each of those callbacks, in their order, be it written up yet or not."""
    found: dict[TicketId, list[Said]] = {ticket: [] for ticket in some}
    for ticket, call, name, at, sealed in tx.connection.execute(_SAID, {"tickets": list(some)}):
        note = tx.sealer.open(sealed)
        if note.strip():
            found[TicketId(ticket)].append(Said(CallId(call), name, at, note))
    return found


def deadlines(tx: Tx, some: Collection[TicketId]) -> dict[TicketId, date]:
    """Of those callbacks that have one, the first deadline noted of their talks."""
    rows = tx.connection.execute(_DEADLINES, {"tickets": list(some)})
    return {TicketId(ticket): day for ticket, day in rows}


def readers(tx: Tx, offer: OfferId) -> set[MediatorId]:
    """Who sees what is noted of that talk, but for whoever had it.

    Those who were asked for the same caller after that, and whoever calls the caller back.
    """
    return {MediatorId(key) for key in tx.connection.execute(_READERS, {"offer": offer}).scalars()}
