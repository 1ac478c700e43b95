"""Alarms: one row for each kind and subject, with what was mailed of it."""

from dataclasses import fields
from datetime import datetime

from sqlalchemy import String, bindparam, case, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from hotline.queue.alarms import Alarm, Kind
from hotline.store.base import Base
from hotline.store.calls import CallRow
from hotline.store.places import FETCHABLE, PlaceRow
from hotline.store.transactions import Tx

DETAIL = 200


class AlarmRow(Base):
    __tablename__ = "alarms"
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    """A line's name, or nothing."""
    raised_at: Mapped[datetime]
    first_at: Mapped[datetime]
    count: Mapped[int]
    detail: Mapped[str] = mapped_column(String(DETAIL))
    tried_at: Mapped[datetime | None]
    """A mail was begun then. If it is not `mailed_at` as well, that one did not go out, or has not yet."""
    mailed_at: Mapped[datetime | None]


def _raising(insert: postgresql.Insert | sqlite.Insert) -> postgresql.Insert | sqlite.Insert:
    """One statement, so that nothing can come between the look and the change: this row, and no other."""
    new = insert.excluded
    first_at = case((AlarmRow.count == 0, new.raised_at), else_=AlarmRow.first_at)
    return insert.on_conflict_do_update(
        index_elements=[AlarmRow.kind, AlarmRow.subject],
        set_={
            "raised_at": new.raised_at,
            "first_at": first_at,
            "count": AlarmRow.count + 1,
            "detail": new.detail,
        },
    )


_RAISE = {
    "postgresql": _raising(postgresql.insert(AlarmRow)),
    "sqlite": _raising(sqlite.insert(AlarmRow)),
}
_COLUMNS = [getattr(AlarmRow, one.name) for one in fields(Alarm)]
_EVERY = select(*_COLUMNS).where(AlarmRow.kind.in_([kind.value for kind in Kind]))
_THIS = update(AlarmRow).where(
    AlarmRow.kind == bindparam("of_kind"),
    AlarmRow.subject == bindparam("of_subject"),
    AlarmRow.tried_at.is_not_distinct_from(bindparam("was_tried_at")),
)
_CLAIM = _THIS.values(tried_at=bindparam("now"))
_MAILED = _THIS.values(
    mailed_at=AlarmRow.tried_at,
    count=AlarmRow.count - bindparam("told"),
    # whatever came while the mail was under way is for the next one
    first_at=AlarmRow.raised_at,
)
# a place may be older than the call that waits in it
_WAITS_SINCE = case((PlaceRow.queued_at > CallRow.started_at, PlaceRow.queued_at), else_=CallRow.started_at)
_WAITS = (
    select(PlaceRow.line, func.count(), func.min(_WAITS_SINCE))
    .join(CallRow, CallRow.id == PlaceRow.call_id)
    .where(FETCHABLE, bindparam("before") > _WAITS_SINCE)
    .group_by(PlaceRow.line)
    .order_by(PlaceRow.line)
)


def raise_(tx: Tx, kind: Kind, subject: str, detail: str, now: datetime) -> None:
    """Write that it has happened, once more. Locks the row until the end of the transaction."""
    values = {
        "kind": kind.value,
        "subject": subject,
        "raised_at": now,
        "first_at": now,
        "count": 1,
        "detail": detail[:DETAIL],
    }
    tx.connection.execute(_RAISE[tx.connection.dialect.name], values)


def every(tx: Tx) -> list[Alarm]:
    """All alarms that there ever were, due or not: a few rows."""
    rows = tx.connection.execute(_EVERY)
    return [Alarm(Kind(kind), *rest) for kind, *rest in rows]


def claim(tx: Tx, alarm: Alarm, now: datetime) -> bool:
    """Take on the mail of this alarm; False when somebody else has, since it was read."""
    return tx.connection.execute(_CLAIM, _key(alarm) | {"now": now}).rowcount == 1


def mailed(tx: Tx, alarm: Alarm) -> None:
    """The mail has gone out that told this alarm, as it was claimed."""
    tx.connection.execute(_MAILED, _key(alarm) | {"told": alarm.count})


def waits(tx: Tx, before: datetime) -> list[tuple[str, int, datetime]]:
    """For each line: how many can be fetched and have waited since before then, and the first since when."""
    return [(line, many, first) for line, many, first in tx.connection.execute(_WAITS, {"before": before})]


def _key(alarm: Alarm) -> dict[str, object]:
    return {"of_kind": alarm.kind.value, "of_subject": alarm.subject, "was_tried_at": alarm.tried_at}
