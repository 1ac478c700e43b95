"""What a mediator's desk shows of a call: read at once, never locked."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import CompoundSelect, bindparam, func, select, union

from hotline.queue.dispositions import Disposition
from hotline.queue.ids import CallId, OfferId, PlaceId, TicketId
from hotline.queue.offers import OfferState
from hotline.queue.outcomes import Outcome
from hotline.queue.tickets import TicketState
from hotline.store.base import one_of
from hotline.store.calls import CallRow
from hotline.store.mediators import MediatorRow
from hotline.store.offers import OfferRow
from hotline.store.places import PlaceRow
from hotline.store.tickets import TicketRow
from hotline.store.transactions import Tx
from hotline.store.write_ups import WriteUpRow

_OFFERED = (
    select(
        OfferRow.id,
        OfferRow.state,
        OfferRow.made_at,
        OfferRow.accepted_at,
        OfferRow.ended_at,
        OfferRow.picked_up_at,
        OfferRow.clicked_at,
        OfferRow.declined_at,
        OfferRow.mediator_id,
        PlaceRow.id,
        PlaceRow.topic,
        PlaceRow.language,
        PlaceRow.queued_at,
        PlaceRow.ticket_id,
        CallRow.id,
        CallRow.script,
        CallRow.number,
        CallRow.number_index,
        CallRow.started_at,
    )
    .join(PlaceRow, PlaceRow.id == OfferRow.place_id)
    .join(CallRow, CallRow.id == PlaceRow.call_id)
    .where(OfferRow.id == bindparam("offer"))
)
_EARLIER = (
    select(CallRow.id, CallRow.started_at, CallRow.outcome)
    .where(CallRow.number_index == bindparam("number_index"), CallRow.id != bindparam("call"))
    .order_by(CallRow.started_at.desc())
    .limit(bindparam("many"))
)
_WRITTEN_UP = (
    select(
        PlaceRow.call_id,
        WriteUpRow.topic,
        WriteUpRow.disposition,
        WriteUpRow.note,
        WriteUpRow.passed_to,
        WriteUpRow.due_on,
    )
    .join(OfferRow, OfferRow.id == WriteUpRow.offer_id)
    .join(PlaceRow, PlaceRow.id == OfferRow.place_id)
    .where(
        PlaceRow.call_id.in_(bindparam("calls", expanding=True)),
        one_of(OfferRow.state, [OfferState.FINISHED]),
    )
    .order_by(WriteUpRow.offer_id)
)
_HOW_MANY = select(func.count()).where(
    CallRow.number_index == bindparam("number_index"), CallRow.id != bindparam("call")
)
# each by its own index; a promise that a call took over goes with its place
_THEIRS: CompoundSelect[Any] = union(
    select(TicketRow.id).where(TicketRow.number_index == bindparam("number_index")),
    select(TicketRow.id).where(TicketRow.call_id == bindparam("call")),
    select(PlaceRow.ticket_id).where(PlaceRow.call_id == bindparam("call"), PlaceRow.ticket_id.is_not(None)),
)
_TICKETS = (
    select(TicketRow.id, TicketRow.topic, TicketRow.code, TicketRow.told, TicketRow.created_at)
    .where(TicketRow.id.in_(_THEIRS), TicketRow.state != TicketState.CLOSED)
    .order_by(TicketRow.id)
)
_SO_FAR = (
    select(MediatorRow.name, WriteUpRow.note)
    .join(OfferRow, OfferRow.id == WriteUpRow.offer_id)
    .join(PlaceRow, PlaceRow.id == OfferRow.place_id)
    .join(MediatorRow, MediatorRow.id == WriteUpRow.mediator_id)
    .where(
        PlaceRow.call_id == bindparam("call"),
        WriteUpRow.offer_id < bindparam("offer"),
        WriteUpRow.note.is_not(None),
    )
    .order_by(WriteUpRow.offer_id)
)
A_FEW: Final = 3


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer with what is known of its caller. `number`: in full, for whoever masks it."""

    id: OfferId
    state: OfferState
    made_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None
    picked_up_at: datetime | None
    clicked_at: datetime | None
    declined_at: datetime | None
    mediator_id: int
    place: PlaceId
    topic: str | None
    language: str
    queued_at: datetime
    ticket: TicketId | None
    """The promise that goes with the place, if there is one."""
    call: CallId
    script: str
    number: str | None
    number_index: bytes | None
    started_at: datetime

    @property
    def waits_since(self) -> datetime:
        """In this call: the place may be that of an earlier one."""
        return max(self.queued_at, self.started_at)

    @property
    def is_coming(self) -> bool:
        """Whether the telephone does not ring yet: the caller is being fetched."""
        return self.state is OfferState.ASSIGNED

    @property
    def is_silent(self) -> bool:
        """Whether the telephone rings no more, or is about to stop."""
        return self.picked_up_at is not None or self.declined_at is not None


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier call of the same number: what its last talk came to, and what was noted in all of them."""

    call: CallId
    at: datetime
    outcome: Outcome | None
    topic: str | None
    disposition: Disposition | None
    note: str
    passed_to: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Noted:
    """What somebody has noted of the same call, who then handed it on."""

    by: str
    note: str


@dataclass(frozen=True, slots=True)
class OpenTicket:
    id: TicketId
    topic: str | None
    code: str
    told: bool
    created_at: datetime


_NUMBER: Final = [one.name for one in fields(Offered)].index("number")


def offered(tx: Tx, offer: OfferId) -> Offered | None:
    row = tx.connection.execute(_OFFERED, {"offer": offer}).one_or_none()
    if row is None:
        return None
    values = list(row)
    sealed = values[_NUMBER]
    values[_NUMBER] = tx.sealer.open(sealed) if sealed else None
    return Offered(*values)


def earlier(tx: Tx, number_index: bytes, call: CallId) -> tuple[int, list[Earlier]]:
    """How many earlier calls there were of that number, and the latest few."""
    values = {"number_index": number_index, "call": call}
    many = tx.connection.execute(_HOW_MANY, values).scalar_one()
    found = {
        key: Earlier(CallId(key), at, outcome, None, None, "", "", None)
        for key, at, outcome in tx.connection.execute(_EARLIER, values | {"many": A_FEW})
    }
    for key, topic, disposition, note, passed_to, due_on in tx.connection.execute(
        _WRITTEN_UP, {"calls": list(found)}
    ):
        before = found[key]
        noted = "\n".join(filter(str.strip, (before.note, _opened(tx, note))))
        found[key] = Earlier(
            before.call, before.at, before.outcome, topic, disposition, noted, _opened(tx, passed_to), due_on
        )
    return many, list(found.values())


def open_tickets(tx: Tx, number_index: bytes | None, call: CallId) -> list[OpenTicket]:
    """Those of that number, and those of that call: whoever withholds a number dictates one."""
    rows = tx.connection.execute(_TICKETS, {"number_index": number_index, "call": call})
    return [OpenTicket(TicketId(key), topic, code, told, at) for key, topic, code, told, at in rows]


def so_far(tx: Tx, call: CallId, offer: OfferId) -> list[Noted]:
    """What is noted of that call in the talks before that one."""
    rows = tx.connection.execute(_SO_FAR, {"call": call, "offer": offer})
    noted = [Noted(name, _opened(tx, note)) for name, note in rows]
    return [one for one in noted if one.note.strip()]


def _opened(tx: Tx, sealed: bytes | None) -> str:
    return tx.sealer.open(sealed) if sealed else ""
