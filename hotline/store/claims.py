"""Who is just calling whom back: one person at a time, and not for ever."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ForeignKey, and_, delete, insert, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from hotline.queue.ids import AccountId, MediatorId, TicketId
from hotline.store.accounts import AccountRow
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


def of_some(tx: Tx, some: Collection[TicketId], now: datetime) -> dict[TicketId, tuple[AccountId, datetime]]:
    """Who has claimed which of those, and until when that holds."""
    found = select(ClaimRow.ticket_id, ClaimRow.account_id, ClaimRow.at).where(
        ClaimRow.ticket_id.in_(some), ClaimRow.at > now - LASTS
    )
    rows = tx.connection.execute(found)
    return {TicketId(ticket): (AccountId(account), at + LASTS) for ticket, account, at in rows}


def by(tx: Tx, account: AccountId, now: datetime) -> TicketId | None:
    """What that account has claimed."""
    found = select(ClaimRow.ticket_id).where(ClaimRow.account_id == account, ClaimRow.at > now - LASTS)
    key = tx.connection.execute(found.order_by(ClaimRow.at.desc()).limit(1)).scalar_one_or_none()
    return TicketId(key) if key is not None else None


def holder(tx: Tx, ticket: TicketId) -> tuple[AccountId, MediatorId | None] | None:
    """Who has claimed it last, however long ago."""
    found = (
        select(AccountRow.id, AccountRow.mediator_id)
        .join(ClaimRow, ClaimRow.account_id == AccountRow.id)
        .where(ClaimRow.ticket_id == ticket)
    )
    row = tx.connection.execute(found).one_or_none()
    return (AccountId(row[0]), MediatorId(row[1]) if row[1] is not None else None) if row else None


def until(tx: Tx, some: Iterable[MediatorId], now: datetime) -> dict[MediatorId, datetime]:
    """Who of those mediators has claimed a callback, and until when that holds."""
    found = (
        select(AccountRow.mediator_id, ClaimRow.at)
        .join(ClaimRow, ClaimRow.account_id == AccountRow.id)
        .where(and_(AccountRow.mediator_id.in_(list(some)), ClaimRow.at > now - LASTS))
        .order_by(ClaimRow.at)
    )
    rows = tx.connection.execute(found)
    return {MediatorId(mediator): at + LASTS for mediator, at in rows if mediator is not None}


def of_mediator(tx: Tx, mediator: MediatorId) -> list[TicketId]:
    """What the account of that mediator has claimed, however long ago."""
    theirs = select(AccountRow.id).where(AccountRow.mediator_id == mediator)
    found = select(ClaimRow.ticket_id).where(ClaimRow.account_id.in_(theirs))
    return [TicketId(key) for key in tx.connection.execute(found).scalars()]


def give_back(tx: Tx, ticket: TicketId) -> None:
    tx.connection.execute(delete(ClaimRow).where(ClaimRow.ticket_id == ticket))
    tx.touched |= {BOARD, CALLBACKS}
