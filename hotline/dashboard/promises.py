"""What a caller has been promised: which code belongs to which matter, and which one is to be said."""

from dataclasses import dataclass
from datetime import datetime

from hotline.dashboard import words
from hotline.ivr.script import Script
from hotline.queue.ids import TicketId
from hotline.store import desk, places, tickets, write_ups
from hotline.store.desk import Offered, OpenTicket
from hotline.store.tickets import Ticket
from hotline.store.transactions import Tx


@dataclass(frozen=True, slots=True)
class Promise:
    """A callback that the caller is owed."""

    ticket: TicketId
    topic: str
    since: datetime
    code: str | None
    """What the caller was told; None: nobody could tell it."""


@dataclass(frozen=True, slots=True)
class Promises:
    made: Ticket | None
    """By which the mediator has promised, in this talk, to call back; it may be closed by now."""
    due: list[Promise]
    """The one of which is to be spoken first: of this call, with a code, of this topic."""
    has_code: bool
    """Whether the caller knows a code: the first one is to be said."""
    goes_on: bool
    """Whether their call does, with whomever: nobody calls them back meanwhile."""
    stands: bool
    """Whether one of them goes with this call, and ends with it unless it is promised anew."""


def of(tx: Tx, script: Script, offer: Offered) -> Promises:
    written = write_ups.get(tx, offer.id)
    made = tickets.get(tx, written.ticket_id) if written is not None and written.ticket_id else None
    this = made.id if made is not None else None

    def first(one: OpenTicket) -> tuple[bool, bool, bool, bool, TicketId]:
        return one.id != this, not one.told, one.id != offer.ticket, one.topic != offer.topic, one.id

    found = sorted(desk.open_tickets(tx, offer.number_index, offer.call), key=first)
    due = [
        Promise(one.id, words.topic(script, one.topic), one.created_at, one.code if one.told else None)
        for one in found
    ]
    return Promises(
        made=made,
        due=due,
        has_code=any(one.code for one in due),
        goes_on=places.glimpse_of(tx, offer.call) is not None,
        stands=made is None and any(one.ticket == offer.ticket for one in due),
    )
