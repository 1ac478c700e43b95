"""Tickets: the matters that callers brought, and the attempts to call them back."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, bindparam, insert, select, true, update
from sqlalchemy.orm import Mapped, mapped_column

from hotline.queue import tickets as rules
from hotline.queue.ids import AccountId, CallId, TicketId
from hotline.queue.tickets import Attempt, BestTime, TicketState
from hotline.store.base import Base, one_of
from hotline.store.topics import BOARD, CALLBACKS
from hotline.store.transactions import Tx


class TicketRow(Base):
    __tablename__ = "tickets"
    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id"), index=True)
    """The call that brought it."""
    line: Mapped[str] = mapped_column(String(64))
    topic: Mapped[str | None] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(16))
    number: Mapped[bytes | None] = mapped_column(LargeBinary)
    """None: whoever called withheld theirs and keyed none; there are voice messages then."""
    number_index: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    typed_at: Mapped[datetime | None]
    """When a mediator typed the number; None: the carrier told it, or the caller keyed it."""
    code: Mapped[str] = mapped_column(String(4))
    """Told to the caller; whoever calls back says it."""
    told: Mapped[bool] = mapped_column(server_default=true())
    """Whether somebody could tell it: not where the promise came when they had hung up."""
    told_to: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """The number from which whoever was told the code called; None: it was withheld."""
    best: Mapped[BestTime]
    state: Mapped[TicketState]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(index=True)


class AttemptRow(Base):
    __tablename__ = "attempts"
    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    at: Mapped[datetime]
    result: Mapped[Attempt]
    note: Mapped[bytes | None] = mapped_column(LargeBinary)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    """Who has tried; None: somebody at the shell."""
    undone_at: Mapped[datetime | None]
    """When it was taken back: the callback that it had closed is due again."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket without its number, which is opened only where somebody needs it."""

    id: TicketId
    call_id: CallId
    line: str
    topic: str | None
    language: str
    code: str
    best: BestTime
    state: TicketState
    number_index: bytes | None
    told: bool
    told_to: bytes | None
    typed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Tried:
    at: datetime
    result: Attempt
    note: str | None
    undone: bool
    by: AccountId | None
    """None: somebody at the shell."""


_COLUMNS = [getattr(TicketRow, one.name) for one in fields(Ticket)]
_BY_ID = select(*_COLUMNS).where(TicketRow.id == bindparam("key"))
_NUMBER = select(TicketRow.number).where(TicketRow.id == bindparam("key"))
_THIS = update(TicketRow).where(TicketRow.id == bindparam("key"))
_MOVE = {
    state: _THIS.where(one_of(TicketRow.state, rules.before(state))).values(
        state=state, closed_at=bindparam("closed")
    )
    for state in TicketState
}
_DUE_AGAIN = _MOVE[TicketState.CALLBACK_DUE].where(TicketRow.closed_at == bindparam("then"))


def add(
    tx: Tx,
    call: CallId,
    line: str,
    topic: str | None,
    language: str,
    code: str,
    told_to: bytes | None,
    now: datetime,
) -> TicketId:
    """Write a new ticket whose caller is to be called back; the number follows, and the code is untold."""
    values = {
        "call_id": call,
        "line": line,
        "topic": topic,
        "language": language,
        "code": code,
        "told": False,
        "told_to": told_to,
        "best": BestTime.ANY,
        "state": TicketState.CALLBACK_DUE,
        "created_at": now,
    }
    # the board counts what is promised today, and what is kept
    tx.touched |= {BOARD, CALLBACKS}
    key = tx.connection.execute(insert(TicketRow), values).inserted_primary_key
    assert key is not None
    return TicketId(key[0])


def get(tx: Tx, ticket: TicketId) -> Ticket | None:
    row = tx.connection.execute(_BY_ID, {"key": ticket}).one_or_none()
    return Ticket(*row) if row else None


def some(tx: Tx, keys: Collection[TicketId]) -> dict[TicketId, Ticket]:
    rows = tx.connection.execute(select(*_COLUMNS).where(TicketRow.id.in_(keys)))
    found = [Ticket(*row) for row in rows]
    return {one.id: one for one in found}


def number(tx: Tx, ticket: TicketId) -> str | None:
    """The number to call back."""
    sealed = tx.connection.execute(_NUMBER, {"key": ticket}).scalar_one()
    return tx.sealer.open(sealed) if sealed else None


def set_number(tx: Tx, ticket: TicketId, number: str, typed_at: datetime | None = None) -> None:
    """`typed_at`: a mediator has typed it, just now; see `write_ups.type_number`."""
    values = {
        "number": tx.sealer.seal(number),
        "number_index": tx.sealer.index(number),
        "typed_at": typed_at,
    }
    tx.touched.add(CALLBACKS)
    tx.connection.execute(_THIS.values(**values), {"key": ticket})


def set_code(tx: Tx, ticket: TicketId, code: str, told_to: bytes | None) -> None:
    """Another code, which that number is told."""
    tx.touched.add(CALLBACKS)
    tx.connection.execute(_THIS.values(code=code, told=True, told_to=told_to), {"key": ticket})


def tell(tx: Tx, ticket: TicketId) -> None:
    """The caller is there to be told the code."""
    tx.touched.add(CALLBACKS)
    tx.connection.execute(_THIS.values(told=True), {"key": ticket})


def set_best(tx: Tx, ticket: TicketId, best: BestTime) -> None:
    tx.touched.add(CALLBACKS)
    tx.connection.execute(_THIS.values(best=best), {"key": ticket})


def move(tx: Tx, ticket: TicketId, state: TicketState, now: datetime) -> bool:
    """Move the ticket to `state` if the rules allow it; False when they do not."""
    tx.touched |= {BOARD, CALLBACKS}
    closed = now if state is TicketState.CLOSED else None
    return tx.connection.execute(_MOVE[state], {"key": ticket, "closed": closed}).rowcount == 1


def due_again(tx: Tx, ticket: TicketId, closed_at: datetime) -> bool:
    """Make the ticket due that was closed at that instant; False when anything has happened to it since."""
    tx.touched |= {BOARD, CALLBACKS}
    values = {"key": ticket, "then": closed_at, "closed": None}
    return tx.connection.execute(_DUE_AGAIN, values).rowcount == 1


def set_topic(tx: Tx, ticket: TicketId, topic: str) -> None:
    tx.touched.add(CALLBACKS)
    tx.connection.execute(_THIS.values(topic=topic), {"key": ticket})


def of_call(tx: Tx, call: CallId) -> list[Ticket]:
    """The tickets that a call brought."""
    found = select(*_COLUMNS).where(TicketRow.call_id == call).order_by(TicketRow.id)
    return [Ticket(*row) for row in tx.connection.execute(found)]


def note_attempt(
    tx: Tx, ticket: TicketId, result: Attempt, note: str | None, by: AccountId | None, now: datetime
) -> None:
    sealed = tx.sealer.seal(note) if note else None
    tx.touched |= {BOARD, CALLBACKS}
    values = {"ticket_id": ticket, "at": now, "result": result, "note": sealed, "account_id": by}
    tx.connection.execute(insert(AttemptRow), values)


def attempts(tx: Tx, ticket: TicketId) -> list[Tried]:
    """All attempts to call back, in order."""
    return attempts_of(tx, [ticket])[ticket]


def attempts_of(tx: Tx, some: Collection[TicketId]) -> dict[TicketId, list[Tried]]:
    """All attempts to call back for each of those tickets, in order."""
    columns = (AttemptRow.at, AttemptRow.result, AttemptRow.note, AttemptRow.undone_at, AttemptRow.account_id)
    found = select(AttemptRow.ticket_id, *columns).where(AttemptRow.ticket_id.in_(some))
    tried: dict[TicketId, list[Tried]] = {ticket: [] for ticket in some}
    for ticket, at, result, note, undone, by in tx.connection.execute(found.order_by(AttemptRow.id)):
        words = tx.sealer.open(note) if note else None
        who = AccountId(by) if by is not None else None
        tried[TicketId(ticket)].append(Tried(at, result, words, undone is not None, who))
    return tried
