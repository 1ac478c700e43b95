"""The switch on a person's page that takes away a second factor which its owner has lost."""

from flask import Blueprint, Flask, flash, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from hotline.dashboard import access, letters
from hotline.dashboard.invitations import new_session
from hotline.dashboard.languages import translated as _
from hotline.queue.ids import AccountId
from hotline.queue.roles import Role, may_reset_second_factor
from hotline.services import Services
from hotline.store.accounts import Account
from hotline.store.transactions import Tx
from hotline.switchboard import second_factors
from hotline.switchboard.moment import Moment
from hotline.switchboard.people import NotAllowed, Refusal


def add(app: Flask, services: Services) -> None:
    app.jinja_env.globals.update(may_reset_second_factor=_may_reset)
    routes = Blueprint("second_factor_reset", __name__, url_prefix="/people")
    routes.before_request(access.only(Role.COORDINATOR))
    routes.register_error_handler(NotAllowed, _not_allowed)

    @routes.post("/<int:account>/second-factor")
    def reset(account: int) -> AnyResponse:
        done = _reset(services, access.user().id, AccountId(account))
        if done is None:
            flash(_("Ce compte n’a pas de second code."), "error")
        else:
            _tell(services, *done)
            flash(_("Le second code est enlevé. La personne est déconnectée, un mail le lui dit."), "success")
        return redirect(url_for("people.person", account=account))

    app.register_blueprint(routes)


def _reset(services: Services, me: AccountId, account: AccountId) -> tuple[Account, Account] | None:
    now, word = services.clock.now(), new_session()

    def work(tx: Tx) -> tuple[Account, Account] | None:
        return second_factors.reset(Moment(tx, now, services.lines, services.jobs), me, account, word)

    return services.store.run(work)


def _may_reset(account: Account) -> bool:
    """Whether whoever is logged in may, and there is something to take away."""
    me = access.user() if current_user.is_authenticated else None
    if me is None or account.id == me.id or account.totp_secret is None:
        return False
    return may_reset_second_factor(me.role, account.role)


def _tell(services: Services, by: Account, owner: Account) -> None:
    subject, text = letters.letter("letters/second_factor_reset.txt", user=owner, by=by.name)
    letters.send_later(services, subject, text, owner.email)


def _not_allowed(error: NotAllowed) -> AnyResponse:
    said = {
        Refusal.GONE: _("Ce compte n’existe plus."),
        Refusal.YOURSELF: _("Pour votre propre compte, demandez à quelqu’un d’autre de le faire."),
    }.get(error.why, _("Seule une personne qui administre la ligne peut faire cela."))
    flash(said, "error")
    return redirect(url_for("people.page"))
