"""One log-in: the name that its cookies hold, how long it lasts, and that logging out ends it everywhere."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from flask import Flask, session
from flask_login import user_logged_in, user_logged_out
from flask_security.utils import set_request_attr

from hotline.dashboard.users import User
from hotline.services import Services
from hotline.store import accounts, logged_out
from hotline.store.topics import of_account
from hotline.store.transactions import Tx

LASTS: Final = timedelta(weeks=5)
"""From its beginning, however often its cookies are renewed."""
KEY: Final = "_user_id"
"""Where the log-in library keeps it; it takes it from there into the cookie of two weeks too."""


def prepare(app: Flask, services: Services) -> None:
    """Name each log-in, let in whose log-in still lasts, and end it when they log out."""

    def load(kept: str) -> User | None:
        found = user(services, kept)
        if found is not None:
            # as the library's own way does: what it asks when a password is to be given anew
            set_request_attr("fs_authn_via", "session")
            set_request_attr("fs_paa", session.get("fs_paa", 0))
        return found

    def begin(_sender: Flask, user: Any, **_more: Any) -> None:
        if isinstance(user, User):
            session[KEY] = begun(user, services.clock.now())

    def end(_sender: Flask, user: Any, **_more: Any) -> None:
        if isinstance(user, User) and user.log_in is not None:
            services.store.run(lambda tx: _end(tx, user))

    app.login_manager.user_loader(load)  # type: ignore[attr-defined]  # Flask-Login's
    # held by the application: a signal forgets whom nobody else remembers
    app.extensions["log_ins"] = (begin, end)
    user_logged_in.connect(begin, app)
    user_logged_out.connect(end, app)


def begun(user: User, now: datetime) -> str:
    """What the cookies of a new log-in hold: the word for all sessions of the account, and its own name."""
    user.log_in = f"{int(now.timestamp()):x}-{secrets.token_hex(8)}"
    return kept(user)


def user(services: Services, kept: str) -> User | None:
    """Who has that in a cookie; None when that log-in is over, or the account closed."""
    word, _, log_in = kept.rpartition(":")
    if not word or _end_of(log_in) <= services.clock.now():
        return None
    with services.store.reading() as tx:
        found = accounts.by_log_in(tx, word, log_in)
    return User(found, log_in) if found is not None and found.active else None


def kept(user: User) -> str:
    """What is in the cookies of somebody who is logged in."""
    return f"{user.fs_uniquifier}:{user.log_in}"


def _end(tx: Tx, user: User) -> None:
    assert user.log_in is not None
    logged_out.add(tx, user.log_in, _end_of(user.log_in))
    # pages that are open elsewhere by the same cookie
    tx.touched.add(of_account(user.id))


def _end_of(log_in: str) -> datetime:
    """A name begins with its instant."""
    return datetime.fromtimestamp(int(log_in.partition("-")[0], 16), UTC) + LASTS
