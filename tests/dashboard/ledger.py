"""Calls, places and talks, written as the switchboard writes them: what a board and its lists are made of."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import update

from hotline.queue.ids import CallId, LegSid, LineName, MediatorId, PlaceId, TicketId
from hotline.queue.offers import OfferState
from hotline.queue.outcomes import Outcome
from hotline.queue.places import PlaceEnd, PlaceKind, PlaceState
from hotline.queue.tickets import Attempt, TicketState
from hotline.services import Services
from hotline.store import callbacks, calls, offers, places, tickets
from hotline.store.calls import Call
from hotline.store.places import Place, PlaceRow
from hotline.store.transactions import Tx
from tests import factories

_LEGS = count()
SECOND = timedelta(seconds=1)


@dataclass
class Ledger:
    """Each method writes at the clock's instant."""

    services: Services

    @property
    def now(self) -> datetime:
        return self.services.clock.now()

    def call(self, outcome: Outcome | None = None, number: str | None = factories.CALLER) -> CallId:
        """A call that comes in, and has ended already if it has an outcome."""

        def write(tx: Tx) -> Call:
            line = self.services.lines.lines[0]
            self.services.lines.pin(tx, line, self.now)
            made = calls.add(
                tx, LegSid(f"leg {next(_LEGS)}"), LineName("demo"), line.version, number, self.now
            )
            if outcome:
                calls.end(tx, made.id, outcome, self.now)
            return made

        return self.services.store.run(write).id

    def waits(self, call: CallId, topic: str | None = "taxes", language: str = "fr") -> PlaceId:
        """The call waits for a mediator."""
        row = Place(
            id=PlaceId(0),
            kind=PlaceKind.CALL,
            call_id=call,
            ticket_id=None,
            line=LineName("demo"),
            topic=topic,
            skill=topic,
            language=language,
            state=PlaceState.WAITING,
            reachable=True,
            queued_at=self.now,
            previous_id=None,
        )
        return self.services.store.run(lambda tx: places.add(tx, row)).id

    def is_rung_for(self, place: PlaceId) -> None:
        self.services.store.run(lambda tx: places.claim(tx, place, PlaceState.OFFERED))

    def leaves(self, call: CallId, place: PlaceId) -> None:
        def write(tx: Tx) -> None:
            places.end(tx, place, PlaceEnd.LEFT, self.now)
            calls.end(tx, call, Outcome.ABANDONED_IN_QUEUE, self.now)

        self.services.store.run(write)

    def moves_to(self, place: PlaceId, call: CallId) -> None:
        """The place is taken over by another call of the same person."""
        change = update(PlaceRow).where(PlaceRow.id == place).values(call_id=call)
        self.services.store.run(lambda tx: tx.connection.execute(change))

    def answers(self, mediator: MediatorId, place: PlaceId, until: OfferState = OfferState.FINISHED) -> None:
        """The mediator accepts; `until`: how it has ended, ACCEPTED for a talk under way."""

        def write(tx: Tx) -> None:
            offer = offers.add(tx, place, mediator, self.now, self.now + SECOND)
            offers.ring(tx, offer, self.now + SECOND)
            offers.accept(tx, offer, LegSid(f"leg {next(_LEGS)}"), self.now, self.now + SECOND)
            if until is not OfferState.ACCEPTED:
                offers.end(tx, offer, until, self.now)
                places.end(tx, place, PlaceEnd.ANSWERED, self.now)

        self.services.store.run(write)

    def promises(self, call: CallId, place: PlaceId, not_before: datetime | None = None) -> TicketId:
        """Whoever waits is to be called back, and has hung up."""

        def write(tx: Tx) -> TicketId:
            ticket = tickets.add(tx, call, "demo", "taxes", "fr", "1234", None, self.now)
            callbacks.become(tx, place, ticket)
            callbacks.postpone(tx, place, not_before)
            calls.end(tx, call, Outcome.CALLBACK, self.now)
            return ticket

        return self.services.store.run(write)

    def closes(self, ticket: TicketId, result: Attempt = Attempt.REACHED) -> None:
        end = PlaceEnd.GIVEN_UP if result is Attempt.GIVEN_UP else PlaceEnd.ANSWERED

        def write(tx: Tx) -> None:
            tickets.note_attempt(tx, ticket, result, None, None, self.now)
            tickets.move(tx, ticket, TicketState.CLOSED, self.now)
            place = callbacks.of_ticket(tx, ticket)
            assert place is not None
            places.end(tx, place, end, self.now)

        self.services.store.run(write)
