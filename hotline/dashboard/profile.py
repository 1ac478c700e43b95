"""My account: name, languages, topics, telephone number, and what protects it."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_security import login_user
from werkzeug.wrappers import Response as AnyResponse

from hotline.dashboard import abilities, access, words
from hotline.dashboard.abilities import Choices, NotEnough
from hotline.dashboard.invitations import is_name, new_session, no_name
from hotline.dashboard.languages import LANGUAGES, speaking
from hotline.dashboard.languages import translated as _
from hotline.dashboard.users import User
from hotline.queue.ids import MediatorId
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import accounts, mediators
from hotline.store.transactions import Tx
from hotline.switchboard import duty
from hotline.switchboard.moment import Moment


def blueprint(services: Services) -> Blueprint:
    routes = Blueprint("profile", __name__, url_prefix="/profile")
    routes.before_request(access.only(Role.MEDIATOR))
    here = _Profile(services)
    routes.add_url_rule("", "page", here.page)
    routes.add_url_rule("/person", "person", here.person, methods=["POST"])
    routes.add_url_rule("/topics", "topics", here.topics, methods=["POST"])
    routes.add_url_rule("/sessions", "end_sessions", here.end_sessions, methods=["POST"])
    return routes


class _Profile:
    def __init__(self, services: Services) -> None:
        self._services = services

    def page(self) -> str:
        return self._shown(self._choices())

    def person(self) -> AnyResponse | tuple[str, int]:
        name, language = request.form.get("name", "").strip(), request.form.get("language")
        if not is_name(name) or language not in LANGUAGES:
            return self._shown(self._choices(), wrong_name=no_name()), 422
        user, wants = access.user(), "reminders" in request.form
        self._services.store.run(lambda tx: _write_person(tx, user, name, language, wants))
        with speaking(language):
            flash(_("C’est enregistré."), "success")
        return redirect(url_for("profile.page"))

    def topics(self) -> AnyResponse | tuple[str, int]:
        mediator = access.user().mediator_id
        if mediator is None:
            return redirect(url_for("welcome.page"))
        try:
            chosen = abilities.ticked(self._services)
        except NotEnough as error:
            return self._shown(error.ticked, wrong_topics=error.words), 422
        self._services.store.run(lambda tx: self._write_topics(tx, mediator, chosen))
        flash(_("C’est enregistré."), "success")
        return redirect(url_for("profile.page"))

    def end_sessions(self) -> AnyResponse:
        """Everybody with this account is out, but whoever asks for it here."""
        me, word = access.user().id, new_session()

        def write(tx: Tx) -> User:
            accounts.change(tx, me, {"session": word})
            account = accounts.get(tx, me)
            assert account is not None
            return User(account)

        # whoever asked to stay logged in on this device stays so
        stays = current_app.config["REMEMBER_COOKIE_NAME"] in request.cookies
        login_user(self._services.store.run(write), remember=stays)
        flash(_("Vous n’êtes plus connecté·e nulle part ailleurs."), "success")
        return redirect(url_for("profile.page"))

    def _write_topics(self, tx: Tx, mediator: MediatorId, chosen: Choices) -> None:
        services = self._services
        moment = Moment(tx, services.clock.now(), services.lines, services.jobs)
        languages, skills = sorted(chosen.has_languages), sorted(chosen.has_skills)
        duty.change(moment, mediator, None, languages, skills)

    def _choices(self) -> Choices | None:
        mediator = access.user().mediator_id
        if mediator is None:
            return None
        with self._services.store.reading() as tx:
            skills, languages = mediators.skills(tx, mediator), mediators.languages(tx, mediator)
        return abilities.offered(self._services, frozenset(skills), frozenset(languages))

    def _shown(self, choices: Choices | None, **wrong: Any) -> str:
        user = access.user()
        return render_template(
            "profile.html",
            user=user,
            choices=choices,
            masked=self._masked(user.mediator_id) if user.mediator_id is not None else None,
            role=words.role(user.role),
            codes=len(user.mf_recovery_codes or []),
            **wrong,
        )

    def _masked(self, mediator: MediatorId) -> str | None:
        """None: their number was freed."""
        with self._services.store.reading() as tx:
            number = mediators.number(tx, mediator)
        return words.masked(number) if number else None


def _write_person(tx: Tx, user: User, name: str, language: str, wants_reminders: bool) -> None:
    """Coordinators and mediators see the same name."""
    accounts.change(tx, user.id, {"name": name, "language": language, "wants_reminders": wants_reminders})
    if user.mediator_id is not None:
        mediators.rename(tx, user.mediator_id, name)
