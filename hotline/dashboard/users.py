"""Accounts as Flask-Security knows them, kept in our own store."""

from collections.abc import Iterable
from copy import copy
from typing import Any, ClassVar, Final

from flask import g
from flask_security import RoleMixin, UserMixin
from flask_security.datastore import UserDatastore
from flask_security.recovery_codes import MfRecoveryCodesUtil
from flask_security.totp import Totp
from passlib.exc import UsedTokenError
from passlib.totp import TotpMatch

from hotline.queue.ids import AccountId, MediatorId
from hotline.queue.roles import Role, includes, needs_second_factor
from hotline.store import accounts
from hotline.store.accounts import Account
from hotline.store.transactions import Store, Tx

AUTHENTICATOR: Final = "authenticator"


class NamedRole(RoleMixin):
    """A role under the name by which the library asks for it."""

    def __init__(self, name: str) -> None:
        self.name = name


class User(UserMixin):
    """An account, with the attributes that the library reads and writes."""

    FIELDS: ClassVar = {
        "password": "password",
        "active": "active",
        "fs_uniquifier": "session",
        "tf_totp_secret": "totp_secret",
        "mf_recovery_codes": "recovery_codes",
    }
    """Those that it may write, and our names of them."""
    # the library looks for these on the class
    fs_uniquifier: str = ""
    tf_totp_secret: str | None = None
    tf_primary_method: str | None = None
    mf_recovery_codes: list[str] | None = None

    def __init__(self, account: Account, log_in: str | None = None) -> None:
        """`log_in`: the name of the log-in by which they are here; None when they are not in."""
        self.log_in = log_in
        self.id: AccountId = account.id
        self.email = account.email
        self.name = account.name
        self.role: Role = account.role
        self.language = account.language
        self.mediator_id: MediatorId | None = account.mediator_id
        self.active = account.active
        self.wants_reminders = account.wants_reminders
        self.password = account.password
        self.fs_uniquifier = account.session
        self.tf_totp_secret = account.totp_secret
        self.totp_counter = account.totp_counter
        self.tf_primary_method = AUTHENTICATOR if account.totp_secret else None
        self.tf_phone_number = None
        self.mf_recovery_codes = list(account.recovery_codes or [])
        self.roles = [NamedRole(one) for one in Role if includes(account.role, one)]
        self._as_read = self._written()

    def changes(self) -> dict[str, Any]:
        """The columns that the library has changed since the account was read."""
        return {column: value for column, value in self._written().items() if value != self._as_read[column]}

    def is_kept(self) -> None:
        """What has been changed so far is written down."""
        self._as_read = self._written()

    def _written(self) -> dict[str, Any]:
        # copied: the library takes used codes out of the list itself
        return {column: copy(getattr(self, attribute)) for attribute, column in self.FIELDS.items()}

    def check_tf_required(
        self, tf_setup_methods: list[tuple[str, str]], tf_fresh: bool
    ) -> tuple[bool, list[tuple[str, str]]]:
        required = bool(tf_setup_methods) or needs_second_factor(self.role)
        return required and not tf_fresh, tf_setup_methods

    def check_tf_required_setup(self) -> bool:
        return needs_second_factor(self.role)

    def may(self, wanted: Role) -> bool:
        return includes(self.role, wanted)


class Accounts(UserDatastore):
    """The library's datastore: what it puts is written by its commit, in one transaction."""

    def __init__(self, store: Store) -> None:
        super().__init__(User, NamedRole)
        self._store = store

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> User | None:
        ((attribute, value),) = kwargs.items()
        with self._store.reading() as tx:
            match attribute:
                case "fs_uniquifier":
                    found = accounts.by_session(tx, value)
                case "email":
                    found = accounts.by_email(tx, value)
                case "id":
                    found = accounts.get(tx, AccountId(value))
                case _:
                    found = None
        return User(found) if found else None

    def find_role(self, role: str) -> NamedRole | None:
        return NamedRole(role) if role in list(Role) else None

    def put(self, model: User) -> User:
        g.setdefault("changed_users", {})[model.id] = model
        return model

    def commit(self) -> None:
        changed: dict[AccountId, User] = g.pop("changed_users", {})
        if changed:
            self._store.run(lambda tx: _write(tx, changed.values()))
        for user in changed.values():
            user.is_kept()


def codes_taken_once(store: Store) -> type[Totp]:
    """The six digits, each good for one time; the library wants a class."""

    class Once(Totp):
        def get_last_counter(self, user: UserMixin) -> int | None:
            return user.totp_counter if isinstance(user, User) else None

        def set_last_counter(self, user: UserMixin, tmatch: TotpMatch) -> None:
            if isinstance(user, User) and not store.run(
                lambda tx: accounts.take_counter(tx, user.id, tmatch.counter)
            ):
                raise UsedTokenError  # somebody else was faster with the same digits

    return Once


def backup_codes_taken_once(store: Store) -> type[MfRecoveryCodesUtil]:
    """Backup codes, each good for one door; the library wants a class."""

    class Once(MfRecoveryCodesUtil):
        def check_recovery_code(self, user: UserMixin, code: str) -> bool:
            """It is taken as it is looked at: in between, others would look at it too."""
            return isinstance(user, User) and store.run(
                lambda tx: accounts.take_recovery_code(tx, user.id, code)
            )

        def delete_recovery_code(self, user: UserMixin, code: str) -> bool:
            """Done already; the list that was read with the account may be an old one."""
            return True

    return Once


def _write(tx: Tx, users: Iterable[User]) -> None:
    """Only what was changed here: somebody may have closed the account since it was read."""
    for user in users:
        if changes := user.changes():
            accounts.change(tx, user.id, changes)
