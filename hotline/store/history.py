"""Questions that span calls, places and offers."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, bindparam, or_, select

from hotline.queue.ids import LegSid, MediatorId
from hotline.queue.mediators import Availability
from hotline.queue.offers import OfferState
from hotline.store.base import one_of
from hotline.store.calls import CallRow
from hotline.store.mediators import RESTED, MediatorRow
from hotline.store.offers import COLUMNS, IS_LIVE, Offer, OfferRow
from hotline.store.places import FETCHABLE, PlaceRow
from hotline.store.transactions import Tx

LONGEST_CALL: Final = timedelta(hours=8)
"""A call that began before that has ended, whatever the carrier has told us: its own limit is shorter."""

_LATE = and_(IS_LIVE, OfferRow.expires_at <= bindparam("now"))
_FORGOTTEN = and_(CallRow.ended_at.is_(None), CallRow.started_at <= bindparam("long_ago"))
_OVERDUE = (
    select(*COLUMNS)
    .join(PlaceRow, PlaceRow.id == OfferRow.place_id)
    .join(CallRow, CallRow.id == PlaceRow.call_id)
    .join(MediatorRow, MediatorRow.id == OfferRow.mediator_id)
    .where(_LATE)
    .order_by(OfferRow.expires_at)
    .limit(100)
    .with_for_update(of=[CallRow, MediatorRow], skip_locked=True, key_share=True)
)
_ANYTHING_DUE = select(
    or_(
        and_(
            select(PlaceRow.id).where(FETCHABLE).exists(),
            select(MediatorRow.id).where(one_of(MediatorRow.availability, [Availability.AVAILABLE])).exists(),
        ),
        select(MediatorRow.id).where(RESTED).exists(),
        select(OfferRow.id).where(_LATE).exists(),
        select(CallRow.id).where(_FORGOTTEN).exists(),
    )
)
_HELPED_LAST = (
    select(OfferRow.mediator_id)
    .join(PlaceRow, PlaceRow.id == OfferRow.place_id)
    .join(CallRow, CallRow.id == PlaceRow.call_id)
    .where(
        CallRow.number_index == bindparam("number_index"),
        OfferRow.state == OfferState.FINISHED,
        OfferRow.ended_at > bindparam("since"),
    )
    .order_by(OfferRow.ended_at.desc())
    .limit(1)
)


def overdue(tx: Tx, now: datetime) -> list[Offer]:
    """Offers that nobody accepted in time.

    Their calls and mediators are locked, passing over those just being changed: who asks has the match lock,
    and whoever is waited for then may be waiting for that.
    """
    return [Offer(*row) for row in tx.connection.execute(_OVERDUE, {"now": now})]


def anything_due(tx: Tx, now: datetime) -> bool:
    """Whether a sweep has anything to do: a caller and a free mediator, a rest that is over, a late offer."""
    values = {"now": now, "long_ago": now - LONGEST_CALL}
    return bool(tx.connection.execute(_ANYTHING_DUE, values).scalar_one())


def forgotten_legs(tx: Tx, now: datetime) -> list[LegSid]:
    """Calls whose end we were never told of."""
    found = select(CallRow.leg).where(_FORGOTTEN).order_by(CallRow.started_at).limit(100)
    legs = tx.connection.execute(found, {"long_ago": now - LONGEST_CALL}).scalars()
    return [LegSid(leg) for leg in legs]


def helped_last(tx: Tx, number_index: bytes, since: datetime) -> MediatorId | None:
    """Who talked last with the caller of that number, if it was after `since`."""
    values = {"number_index": number_index, "since": since}
    key = tx.connection.execute(_HELPED_LAST, values).scalar_one_or_none()
    return MediatorId(key) if key is not None else None
