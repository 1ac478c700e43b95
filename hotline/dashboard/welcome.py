"""The first minutes: what will happen, a telephone number, topics; then somebody is a mediator."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from hotline.dashboard import abilities, access, number_page, words
from hotline.dashboard.abilities import Choices, NotEnough
from hotline.dashboard.languages import language
from hotline.dashboard.languages import translated as _
from hotline.ivr import numbers
from hotline.queue.ids import MediatorId
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import accounts
from hotline.store.transactions import Tx
from hotline.switchboard import number_checks
from hotline.switchboard.moment import Moment
from hotline.switchboard.number_checks import NotUsable

SCREENS: Final = 3


def blueprint(services: Services) -> Blueprint:
    routes = Blueprint("welcome", __name__, url_prefix="/welcome")
    routes.before_request(access.only(Role.MEDIATOR))
    routes.before_request(_only_newcomers)
    here = _Welcome(services)
    routes.add_url_rule("", "page", here.page)
    routes.add_url_rule("/topics", "topics", here.topics)
    routes.add_url_rule("/topics", "finish", here.finish, methods=["POST"])
    return routes


def _only_newcomers() -> AnyResponse | None:
    return redirect(url_for("desk.page")) if access.user().mediator_id is not None else None


class _Welcome:
    def __init__(self, services: Services) -> None:
        self._services = services

    def page(self) -> str | AnyResponse:
        """Three short screens; whoever left in the middle goes on where they were."""
        screen = request.args.get("screen", type=int)
        if screen is None and self._is_proven():
            return redirect(url_for("welcome.topics"))
        shown = words.unbroken(numbers.readable(number_checks.shown(self._services.lines)))
        now = min(max(screen or 1, 1), SCREENS)
        return render_template(f"welcome/screen_{now}.html", screen=now, screens=SCREENS, shown=shown)

    def topics(self) -> str | AnyResponse:
        if not self._is_proven():
            return redirect(url_for("number.page"))
        skills, languages = self._before()
        spoken = {code for code, _name in abilities.offered(self._services).languages}
        ticked = frozenset(languages or {language()} & spoken)
        return _form(abilities.offered(self._services, frozenset(skills), ticked), None)

    def finish(self) -> str | AnyResponse | tuple[str, int]:
        try:
            chosen = abilities.ticked(self._services)
            made = self._become(chosen)
        except NotEnough as error:
            return _form(error.ticked, error.words), 422
        except NotUsable as error:
            flash(number_page.refusal(error.why, error.holder), "error")
            return redirect(url_for("number.page"))
        if made is None:
            return redirect(url_for("welcome.page"))
        flash(_("Tout est prêt. Votre téléphone sonnera quand vous serez de permanence."), "success")
        return redirect(url_for("desk.page"))

    def _become(self, chosen: Choices) -> MediatorId | None:
        """A second click finds the account with its mediator, and makes none."""
        services, me, now = self._services, access.user().id, self._services.clock.now()

        def run(tx: Tx) -> MediatorId | None:
            account = accounts.get(tx, me)
            if account is None or account.mediator_id is not None:
                return None
            moment = Moment(tx, now, services.lines, services.jobs)
            languages, skills = sorted(chosen.has_languages), sorted(chosen.has_skills)
            return number_checks.become_mediator(moment, account, languages, skills)

        return services.store.run(run)

    def _before(self) -> tuple[list[str], list[str]]:
        """What they were known for here, if they have answered at their number before."""
        with self._services.store.reading() as tx:
            return number_checks.abilities_before(tx, access.user().id, self._services.clock.now())

    def _is_proven(self) -> bool:
        with self._services.store.reading() as tx:
            return number_checks.proven(tx, access.user().id, self._services.clock.now()) is not None


def _form(choices: Choices, wrong: str | None) -> str:
    return render_template("welcome/topics.html", choices=choices, wrong=wrong)
