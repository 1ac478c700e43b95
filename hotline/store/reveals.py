"""Who looked at a caller's number, and when: numbers are masked, and each look is written down."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from hotline.queue.ids import AccountId, CallId
from hotline.store.base import Base
from hotline.store.transactions import Tx


class RevealRow(Base):
    __tablename__ = "reveals"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    call_id: Mapped[int | None] = mapped_column(ForeignKey("calls.id"), index=True)
    """None: the number stands on the list of blocked numbers."""
    number_index: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """Of a blocked number."""
    at: Mapped[datetime]


def note(tx: Tx, account: AccountId, call: CallId, now: datetime) -> None:
    tx.connection.execute(insert(RevealRow), {"account_id": account, "call_id": call, "at": now})


def note_blocked(tx: Tx, account: AccountId, number_index: bytes, now: datetime) -> None:
    values = {"account_id": account, "number_index": number_index, "at": now}
    tx.connection.execute(insert(RevealRow), values)


def has_looked(tx: Tx, account: AccountId, call: CallId) -> bool:
    """Whether that account has looked at the number of that call."""
    looked = select(RevealRow.id).where(RevealRow.account_id == account, RevealRow.call_id == call)
    return tx.connection.execute(looked.limit(1)).first() is not None
