"""Numbers that mediators would have blocked: coordinators decide."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, bindparam, func, insert, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from hotline.queue.ids import AccountId, CallId, ProposalId
from hotline.store.accounts import AccountRow
from hotline.store.base import Base
from hotline.store.calls import CallRow
from hotline.store.transactions import Tx

_UNDECIDED = text("decided_at IS NULL")


class ProposalRow(Base):
    __tablename__ = "block_proposals"
    __table_args__ = (
        Index("ix_block_proposals_undecided", "at", postgresql_where=_UNDECIDED, sqlite_where=_UNDECIDED),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    """Who proposed it."""
    reason: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    accepted: Mapped[bool | None]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody would have it blocked, after which call."""

    text: str
    at: datetime
    by: str
    """The name of whoever proposed it."""
    called_at: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """A number, and all who would have it blocked; decided by the id of the latest of them."""

    id: ProposalId
    number: str
    reasons: list[Reason]
    """The oldest first."""


_PENDING = (
    select(
        ProposalRow.id,
        CallRow.number,
        CallRow.number_index,
        ProposalRow.reason,
        ProposalRow.at,
        AccountRow.name,
        CallRow.started_at,
    )
    .join(CallRow, CallRow.id == ProposalRow.call_id)
    .join(AccountRow, AccountRow.id == ProposalRow.account_id)
    # the number may have been forgotten since
    .where(ProposalRow.decided_at.is_(None), CallRow.number.is_not(None))
    .order_by(ProposalRow.at, ProposalRow.id)
)
_HOW_MANY = (
    select(func.count(CallRow.number_index.distinct()))
    .join(ProposalRow, ProposalRow.call_id == CallRow.id)
    .where(ProposalRow.decided_at.is_(None), CallRow.number.is_not(None))
)
_UNDECIDED_INDEX = (
    select(CallRow.number_index)
    .join(ProposalRow, ProposalRow.call_id == CallRow.id)
    .where(ProposalRow.id == bindparam("key"), ProposalRow.decided_at.is_(None))
)
_OF_THE_NUMBER = select(CallRow.id).where(CallRow.number_index == bindparam("index"))
_DECIDE = (
    update(ProposalRow)
    .where(
        ProposalRow.call_id.in_(_OF_THE_NUMBER),
        # those that have come since were not on the page of whoever decides
        ProposalRow.id <= bindparam("key"),
        ProposalRow.decided_at.is_(None),
    )
    .values(decided_at=bindparam("now"), accepted=bindparam("is_accepted"))
)


def add(tx: Tx, call: CallId, account: AccountId, reason: str, now: datetime) -> bool:
    """Propose to block the number of a call; the same words of the same person are kept once.

    False when the number is withheld: there is none.
    """
    numbered = select(CallRow.id).where(CallRow.id == call, CallRow.number.is_not(None))
    if tx.connection.execute(numbered).first() is None:
        return False
    values = {"call_id": call, "account_id": account, "reason": reason[:200]}
    said = select(ProposalRow.id).where(ProposalRow.decided_at.is_(None)).filter_by(**values)
    if tx.connection.execute(said).first() is None:
        tx.connection.execute(insert(ProposalRow), values | {"at": now})
    return True


def is_pending(tx: Tx, call: CallId) -> bool:
    """Whether it is proposed to block the number of that call, and nobody has decided."""
    undecided = select(ProposalRow.id).where(ProposalRow.call_id == call, ProposalRow.decided_at.is_(None))
    return tx.connection.execute(undecided).first() is not None


def pending(tx: Tx) -> list[Proposal]:
    """Those that nobody has decided, the oldest first, with the number in full."""
    by_number: dict[bytes, tuple[int, bytes, list[Reason]]] = {}
    for key, sealed, index, reason, at, by, called_at in tx.connection.execute(_PENDING):
        if sealed is not None and index is not None:
            latest, _sealed, reasons = by_number.get(index, (0, sealed, []))
            by_number[index] = max(latest, key), sealed, [*reasons, Reason(reason, at, by, called_at)]
    return [
        Proposal(ProposalId(key), tx.sealer.open(sealed), reasons)
        for key, sealed, reasons in by_number.values()
    ]


def how_many(tx: Tx) -> int:
    """Numbers about which nobody has decided."""
    found: int = tx.connection.execute(_HOW_MANY).scalar_one()
    return found


def decide(tx: Tx, proposal: ProposalId, now: datetime, *, accepted: bool) -> bool:
    """Confirm or dismiss it, with the earlier ones of its number; False when somebody else has decided."""
    index = tx.connection.execute(_UNDECIDED_INDEX, {"key": proposal}).scalar_one_or_none()
    if index is None:
        return False
    values = {"key": proposal, "index": index, "now": now, "is_accepted": accepted}
    return tx.connection.execute(_DECIDE, values).rowcount > 0


def pending_call(tx: Tx, proposal: ProposalId) -> CallId | None:
    """The call whose number it is about; None when it is decided, or there is no such proposal or number."""
    found = (
        select(CallRow.id)
        .join(ProposalRow, ProposalRow.call_id == CallRow.id)
        .where(ProposalRow.id == proposal, ProposalRow.decided_at.is_(None), CallRow.number.is_not(None))
    )
    key = tx.connection.execute(found).scalar_one_or_none()
    return CallId(key) if key is not None else None


def subject(tx: Tx, proposal: ProposalId) -> tuple[str, str] | None:
    """The number that it is about, and all reasons given up to it; None when there is nothing to decide."""
    index = tx.connection.execute(_UNDECIDED_INDEX, {"key": proposal}).scalar_one_or_none()
    if index is None:
        return None
    found = select(CallRow.number, ProposalRow.reason).join(CallRow, CallRow.id == ProposalRow.call_id)
    given = found.where(
        CallRow.number_index == index, ProposalRow.id <= proposal, ProposalRow.decided_at.is_(None)
    )
    rows = tx.connection.execute(given.order_by(ProposalRow.id)).all()
    sealed = next((number for number, _reason in rows if number is not None), None)
    return (
        (tx.sealer.open(sealed), " · ".join(dict.fromkeys(reason for _, reason in rows))) if sealed else None
    )
