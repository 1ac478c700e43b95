"""Who is just calling whom back: one person at a time, and not for ever."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ForeignKey, delete, insert, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from hotline.queue.ids import AccountId, TicketId
from hotline.store.base import Base
from hotline.store.topics import BOARD, CALLBACKS
from hotline.store.transactions import Tx

LASTS: Final = timedelta(minutes=45)
"""Then somebody else may: whoever claimed it has closed the laptop."""


class ClaimRow(Base):
    __tablename__ = "claims"
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    at: Mapped[datetime]


def take(tx: Tx, ticket: TicketId, account: AccountId, now: datetime) -> bool:
    """Claim a ticket; False when somebody else has it. Raises IntegrityError when it is claimed just now."""
    mine_or_old = or_(ClaimRow.account_id == account, ClaimRow.at <= now - LASTS)
    tx.connection.execute(delete(ClaimRow).where(ClaimRow.ticket_id == ticket, mine_or_old))
    if of(tx, ticket, now) is not None:
        return False
    tx.connection.execute(insert(ClaimRow), {"ticket_id": ticket, "account_id": account, "at": now})
    tx.touched |= {BOARD, CALLBACKS}
    return True


def of(tx: Tx, ticket: TicketId, now: datetime) -> AccountId | None:
    """Who has claimed it."""
    found = select(ClaimRow.account_id).where(ClaimRow.ticket_id == ticket, ClaimRow.at > now - LASTS)
    key = tx.connection.execute(found).scalar_one_or_none()
    return AccountId(key) if key is not None else None


def give_back(tx: Tx, ticket: TicketId) -> None:
    tx.connection.execute(delete(ClaimRow).where(ClaimRow.ticket_id == ticket))
    tx.touched |= {BOARD, CALLBACKS}
