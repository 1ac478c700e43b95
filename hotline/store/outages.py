"""The pulse, one row that shows when we were last there, and the outages that it has shown."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from hotline.queue.outages import REACH, Outage
from hotline.store.base import Base
from hotline.store.calls import CallRow
from hotline.store.transactions import Tx

_ONLY: Final = 1


class PulseRow(Base):
    __tablename__ = "pulse"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    beat_at: Mapped[datetime]


class OutageRow(Base):
    __tablename__ = "outages"
    id: Mapped[int] = mapped_column(primary_key=True)
    began_at: Mapped[datetime]
    """The last beat before it."""
    ended_at: Mapped[datetime]


_LAST_BEAT = select(PulseRow.beat_at).where(PulseRow.id == _ONLY)
_LOCK = _LAST_BEAT.with_for_update()
_BEAT = update(PulseRow).where(PulseRow.id == _ONLY).values(beat_at=bindparam("now"))
_FIRST_BEAT = {
    "postgresql": postgresql.insert(PulseRow).on_conflict_do_nothing(),
    "sqlite": sqlite.insert(PulseRow).on_conflict_do_nothing(),
}
_LATEST_END = select(func.max(OutageRow.ended_at))
_NEAR = select(OutageRow.began_at, OutageRow.ended_at).where(
    OutageRow.ended_at > bindparam("after"), OutageRow.ended_at < bindparam("before")
)
_ON_THE_LINE = (
    select(CallRow.line, func.count().label("many"))
    .where(CallRow.ended_at.is_(None), CallRow.started_at < bindparam("before"))
    .group_by(CallRow.line)
)


def last_beat(tx: Tx) -> datetime | None:
    """None in a database in which nobody has ever been."""
    return tx.connection.execute(_LAST_BEAT).scalar_one_or_none()


def lock(tx: Tx) -> datetime | None:
    """The last beat; whoever else would beat, or note an outage, waits until the end of the transaction."""
    return tx.connection.execute(_LOCK).scalar_one_or_none()


def beat(tx: Tx, now: datetime) -> None:
    """We are there."""
    if tx.connection.execute(_BEAT, {"now": now}).rowcount == 0:
        first = _FIRST_BEAT[tx.connection.dialect.name]
        tx.connection.execute(first, {"id": _ONLY, "beat_at": now})


def forget_beats(tx: Tx) -> None:
    """As if nobody had ever been there: what has stopped is not missed."""
    tx.connection.execute(delete(PulseRow))


def add(tx: Tx, outage: Outage) -> None:
    values = {"began_at": outage.began_at, "ended_at": outage.ended_at}
    tx.connection.execute(insert(OutageRow), values)


def latest_end(tx: Tx) -> datetime | None:
    """When the latest outage ended."""
    return tx.connection.execute(_LATEST_END).scalar_one()


def near(tx: Tx, now: datetime) -> list[Outage]:
    """The outages that may have ended the call of whose end we learn now."""
    rows = tx.connection.execute(_NEAR, {"after": now - REACH, "before": now + REACH})
    return [Outage(*row) for row in rows]


def forget(tx: Tx, before: datetime) -> None:
    """Delete the outages that ended before then."""
    tx.connection.execute(delete(OutageRow).where(OutageRow.ended_at < before))


def on_the_line(tx: Tx, before: datetime) -> Mapping[str, int]:
    """For each line: how many calls are open that began before then."""
    rows = tx.connection.execute(_ON_THE_LINE, {"before": before})
    return {row.line: row.many for row in rows}
