"""What a mediator's day shows: their talks, and what they still have to write."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import and_, bindparam, or_, select

from hotline.queue.dispositions import Disposition
from hotline.queue.ids import MediatorId, OfferId, TicketId
from hotline.queue.offers import OfferState
from hotline.store.calls import CallRow
from hotline.store.mediators import MediatorRow
from hotline.store.offers import OfferRow
from hotline.store.places import PlaceRow
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
        CallRow.script,
    )
    .join(WriteUpRow, WriteUpRow.offer_id == OfferRow.id)
    .join(PlaceRow, PlaceRow.id == OfferRow.place_id)
    .join(CallRow, CallRow.id == PlaceRow.call_id)
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
_SAID = (
    select(MediatorRow.name, WriteUpRow.started_at, WriteUpRow.note)
    .join(MediatorRow, MediatorRow.id == WriteUpRow.mediator_id)
    .where(WriteUpRow.ticket_id == bindparam("ticket"), WriteUpRow.note.is_not(None))
    .order_by(WriteUpRow.offer_id)
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
    script: str
    """The version that names its topic."""

    @property
    def lacks_a_number(self) -> bool:
        """They are to be called back, and nobody knows where."""
        return self.disposition is Disposition.CALL_BACK and self.ticket is None


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody has noted of a talk in which a callback was promised."""

    by: str
    at: datetime
    note: str


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
            script,
        )
        for key, began, ended, topic, disposition, note, passed_to, due, done, ticket, script in rows
        if began is not None and ended is not None
    ]


def said(tx: Tx, ticket: TicketId) -> list[Said]:
    """What is noted of the talks in which that callback was promised, in their order."""
    rows = tx.connection.execute(_SAID, {"ticket": ticket})
    noted = [Said(name, at, _opened(tx, note)) for name, at, note in rows]
    return [one for one in noted if one.note.strip()]


def _opened(tx: Tx, sealed: bytes | None) -> str:
    return tx.sealer.open(sealed) if sealed else ""
