"""The match lock: one row that whoever matches callers and mediators updates first."""

from sqlalchemy import update
from sqlalchemy.orm import Mapped, mapped_column

from hotline.store.base import Base
from hotline.store.transactions import Tx


class SwitchRow(Base):
    __tablename__ = "switch"
    id: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int]


_TAKE = update(SwitchRow).where(SwitchRow.id == 1).values(n=SwitchRow.n + 1)


def take(tx: Tx) -> None:
    """Take the match lock until the end of the transaction.

    Two transactions that each make one side ready and then look at the other would both see nobody; under
    this lock the second sees what the first has committed (each statement of READ COMMITTED looks afresh).
    """
    taken = tx.connection.execute(_TAKE)
    if taken.rowcount != 1:
        raise RuntimeError("the switch row is missing: the database has not been migrated")
