"""The page that an invitation opens: whoever has the link chooses a password, and is in."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_security import Security, hash_password, login_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from hotline.dashboard import invitations
from hotline.dashboard.invitations import LinkTrouble, Trouble
from hotline.dashboard.languages import language
from hotline.dashboard.languages import translated as _
from hotline.dashboard.users import User
from hotline.services import Services
from hotline.store.accounts import Account

STATUS = {Trouble.WRONG: 404, Trouble.CLOSED: 404}
GONE = 410


def blueprint(services: Services) -> Blueprint:
    routes = Blueprint("invitation", __name__, url_prefix=invitations.PATH.rstrip("/"))
    here = _Page(services)
    routes.add_url_rule("/<token>", "page", here.page)
    routes.add_url_rule("/<token>", "take_up", here.take_up, methods=["POST"])
    routes.register_error_handler(LinkTrouble, _say_trouble)
    return routes


class _Page:
    def __init__(self, services: Services) -> None:
        self._services = services

    def page(self, token: str) -> str:
        return _shown(token, self._invited(token))

    def take_up(self, token: str) -> str | AnyResponse | tuple[str, int]:
        account = self._invited(token)
        password, wrong = _chosen(User(account))
        if wrong:
            return _shown(token, account, wrong=wrong), 422
        if request.form.get("password", "") != request.form.get("again", ""):
            return _shown(token, account, differ=_("Les deux mots de passe ne sont pas les mêmes.")), 422
        opened = invitations.take_up(self._services, token, hash_password(password), language())
        return _let_in(User(opened))

    def _invited(self, token: str) -> Account:
        with self._services.store.reading() as tx:
            return invitations.invited(self._services, tx, token)


def _shown(token: str, account: Account, wrong: Sequence[str] = (), differ: str = "") -> str:
    return render_template("invitation.html", token=token, account=account, wrong=wrong, differ=differ)


def _chosen(user: User) -> tuple[str, list[str]]:
    """The password as it is kept, and what is wrong with it."""
    security: Security = current_app.extensions["security"]
    wrong, password = security.password_util.validate(request.form.get("password", ""), False, user=user)
    return password, wrong or []


def _let_in(user: User) -> AnyResponse:
    """Whoever needs a second factor sets it up, or gives it, first."""
    # somebody else may be logged in on this device
    logout_user()
    security: Security = current_app.extensions["security"]
    asked: Any = security.two_factor_plugins.tf_enter(user, False, "password", None)
    if asked is not None:
        to_second_factor: AnyResponse = asked
        return to_second_factor
    login_user(user, authn_via=["password"])
    return redirect(url_for("welcome.page"))


def _say_trouble(error: LinkTrouble) -> tuple[str, int]:
    return render_template("invitation_over.html", why=error.why), STATUS.get(error.why, GONE)
