"""Write-ups: what a mediator notes of a talk, while it lasts and after it."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, bindparam, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from hotline.queue.dispositions import Disposition
from hotline.queue.ids import MediatorId, OfferId, TicketId
from hotline.queue.offers import OfferState
from hotline.store.base import Base, one_of
from hotline.store.offers import OfferRow
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
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    """By which the mediator promised to call back."""
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
    started_at: datetime
    done_at: datetime | None


_COLUMNS = [getattr(WriteUpRow, one.name) for one in fields(WriteUp)]
_THIS = update(WriteUpRow).where(WriteUpRow.offer_id == bindparam("offer"))
_SAVE = _THIS.where(WriteUpRow.revision == bindparam("base")).values(
    note=bindparam("sealed"), revision=bindparam("next")
)
_OPEN = (
    select(*_COLUMNS)
    .join(OfferRow, OfferRow.id == WriteUpRow.offer_id)
    .where(
        WriteUpRow.mediator_id == bindparam("mediator"),
        WriteUpRow.done_at.is_(None),
        one_of(OfferRow.state, [OfferState.ACCEPTED, OfferState.FINISHED]),
    )
    .order_by(WriteUpRow.offer_id.desc())
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


def open_of(tx: Tx, mediator: MediatorId) -> list[WriteUp]:
    """Those that the mediator has not finished, the latest first."""
    return [_opened(tx, row) for row in tx.connection.execute(_OPEN, {"mediator": mediator})]


def save_note(tx: Tx, offer: OfferId, base: int, note: str) -> bool:
    """Keep the note, which is made of revision `base`; False when there is a newer one."""
    values = {"offer": offer, "base": base, "next": base + 1, "sealed": tx.sealer.seal(note)}
    return tx.connection.execute(_SAVE, values).rowcount == 1


def finish(
    tx: Tx,
    offer: OfferId,
    disposition: Disposition,
    topic: str | None,
    passed_to: str,
    due_on: date | None,
    now: datetime,
) -> None:
    values = {
        "disposition": disposition,
        "topic": topic,
        "passed_to": tx.sealer.seal(passed_to) if passed_to else None,
        "due_on": due_on,
        "done_at": now,
    }
    tx.connection.execute(_THIS.values(**values), {"offer": offer})


def extend(tx: Tx, offer: OfferId) -> None:
    tx.connection.execute(_THIS.values(extended=WriteUpRow.extended + 1), {"offer": offer})


def promise(tx: Tx, offer: OfferId, ticket: TicketId) -> None:
    """The caller of that talk will be called back."""
    tx.connection.execute(_THIS.values(ticket_id=ticket), {"offer": offer})


def _opened(tx: Tx, row: Any) -> WriteUp:
    values = row._asdict()
    for sealed in ("note", "passed_to"):
        values[sealed] = tx.sealer.open(values[sealed]) if values[sealed] else ""
    return WriteUp(**values)
