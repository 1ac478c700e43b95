"""What becomes of an offer until it is accepted: ringing, accepted, declined, missed, withdrawn, overdue."""

from datetime import timedelta
from typing import Final

from hotline.ivr.script import Script
from hotline.queue.ids import LegSid, OfferId
from hotline.queue.mediators import Availability, Standing, after_offer
from hotline.queue.offers import OfferState
from hotline.queue.places import PlaceState
from hotline.store import calls, mediators, offers, places, write_ups
from hotline.store.calls import Call
from hotline.store.offers import Offer
from hotline.store.places import Place
from hotline.store.topics import of_mediator
from hotline.switchboard.moment import Moment

CARRIER_SLACK: Final = timedelta(seconds=5)
A_WHISPER: Final = timedelta(seconds=15)
"""The longest that a whisper takes to say."""


class Taken(Exception):
    """The offer can no longer be accepted: the transaction is rolled back, and the mediator is told."""


def ring(m: Moment, call: Call, script: Script, offer: Offer) -> None:
    """The mediator's telephone is about to ring, from the caller's leg."""
    timings = script.timings
    whisper = script.whisper_tries * (timings.whisper_silence + A_WHISPER)
    offers.ring(m.tx, offer.id, m.now + timings.ring + CARRIER_SLACK + whisper)
    places.reach(m.tx, offer.place_id, reachable=False)
    m.tx.touched.add(of_mediator(offer.mediator_id))
    m.note(call.id, "ringing", {"mediator": offer.mediator_id})


def accept(m: Moment, offer_id: OfferId, leg: LegSid) -> None:
    """The mediator takes the call: offer, place and mediator move together or not at all.

    Once more on the same leg is the same acceptance. Raises Taken.
    """
    offer, place, call = locked(m, offer_id)
    if offer.state is OfferState.ACCEPTED and offer.leg == leg:
        return
    talking = Standing(Availability.ON_CALL)
    over_by = m.now + m.lines.script(m.tx, call.script).timings.longest_talk + CARRIER_SLACK
    accepted = (
        call.ended_at is None
        and offers.accept(m.tx, offer.id, leg, m.now, over_by)
        and places.claim(m.tx, place.id, PlaceState.CONNECTED)
        and mediators.claim(m.tx, offer.mediator_id, [Availability.OFFERED], talking, m.now)
    )
    if not accepted:
        raise Taken(offer_id)
    write_ups.start(m.tx, offer.id, offer.mediator_id, place.topic, m.now)
    m.note(call.id, "accepted", {"mediator": offer.mediator_id})


def decline(m: Moment, offer_id: OfferId) -> None:
    """The mediator says no, which they may."""
    offer, place, call = locked(m, offer_id)
    if _come_to_nothing(m, call, offer, OfferState.DECLINED):
        places.claim(m.tx, place.id, PlaceState.WAITING)


def not_taken(m: Moment, offer: Offer, why: str) -> None:
    """The ring is over, and nobody took it: declined by a click before, or a miss."""
    if offer.declined_at is not None:
        decline(m, offer.id)
    else:
        miss(m, offer.id, why)


def fetched_from(m: Moment, call: Call) -> None:
    """A push has fetched the caller: from a ringing that the mediator has declined, it is declined now."""
    place = places.open_of(m.tx, call.id)
    live = offers.live_of(m.tx, place.id) if place is not None else None
    if live is not None and live.state is OfferState.RINGING and live.declined_at is not None:
        decline(m, live.id)


def miss(m: Moment, offer_id: OfferId, why: str) -> None:
    """Nobody took it: busy, unanswered, or somebody who pressed nothing."""
    offer, place, call = locked(m, offer_id)
    if _come_to_nothing(m, call, offer, OfferState.EXPIRED, why):
        places.claim(m.tx, place.id, PlaceState.WAITING)


def withdraw(m: Moment, call: Call, offer: Offer) -> None:
    """The caller has gone, or the two were never bridged: not the mediator's doing."""
    _come_to_nothing(m, call, offer, OfferState.WITHDRAWN)


def overdue(m: Moment, offer: Offer) -> None:
    """The time for accepting is over and the carrier has said nothing.

    Nobody's miss: perhaps it never rang, perhaps the two are talking and the carrier could not ask. The place
    waits again; a caller whose mediator was being rung is not fetched: their own next turn asks.
    """
    place = places.get(m.tx, offer.place_id)
    call = calls.lock_by_id(m.tx, place.call_id)
    if _come_to_nothing(m, call, offer, OfferState.WITHDRAWN, "overdue"):
        places.claim(m.tx, place.id, PlaceState.WAITING)


def locked(m: Moment, offer_id: OfferId) -> tuple[Offer, Place, Call]:
    """The offer, its place and its call, with the call locked. Raises Taken when there is no such offer."""
    offer = offers.get(m.tx, offer_id)
    if offer is None:
        raise Taken(offer_id)
    call = calls.lock_by_id(m.tx, places.get(m.tx, offer.place_id).call_id)
    fresh = offers.get(m.tx, offer_id)
    assert fresh is not None
    return fresh, places.get(m.tx, offer.place_id), call


def _come_to_nothing(m: Moment, call: Call, offer: Offer, state: OfferState, why: str = "") -> bool:
    script = m.lines.script(m.tx, call.script)
    again_at = m.now + script.timings.refused_pause if state is not OfferState.WITHDRAWN else None
    if not offers.end(m.tx, offer.id, state, m.now, again_at):
        return False
    mediator = mediators.get(m.tx, offer.mediator_id)
    assert mediator is not None
    standing = after_offer(
        mediator.misses, missed=state is OfferState.EXPIRED, now=m.now, patience=script.patience
    )
    held = [Availability.OFFERED, Availability.ON_CALL]
    mediators.claim(m.tx, offer.mediator_id, held, standing, m.now)
    m.note(call.id, f"offer_{state}", {"mediator": offer.mediator_id} | ({"why": why} if why else {}))
    return True
