"""What a mediator's day shows: their talks, and what they still have to write."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, or_, select

from hotline.queue.dispositions import Disposition
from hotline.queue.ids import MediatorId, OfferId, TicketId
from hotline.queue.offers import OfferState
from hotline.store.offers import OfferRow
from hotline.store.transactions import Tx
from hotline.store.write_ups import WriteUpRow

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
    )
    .join(WriteUpRow, WriteUpRow.offer_id == OfferRow.id)
    .where(
        OfferRow.mediator_id == bindparam("mediator"),
        OfferRow.state == OfferState.FINISHED,
        or_(
            OfferRow.accepted_at >= bindparam("since"),
            WriteUpRow.done_at >= bindparam("since"),
            WriteUpRow.done_at.is_(None),
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

    @property
    def lacks_a_number(self) -> bool:
        """They are to be called back, and nobody knows where."""
        return self.disposition is Disposition.CALL_BACK and self.ticket is None


def talks(tx: Tx, mediator: MediatorId, since: datetime) -> list[Talk]:
    """The mediator's talks that began or were written up since then, and those that are not; latest first."""
    rows = tx.connection.execute(_TALKS, {"mediator": mediator, "since": since})
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
        )
        for key, began, ended, topic, disposition, note, passed_to, due, done, ticket in rows
        if began is not None and ended is not None
    ]


def _opened(tx: Tx, sealed: bytes | None) -> str:
    return tx.sealer.open(sealed) if sealed else ""
