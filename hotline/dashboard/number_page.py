"""A mediator's telephone number: they write it down, a call reads a code out, they key it here."""

import re
from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from hotline.dashboard import access, words
from hotline.dashboard.languages import translated as _
from hotline.ivr import numbers
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import accounts, mediators
from hotline.store import number_checks as kept
from hotline.store.accounts import Account
from hotline.store.number_checks import NumberCheck
from hotline.store.transactions import Tx
from hotline.switchboard import number_checks
from hotline.switchboard.moment import Moment
from hotline.switchboard.number_checks import (
    NotUsable,
    Refusal,
    RingsAlready,
    Taken,
    TooManyCalls,
    Verdict,
)
from hotline.switchboard.ports import CarrierTrouble

T = TypeVar("T")
Answer = str | AnyResponse | tuple[str, int]


def blueprint(services: Services) -> Blueprint:
    routes = Blueprint("number", __name__, url_prefix="/number")
    routes.before_request(access.only(Role.MEDIATOR))
    here = _Number(services)
    routes.add_url_rule("", "page", here.page)
    routes.add_url_rule("", "call", here.call, methods=["POST"])
    routes.add_url_rule("/code", "code", here.code)
    routes.add_url_rule("/code", "key", here.key, methods=["POST"])
    return routes


def refusal(why: Refusal, holder: str = "") -> str:
    """`holder`: the colleague whose number it is."""
    return {
        Refusal.NO_NUMBER: _(
            "Ce n’est pas un numéro de téléphone que nous pouvons appeler. Exemple : %(one)s",
            one=words.unbroken("06 39 98 01 23"),
        ),
        Refusal.THE_LINES: _("C’est le numéro de la ligne elle-même : donnez le vôtre."),
        Refusal.ANOTHERS: _(
            "%(name)s a déjà ce numéro dans l’équipe. S’il est maintenant à vous, la coordination peut le "
            "libérer à la page de cette personne ; ensuite, donnez-le à nouveau. "
            "Sinon, donnez un autre numéro.",
            name=holder,
        ),
        Refusal.IN_USE: _(
            "Ce téléphone est en communication pour la ligne : donnez à nouveau ce numéro juste après."
        ),
        Refusal.THEIRS_ALREADY: _("C’est déjà votre numéro."),
    }[why]


class _Number:
    """The routes; each is about whoever is logged in."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def page(self) -> str:
        return self._form("", None)

    def call(self) -> Answer:
        """Call the number. The check is committed before the carrier hears of it."""
        written = request.form.get("number", "").strip()[:40]
        try:
            check = self._do(lambda m, me: number_checks.begin(m, me, written))
        except NotUsable as error:
            return self._form(written, refusal(error.why)), 422
        except RingsAlready:
            flash(_("Nous vous appelons déjà. Laissez à votre téléphone le temps de sonner."))
            return redirect(url_for("number.code"))
        except TooManyCalls as error:
            more = {"until": error.until, "waits": self._waiting() is not None}
            return render_template("number/often.html", **more), 429
        return self._called(check, written)

    def code(self) -> str | AnyResponse:
        check = self._waiting()
        return _code_form(check, None) if check else redirect(url_for("number.page"))

    def key(self) -> Answer:
        code = re.sub(r"\D", "", request.form.get("code", ""))
        match self._do(lambda m, me: number_checks.key(m, me.id, code)):
            case Verdict.PROVEN:
                return self._proven()
            case Verdict.WRONG:
                check = self._waiting()
                wrong = _("Ce n’est pas ce code-là. Écoutez encore, ou demandez un autre appel.")
                return (_code_form(check, wrong), 422) if check else redirect(url_for("number.page"))
            case Taken(holder):
                flash(refusal(Refusal.ANOTHERS, holder), "error")
                return redirect(url_for("number.page"))
            case Verdict.OVER:
                flash(_("Ce code ne sert plus. Ce n’est pas grave : demandez un autre appel."), "error")
                return redirect(url_for("number.page"))

    def _called(self, check: NumberCheck, written: str) -> Answer:
        services = self._services
        try:
            services.carrier.call_up(check.number, number_checks.shown(services.lines), check.token)
        except CarrierTrouble:
            services.store.run(lambda tx: kept.was_not_called(tx, check.token))
            sorry = _(
                "L’appel n’est pas parti : l’opérateur téléphonique ne répond pas. "
                "Rien n’est perdu ; essayez encore dans une minute."
            )
            return self._form(written, sorry), 503
        return redirect(url_for("number.code"))

    def _proven(self) -> AnyResponse:
        """A mediator has another number from now on; whoever is not one yet goes on to their topics."""
        if access.user().mediator_id is None:
            return redirect(url_for("welcome.topics"))
        try:
            self._do(number_checks.change_number)
        except NotUsable as error:
            flash(refusal(error.why, error.holder), "error")
        else:
            flash(_("Votre nouveau numéro est enregistré : c’est lui qui sonnera."), "success")
        return redirect(url_for("profile.page"))

    def _form(self, written: str, wrong: str | None) -> str:
        return render_template("number/number.html", written=written, wrong=wrong, has_one=self._has_one())

    def _has_one(self) -> bool:
        """Whether their telephone rings without another number."""
        mediator = access.user().mediator_id
        if mediator is None:
            return False
        with self._services.store.reading() as tx:
            found = mediators.get(tx, mediator)
        return found is not None and found.has_number

    def _waiting(self) -> NumberCheck | None:
        with self._services.store.reading() as tx:
            return number_checks.waiting(tx, access.user().id, self._services.clock.now())

    def _do(self, work: Callable[[Moment, Account], T]) -> T:
        services, me, now = self._services, access.user().id, self._services.clock.now()

        def run(tx: Tx) -> T:
            account = accounts.get(tx, me)
            assert account is not None
            return work(Moment(tx, now, services.lines, services.jobs), account)

        return services.store.run(run)


def _code_form(check: NumberCheck, wrong: str | None) -> str:
    return render_template(
        "number/code.html", number=words.unbroken(numbers.readable(check.number)), wrong=wrong
    )
