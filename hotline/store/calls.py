"""Calls: one row each, with the state of its flow."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, bindparam, insert, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from hotline.queue.ids import CallId, LegSid, LineName
from hotline.queue.outcomes import Outcome
from hotline.store.base import Base
from hotline.store.topics import BOARD, CALLBACKS
from hotline.store.transactions import Tx

_OPEN = text("ended_at IS NULL")
_MESSAGES_DUE = text("messages_due_at IS NOT NULL")


class CallRow(Base):
    __tablename__ = "calls"
    __table_args__ = (
        Index("ix_calls_open", "started_at", postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index(
            "ix_calls_messages_due",
            "messages_due_at",
            postgresql_where=_MESSAGES_DUE,
            sqlite_where=_MESSAGES_DUE,
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    leg: Mapped[str] = mapped_column(String(64), unique=True)
    line: Mapped[str] = mapped_column(String(64))
    script: Mapped[str] = mapped_column(ForeignKey("scripts.version"))
    number: Mapped[bytes | None] = mapped_column(LargeBinary)
    number_index: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    started_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None]
    turn: Mapped[int]
    state: Mapped[dict[str, Any]] = mapped_column(JSON)
    failed: Mapped[bool]
    checked_at: Mapped[datetime | None]
    """When the carrier was last asked whether the call is still there."""
    messages_due_at: Mapped[datetime | None]
    """A voice message was asked for: when the carrier is asked, after the end, what it has recorded."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call as a transaction sees it. `turn` is the number of the turn that is awaited."""

    id: CallId
    leg: LegSid
    line: LineName
    script: str
    number_index: bytes | None
    started_at: datetime
    ended_at: datetime | None
    outcome: Outcome | None
    turn: int
    state: Mapping[str, Any]
    failed: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """A call as the operator reads it, with the number in full."""

    id: CallId
    line: LineName
    script: str
    number: str | None
    started_at: datetime
    outcome: Outcome | None


_COLUMNS = [getattr(CallRow, one.name) for one in fields(Call)]
# FOR NO KEY UPDATE: whoever matches may still append to the log of a call that is just being changed. With
# FOR UPDATE the foreign key of that row would wait for us while we wait for the match lock.
_BY_LEG = select(*_COLUMNS).where(CallRow.leg == bindparam("leg"))
_BY_ID = select(*_COLUMNS).where(CallRow.id == bindparam("key"))
_LOCK = _BY_LEG.with_for_update(key_share=True)
_LOCK_BY_ID = _BY_ID.with_for_update(key_share=True)
_THIS = update(CallRow).where(CallRow.id == bindparam("key"))
_ENDED = _THIS.where(CallRow.ended_at.is_not(None))
_MOVE = _THIS.values(turn=bindparam("to_turn"), state=bindparam("to_state"))
_END = _THIS.where(CallRow.ended_at.is_(None)).values(ended_at=bindparam("now"), outcome=bindparam("why"))


def lock(tx: Tx, leg: LegSid) -> Call | None:
    """The call of the caller's leg, locked until the end of the transaction.

    Whoever changes a call's place or offers locks the call first: that is the one order of locks.
    """
    row = tx.connection.execute(_LOCK, {"leg": leg}).one_or_none()
    return Call(*row) if row else None


def by_leg(tx: Tx, leg: LegSid) -> Call | None:
    row = tx.connection.execute(_BY_LEG, {"leg": leg}).one_or_none()
    return Call(*row) if row else None


def get(tx: Tx, call: CallId) -> Call:
    return Call(*tx.connection.execute(_BY_ID, {"key": call}).one())


def lock_by_id(tx: Tx, call: CallId) -> Call:
    return Call(*tx.connection.execute(_LOCK_BY_ID, {"key": call}).one())


def add(tx: Tx, leg: LegSid, line: LineName, script: str, number: str | None, now: datetime) -> Call:
    """Write a new call. Raises IntegrityError when the leg has one already (the transaction runs again)."""
    index = tx.sealer.index(number) if number else None
    values: dict[str, object] = {
        "leg": leg,
        "line": line,
        "script": script,
        "number": tx.sealer.seal(number) if number else None,
        "number_index": index,
        "started_at": now,
        "turn": 0,
        "state": {},
        "failed": False,
    }
    tx.touched.add(BOARD)
    key = tx.connection.execute(insert(CallRow), values).inserted_primary_key
    assert key is not None
    return Call(CallId(key[0]), leg, line, script, index, now, None, None, 0, {}, False)


def move(tx: Tx, call: CallId, turn: int, state: Mapping[str, Any]) -> None:
    """Keep the state that the call is in now, and the number of the turn that it awaits."""
    tx.connection.execute(_MOVE, {"key": call, "to_turn": turn, "to_state": dict(state)})


def mark_failed(tx: Tx, call: CallId) -> None:
    tx.connection.execute(update(CallRow).where(CallRow.id == call).values(failed=True))


def end(tx: Tx, call: CallId, outcome: Outcome, now: datetime) -> bool:
    """End the call. False when it had ended before: there is one outcome, and it stays."""
    tx.touched.add(BOARD)
    return tx.connection.execute(_END, {"key": call, "now": now, "why": outcome}).rowcount == 1


def amend(tx: Tx, call: CallId, outcome: Outcome) -> None:
    """The outcome of a call that has ended is another one: its voice message came late."""
    tx.touched.add(BOARD)
    tx.connection.execute(_ENDED.values(outcome=outcome), {"key": call})


def reopen(tx: Tx, call: CallId) -> None:
    """The call goes on: its end was told by mistake."""
    tx.touched |= {BOARD, CALLBACKS}
    tx.connection.execute(update(CallRow).where(CallRow.id == call).values(ended_at=None, outcome=None))


def number(tx: Tx, call: CallId) -> str | None:
    """The number that the caller calls from."""
    sealed = tx.connection.execute(select(CallRow.number).where(CallRow.id == call)).scalar_one()
    return tx.sealer.open(sealed) if sealed else None


def open_legs(tx: Tx) -> list[LegSid]:
    """The legs of the calls that have not ended, oldest first."""
    found = select(CallRow.leg).where(CallRow.ended_at.is_(None)).order_by(CallRow.id)
    return [LegSid(leg) for leg in tx.connection.execute(found).scalars()]


def latest(tx: Tx, many: int) -> list[Summary]:
    """The latest calls, newest first."""
    columns = select(
        CallRow.id, CallRow.line, CallRow.script, CallRow.number, CallRow.started_at, CallRow.outcome
    )
    rows = tx.connection.execute(columns.order_by(CallRow.id.desc()).limit(many))
    return [
        Summary(
            CallId(key),
            LineName(line),
            script,
            tx.sealer.open(sealed) if sealed else None,
            started_at,
            outcome,
        )
        for key, line, script, sealed, started_at, outcome in rows
    ]


def outcome_of(tx: Tx, leg: LegSid) -> tuple[CallId, Outcome | None]:
    """What became of the call of that leg. Raises NoResultFound."""
    row = tx.connection.execute(select(CallRow.id, CallRow.outcome).where(CallRow.leg == leg)).one()
    return CallId(row.id), row.outcome
