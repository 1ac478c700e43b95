"""A telephone number that somebody says is theirs, until the code that was read to it proves it."""

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    LargeBinary,
    String,
    bindparam,
    delete,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from hotline.queue.ids import AccountId
from hotline.store.base import Base
from hotline.store.transactions import Tx


class NumberCheckRow(Base):
    __tablename__ = "number_checks"
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, autoincrement=False)
    number: Mapped[bytes] = mapped_column(LargeBinary)
    code: Mapped[str] = mapped_column(String(4))
    token: Mapped[str] = mapped_column(String(64), unique=True)
    """Names the check in the address that the carrier asks."""
    begun_at: Mapped[datetime]
    tries: Mapped[int]
    proven_at: Mapped[datetime | None]
    """None: the right code has not been keyed yet."""


class CheckCallRow(Base):
    """A call that was asked for, to count them: forgotten after a day, and never with the number itself."""

    __tablename__ = "check_calls"
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    number_index: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class NumberCheck:
    account_id: AccountId
    number: str
    code: str
    token: str
    begun_at: datetime
    tries: int = 0
    proven_at: datetime | None = None


_NAMES = [one.name for one in fields(NumberCheck)]
_COLUMNS = [getattr(NumberCheckRow, name) for name in _NAMES]
_CALL = select(CheckCallRow.account_id, CheckCallRow.number_index).where(
    CheckCallRow.token == bindparam("token")
)


def begin(tx: Tx, check: NumberCheck) -> None:
    """Replace the check that the account had, if there was one."""
    end(tx, check.account_id)
    values = {name: getattr(check, name) for name in _NAMES} | {"number": tx.sealer.seal(check.number)}
    tx.connection.execute(insert(NumberCheckRow), values)
    call = {
        "token": check.token,
        "account_id": check.account_id,
        "number_index": tx.sealer.index(check.number),
        "at": check.begun_at,
    }
    tx.connection.execute(insert(CheckCallRow), call)


def one_at_a_time(tx: Tx) -> None:
    """Until the end of the transaction nobody else counts calls: two at once would both find room for one."""
    # on SQLite whoever writes is alone already
    if tx.connection.dialect.name == "postgresql":
        tx.connection.execute(text("SELECT pg_advisory_xact_lock(7211)"))


def calls_by(tx: Tx, account: AccountId, since: datetime) -> list[datetime]:
    """When calls were asked for by that account, after `since`; the latest first."""
    return _calls(tx, CheckCallRow.account_id == account, since)


def calls_to(tx: Tx, number: str, since: datetime) -> list[datetime]:
    """The same of all accounts, to that number."""
    return _calls(tx, CheckCallRow.number_index == tx.sealer.index(number), since)


def forget_calls(tx: Tx, until: datetime) -> None:
    tx.connection.execute(delete(CheckCallRow).where(CheckCallRow.at <= until))


def of(tx: Tx, account: AccountId) -> NumberCheck | None:
    return _one(tx, NumberCheckRow.account_id == account)


def of_call(tx: Tx, token: str) -> NumberCheck | None:
    """The check of the number that is called; the latest one, when that number was called again."""
    row = tx.connection.execute(_CALL, {"token": token}).one_or_none()
    if row is None:
        return None
    check = of(tx, AccountId(row.account_id))
    is_same = check is not None and tx.sealer.index(check.number) == row.number_index
    return check if is_same else None


def try_(tx: Tx, account: AccountId, most: int) -> bool:
    """Count an attempt to say the code. False when there have been so many already."""
    left = (NumberCheckRow.account_id == account) & (NumberCheckRow.tries < most)
    counted = update(NumberCheckRow).where(left).values(tries=NumberCheckRow.tries + 1)
    return tx.connection.execute(counted).rowcount == 1


def prove(tx: Tx, account: AccountId, now: datetime) -> None:
    mine = update(NumberCheckRow).where(NumberCheckRow.account_id == account)
    tx.connection.execute(mine.values(proven_at=now))


def was_not_called(tx: Tx, token: str) -> None:
    """The carrier did not take the call: it does not count, and nobody can guess at its code."""
    for row in (CheckCallRow, NumberCheckRow):
        tx.connection.execute(delete(row).where(row.token == token))


def end(tx: Tx, account: AccountId) -> None:
    tx.connection.execute(delete(NumberCheckRow).where(NumberCheckRow.account_id == account))


def _calls(tx: Tx, condition: ColumnElement[bool], since: datetime) -> list[datetime]:
    found = select(CheckCallRow.at).where(condition, CheckCallRow.at > since)
    return list(tx.connection.execute(found.order_by(CheckCallRow.at.desc())).scalars())


def _one(tx: Tx, condition: object) -> NumberCheck | None:
    row = tx.connection.execute(select(*_COLUMNS).where(condition)).one_or_none()  # type: ignore[arg-type]  # any condition
    if row is None:
        return None
    values = dict(zip(_NAMES, row, strict=True))
    return NumberCheck(**values | {"number": tx.sealer.open(values["number"])})
