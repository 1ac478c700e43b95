"""Calls in which a voice message was asked for: once they have ended, the carrier is asked for it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update

from hotline.queue.ids import CallId, LegSid
from hotline.store.calls import CallRow
from hotline.store.transactions import Tx


@dataclass(frozen=True, slots=True)
class DueCall:
    id: CallId
    leg: LegSid
    ended_at: datetime
    due_at: datetime


_DUE = (
    select(CallRow.id, CallRow.leg, CallRow.ended_at, CallRow.messages_due_at)
    .where(CallRow.messages_due_at <= bindparam("now"), CallRow.ended_at <= bindparam("ended_by"))
    .order_by(CallRow.messages_due_at, CallRow.id)
    .limit(bindparam("many"))
)
_THIS = update(CallRow).where(CallRow.id == bindparam("key")).values(messages_due_at=bindparam("at"))
_AS_IT_WAS = _THIS.where(CallRow.messages_due_at == bindparam("was"), CallRow.ended_at.is_not(None))


def expect(tx: Tx, call: CallId, now: datetime) -> None:
    """A voice message is asked for: once the call has ended, the carrier is asked for it."""
    tx.connection.execute(_THIS, {"key": call, "at": now})


def due(tx: Tx, now: datetime, ended_by: datetime, limit: int) -> list[DueCall]:
    """Calls whose time it is, and that had ended by then; the longest due first."""
    found = tx.connection.execute(_DUE, {"now": now, "ended_by": ended_by, "many": limit})
    return [_due_call(*row) for row in found]


def claim(tx: Tx, call: DueCall, until: datetime) -> bool:
    """Be the one who asks the carrier now; False when another worker does. It is due again `until` done."""
    return tx.connection.execute(_AS_IT_WAS, {"key": call.id, "was": call.due_at, "at": until}).rowcount == 1


def done(tx: Tx, call: DueCall) -> None:
    """Nothing is asked about the call any more, unless a message was asked for anew meanwhile."""
    tx.connection.execute(_AS_IT_WAS, {"key": call.id, "was": call.due_at, "at": None})


def _due_call(key: int, leg: str, ended_at: datetime | None, due_at: datetime | None) -> DueCall:
    assert ended_at is not None, "only calls that have ended are due"
    assert due_at is not None
    return DueCall(CallId(key), LegSid(leg), ended_at, due_at)
