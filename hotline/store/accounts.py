"""Accounts: who may open the dashboard, as what, and what proves that it is them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, bindparam, exists, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from hotline.queue.ids import AccountId, MediatorId
from hotline.queue.roles import Role
from hotline.store.base import Base
from hotline.store.logged_out import LoggedOutRow
from hotline.store.topics import of_account
from hotline.store.transactions import Tx


class AccountRow(Base):
    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """In lower case."""
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[Role]
    language: Mapped[str] = mapped_column(String(16))
    mediator_id: Mapped[int | None] = mapped_column(ForeignKey("mediators.id"), unique=True)
    """None: has no telephone yet, or takes no calls."""
    active: Mapped[bool]
    session: Mapped[str] = mapped_column(String(64), unique=True)
    """Every session holds it: another one ends them all."""
    password: Mapped[str | None] = mapped_column(String(255))
    """Its hash. None: has been invited and not come yet."""
    totp_secret: Mapped[str | None] = mapped_column(String(255))
    """Sealed by the log-in library. None: no second factor."""
    totp_counter: Mapped[int | None]
    """Of the last six digits that were taken: neither they nor older ones are taken again."""
    recovery_codes: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    wants_reminders: Mapped[bool] = mapped_column(default=True)
    """Of their shifts, by mail."""
    created_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Account:
    id: AccountId
    email: str
    name: str
    role: Role
    language: str
    mediator_id: MediatorId | None
    active: bool
    session: str
    password: str | None
    totp_secret: str | None
    totp_counter: int | None
    recovery_codes: list[str] | None
    wants_reminders: bool
    created_at: datetime


_COLUMNS = [getattr(AccountRow, one.name) for one in fields(Account)]
_BY_ID = select(*_COLUMNS).where(AccountRow.id == bindparam("key"))
_BY_SESSION = select(*_COLUMNS).where(AccountRow.session == bindparam("session"))
_BY_MEDIATOR = select(*_COLUMNS).where(AccountRow.mediator_id == bindparam("mediator"))
_BY_LOG_IN = _BY_SESSION.where(~exists().where(LoggedOutRow.log_in == bindparam("log_in")))
_BY_EMAIL = select(*_COLUMNS).where(AccountRow.email == bindparam("email"))


def add(tx: Tx, email: str, name: str, role: Role, language: str, session: str, now: datetime) -> AccountId:
    """Write a new account without a password. Raises IntegrityError when the address has one."""
    values = {
        "email": email.lower(),
        "name": name,
        "role": role,
        "language": language,
        "active": True,
        "session": session,
        "created_at": now,
    }
    key = tx.connection.execute(insert(AccountRow), values).inserted_primary_key
    assert key is not None
    return AccountId(key[0])


def get(tx: Tx, account: AccountId) -> Account | None:
    return _one(tx, _BY_ID, {"key": account})


def by_session(tx: Tx, session: str) -> Account | None:
    return _one(tx, _BY_SESSION, {"session": session})


def by_log_in(tx: Tx, session: str, log_in: str) -> Account | None:
    """By one of the sessions; None when it was ended by logging out."""
    return _one(tx, _BY_LOG_IN, {"session": session, "log_in": log_in})


def by_email(tx: Tx, email: str) -> Account | None:
    return _one(tx, _BY_EMAIL, {"email": email.lower()})


def of_mediator(tx: Tx, mediator: MediatorId) -> Account | None:
    return _one(tx, _BY_MEDIATOR, {"mediator": mediator})


def every(tx: Tx) -> list[Account]:
    found = select(*_COLUMNS).order_by(func.lower(AccountRow.name), AccountRow.id)
    return [Account(*row) for row in tx.connection.execute(found)]


def change(tx: Tx, account: AccountId, values: Mapping[str, Any]) -> None:
    """Write these columns of an account. Another word for its sessions ends them, open pages included."""
    if "session" in values:
        tx.touched.add(of_account(account))
    tx.connection.execute(update(AccountRow).where(AccountRow.id == account).values(**values))


def take_up(tx: Tx, account: AccountId, session: str, values: Mapping[str, Any]) -> bool:
    """Write these columns, if the account's session is still that one; False when it is another."""
    same = (AccountRow.id == account) & (AccountRow.session == session)
    return tx.connection.execute(update(AccountRow).where(same).values(**values)).rowcount == 1


def give_up_mediator(tx: Tx, account: AccountId) -> bool:
    """Its mediator is another account's from now on, if the account is closed; False when it is open."""
    closed = (AccountRow.id == account) & AccountRow.active.is_(False)
    return tx.connection.execute(update(AccountRow).where(closed).values(mediator_id=None)).rowcount == 1


def take_counter(tx: Tx, account: AccountId, counter: int) -> bool:
    """Note that six digits were taken; False when these, or later ones, had been taken already."""
    older = func.coalesce(AccountRow.totp_counter, -1) < counter
    same = AccountRow.id == account
    return (
        tx.connection.execute(update(AccountRow).where(same, older).values(totp_counter=counter)).rowcount
        == 1
    )


def take_recovery_code(tx: Tx, account: AccountId, code: str) -> bool:
    """Strike out a code; False when it is none of the account's, or has been taken.

    The account's row is locked: of two that come at once, each is struck out, and the same one once.
    """
    this = AccountRow.id == account
    known = tx.connection.execute(select(AccountRow.recovery_codes).where(this).with_for_update()).scalar()
    if not known or code not in known:
        return False
    left = [one for one in known if one != code]
    tx.connection.execute(update(AccountRow).where(this).values(recovery_codes=left))
    return True


def forget_second_factor(tx: Tx, account: AccountId, session: str) -> bool:
    """Take away the second factor, and end all sessions by another word for them; False: there is none."""
    has_one = (AccountRow.id == account) & AccountRow.totp_secret.is_not(None)
    nothing = {"totp_secret": None, "totp_counter": None, "recovery_codes": None}
    gone = tx.connection.execute(update(AccountRow).where(has_one).values(session=session, **nothing))
    if gone.rowcount == 1:
        tx.touched.add(of_account(account))
    return gone.rowcount == 1


def _one(tx: Tx, found: Any, values: Mapping[str, object]) -> Account | None:
    row = tx.connection.execute(found, values).one_or_none()
    return Account(*row) if row else None
