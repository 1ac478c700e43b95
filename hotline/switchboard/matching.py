"""Brings a waiting caller and a free mediator together, whichever of the two came last."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from hotline.queue import routing
from hotline.queue.ids import MediatorId, OfferId, PlaceId
from hotline.queue.mediators import Availability, Standing
from hotline.queue.offers import OfferState
from hotline.queue.places import PlaceState
from hotline.queue.routing import Need
from hotline.store import candidates, history, mediators, offers, places, switch
from hotline.store.places import Place
from hotline.switchboard import offering, talks, transfers
from hotline.switchboard.moment import Moment

FETCHED_WITHIN: Final = timedelta(seconds=25)
"""A caller in hold hears of an offer by a push or at the next wait turn; after that it is held out anew."""
A_SWEEP: Final = 200


def for_place(m: Moment, place: Place) -> OfferId | None:
    """An offer of this waiting place, if a suitable mediator is free now.

    Whoever has waited longer goes first: such a caller is fetched, and the search goes on. Whoever came later
    goes after, also where a mediator's rest has just ended: this place may not be one to be fetched yet.
    """
    others = _under_the_lock(m)
    # until we had the lock another one may have matched the place
    made = offers.live_of(m.tx, place.id)
    offer = made.id if made is not None else _serve(m, place)
    _serve_those(m, *others)
    return offer


def for_mediator(m: Moment, mediator: MediatorId) -> None:
    """Hold out the oldest place that suits a mediator who has become free."""
    _serve_those(m, *_under_the_lock(m))
    _serve_by(m, mediator)


def sweep(m: Moment) -> None:
    """Match everyone who waits: shifts begin and pauses end by time alone."""
    _serve_those(m, *_under_the_lock(m))
    for place in places.waiting(m.tx, A_SWEEP):
        _serve_waiting(m, place)


def again(m: Moment, place: Place) -> None:
    """Match a place that was locked for something else: whoever has matched meanwhile passed it over."""
    _serve_those(m, *_under_the_lock(m))
    _serve_waiting(m, place)


def need_of(m: Moment, place: Place) -> Need:
    """What routing needs to know of a place."""
    return Need(place.language, place.skill, place.previous_id, offers.refused_by(m.tx, place.id, m.now))


def _under_the_lock(m: Moment) -> tuple[list[MediatorId], list[PlaceId]]:
    """Take the lock; whose rest is over, and the places that nobody took in time."""
    switch.take(m.tx)
    overdue = history.overdue(m.tx, m.now)
    for offer in overdue:
        if offer.state is OfferState.ACCEPTED:
            talks.forgotten(m, offer)
        else:
            offering.overdue(m, offer)
    return mediators.release(m.tx, m.now), [offer.place_id for offer in overdue]


def _serve_those(m: Moment, rested: Iterable[MediatorId], waiting: Iterable[PlaceId]) -> None:
    for mediator in rested:
        _serve_by(m, mediator)
    for place in waiting:
        _serve_waiting(m, places.get(m.tx, place))


def _serve(m: Moment, place: Place) -> OfferId | None:
    while True:
        need = need_of(m, place)
        chosen = routing.decide(need, candidates.free(m.tx, need, m.now))
        if transfers.comes_back(m, place, need, chosen):
            place = places.get(m.tx, place.id)
            continue
        if chosen is None:
            return None
        older = places.oldest_for(m.tx, chosen, m.now)
        if older is None or (older.queued_at, older.id) >= (place.queued_at, place.id):
            return _assign(m, place, chosen)
        m.fetch(_assign(m, older, chosen))


def _serve_waiting(m: Moment, place: Place) -> None:
    fresh = places.get(m.tx, place.id)
    if fresh.state is PlaceState.WAITING and fresh.reachable:
        offer = _serve(m, place)
        if offer is not None:
            m.fetch(offer)


def _serve_by(m: Moment, mediator: MediatorId) -> None:
    if not candidates.is_free(m.tx, mediator, m.now):
        return
    place = places.oldest_for(m.tx, mediator, m.now)
    if place is not None:
        m.fetch(_assign(m, place, mediator))


def _assign(m: Moment, place: Place, mediator: MediatorId) -> OfferId:
    offer = offers.add(m.tx, place.id, mediator, m.now, m.now + FETCHED_WITHIN)
    known = mediators.get(m.tx, mediator)
    offered = Standing(Availability.OFFERED, None, known.misses if known else 0)
    moved = mediators.claim(m.tx, mediator, [Availability.AVAILABLE], offered, m.now)
    if not (moved and places.claim(m.tx, place.id, PlaceState.OFFERED)):
        raise RuntimeError(f"offer {offer} was made of what was not free")
    m.note(place.call_id, "offer_made", {"mediator": mediator})
    return offer
