"""Numbers that mediators would have blocked: coordinators decide."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, bindparam, insert, select, text, update
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
class Proposal:
    id: ProposalId
    number: str
    reason: str
    at: datetime
    by: str
    """The name of whoever proposed it."""
    called_at: datetime


_PENDING = (
    select(
        ProposalRow.id,
        CallRow.number,
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
_DECIDE = (
    update(ProposalRow)
    .where(ProposalRow.id == bindparam("key"), ProposalRow.decided_at.is_(None))
    .values(decided_at=bindparam("now"), accepted=bindparam("is_accepted"))
)


def add(tx: Tx, call: CallId, account: AccountId, reason: str, now: datetime) -> bool:
    """Propose to block the number of a call, once a call. False when it is withheld: there is none."""
    numbered = select(CallRow.id).where(CallRow.id == call, CallRow.number.is_not(None))
    if tx.connection.execute(numbered).first() is None:
        return False
    undecided = select(ProposalRow.id).where(ProposalRow.call_id == call, ProposalRow.decided_at.is_(None))
    if tx.connection.execute(undecided).first() is None:
        values = {"call_id": call, "account_id": account, "reason": reason[:200], "at": now}
        tx.connection.execute(insert(ProposalRow), values)
    return True


def pending(tx: Tx) -> list[Proposal]:
    """Those that nobody has decided, the oldest first, with the number in full."""
    return [
        Proposal(ProposalId(key), tx.sealer.open(sealed), reason, at, by, called_at)
        for key, sealed, reason, at, by, called_at in tx.connection.execute(_PENDING)
        if sealed is not None
    ]


def decide(tx: Tx, proposal: ProposalId, now: datetime, *, accepted: bool) -> bool:
    """Confirm or dismiss it; False when somebody else has decided."""
    values = {"key": proposal, "now": now, "is_accepted": accepted}
    return tx.connection.execute(_DECIDE, values).rowcount == 1


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
    """The number that it is about, and the reason; None when there is no such proposal or number."""
    found = select(CallRow.number, ProposalRow.reason).join(CallRow, CallRow.id == ProposalRow.call_id)
    row = tx.connection.execute(found.where(ProposalRow.id == proposal)).one_or_none()
    return (tx.sealer.open(row[0]), row[1]) if row and row[0] is not None else None
