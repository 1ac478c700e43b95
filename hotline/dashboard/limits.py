"""How often one may try passwords and codes, how many letters an account is sent, and what is said then."""

import logging
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, Final

from flask import Flask, current_app, render_template, request, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user
from flask_security import Security
from flask_security.mail_util import EmailValidateException
from limits import parse
from redis.exceptions import RedisError
from werkzeug.datastructures import MultiDict

from hotline.dashboard import log_ins
from hotline.dashboard.users import User
from hotline.queue.ids import AccountId
from hotline.services import Services
from hotline.store import accounts

log = logging.getLogger(__name__)

ATTEMPTS: Final = "10 per minute; 60 per hour"
LETTERS: Final = parse("3 per hour")
"""To one account, whoever asks for them; whoever has lost their password then has three in their mail box."""
CODES: Final = ("security.two_factor_token_validation", "security.mf_recovery")
PASSWORD: Final = ("security.verify", "security.change_password")
"""Where whoever is logged in gives the password that they have."""
LETTER: Final = "security.forgot_password"


class Limits:
    """Counts in Redis, or in this process while there is none."""

    def __init__(self, app: Flask, services: Services) -> None:
        self._services = services
        self._limiter = Limiter(
            key_func=_attempt,
            app=app,
            storage_uri=_counted_in(services.settings.redis_url),
            in_memory_fallback_enabled=True,
            swallow_errors=True,
            default_limits=[],
        )

    def watch(self, app: Flask) -> None:
        """From now on these views are limited: they must be there already."""
        for endpoint, key in self._keys().items():
            view: Any = app.view_functions[endpoint]
            limit = self._limiter.limit(ATTEMPTS, methods=["POST"], key_func=key)
            app.view_functions[endpoint] = limit(view)
        app.register_error_handler(429, _too_often)

    def may_write(self, account: AccountId) -> bool:
        """Whether one more letter may go to somebody who is said to have lost their password."""
        try:
            return self._limiter.limiter.hit(LETTERS, "letters", str(account))
        except RedisError as error:
            log.warning("letters are not counted just now (%s)", type(error).__name__)
            return True

    def _keys(self) -> Mapping[str, Callable[[], str]]:
        """The views that are tried, and who tries what there."""
        return {
            "security.login": self._attempt_of_password,
            LETTER: _attempt,
            **dict.fromkeys(CODES, _attempt_of_code),
            **dict.fromkeys(PASSWORD, _attempt_inside),
        }

    def _attempt_of_password(self) -> str:
        """An attempt at one password: whoever has chosen another by the link in a mail comes in at once.

        Whoever guesses gains nothing: only the owner of the mails gives the account another password.
        """
        address, account = _address(), None
        if address is not None:
            with self._services.store.reading() as tx:
                account = accounts.by_email(tx, address)
        password = account.password if account is not None else None
        return f"{_attempt()}|{_short(password or '')}"


def _attempt() -> str:
    """Who tries what: a network address and the account together, so that nobody locks somebody else out."""
    return f"{get_remote_address()}|{_short(_address() or _given('email').strip().lower())}"


def _attempt_of_code() -> str:
    """Of one account, from wherever: only who knows its password gets here, and six digits are few."""
    return f"second|{session.get('tf_user_id') or session.get('_user_id') or get_remote_address()}"


def _attempt_inside() -> str:
    """Of one log-in, wherever its cookie has got to: whoever has only that comes by no other one, and the
    owner logs in anew and goes on.
    """
    known = current_user._get_current_object()
    return f"inside|{log_ins.kept(known) if isinstance(known, User) else get_remote_address()}"


def _address() -> str | None:
    """The address by which the account is looked up, however it was written; None when it is none."""
    security: Security = current_app.extensions["security"]
    try:
        return security.mail_util.normalize(_given("email")).lower()
    except EmailValidateException:
        return None


def _given(field: str) -> str:
    """A field as the log-in library reads it: of a form, or of JSON."""
    if not request.is_json:
        return request.form.get(field, "")
    body = request.get_json(silent=True)
    return str(MultiDict(body).get(field, "")) if isinstance(body, dict) else ""


def _short(text: str) -> str:
    """For a name in the storage, which holds neither addresses nor anything long."""
    return sha256(text.encode(errors="replace")).hexdigest()[:32]


def _counted_in(redis_url: str | None) -> str:
    """Where attempts are counted, as Flask-Limiter says it: it knows sockets by another scheme."""
    if redis_url is None:
        return "memory://"
    return f"redis+{redis_url}" if redis_url.startswith("unix:") else redis_url


def _too_often(_error: Exception) -> tuple[str, int]:
    kind = {LETTER: "letter", **dict.fromkeys(CODES, "code")}.get(request.endpoint or "", "password")
    return render_template("security/too_often.html", kind=kind), 429
