"""Fetches a caller from hold: asks the carrier, outside any transaction, to request the next turn."""

import logging

from hotline.queue.alarms import Kind
from hotline.queue.ids import LegSid, OfferId
from hotline.queue.offers import OfferState
from hotline.store import calls, offers, places, transfers
from hotline.store.offers import Offer
from hotline.store.transactions import Store, Tx
from hotline.switchboard import alarms, leaving
from hotline.switchboard.lines import Lines
from hotline.switchboard.moment import Moment
from hotline.switchboard.ports import Carrier, CarrierTrouble, Clock, Jobs, LegEnded

log = logging.getLogger(__name__)


def push(store: Store, carrier: Carrier, lines: Lines, jobs: Jobs, clock: Clock, offer: OfferId) -> None:
    """Push the caller of an offer, if there is somewhere for them to go. Done twice, it is done once."""
    with store.reading() as tx:
        leg = _leg(tx, offer)
    if leg is None:
        return
    try:
        carrier.push(leg, offer)
    except LegEnded:
        store.run(lambda tx: leaving.caller_left(Moment(tx, clock.now(), lines, jobs), leg))
    except CarrierTrouble as error:
        log.warning("push of offer %s failed: %s", offer, error)
        reason = str(error)[:200]
        store.run(lambda tx: _failed(Moment(tx, clock.now(), lines, jobs), offer, reason))


def _failed(m: Moment, offer: OfferId, reason: str) -> None:
    offers.note_push_failed(m.tx, offer)
    alarms.raise_(m, Kind.REST_FAILING, "", reason)


def _leg(tx: Tx, offer_id: OfferId) -> LegSid | None:
    offer = offers.get(tx, offer_id)
    if offer is None or not _moves(tx, offer):
        return None
    place = places.get(tx, offer.place_id)
    call = calls.get(tx, place.call_id)
    return call.leg if call.ended_at is None else None


def _moves(tx: Tx, offer: Offer) -> bool:
    """Whether the caller is to be fetched: from hold, from a ringing that was declined, or from a talk."""
    match offer.state:
        case OfferState.ASSIGNED:
            return True
        case OfferState.RINGING:
            return offer.declined_at is not None
        case OfferState.ACCEPTED:
            wanted = transfers.of(tx, offer.id)
            return wanted is not None and wanted.is_pending
        case _:
            return False
