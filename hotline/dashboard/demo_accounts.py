"""The demonstration's accounts: their addresses and their password are no secret."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from flask import Flask, current_app
from flask_security import Security, hash_password, verify_password

from hotline.dashboard.invitations import LANGUAGE, new_session
from hotline.queue.ids import MediatorId
from hotline.queue.roles import Role, needs_second_factor
from hotline.services import Services
from hotline.store import accounts
from hotline.store.accounts import Account
from hotline.store.transactions import Tx

PASSWORD: Final = "essayer la ligne"
DOMAIN: Final = "@demo.example.org"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """`email` ends in DOMAIN. `mediator`: whose telephone rings for it."""

    email: str
    name: str
    role: Role
    mediator: MediatorId | None = None


def write(app: Flask, services: Services, wanted: Iterable[DemoAccount]) -> None:
    """Write those that are not there yet, ready to log in; who needs a second factor has one."""
    with services.store.reading() as tx:
        missing = [one for one in wanted if accounts.by_email(tx, one.email) is None]
    if not missing:
        return
    with app.app_context():
        password = hash_password(PASSWORD)
        secrets = [_security().totp_factory.generate_totp_secret() for _one in missing]
    for one, secret in zip(missing, secrets, strict=True):
        known: dict[str, Any] = {"password": password, "mediator_id": one.mediator}
        if needs_second_factor(one.role):
            known["totp_secret"] = secret
        _add(services, one, known)


def present(tx: Tx) -> list[Account]:
    """The demonstration's accounts, whoever sees most first; needs an application context.

    Whoever has been invited, or has chosen another password, is not among them.
    """
    known = [one for one in accounts.every(tx) if one.email.endswith(DOMAIN)]
    found = [one for one in known if one.password is not None and _is_the_password(one.password)]
    return sorted(found, key=lambda one: (-list(Role).index(one.role), one.id))


def six_digits(account: Account) -> str | None:
    """What the application on the owner's telephone would show now; needs an application context."""
    if account.totp_secret is None:
        return None
    return str(_security().totp_factory.generate_totp_password(account.totp_secret))


@cache
def _is_the_password(kept: str) -> bool:
    return bool(verify_password(PASSWORD, kept))


def _add(services: Services, one: DemoAccount, known: dict[str, Any]) -> None:
    now = services.clock.now()

    def add(tx: Tx) -> None:
        key = accounts.add(tx, one.email, one.name, one.role, LANGUAGE, new_session(), now)
        accounts.change(tx, key, known)

    services.store.run(add)


def _security() -> Security:
    found: Security = current_app.extensions["security"]
    return found
