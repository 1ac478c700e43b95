"""Calls that are open for us and of which the carrier has said nothing for a while."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select, update

from hotline.queue.ids import CallId, LegSid, OfferId
from hotline.queue.offers import OfferState
from hotline.store.calls import CallRow
from hotline.store.offers import OfferRow
from hotline.store.places import PlaceRow
from hotline.store.transactions import Tx

_heard_of = func.coalesce(CallRow.checked_at, CallRow.started_at)


@dataclass(frozen=True, slots=True)
class SilentCall:
    id: CallId
    leg: LegSid
    offer: OfferId | None
    mediator_leg: LegSid | None
    """The leg of the mediator who talks with the caller."""


def open_calls(tx: Tx, before: datetime, limit: int) -> list[SilentCall]:
    """Open calls that began before then and were not asked about since; the longest silent first."""
    talks = and_(OfferRow.place_id == PlaceRow.id, OfferRow.state == OfferState.ACCEPTED)
    found = (
        select(CallRow.id, CallRow.leg, OfferRow.id, OfferRow.leg)
        .outerjoin(PlaceRow, and_(PlaceRow.call_id == CallRow.id, PlaceRow.ended_at.is_(None)))
        .outerjoin(OfferRow, talks)
        .where(CallRow.ended_at.is_(None), _heard_of <= before)
        .order_by(_heard_of, CallRow.id)
        .limit(limit)
    )
    return [
        SilentCall(
            CallId(call),
            LegSid(leg),
            OfferId(offer) if other else None,
            LegSid(other) if other else None,
        )
        for call, leg, offer, other in tx.connection.execute(found)
    ]


def claim(tx: Tx, call: CallId, before: datetime, now: datetime) -> bool:
    """Be the one who asks the carrier now; False when another worker does."""
    this = update(CallRow).where(CallRow.id == call, CallRow.ended_at.is_(None), _heard_of <= before)
    return tx.connection.execute(this.values(checked_at=now)).rowcount == 1
