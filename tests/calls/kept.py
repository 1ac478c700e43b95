"""What the hotline has kept of a call: its place, its ticket, and what is due."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from hotline.queue.ids import PlaceId, TicketId
from hotline.queue.places import PlaceEnd, PlaceKind, PlaceState
from hotline.simulator.legs import Leg
from hotline.store import callbacks, tickets
from hotline.store import messages as stored_messages
from hotline.store.messages import Message
from hotline.store.places import PlaceRow
from hotline.store.tickets import Ticket
from tests.calls.stage import Stage


@dataclass(frozen=True, slots=True)
class Place:
    id: PlaceId
    kind: PlaceKind
    state: PlaceState
    ticket: TicketId | None
    topic: str | None
    queued_at: datetime
    not_before: datetime | None
    end: PlaceEnd | None


_COLUMNS = (
    PlaceRow.id,
    PlaceRow.kind,
    PlaceRow.state,
    PlaceRow.ticket_id,
    PlaceRow.topic,
    PlaceRow.queued_at,
    PlaceRow.not_before,
    PlaceRow.end,
)


def places(stage: Stage, leg: Leg) -> list[Place]:
    """The places that are this call's now, the oldest first."""
    call, _ = stage.summary(leg)
    with stage.services.store.reading() as tx:
        found = select(*_COLUMNS).where(PlaceRow.call_id == call).order_by(PlaceRow.id)
        return [_place(*row) for row in tx.connection.execute(found)]


def _place(
    key: int,
    kind: PlaceKind,
    state: PlaceState,
    ticket: int | None,
    topic: str | None,
    queued_at: datetime,
    not_before: datetime | None,
    end: PlaceEnd | None,
) -> Place:
    ticket_id = TicketId(ticket) if ticket is not None else None
    return Place(PlaceId(key), kind, state, ticket_id, topic, queued_at, not_before, end)


def place(stage: Stage, leg: Leg) -> Place:
    """The one place of this call."""
    (only,) = places(stage, leg)
    return only


def ticket(stage: Stage, leg: Leg) -> Ticket:
    """The ticket of the call's place, also where an earlier call had brought it."""
    key = place(stage, leg).ticket
    assert key is not None, "the place has no ticket"
    with stage.services.store.reading() as tx:
        found = tickets.get(tx, key)
    assert found is not None
    return found


def messages(stage: Stage, ticket: TicketId) -> list[Message]:
    """The voice messages with a ticket."""
    with stage.services.store.reading() as tx:
        return stored_messages.of_ticket(tx, ticket)


def number(stage: Stage, leg: Leg) -> str | None:
    """The number that is to be called back for this call."""
    with stage.services.store.reading() as tx:
        return tickets.number(tx, ticket(stage, leg).id)


def due(stage: Stage, after: timedelta = timedelta()) -> list[TicketId]:
    """Who is to be called back, in that order: now, or so much later."""
    with stage.services.store.reading() as tx:
        return [one.ticket for one in callbacks.due(tx, stage.carrier.now() + after)]


def is_due(stage: Stage, leg: Leg, after: timedelta = timedelta()) -> bool:
    key = place(stage, leg).ticket
    return key is not None and key in due(stage, after)
