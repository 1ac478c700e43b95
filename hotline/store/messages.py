"""Voice messages: what the carrier keeps for a ticket, until it is deleted there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Row, String, bindparam, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from hotline.queue.ids import MessageId, TicketId
from hotline.store.base import Base
from hotline.store.tickets import TicketRow
from hotline.store.topics import CALLBACKS
from hotline.store.transactions import Tx


class MessageRow(Base):
    __tablename__ = "messages"
    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    recording: Mapped[str] = mapped_column(String(64), unique=True)
    """The carrier's name for it."""
    seconds: Mapped[int]
    left_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class Message:
    id: MessageId
    ticket: TicketId
    recording: str
    seconds: int


_COLUMNS = (MessageRow.id, MessageRow.ticket_id, MessageRow.recording, MessageRow.seconds)
_OF_TICKET = select(*_COLUMNS).where(MessageRow.ticket_id == bindparam("ticket")).order_by(MessageRow.id)
_KEPT = select(MessageRow.id).where(MessageRow.recording == bindparam("name"))
_OLD = (
    select(*_COLUMNS)
    .join(TicketRow, TicketRow.id == MessageRow.ticket_id)
    .where(TicketRow.line == bindparam("on_line"), MessageRow.left_at < bindparam("before"))
    .order_by(MessageRow.left_at)
    .limit(50)
)
_LINES = (
    select(TicketRow.line)
    .join(MessageRow, MessageRow.ticket_id == TicketRow.id)
    .distinct()
    .order_by(TicketRow.line)
)
_FORGET = delete(MessageRow).where(MessageRow.id == bindparam("key"))


def add(tx: Tx, ticket: TicketId, recording: str, seconds: int, now: datetime) -> None:
    """Keep a message. Raises IntegrityError when it is kept already (the transaction runs again)."""
    tx.touched.add(CALLBACKS)
    values = {"ticket_id": ticket, "recording": recording, "seconds": seconds, "left_at": now}
    tx.connection.execute(insert(MessageRow), values)


def is_kept(tx: Tx, recording: str) -> bool:
    return tx.connection.execute(_KEPT, {"name": recording}).first() is not None


def of_ticket(tx: Tx, ticket: TicketId) -> list[Message]:
    """All that can still be heard, in order."""
    return [_message(row) for row in tx.connection.execute(_OF_TICKET, {"ticket": ticket})]


def lines(tx: Tx) -> list[str]:
    """The lines of which messages are kept, also those that are no longer there."""
    return list(tx.connection.execute(_LINES).scalars())


def old(tx: Tx, line: str, before: datetime) -> list[Message]:
    """The oldest messages of a line that were left before then; 50 at most."""
    return [_message(row) for row in tx.connection.execute(_OLD, {"on_line": line, "before": before})]


def forget(tx: Tx, message: MessageId) -> None:
    tx.touched.add(CALLBACKS)
    tx.connection.execute(_FORGET, {"key": message})


def _message(row: Row[int, int, str, int]) -> Message:
    key, ticket, recording, seconds = row
    return Message(MessageId(key), TicketId(ticket), recording, seconds)
