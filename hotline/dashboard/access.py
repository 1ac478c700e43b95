"""Who may see what: logging in, the second factor, roles for whole blueprints, and what browsers are told."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request, url_for
from flask_login import current_user
from flask_security import Security
from flask_wtf import CSRFProtect

from hotline.dashboard import letters, log_in_words, log_ins, passwords, second_factor, sent_away
from hotline.dashboard.limits import Limits
from hotline.dashboard.users import AUTHENTICATOR, Accounts, User, backup_codes_taken_once, codes_taken_once
from hotline.queue.roles import Role
from hotline.services import Services

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


def protect(app: Flask, services: Services) -> None:
    """Let people log in, and nobody else in."""
    app.config.update(_settings(services))
    CSRFProtect(app)
    limits = Limits(app, services)
    Security(
        app,
        Accounts(services.store),
        totp_cls=codes_taken_once(services.store),
        mf_recovery_codes_util_cls=backup_codes_taken_once(services.store),
        password_util_cls=passwords.Passwords,
        mail_util_cls=letters.library_mails(services),
        forgot_password_form=letters.forgotten_form(services, limits.may_write),
        two_factor_verify_code_form=second_factor.SixDigits,
        mf_recovery_form=second_factor.BackupCode,
        render_template=second_factor.shown,
        register_blueprint=True,
    )
    sent_away.prepare(app)
    log_ins.prepare(app, services)
    second_factor.prepare(app)
    app.jinja_env.globals.update(
        public=partial(letters.public, services), onward=_onward, sends_mail=services.mail.is_set_up
    )
    limits.watch(app)
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
    # what else is served by the same name, beside our path, does not get them
    below = address.path or "/"
    cookie = {"httponly": True, "secure": secure, "samesite": "Lax", "path": below}
    return {
        "SESSION_COOKIE_NAME": "hotline",
        "SESSION_COOKIE_PATH": below,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_NAME": "hotline_remember",
        "REMEMBER_COOKIE_PATH": below,
        "REMEMBER_COOKIE_DURATION": timedelta(days=14),
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SECURE": secure,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": log_ins.LASTS,
        # a page may stay open for a whole shift; the token is bound to the session
        "WTF_CSRF_TIME_LIMIT": None,
        "SECURITY_URL_PREFIX": "/account",
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": passwords.COST,
        # of the password as it is kept, in a signed link: nobody guesses that, however fast they are
        "SECURITY_HASHING_SCHEMES": ["hex_sha256"],
        "SECURITY_PASSWORD_SALT": _derived(services, "password"),
        "SECURITY_PASSWORD_LENGTH_MIN": passwords.LENGTH,
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
        # said for all pages, in `files`; the library's own words are none of HTTP
        "SECURITY_CACHE_CONTROL": None,
    } | log_in_words.settings()


def _derived(services: Services, purpose: str) -> str:
    """A secret of its own for each purpose."""
    return sha256(f"{purpose}:{services.settings.secret_key}".encode()).hexdigest()


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
