"""Transfers: a mediator hands a caller on, to a topic's mediators or to one of them."""

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import ForeignKey, String, bindparam, delete, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from hotline.queue.ids import MediatorId, OfferId, PlaceId
from hotline.queue.offers import LIVE, OfferState
from hotline.store.base import Base, one_of
from hotline.store.mediators import MediatorRow
from hotline.store.offers import OfferRow
from hotline.store.transactions import Tx


class TransferRow(Base):
    __tablename__ = "transfers"
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"), primary_key=True, autoincrement=False)
    """The talk that is handed on."""
    topic: Mapped[str | None] = mapped_column(String(64))
    mediator_id: Mapped[int | None] = mapped_column(ForeignKey("mediators.id"))
    asked_at: Mapped[datetime]
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"), index=True)
    """The place in which the caller waits then. None: not carried out yet."""
    taken_back_at: Mapped[datetime | None]
    """Not to be carried out any more, unless the carrier has taken the caller out of the talk already."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """`mediator_id` is asked first; None: whoever suits the topic."""

    offer_id: OfferId
    topic: str | None
    mediator_id: MediatorId | None
    place_id: PlaceId | None
    asked_at: datetime
    taken_back_at: datetime | None

    @property
    def is_pending(self) -> bool:
        """Whether the caller is to be handed on, and is not yet."""
        return self.place_id is None and self.taken_back_at is None


@dataclass(frozen=True, slots=True)
class HandedOn:
    """How a place came about. `to`: the mediator who was named, if one was."""

    by: MediatorId
    to: MediatorId | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked to take a place, or has taken it."""

    mediator: MediatorId
    name: str
    has_taken_it: bool


_COLUMNS = [getattr(TransferRow, one.name) for one in fields(Transfer)]
_OF = select(*_COLUMNS).where(TransferRow.offer_id == bindparam("offer"))
_ASKED = (
    select(OfferRow.mediator_id, MediatorRow.name, OfferRow.state)
    .join(MediatorRow, MediatorRow.id == OfferRow.mediator_id)
    .where(
        OfferRow.place_id == bindparam("place"),
        one_of(OfferRow.state, LIVE | {OfferState.FINISHED}),
        OfferRow.declined_at.is_(None),
    )
    .order_by(OfferRow.id.desc())
    .limit(1)
)
_MADE = (
    select(OfferRow.mediator_id, TransferRow.mediator_id)
    .join(OfferRow, OfferRow.id == TransferRow.offer_id)
    .where(TransferRow.place_id == bindparam("place"))
)


def ask(tx: Tx, offer: OfferId, topic: str | None, mediator: MediatorId | None, now: datetime) -> None:
    """Write down what is wanted; the last word counts."""
    tx.connection.execute(delete(TransferRow).where(TransferRow.offer_id == offer))
    values = {"offer_id": offer, "topic": topic, "mediator_id": mediator, "asked_at": now}
    tx.connection.execute(insert(TransferRow), values)


def of(tx: Tx, offer: OfferId) -> Transfer | None:
    row = tx.connection.execute(_OF, {"offer": offer}).one_or_none()
    return Transfer(*row) if row else None


def take_back(tx: Tx, offer: OfferId, now: datetime) -> bool:
    """The talk is not to be handed on after all. False when it has been, and when nobody wanted it."""
    this = update(TransferRow).where(TransferRow.offer_id == offer)
    pending = this.where(TransferRow.place_id.is_(None), TransferRow.taken_back_at.is_(None))
    return tx.connection.execute(pending.values(taken_back_at=now)).rowcount == 1


def carried_out(tx: Tx, offer: OfferId, place: PlaceId) -> None:
    this = update(TransferRow).where(TransferRow.offer_id == offer)
    tx.connection.execute(this.values(place_id=place))


def made(tx: Tx, place: PlaceId) -> HandedOn | None:
    """The transfer by which the place came about, if it did."""
    row = tx.connection.execute(_MADE, {"place": place}).one_or_none()
    return HandedOn(MediatorId(row[0]), MediatorId(row[1]) if row[1] else None) if row else None


def asked(tx: Tx, place: PlaceId) -> Asked | None:
    """Whose telephone rings for that place, or who has taken it; None: nobody just now."""
    row = tx.connection.execute(_ASKED, {"place": place}).one_or_none()
    if row is None:
        return None
    return Asked(MediatorId(row[0]), row[1], row[2] in (OfferState.ACCEPTED, OfferState.FINISHED))
