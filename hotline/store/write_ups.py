"""Write-ups: what a mediator notes of a talk, while it lasts and after it."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, bindparam, false, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from hotline.queue.dispositions import Disposition
from hotline.queue.ids import MediatorId, OfferId, TicketId
from hotline.queue.offers import OfferState
from hotline.store.base import Base, one_of
from hotline.store.mediators import MediatorRow
from hotline.store.offers import OfferRow
from hotline.store.places import PlaceRow
from hotline.store.topics import CALLBACKS
from hotline.store.transactions import Tx


class WriteUpRow(Base):
    __tablename__ = "write_ups"
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"), primary_key=True, autoincrement=False)
    mediator_id: Mapped[int] = mapped_column(ForeignKey("mediators.id"), index=True)
    note: Mapped[bytes | None] = mapped_column(LargeBinary)
    revision: Mapped[int]
    """Of the note: whoever saves says which one theirs is made of."""
    disposition: Mapped[Disposition | None]
    passed_to: Mapped[bytes | None] = mapped_column(LargeBinary)
    topic: Mapped[str | None] = mapped_column(String(64))
    due_on: Mapped[date | None]
    """The caller's deadline."""
    extended: Mapped[int]
    """How often the time for it was made longer."""
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    """By which the mediator promised to call back."""
    promised_at: Mapped[datetime | None]
    """When they did so last. None: or somebody who had the caller after them says that nobody needs to."""
    typed: Mapped[bool] = mapped_column(server_default=false())
    """Whether the mediator was the last to type the number of that ticket, and did so for this talk."""
    started_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class WriteUp:
    offer_id: OfferId
    mediator_id: MediatorId
    note: str
    revision: int
    disposition: Disposition | None
    passed_to: str
    topic: str | None
    due_on: date | None
    extended: int
    ticket_id: TicketId | None
    typed: bool
    started_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise, by the talk of whoever has made it."""

    offer_id: OfferId
    mediator_id: MediatorId
    name: str


_COLUMNS = [getattr(WriteUpRow, one.name) for one in fields(WriteUp)]
_THIS = update(WriteUpRow).where(WriteUpRow.offer_id == bindparam("offer"))
_SAVE = _THIS.where(WriteUpRow.revision == bindparam("base")).values(
    note=bindparam("sealed"), revision=WriteUpRow.revision + 1
)
_UNFINISHED = (
    select(WriteUpRow.offer_id)
    .join(OfferRow, OfferRow.id == WriteUpRow.offer_id)
    .where(
        WriteUpRow.mediator_id == bindparam("mediator"),
        WriteUpRow.done_at.is_(None),
        one_of(OfferRow.state, [OfferState.FINISHED]),
    )
    .order_by(WriteUpRow.offer_id.desc())
)
_TALK_IS_OVER = (
    select(OfferRow.id)
    .where(OfferRow.id == WriteUpRow.offer_id, one_of(OfferRow.state, [OfferState.FINISHED]))
    .exists()
)
_FINISH = _THIS.where(WriteUpRow.done_at.is_(None), _TALK_IS_OVER)
CALL_OF_TALK = (
    select(PlaceRow.call_id)
    .join(OfferRow, OfferRow.place_id == PlaceRow.id)
    .where(OfferRow.id == bindparam("offer"))
    .scalar_subquery()
)
_PROMISED_AFTER = (
    select(WriteUpRow.offer_id, WriteUpRow.mediator_id, MediatorRow.name)
    .join(OfferRow, OfferRow.id == WriteUpRow.offer_id)
    .join(PlaceRow, PlaceRow.id == OfferRow.place_id)
    .join(MediatorRow, MediatorRow.id == WriteUpRow.mediator_id)
    .where(
        WriteUpRow.ticket_id == bindparam("ticket"),
        WriteUpRow.promised_at >= OfferRow.ended_at,
        WriteUpRow.mediator_id != bindparam("mediator"),
        PlaceRow.call_id == CALL_OF_TALK,
    )
    .order_by(WriteUpRow.promised_at)
)


def start(tx: Tx, offer: OfferId, mediator: MediatorId, topic: str | None, now: datetime) -> None:
    """A talk begins."""
    values = {
        "offer_id": offer,
        "mediator_id": mediator,
        "revision": 0,
        "topic": topic,
        "extended": 0,
        "started_at": now,
    }
    tx.connection.execute(insert(WriteUpRow), values)


def get(tx: Tx, offer: OfferId) -> WriteUp | None:
    row = tx.connection.execute(select(*_COLUMNS).where(WriteUpRow.offer_id == offer)).one_or_none()
    return _opened(tx, row) if row else None


def unfinished(tx: Tx, mediator: MediatorId) -> list[OfferId]:
    """The talks of the mediator that are over and not written up, the latest first."""
    return [OfferId(key) for key in tx.connection.execute(_UNFINISHED, {"mediator": mediator}).scalars()]


def save_note(tx: Tx, offer: OfferId, base: int, note: str) -> bool:
    """Keep the note, which is made of revision `base`; False when there is a newer one."""
    values = {"offer": offer, "base": base, "sealed": tx.sealer.seal(note)}
    return tx.connection.execute(_SAVE, values).rowcount == 1


def finish(
    tx: Tx,
    offer: OfferId,
    disposition: Disposition,
    topic: str | None,
    passed_to: str,
    due_on: date | None,
    now: datetime,
) -> bool:
    """Write down how the talk ended. False while it goes on, or when that is written down already."""
    values = {
        "disposition": disposition,
        "topic": topic,
        "passed_to": tx.sealer.seal(passed_to) if passed_to else None,
        "due_on": due_on,
        "done_at": now,
    }
    if due_on is not None:
        tx.touched.add(CALLBACKS)
    return tx.connection.execute(_FINISH.values(**values), {"offer": offer}).rowcount == 1


def extend(tx: Tx, offer: OfferId) -> None:
    tx.connection.execute(_THIS.values(extended=WriteUpRow.extended + 1), {"offer": offer})


def promise(tx: Tx, offer: OfferId, ticket: TicketId, now: datetime) -> None:
    """The caller of that talk will be called back."""
    tx.touched.add(CALLBACKS)
    tx.connection.execute(_THIS.values(ticket_id=ticket, promised_at=now), {"offer": offer})


def promised_after(tx: Tx, offer: OfferId, mediator: MediatorId, ticket: TicketId) -> list[Promised]:
    """Who had the caller of that talk too, and promised that ticket when theirs was over; the last one last.

    `mediator`: who has that talk, and is left out.
    """
    values = {"offer": offer, "mediator": mediator, "ticket": ticket}
    rows = tx.connection.execute(_PROMISED_AFTER, values)
    return [Promised(OfferId(key), MediatorId(by), name) for key, by, name in rows]


def release(tx: Tx, offer: OfferId) -> None:
    """What was promised by that talk's mediator ends with the talk that is under way, as any promise does."""
    tx.touched.add(CALLBACKS)
    tx.connection.execute(_THIS.values(promised_at=None), {"offer": offer})


def type_number(tx: Tx, ticket: TicketId, offer: OfferId | None) -> None:
    """The number of that ticket was typed for that talk (None: by whoever calls back), and for no other."""
    these = update(WriteUpRow).where(WriteUpRow.ticket_id == ticket)
    tx.connection.execute(these.values(typed=WriteUpRow.offer_id == offer if offer is not None else False))


def promised_by(tx: Tx, mediator: MediatorId) -> set[TicketId]:
    """The tickets, open or closed, by which that mediator promised to call back."""
    mine = select(WriteUpRow.ticket_id).where(
        WriteUpRow.mediator_id == mediator, WriteUpRow.ticket_id.is_not(None)
    )
    return {TicketId(key) for key in tx.connection.execute(mine).scalars() if key is not None}


def _opened(tx: Tx, row: Any) -> WriteUp:
    values = row._asdict()
    for sealed in ("note", "passed_to"):
        values[sealed] = tx.sealer.open(values[sealed]) if values[sealed] else ""
    return WriteUp(**values)
