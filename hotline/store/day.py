"""What a mediator's day shows: their talks, and what they still have to write."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import and_, bindparam, or_, select

from hotline.queue.dispositions import Disposition
from hotline.queue.ids import MediatorId, OfferId, TicketId
from hotline.queue.offers import OfferState
from hotline.queue.tickets import TicketState
from hotline.store.calls import CallRow
from hotline.store.offers import OfferRow
from hotline.store.places import PlaceRow
from hotline.store.tickets import TicketRow
from hotline.store.transactions import Tx
from hotline.store.write_ups import WriteUpRow

A_FORTNIGHT: Final = timedelta(days=14)
"""So long a number may still be added to a talk whose caller withheld theirs."""
_TALKS = (
    select(
        OfferRow.id,
        OfferRow.accepted_at,
        OfferRow.ended_at,
        WriteUpRow.topic,
        WriteUpRow.disposition,
        WriteUpRow.note,
        WriteUpRow.passed_to,
        WriteUpRow.due_on,
        WriteUpRow.done_at,
        WriteUpRow.ticket_id,
        TicketRow.state,
        CallRow.script,
    )
    .join(WriteUpRow, WriteUpRow.offer_id == OfferRow.id)
    .join(PlaceRow, PlaceRow.id == OfferRow.place_id)
    .join(CallRow, CallRow.id == PlaceRow.call_id)
    .outerjoin(TicketRow, TicketRow.id == WriteUpRow.ticket_id)
    .where(
        WriteUpRow.mediator_id == bindparam("mediator"),
        OfferRow.state == OfferState.FINISHED,
        or_(
            OfferRow.accepted_at >= bindparam("since"),
            WriteUpRow.done_at >= bindparam("since"),
            WriteUpRow.done_at.is_(None),
            and_(
                WriteUpRow.disposition == Disposition.CALL_BACK,
                WriteUpRow.ticket_id.is_(None),
                OfferRow.accepted_at >= bindparam("long_since"),
            ),
        ),
    )
    .order_by(OfferRow.id.desc())
    .limit(100)
)


@dataclass(frozen=True, slots=True)
class Talk:
    offer: OfferId
    began_at: datetime
    ended_at: datetime
    topic: str | None
    disposition: Disposition | None
    note: str
    passed_to: str
    due_on: date | None
    done_at: datetime | None
    ticket: TicketId | None
    """By which they promised to call back."""
    is_settled: bool
    """Whether nobody needs to any more."""
    script: str
    """The version that names its topic."""

    @property
    def is_to_be_called_back(self) -> bool:
        """They are to be called back, or were."""
        return self.disposition is Disposition.CALL_BACK and self.ticket is not None

    @property
    def lacks_a_number(self) -> bool:
        """They are to be called back, and nobody knows where."""
        return self.disposition is Disposition.CALL_BACK and self.ticket is None


def talks(tx: Tx, mediator: MediatorId, since: datetime) -> list[Talk]:
    """The mediator's talks that began or were written up since then, and older ones that lack something.

    Those are not written up yet, or lack the number of whoever is to be called back. The latest come first.
    """
    values = {"mediator": mediator, "since": since, "long_since": since - A_FORTNIGHT}
    rows = tx.connection.execute(_TALKS, values)
    return [
        Talk(
            OfferId(key),
            began,
            ended,
            topic,
            disposition,
            _opened(tx, note),
            _opened(tx, passed_to),
            due,
            done,
            TicketId(ticket) if ticket else None,
            state is TicketState.CLOSED,
            script,
        )
        for key, began, ended, topic, disposition, note, passed_to, due, done, ticket, state, script in rows
        if began is not None and ended is not None
    ]


def _opened(tx: Tx, sealed: bytes | None) -> str:
    return tx.sealer.open(sealed) if sealed else ""
