"""What a caller has been promised: which code belongs to which matter, and which one is to be said."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from hotline.dashboard import words
from hotline.ivr.script import Script
from hotline.queue.ids import CallId, MediatorId, TicketId
from hotline.queue.tickets import TicketState
from hotline.store import desk, noted, places, tickets, write_ups
from hotline.store.desk import Offered, OpenTicket
from hotline.store.noted import Said
from hotline.store.tickets import Ticket, Tried
from hotline.store.transactions import Tx


@dataclass(frozen=True, slots=True)
class Promise:
    """A callback that the caller is owed."""

    ticket: TicketId
    topic: str
    since: datetime
    code: str | None
    """What the caller was told; None: nobody could tell it."""
    deadline: date | None
    tried: list[Tried]
    said: list[Said]
    """What was noted of it, and is not shown with a call."""

    @property
    def is_known(self) -> bool:
        """Whether anything is noted of it."""
        return bool(self.deadline or self.tried or self.said)


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
    kept_by: str | None
    """Whose it is, where it does not: who had the caller before, and has promised it since."""
    typed: str | None
    """The number that they have typed themselves for it, as long as the talk is theirs to write up."""
    may_correct: bool
    """Whether it may be another number."""


def of(tx: Tx, script: Script, offer: Offered, shown: Collection[CallId] = ()) -> Promises:
    """`shown`: the calls of which all that is noted is shown beside."""
    written = write_ups.get(tx, offer.id)
    made = tickets.get(tx, written.ticket_id) if written is not None and written.ticket_id else None
    this = made.id if made is not None else None

    def first(one: OpenTicket) -> tuple[bool, bool, bool, bool, TicketId]:
        return one.id != this, not one.told, one.id != offer.ticket, one.topic != offer.topic, one.id

    found = sorted(desk.open_tickets(tx, offer.number_index, offer.call), key=first)
    keys = [one.id for one in found]
    said = noted.said(tx, keys) if keys else {}
    tried = tickets.attempts_of(tx, keys) if keys else {}
    deadlines = noted.deadlines(tx, keys) if keys else {}
    due = [
        Promise(
            ticket=one.id,
            topic=words.topic(script, one.topic),
            since=one.created_at,
            code=one.code if one.told else None,
            deadline=deadlines.get(one.id),
            tried=tried[one.id],
            said=[here for here in said[one.id] if here.call not in shown],
        )
        for one in found
    ]
    stands = made is None and any(one.ticket == offer.ticket for one in due)
    may_correct = is_to_be_kept(made) and written is not None and written.done_at is None
    is_typed = made is not None and made.typed_at is not None and written is not None and written.typed
    return Promises(
        made=made,
        due=due,
        has_code=any(one.code for one in due),
        goes_on=places.glimpse_of(tx, offer.call) is not None,
        stands=stands,
        kept_by=_kept_by(tx, offer) if stands else None,
        typed=tickets.number(tx, made.id) if made is not None and is_typed and may_correct else None,
        may_correct=may_correct,
    )


def is_to_be_kept(made: Ticket | None) -> bool:
    return made is not None and made.state is not TicketState.CLOSED


def _kept_by(tx: Tx, offer: Offered) -> str | None:
    if offer.ticket is None:
        return None
    kept = write_ups.promised_after(tx, offer.id, MediatorId(offer.mediator_id), offer.ticket)
    return kept[-1].name if kept else None
