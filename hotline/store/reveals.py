"""Who looked at a caller's number, and when: numbers are masked, and each look is written down."""

from datetime import datetime

from sqlalchemy import ForeignKey, insert
from sqlalchemy.orm import Mapped, mapped_column

from hotline.queue.ids import AccountId, CallId
from hotline.store.base import Base
from hotline.store.transactions import Tx


class RevealRow(Base):
    __tablename__ = "reveals"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id"), index=True)
    at: Mapped[datetime]


def note(tx: Tx, account: AccountId, call: CallId, now: datetime) -> None:
    tx.connection.execute(insert(RevealRow), {"account_id": account, "call_id": call, "at": now})
