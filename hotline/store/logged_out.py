"""Log-ins that were ended by logging out: their cookies, wherever they have got to, open nothing any more."""

from datetime import datetime

from sqlalchemy import String, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from hotline.store.base import Base
from hotline.store.transactions import Tx


class LoggedOutRow(Base):
    __tablename__ = "logged_out"
    log_in: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Its name."""
    until: Mapped[datetime] = mapped_column(index=True)
    """Its cookies open nothing after that anyhow."""


_ADD = {
    "postgresql": postgresql.insert(LoggedOutRow).on_conflict_do_nothing(),
    "sqlite": sqlite.insert(LoggedOutRow).on_conflict_do_nothing(),
}


def add(tx: Tx, log_in: str, until: datetime) -> None:
    """End it; twice is no mistake: two windows log out at once."""
    tx.connection.execute(_ADD[tx.connection.dialect.name], {"log_in": log_in, "until": until})


def forget(tx: Tx, now: datetime) -> None:
    """Delete those that would have ended by now."""
    tx.connection.execute(delete(LoggedOutRow).where(LoggedOutRow.until <= now))
