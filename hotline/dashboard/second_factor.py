"""The second factor for people who mistype: a key stays until it works, codes open however written."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from flask import Flask, current_app, redirect, render_template, session, url_for
from flask_login import current_user, user_logged_in, user_logged_out
from flask_security import Security
from flask_security.forms import RequiredLocalize, TwoFactorVerifyCodeForm
from flask_security.recovery_codes import MfRecoveryForm
from flask_security.tf_plugin import tf_clean_session
from wtforms import StringField

from hotline.dashboard.users import AUTHENTICATOR, User

SET_UP: Final = "security/two_factor_setup.html"
CODE: Final = "security/two_factor_verify_code.html"
VALIDATE: Final = "security.two_factor_token_validation"
_BETWEEN: Final = re.compile(r"[\W_]+")


def prepare(app: Flask) -> None:
    """A key that was begun with is forgotten when somebody else may sit down here; whoever is in stays in."""

    def forget(_sender: Flask, **_more: Any) -> None:
        tf_clean_session()  # type: ignore[no-untyped-call]  # the library's

    # held by the application: a signal forgets whom nobody else remembers
    app.extensions["second_factor"] = forget
    user_logged_in.connect(forget, app)
    user_logged_out.connect(forget, app)
    app.view_functions[VALIDATE] = _home_for_who_is_in(app.view_functions[VALIDATE])


def _home_for_who_is_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """The library logs out whoever comes to the page of the code and has no key to try: by Back, that is
    everybody who has just given their code.
    """

    @wraps(view)
    def seen() -> Any:
        tries_a_key = session.get("tf_state") == "validating_profile" and session.get("tf_totp_secret")
        if current_user.is_authenticated and not tries_a_key:
            return redirect(url_for("pages.home"))
        return view()

    return seen


def digits(text: object) -> str:
    """Six digits as the application shows them, often in two groups."""
    return _BETWEEN.sub("", str(text or ""))


def backup_code(text: object) -> str:
    """A backup code as it is kept, whatever stands between its letters and however large they are."""
    plain = digits(text).lower()
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))


class SixDigits(TwoFactorVerifyCodeForm):
    # the library's own field has a pattern: the browser would refuse a space, in words of its own
    code = StringField(
        filters=[digits],
        validators=[RequiredLocalize(message="TWO_FACTOR_INVALID_TOKEN")],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class BackupCode(MfRecoveryForm):
    code = StringField(
        filters=[backup_code],
        validators=[RequiredLocalize(message="INVALID_RECOVERY_CODE")],
        render_kw={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"},
    )


def shown(template: str, **values: Any) -> str:
    """The library's pages; while a key waits for its first code, with that key: a mistake makes no other."""
    if template in (SET_UP, CODE) and "authr_key" not in values:
        values |= _waiting(values)
        template = SET_UP if "authr_key" in values else template
    return render_template(template, **values)


def _waiting(values: dict[str, Any]) -> dict[str, Any]:
    """What the page shows of a key whose first code has not come yet; nothing where there is none."""
    secret = session.get("tf_totp_secret")
    if session.get("tf_state") != "validating_profile" or not secret:
        return {}
    user: User = (values.get("two_factor_setup_form") or values["two_factor_verify_code_form"]).user
    # who is forced to set it up is not logged in yet
    changing = current_user.is_authenticated
    security: Security = current_app.extensions["security"]
    key = security.totp_factory.fetch_setup_values(secret, user)
    state = {"totp_secret": secret, "method": AUTHENTICATOR, "phone": None}
    return {
        "authr_key": key["key"],
        "authr_qrcode": key["image"],
        "authr_username": key["username"],
        "authr_issuer": key["issuer"],
        "chosen_method": AUTHENTICATOR,
        "changing": changing,
        "state_token": security.tf_setup_serializer.dumps(state) if changing else None,
    }
