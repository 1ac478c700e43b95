"""Offers: a place held out to a mediator."""

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, bindparam, func, insert, or_, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from hotline.queue import offers as rules
from hotline.queue.ids import LegSid, MediatorId, OfferId, PlaceId
from hotline.queue.offers import LIVE, PENDING, OfferState
from hotline.store.base import Base, one_of
from hotline.store.transactions import Tx

_LIVE = text("state IN ('assigned', 'ringing', 'accepted')")
_ACCEPTED = text("state = 'accepted'")


class OfferRow(Base):
    __tablename__ = "offers"
    __table_args__ = (
        Index("uq_offers_live", "mediator_id", unique=True, postgresql_where=_LIVE, sqlite_where=_LIVE),
        Index(
            "uq_offers_accepted", "place_id", unique=True, postgresql_where=_ACCEPTED, sqlite_where=_ACCEPTED
        ),
        Index("ix_offers_place", "place_id", "mediator_id"),
        Index("ix_offers_mediator", "mediator_id", "id"),
        Index("ix_offers_overdue", "expires_at", postgresql_where=_LIVE, sqlite_where=_LIVE),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    mediator_id: Mapped[int] = mapped_column(ForeignKey("mediators.id"))
    state: Mapped[OfferState]
    made_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    """By when it must have been accepted; once it is, by when the talk must be over."""
    ended_at: Mapped[datetime | None]
    again_at: Mapped[datetime | None]
    """Until then the same place is not held out to the same mediator again."""
    leg: Mapped[str | None] = mapped_column(String(64))
    """The mediator's leg."""
    push_failed: Mapped[bool]
    picked_up_at: Mapped[datetime | None]
    """When somebody, or something, first took the telephone up."""
    clicked_at: Mapped[datetime | None]
    """When the mediator said in the dashboard that they take it."""
    declined_at: Mapped[datetime | None]
    """When they said there that they do not; their telephone rings until the carrier has been told."""


@dataclass(frozen=True, slots=True)
class Offer:
    id: OfferId
    place_id: PlaceId
    mediator_id: MediatorId
    state: OfferState
    made_at: datetime
    ended_at: datetime | None
    leg: LegSid | None
    push_failed: bool
    picked_up_at: datetime | None = None
    clicked_at: datetime | None = None
    declined_at: datetime | None = None


COLUMNS = [getattr(OfferRow, one.name) for one in fields(Offer)]
IS_LIVE = one_of(OfferRow.state, LIVE)
_ADD = insert(OfferRow)
_BY_ID = select(*COLUMNS).where(OfferRow.id == bindparam("key"))
_LIVE_OF = (
    select(*COLUMNS)
    .where(OfferRow.place_id == bindparam("place"), IS_LIVE)
    .order_by(OfferRow.id.desc())
    .limit(1)
)
_REFUSED_BY = select(OfferRow.mediator_id).where(
    OfferRow.place_id == bindparam("place"), OfferRow.again_at > bindparam("now")
)
_THIS = update(OfferRow).where(OfferRow.id == bindparam("key"))
_FROM = {state: _THIS.where(one_of(OfferRow.state, rules.before(state))) for state in OfferState}
_RING = _FROM[OfferState.RINGING].values(state=OfferState.RINGING, expires_at=bindparam("by"))
_ACCEPT = _FROM[OfferState.ACCEPTED].values(
    state=OfferState.ACCEPTED,
    leg=bindparam("on_leg"),
    accepted_at=bindparam("now"),
    expires_at=bindparam("by"),
)
_END = {
    state: from_there.values(state=state, ended_at=bindparam("now"), again_at=bindparam("again"))
    for state, from_there in _FROM.items()
}
_PICK_UP = _THIS.where(OfferRow.picked_up_at.is_(None)).values(picked_up_at=bindparam("now"))
_CLICK = _THIS.where(
    one_of(OfferRow.state, PENDING), OfferRow.mediator_id == bindparam("by"), OfferRow.declined_at.is_(None)
).values(clicked_at=bindparam("now"))
_REFUSE = _THIS.where(one_of(OfferRow.state, PENDING)).values(declined_at=bindparam("now"))
_SPARED = (
    select(func.min(OfferRow.id))
    .where(OfferRow.place_id == bindparam("place"), OfferRow.mediator_id == bindparam("mediator"))
    .scalar_subquery()
)
_SPARE_NO_LONGER = (
    update(OfferRow)
    .where(OfferRow.id == _SPARED, OfferRow.leg.is_(None), OfferRow.again_at > bindparam("now"))
    .values(again_at=None)
)
_OF_MEDIATOR = select(*COLUMNS).where(OfferRow.mediator_id == bindparam("mediator"), IS_LIVE)
# one that only spares its mediator a place is over as soon as it is made
_HELD_OUT = or_(OfferRow.made_at < OfferRow.ended_at, one_of(OfferRow.state, [OfferState.FINISHED]))
_LATEST = (
    select(*COLUMNS)
    .where(OfferRow.mediator_id == bindparam("mediator"), OfferRow.ended_at.is_not(None), _HELD_OUT)
    .order_by(OfferRow.id.desc())
    .limit(1)
)
_EXPIRE = _THIS.where(IS_LIVE).values(expires_at=bindparam("by"))


def add(tx: Tx, place: PlaceId, mediator: MediatorId, now: datetime, expires_at: datetime) -> OfferId:
    """Write a new offer, assigned. Raises IntegrityError when the mediator has a live one."""
    values = {
        "place_id": place,
        "mediator_id": mediator,
        "state": OfferState.ASSIGNED,
        "made_at": now,
        "expires_at": expires_at,
        "push_failed": False,
    }
    key = tx.connection.execute(_ADD, values).inserted_primary_key
    assert key is not None
    return OfferId(key[0])


def get(tx: Tx, offer: OfferId) -> Offer | None:
    row = tx.connection.execute(_BY_ID, {"key": offer}).one_or_none()
    return Offer(*row) if row else None


def live_of(tx: Tx, place: PlaceId) -> Offer | None:
    """The live offer of a place: rings go out one at a time."""
    row = tx.connection.execute(_LIVE_OF, {"place": place}).one_or_none()
    return Offer(*row) if row else None


def ring(tx: Tx, offer: OfferId, expires_at: datetime) -> bool:
    return tx.connection.execute(_RING, {"key": offer, "by": expires_at}).rowcount == 1


def accept(tx: Tx, offer: OfferId, leg: LegSid, now: datetime, expires_at: datetime) -> bool:
    """Accept a ringing offer on the mediator's leg; False when it is no longer ringing."""
    values = {"key": offer, "on_leg": leg, "now": now, "by": expires_at}
    return tx.connection.execute(_ACCEPT, values).rowcount == 1


def pick_up(tx: Tx, offer: OfferId, now: datetime) -> bool:
    """Note that the telephone has been taken up; False when that is known."""
    return tx.connection.execute(_PICK_UP, {"key": offer, "now": now}).rowcount == 1


def click(tx: Tx, offer: OfferId, mediator: MediatorId, now: datetime) -> bool:
    """Note that the mediator takes it, by a click.

    False when it is not held out to them any more, or they have said no by another click.
    """
    return tx.connection.execute(_CLICK, {"key": offer, "by": mediator, "now": now}).rowcount == 1


def refuse(tx: Tx, offer: OfferId, now: datetime) -> None:
    """Note that the mediator does not take it, by a click."""
    tx.connection.execute(_REFUSE, {"key": offer, "now": now})


def of_mediator(tx: Tx, mediator: MediatorId) -> Offer | None:
    """The live offer of a mediator: there is one at most."""
    row = tx.connection.execute(_OF_MEDIATOR, {"mediator": mediator}).one_or_none()
    return Offer(*row) if row else None


def latest_of(tx: Tx, mediator: MediatorId) -> Offer | None:
    """The offer of a mediator that ended last."""
    row = tx.connection.execute(_LATEST, {"mediator": mediator}).one_or_none()
    return Offer(*row) if row else None


def expire(tx: Tx, offer: OfferId, at: datetime) -> None:
    """Let a live offer become overdue then."""
    tx.connection.execute(_EXPIRE, {"key": offer, "by": at})


def end(tx: Tx, offer: OfferId, state: OfferState, now: datetime, again_at: datetime | None = None) -> bool:
    """End the offer as `state`; False when the rules do not allow it from where it is."""
    values = {"key": offer, "now": now, "again": again_at}
    return tx.connection.execute(_END[state], values).rowcount == 1


def note_push_failed(tx: Tx, offer: OfferId) -> None:
    tx.connection.execute(update(OfferRow).where(OfferRow.id == offer).values(push_failed=True))


def spare(tx: Tx, place: PlaceId, mediator: MediatorId, now: datetime, until: datetime) -> None:
    """Do not hold that new place out to that mediator until then: as if they had declined it."""
    values = {
        "place_id": place,
        "mediator_id": mediator,
        "state": OfferState.DECLINED,
        "made_at": now,
        "ended_at": now,
        "again_at": until,
        "push_failed": False,
    }
    tx.connection.execute(_ADD, values)


def spare_no_longer(tx: Tx, place: PlaceId, mediator: MediatorId, now: datetime) -> bool:
    """Hold it out to them after all; False when they are not spared. What they declined since stays so."""
    values = {"place": place, "mediator": mediator, "now": now}
    return tx.connection.execute(_SPARE_NO_LONGER, values).rowcount == 1


def refused_by(tx: Tx, place: PlaceId, now: datetime) -> frozenset[MediatorId]:
    """Who had this place a moment ago and is not to be rung for it again yet."""
    found = tx.connection.execute(_REFUSED_BY, {"place": place, "now": now})
    return frozenset(MediatorId(one) for one in found.scalars())
