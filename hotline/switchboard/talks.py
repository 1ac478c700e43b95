"""A talk between a caller and a mediator: its end, and one that never came about."""

from hotline.ivr.script import Script
from hotline.queue.ids import TicketId
from hotline.queue.mediators import Availability, Standing
from hotline.queue.offers import OfferState
from hotline.queue.places import PlaceEnd, PlaceState
from hotline.queue.tickets import TicketState
from hotline.store import mediators, offers, places, tickets
from hotline.store.calls import Call
from hotline.store.offers import Offer
from hotline.store.places import Place
from hotline.switchboard import follow_ups, offering
from hotline.switchboard.moment import Moment


def ended(
    m: Moment,
    call: Call,
    place: Place,
    offer: Offer,
    script: Script,
    *,
    handed_on: bool = False,
    untold: bool = False,
) -> None:
    """Either side has hung up: the mediator has time to write things down.

    `handed_on`: the caller goes on to somebody else, and their ticket with them. `untold`: it is not known
    when.
    """
    if not offers.end(m.tx, offer.id, OfferState.FINISHED, m.now):
        return
    places.end(m.tx, place.id, PlaceEnd.ANSWERED, m.now)
    if place.ticket_id is not None and not handed_on:
        _settle(m, place, offer, place.ticket_id, untold=untold)
    m.note(call.id, "talked", {"mediator": offer.mediator_id})
    _wrap_up(m, offer, script)


def never_bridged(m: Moment, call: Call, place: Place, offer: Offer) -> None:
    """Accepted, but the carrier did not connect the two: the place waits on with its `queued_at`."""
    offering.withdraw(m, call, offer)
    places.claim(m.tx, place.id, PlaceState.WAITING)


def forgotten(m: Moment, offer: Offer) -> None:
    """The carrier said that the mediator's leg is over and then nothing more, or nothing for far too long."""
    _, place, call = offering.locked(m, offer.id)
    ended(m, call, place, offer, m.lines.script(m.tx, call.script))


def _settle(m: Moment, place: Place, offer: Offer, ticket: TicketId, *, untold: bool) -> None:
    keeper = follow_ups.keeper(m, offer, ticket)
    if untold or keeper is not None or follow_ups.was_short(m, offer):
        follow_ups.stand(m, place, ticket, keeper or offer.mediator_id)
    else:
        # they were to be called back, and have been helped before that, unless it is written up otherwise
        tickets.move(m.tx, ticket, TicketState.CLOSED, m.now)


def _wrap_up(m: Moment, offer: Offer, script: Script) -> None:
    # the end of wrap-up, be it at once, is the sweep's to see
    standing = Standing(Availability.WRAP_UP, m.now + script.timings.wrap_up)
    mediators.claim(m.tx, offer.mediator_id, [Availability.ON_CALL], standing, m.now)
