"""The versions of scripts that calls are pinned to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from hotline.store.base import Base
from hotline.store.transactions import Tx


class ScriptRow(Base):
    __tablename__ = "scripts"
    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    line: Mapped[str] = mapped_column(String(64))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    first_used_at: Mapped[datetime]


def keep(tx: Tx, version: str, line: str, body: Mapping[str, Any], now: datetime) -> None:
    """Keep a version unless it is kept already."""
    if tx.connection.execute(select(ScriptRow.version).where(ScriptRow.version == version)).first():
        return
    values = {"version": version, "line": line, "body": dict(body), "first_used_at": now}
    tx.connection.execute(insert(ScriptRow), values)


def body(tx: Tx, version: str) -> tuple[str, dict[str, Any]]:
    """The line's name and the table of a kept version."""
    row = tx.connection.execute(
        select(ScriptRow.line, ScriptRow.body).where(ScriptRow.version == version)
    ).one()
    return row.line, row.body
