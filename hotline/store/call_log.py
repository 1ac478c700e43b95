"""The call log: append-only, each happening of a call with its instant; a turn's row keeps its answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, bindparam, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from hotline.queue.ids import CallId
from hotline.store.base import Base
from hotline.store.transactions import Tx


class LogRow(Base):
    __tablename__ = "call_log"
    __table_args__ = (Index("uq_call_log_call_id_key", "call_id", "key", unique=True),)
    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id"))
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(32))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    key: Mapped[str | None] = mapped_column(String(80))
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: a document that rings a mediator holds their number."""


_ADD = insert(LogRow).inline()
_OF_CALL = LogRow.call_id == bindparam("call")
_ANSWER = select(LogRow.answer).where(_OF_CALL, LogRow.key == bindparam("turn"))
_LAST_ANSWER = (
    select(LogRow.answer).where(_OF_CALL, LogRow.answer.is_not(None)).order_by(LogRow.id.desc()).limit(1)
)
_ANSWERED_AT = select(func.max(LogRow.at)).where(_OF_CALL, LogRow.answer.is_not(None))


@dataclass(frozen=True, slots=True)
class Entry:
    at: datetime
    what: str
    detail: Mapping[str, Any]


def add(
    tx: Tx,
    call: CallId,
    now: datetime,
    what: str,
    detail: Mapping[str, Any] | None = None,
    *,
    key: str | None = None,
    answer: str | None = None,
) -> None:
    """Append a happening. With a `key`: a turn, its `answer` kept for a repeated request."""
    values = {
        "call_id": call,
        "at": now,
        "what": what,
        "detail": dict(detail or {}),
        "key": key,
        "answer": tx.sealer.seal(answer) if answer is not None else None,
    }
    tx.connection.execute(_ADD, values)


def answer(tx: Tx, call: CallId, key: str) -> str | None:
    """What was answered to the turn of that key, if it was taken before."""
    return _opened(tx, tx.connection.execute(_ANSWER, {"call": call, "turn": key}).scalar_one_or_none())


def last_answer(tx: Tx, call: CallId) -> str | None:
    """What was answered last to the caller's leg."""
    return _opened(tx, tx.connection.execute(_LAST_ANSWER, {"call": call}).scalar_one_or_none())


def answered_at(tx: Tx, call: CallId) -> datetime | None:
    """When the caller's leg was answered last."""
    return tx.connection.execute(_ANSWERED_AT, {"call": call}).scalar_one()


def latest(tx: Tx, call: CallId, what: str) -> datetime | None:
    """When that happened last in a call."""
    found = select(func.max(LogRow.at)).where(LogRow.call_id == call, LogRow.what == what)
    return tx.connection.execute(found).scalar_one()


def entries(tx: Tx, call: CallId) -> list[Entry]:
    """All that happened in a call, in order."""
    columns = select(LogRow.at, LogRow.what, LogRow.detail).where(LogRow.call_id == call)
    return [Entry(*row) for row in tx.connection.execute(columns.order_by(LogRow.id))]


def _opened(tx: Tx, sealed: bytes | None) -> str | None:
    return tx.sealer.open(sealed) if sealed is not None else None
