"""What is needed to log in: accounts with a password or a second factor, and what is keyed."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask_security import Security, hash_password

from hotline.dashboard.users import User
from hotline.queue.ids import AccountId
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import accounts
from hotline.store.accounts import Account
from tests.dashboard.visitor import PASSWORD, Visitor, account

EMAIL = "amina@example.org"


@dataclass
class Door:
    """The log-in of an application, from any number of browsers."""

    app: Flask
    services: Services

    def browser(self, address: str = "127.0.0.1") -> Visitor:
        """Another browser, at that network address."""
        made = Visitor(self.app.test_client())
        made.client.environ_base["REMOTE_ADDR"] = address
        made.get("/account/login")
        return made

    def account(self, role: Role = Role.MEDIATOR, email: str = EMAIL, **more: Any) -> AccountId:
        """An account that PASSWORD opens; `more` are columns."""
        key = account(self.services, role, email=email)
        with self.app.app_context():
            values = {"password": hash_password(PASSWORD)} | more
        self.services.store.run(lambda tx: accounts.change(tx, key, values))
        return key

    def with_codes(self, role: Role = Role.COORDINATOR, email: str = EMAIL) -> AccountId:
        """An account with a second factor."""
        with self.app.app_context():
            secret = self.security.totp_factory.generate_totp_secret()
        return self.account(role, email, totp_secret=secret)

    def log_in(self, visitor: Visitor, password: str = PASSWORD, email: str = EMAIL) -> Any:
        return visitor.post("/account/login", email=email, password=password)

    def six_digits(self, secret: str) -> str:
        with self.app.app_context():
            return str(self.security.totp_factory.generate_totp_password(secret))

    def known(self, email: str = EMAIL) -> Account:
        with self.services.store.reading() as tx:
            found = accounts.by_email(tx, email)
        assert found is not None
        return found

    def user(self, email: str = EMAIL) -> User:
        return User(self.known(email))

    @property
    def security(self) -> Security:
        found: Security = self.app.extensions["security"]
        return found


def is_in(visitor: Visitor) -> bool:
    """Whether the visitor may open a page of their own."""
    return visitor.get("/profile").status_code == 200


def link_in(text: str) -> str:
    """The path of the one link in a letter."""
    (link,) = [word for word in text.split() if word.startswith("http")]
    assert link.startswith("http://127.0.0.1:1/"), "below the public address"
    return link.removeprefix("http://127.0.0.1:1")
