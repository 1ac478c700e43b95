"""What a mediator's day shows: their talks, and what they still have to write."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, or_, select

from hotline.queue.dispositions import Disposition
from hotline.queue.ids import MediatorId, OfferId
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
        WriteUpRow.due_on,
        WriteUpRow.done_at,
    )
    .join(WriteUpRow, WriteUpRow.offer_id == OfferRow.id)
    .where(
        OfferRow.mediator_id == bindparam("mediator"),
        OfferRow.state == OfferState.FINISHED,
        or_(OfferRow.accepted_at >= bindparam("since"), WriteUpRow.done_at.is_(None)),
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
    due_on: date | None
    done_at: datetime | None


def talks(tx: Tx, mediator: MediatorId, since: datetime) -> list[Talk]:
    """The mediator's talks that began since then, and older ones that are not written up; latest first."""
    rows = tx.connection.execute(_TALKS, {"mediator": mediator, "since": since})
    return [
        Talk(OfferId(key), began, ended, topic, disposition, tx.sealer.open(note) if note else "", due, done)
        for key, began, ended, topic, disposition, note, due, done in rows
        if began is not None and ended is not None
    ]
