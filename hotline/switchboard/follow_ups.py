"""A mediator promises to call back: a ticket made of a talk, with the code to say while it lasts.

While the caller is on the line the ticket goes with their place; after it, it has a place of its own. One
that was promised by whoever had handed the caller on is kept when the other talk ends.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from hotline.queue.ids import MediatorId, OfferId, PlaceId, TicketId
from hotline.queue.offers import OfferState
from hotline.queue.places import PlaceEnd, PlaceKind, PlaceState
from hotline.queue.tickets import TicketState
from hotline.store import callbacks, calls, places, tickets, write_ups
from hotline.store.calls import Call
from hotline.store.offers import Offer
from hotline.store.places import Place
from hotline.store.tickets import Ticket
from hotline.store.topics import of_mediator
from hotline.switchboard import claiming, offering
from hotline.switchboard.codes import new_code
from hotline.switchboard.moment import Moment

SHORT_TALK: Final = timedelta(seconds=30)
"""From the mediator's accept. After a shorter one a promised callback stands, unless it is written up so."""


def promise(m: Moment, offer_id: OfferId, number: str | None) -> Ticket | None:
    """The ticket by which the caller of that talk is called back.

    Once more is the same ticket, which is due again where it was closed meanwhile.
    `number`: where, if they said one; None: the number they call from. None is returned when there is
    neither. Whoever talked with them is asked first.
    """
    offer, place, call = offering.locked(m, offer_id)
    written = write_ups.get(m.tx, offer.id)
    assert written is not None
    if written.ticket_id is not None:
        key: TicketId | None = _once_more(m, offer, place, call, written.ticket_id)
    else:
        key = _ticket(m, offer, place, call, number)
    if key is None:
        return None
    write_ups.promise(m.tx, offer.id, key, m.now)
    if written.ticket_id != key:
        m.note(call.id, "callback_promised", {"mediator": offer.mediator_id})
    if number is not None:
        typed(m, key, number, offer.id)
    _correct(m, place, call, key, written.topic)
    if offer.state is OfferState.ACCEPTED:
        tickets.tell(m.tx, key)
    return tickets.get(m.tx, key)


def typed(m: Moment, ticket: TicketId, number: str, offer: OfferId | None) -> None:
    """Somebody of ours has typed where to call back: in that talk, or (None) when they called back."""
    tickets.set_number(m.tx, ticket, number, m.now)
    write_ups.type_number(m.tx, ticket, offer)


def did_not_help(m: Moment, offer_id: OfferId) -> None:
    """That talk has helped nobody: a promised callback that was closed with its end is due again."""
    offer, place, call = offering.locked(m, offer_id)
    if place.ticket_id is None or offer.ended_at is None or callbacks.of_call(m.tx, call.id) is not None:
        return
    if tickets.due_again(m.tx, place.ticket_id, offer.ended_at):
        before = place.previous_id if place.previous_id != offer.mediator_id else None
        stand(m, place, place.ticket_id, before)


def helped(m: Moment, offer_id: OfferId) -> None:
    """That talk, however short, has helped: a callback that outlived it is not due any more."""
    offer, place, _ = offering.locked(m, offer_id)
    if place.ticket_id is None or offer.ended_at is None or keeper(m, offer, place.ticket_id) is not None:
        return
    waits = callbacks.of_ticket(m.tx, place.ticket_id)
    stands = places.get(m.tx, waits) if waits is not None else None
    # not if they have rung again since, and were promised it anew
    if stands is not None and (stands.call_id, stands.queued_at) == (place.call_id, offer.ended_at):
        places.end(m.tx, stands.id, PlaceEnd.ANSWERED, m.now)
        tickets.move(m.tx, place.ticket_id, TicketState.CLOSED, m.now)
        claiming.settled(m, place.ticket_id)


def was_short(m: Moment, offer: Offer) -> bool:
    """Whether the talk that ends now was too short to have helped anybody: a line that drops at once."""
    written = write_ups.get(m.tx, offer.id)
    return written is not None and m.now - written.started_at < SHORT_TALK


def needs_no_callback(m: Moment, offer_id: OfferId) -> bool:
    """Whoever had the caller after that says that the callback is needed no more; False: nobody had kept it.

    While they talk, their talk replaces it, as it does any other; after it, it is done.
    """
    offer, place, call = offering.locked(m, offer_id)
    if place.ticket_id is None:
        return False
    kept = write_ups.promised_after(m.tx, offer.id, offer.mediator_id, place.ticket_id)
    for one in kept:
        write_ups.release(m.tx, one.offer_id)
        m.tx.touched.add(of_mediator(one.mediator_id))
    if kept:
        m.note(call.id, "callback_released", {"mediator": offer.mediator_id})
        helped(m, offer_id)
    return bool(kept)


def keeper(m: Moment, offer: Offer, ticket: TicketId) -> MediatorId | None:
    """Whose promise outlives that talk: who made it there, or handed the caller on and made it after that."""
    written = write_ups.get(m.tx, offer.id)
    if written is not None and written.ticket_id == ticket:
        return offer.mediator_id
    kept = write_ups.promised_after(m.tx, offer.id, offer.mediator_id, ticket)
    return kept[-1].mediator_id if kept else None


def stand(m: Moment, place: Place, ticket: TicketId, previous: MediatorId | None) -> None:
    """The talk in that place is over: whoever is promised a callback waits in a place of their own.

    `previous`: who is asked first if they ring again before.
    """
    promised = replace(
        place,
        id=PlaceId(0),
        kind=PlaceKind.CALLBACK,
        ticket_id=ticket,
        state=PlaceState.WAITING,
        reachable=False,
        queued_at=m.now,
        previous_id=previous,
    )
    places.add(m.tx, promised)


def _ticket(m: Moment, offer: Offer, place: Place, call: Call, number: str | None) -> TicketId | None:
    """The ticket that stands for them already, or a new one; it has a place then."""
    here = places.open_of(m.tx, call.id)
    if here is not None:
        return here.ticket_id or _go_with(m, here, _new(m, place, call, number))
    later = callbacks.of_call(m.tx, call.id)
    if later is not None:
        return later[1]
    key = place.ticket_id or _new(m, place, call, number)
    # one that this talk has closed is due again; one that is due has a place
    if key is not None and (place.ticket_id is None or _is_due_again(m, key)):
        stand(m, place, key, offer.mediator_id)
    return key


def _once_more(m: Moment, offer: Offer, place: Place, call: Call, ticket: TicketId) -> TicketId:
    """The ticket of this talk's promise; where it was closed, the one that stands for the call by now."""
    promised = tickets.get(m.tx, ticket)
    if promised is None or promised.state is not TicketState.CLOSED:
        return ticket
    later = callbacks.of_call(m.tx, call.id)
    if later is not None:
        return later[1]
    if _is_due_again(m, ticket):
        stand(m, place, ticket, offer.mediator_id)
    return ticket


def _correct(m: Moment, place: Place, call: Call, ticket: TicketId, topic: str | None) -> None:
    """It was about another topic than they had chosen: those who know that one call back."""
    found = m.lines.script(m.tx, call.script).topic(topic) if topic != place.topic else None
    waits = callbacks.of_ticket(m.tx, ticket) if found is not None else None
    if found is not None and waits is not None:
        callbacks.set_topic(m.tx, waits, found.name, found.skill)
        tickets.set_topic(m.tx, ticket, found.name)


def _go_with(m: Moment, place: Place, ticket: TicketId | None) -> TicketId | None:
    if ticket is not None:
        places.set_ticket(m.tx, place.id, ticket)
    return ticket


def _is_due_again(m: Moment, ticket: TicketId) -> bool:
    return tickets.move(m.tx, ticket, TicketState.CALLBACK_DUE, m.now)


def _new(m: Moment, place: Place, call: Call, number: str | None) -> TicketId | None:
    reached = number or calls.number(m.tx, call.id)
    if reached is None:
        return None
    told_to = call.number_index
    key = tickets.add(m.tx, call.id, call.line, place.topic, place.language, new_code(), told_to, m.now)
    tickets.set_number(m.tx, key, reached)
    return key
