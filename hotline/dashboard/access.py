"""Who may see what: logging in, the second factor, roles for whole blueprints, and what browsers are told."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, render_template, request, session, url_for
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user
from flask_security import PasswordUtil, Security
from flask_wtf import CSRFProtect

from hotline.dashboard import letters, log_in_words, second_factor
from hotline.dashboard.languages import translated as _
from hotline.dashboard.users import AUTHENTICATOR, Accounts, User, codes_taken_once
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import accounts

PASSWORD_LENGTH: Final = 10
LOGIN_ATTEMPTS: Final = "10 per minute; 60 per hour"
"""For one address and one account together: nobody locks somebody else out; another password counts anew."""
POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        # the pictures of Pico's own style sheet, and the code to scan for the second factor
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "media-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class _Passwords(PasswordUtil):
    """What may be a password, wherever one is chosen."""

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
        """Blanks alone are none: the page to log in takes them for an empty field."""
        if not any(one.isprintable() and not one.isspace() for one in password):
            return [
                _("Il faut au moins une lettre ou un chiffre : des espaces seuls ne suffisent pas.")
            ], password
        wrong, normalized = super().validate(password, is_register, **kwargs)
        return wrong, normalized


def protect(app: Flask, services: Services) -> None:
    """Let people log in, and nobody else in."""
    app.config.update(_settings(services))
    CSRFProtect(app)
    Security(
        app,
        Accounts(services.store),
        totp_cls=codes_taken_once(services.store),
        password_util_cls=_Passwords,
        mail_util_cls=letters.library_mails(services),
        forgot_password_form=letters.forgotten_form(services),
        two_factor_verify_code_form=second_factor.SixDigits,
        mf_recovery_form=second_factor.BackupCode,
        render_template=second_factor.shown,
        register_blueprint=True,
    )
    second_factor.prepare(app)
    app.jinja_env.globals.update(public=partial(letters.public, services), onward=_onward)
    _limit_attempts(app, services)
    app.after_request(_say_policy)


def only(role: Role) -> Callable[[], Response | None]:
    """For a blueprint's `before_request`: nobody below that role gets further."""

    def check() -> Response | None:
        if not current_user.is_authenticated:
            return _to_login()
        if not user().may(role):
            abort(403)
        return None

    return check


def user() -> User:
    """Who is logged in."""
    found: User = current_user._get_current_object()
    return found


def _to_login() -> Response:
    answer: Response = current_app.login_manager.unauthorized()  # type: ignore[attr-defined]  # Flask-Login's
    return answer


def _settings(services: Services) -> dict[str, Any]:
    address = urlsplit(services.settings.public_url)
    secure = address.scheme == "https"
    cookie = {"httponly": True, "secure": secure, "samesite": "Lax"}
    return {
        "SESSION_COOKIE_NAME": "hotline",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_NAME": "hotline_remember",
        "REMEMBER_COOKIE_DURATION": timedelta(days=14),
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SECURE": secure,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        # a page may stay open for a whole shift; the token is bound to the session
        "WTF_CSRF_TIME_LIMIT": None,
        "SECURITY_URL_PREFIX": "/account",
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
        "SECURITY_PASSWORD_SALT": _derived(services, "password"),
        "SECURITY_PASSWORD_LENGTH_MIN": PASSWORD_LENGTH,
        "SECURITY_TOTP_SECRETS": {"1": _derived(services, "totp")},
        "SECURITY_TOTP_ISSUER": services.lines.lines[0].script.name,
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": [AUTHENTICATOR],
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TWO_FACTOR_ALWAYS_VALIDATE": False,
        "SECURITY_TWO_FACTOR_VALIDITY_COOKIE": cookie,
        "SECURITY_TWO_FACTOR_IMPLEMENTATIONS": {"code": "flask_security.twofactor.CodeTfPlugin"},
        # seconds before and after in which a code is taken: telephones' clocks differ
        "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": 60,
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "profile.page",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_RECOVERABLE": True,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_POST_CHANGE_VIEW": "profile.page",
        # whether an address takes mail is not ours to ask other machines while somebody waits
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        # an address that has no account gets the same answer as one that has
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_RESET_PASSWORD_WITHIN": timedelta(hours=2),
        "SECURITY_AUTO_LOGIN_AFTER_RESET": False,
        "SECURITY_EMAIL_HTML": False,
        "SECURITY_POST_LOGIN_VIEW": "pages.home",
        "SECURITY_POST_LOGOUT_VIEW": "/account/login",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_FRESHNESS": timedelta(hours=12),
        "SECURITY_STATIC_FOLDER": None,
    } | log_in_words.settings()


def _derived(services: Services, purpose: str) -> str:
    """A secret of its own for each purpose."""
    return sha256(f"{purpose}:{services.settings.secret_key}".encode()).hexdigest()


def _limit_attempts(app: Flask, services: Services) -> None:
    limiter = Limiter(
        key_func=_attempt,
        app=app,
        storage_uri=_counted_in(services.settings.redis_url),
        in_memory_fallback_enabled=True,
        swallow_errors=True,
        default_limits=[],
    )
    for endpoint, key in _limited(services).items():
        view: Any = app.view_functions[endpoint]
        limit = limiter.limit(LOGIN_ATTEMPTS, methods=["POST"], key_func=key)
        app.view_functions[endpoint] = limit(view)
    app.register_error_handler(429, lambda _error: (render_template("security/too_often.html"), 429))


def _counted_in(redis_url: str | None) -> str:
    """Where attempts are counted, as Flask-Limiter says it: it knows sockets by another scheme."""
    if redis_url is None:
        return "memory://"
    return f"redis+{redis_url}" if redis_url.startswith("unix:") else redis_url


def _attempt() -> str:
    """Who tries what: an address and the account it asks for."""
    return f"{get_remote_address()}|{request.form.get('email', '').strip().lower()}"


def _attempt_of_second_factor() -> str:
    """Of one account, from wherever: only who knows its password gets here, and six digits are few."""
    return f"second|{session.get('tf_user_id') or session.get('_user_id') or get_remote_address()}"


def _attempt_of_password(services: Services) -> str:
    """The same for one password: whoever has chosen another by the link in a mail comes in at once.

    Whoever guesses gains nothing: only the owner of the mails gives the account another password.
    """
    with services.store.reading() as tx:
        account = accounts.by_email(tx, request.form.get("email", "").strip().replace("\0", ""))
    password = account.password if account is not None else None
    return f"{_attempt()}|{sha256((password or '').encode()).hexdigest()[:16]}"


def _limited(services: Services) -> dict[str, Callable[[], str]]:
    """The views that are tried, and who tries what."""
    return {
        "security.login": partial(_attempt_of_password, services),
        "security.forgot_password": _attempt,
        "security.two_factor_token_validation": _attempt_of_second_factor,
        "security.mf_recovery": _attempt_of_second_factor,
    }


def _onward() -> str | None:
    """The path that whoever logs in wanted to see.

    The library puts scheme and host of the request before it, which are the proxy's; and where nothing was
    wanted, it names the page to log in at.
    """
    wanted = urlsplit(request.args.get("next") or "")
    if not wanted.path or wanted.path == url_for("security.login"):
        return None
    return f"{wanted.path}?{wanted.query}" if wanted.query else wanted.path


def _say_policy(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
