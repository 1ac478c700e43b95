"""A mediator promises to call back: a ticket made of a talk, with the code to say at once.

While the talk lasts the ticket goes with the caller's place; after it, it has a place of its own.
"""

from dataclasses import replace

from hotline.queue.ids import PlaceId, TicketId
from hotline.queue.offers import OfferState
from hotline.queue.places import PlaceKind, PlaceState
from hotline.store import calls, places, tickets, write_ups
from hotline.store.calls import Call
from hotline.store.offers import Offer
from hotline.store.places import Place
from hotline.store.tickets import Ticket
from hotline.switchboard.codes import new_code
from hotline.switchboard.moment import Moment


def promise(m: Moment, offer: Offer, number: str | None) -> Ticket | None:
    """The ticket by which the caller of that talk is called back; once more is the same ticket.

    `number`: where, if they said one; None: the number they call from. None is returned when there is
    neither. Whoever talked with them is asked first.
    """
    place = places.get(m.tx, offer.place_id)
    call = calls.lock_by_id(m.tx, place.call_id)
    written = write_ups.get(m.tx, offer.id)
    assert written is not None
    key = written.ticket_id or _ticket(m, place, call, number)
    if key is None:
        return None
    if number is not None:
        tickets.set_number(m.tx, key, number)
    if written.ticket_id is None:
        write_ups.promise(m.tx, offer.id, key)
        m.note(call.id, "callback_promised", {"mediator": offer.mediator_id})
        if offer.state is OfferState.ACCEPTED:
            places.set_ticket(m.tx, place.id, key)
        else:
            stand(m, place, offer, key)
    return tickets.get(m.tx, key)


def is_promised(m: Moment, offer: Offer, ticket: TicketId) -> bool:
    """Whether that ticket was promised in the talk of that offer."""
    written = write_ups.get(m.tx, offer.id)
    return written is not None and written.ticket_id == ticket


def stand(m: Moment, place: Place, offer: Offer, ticket: TicketId) -> None:
    """The talk in that place is over: whoever is promised a callback waits in a place of their own."""
    promised = replace(
        place,
        id=PlaceId(0),
        kind=PlaceKind.CALLBACK,
        ticket_id=ticket,
        state=PlaceState.WAITING,
        reachable=False,
        queued_at=m.now,
        previous_id=offer.mediator_id,
    )
    places.add(m.tx, promised)


def _ticket(m: Moment, place: Place, call: Call, number: str | None) -> TicketId | None:
    """The ticket that stands for them already, or a new one."""
    if place.ticket_id is not None and place.state is PlaceState.CONNECTED:
        return place.ticket_id
    reached = number or calls.number(m.tx, call.id)
    if reached is None:
        return None
    key = tickets.add(
        m.tx, call.id, call.line, place.topic, place.language, new_code(), call.number_index, m.now
    )
    tickets.set_number(m.tx, key, reached)
    return key
