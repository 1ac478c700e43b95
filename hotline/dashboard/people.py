"""The team: who is in it, what each can do, and what coordinators and administrators change."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from hotline.dashboard import abilities, access, people_view, words
from hotline.dashboard.abilities import Choices, NotEnough
from hotline.dashboard.invitations import Invitation, NotPossible, invite, new_session, no_name
from hotline.dashboard.invitations import Refusal as NoInvitation
from hotline.dashboard.languages import translated as _
from hotline.queue.ids import AccountId, MediatorId
from hotline.queue.mediators import Availability
from hotline.queue.roles import Role, includes
from hotline.services import Services
from hotline.store import mediators, people
from hotline.store.mediators import Mediator
from hotline.store.people import Person
from hotline.store.transactions import Tx
from hotline.switchboard import duty
from hotline.switchboard import people as doings
from hotline.switchboard.moment import Moment
from hotline.switchboard.people import NotAllowed, Refusal

T = TypeVar("T")


def blueprint(services: Services) -> Blueprint:
    routes = Blueprint("people", __name__, url_prefix="/people")
    routes.before_request(access.only(Role.COORDINATOR))
    here = _People(services)
    routes.add_url_rule("", "page", here.page)
    routes.add_url_rule("", "search", here.search, methods=["POST"])
    routes.add_url_rule("/invite", "invite_form", here.invite_form)
    routes.add_url_rule("/invite", "invite", here.invite, methods=["POST"])
    routes.add_url_rule("/<int:account>", "person", here.person)
    routes.add_url_rule("/mediators/<int:mediator>", "mediator", here.mediator)
    posts: dict[str, Callable[..., AnyResponse | tuple[str, int]]] = {
        "mediators/<int:mediator>/abilities": here.abilities,
        "mediators/<int:mediator>/pause": here.pause,
        "mediators/<int:mediator>/resume": here.resume,
        "mediators/<int:mediator>/free-number": here.free_number,
        "<int:account>/close": here.close,
        "<int:account>/reopen": here.reopen,
        "<int:account>/role": here.role,
        "<int:account>/sessions": here.sessions,
    }
    for rule, view in posts.items():
        routes.add_url_rule(f"/{rule}", view.__name__, view, methods=["POST"])
    routes.register_error_handler(NotAllowed, _not_allowed)
    return routes


class _People:
    """The routes. Each change is said in a flashed sentence, on the person's page."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def page(self) -> str:
        return self._team("")

    def search(self) -> str:
        """Names are personal: they go into no address, nor into the list of pages that a browser keeps."""
        return self._team(request.form.get("q", "").strip()[:120])

    def _team(self, sought: str) -> str:
        now = self._services.clock.now()
        with self._services.store.reading() as tx:
            everybody = people.every(tx, now)
        team = people_view.team(self._services, everybody, sought, now)
        return render_template("people.html", team=team, now=now)

    def person(self, account: int) -> str:
        return self._page(self._account(account))

    def mediator(self, mediator: int) -> str | AnyResponse:
        person = self._mediator(mediator)
        if person.account is not None:
            return redirect(url_for("people.person", account=person.account.id))
        return self._page(person)

    def abilities(self, mediator: int) -> AnyResponse | tuple[str, int]:
        person = self._mediator(mediator)
        try:
            chosen = abilities.ticked(self._services)
        except NotEnough as error:
            return self._page(person, choices=error.ticked, wrong_abilities=error.words), 422
        languages, skills = sorted(chosen.has_languages), sorted(chosen.has_skills)
        self._do(lambda m: duty.change(m, MediatorId(mediator), None, languages, skills))
        return _back(person, _("C’est enregistré."))

    def pause(self, mediator: int) -> AnyResponse:
        person, minutes = self._mediator(mediator), request.form.get("minutes", "")
        if minutes not in ("", *map(str, people_view.PAUSES)):
            abort(400)
        until = self._services.clock.now() + timedelta(minutes=int(minutes)) if minutes else None
        if not self._do(lambda m: duty.pause(m, MediatorId(mediator), until)):
            return _back(person, _busy(), "error")
        return _back(person, _("%(name)s ne recevra plus d’appels pendant la pause.", name=person.name))

    def resume(self, mediator: int) -> AnyResponse:
        person = self._mediator(mediator)
        closed = person.account is not None and not person.account.active
        if closed or not self._do(lambda m: duty.end_pause(m, MediatorId(mediator))):
            return _back(person, _("Il n’y a pas de pause à laquelle mettre fin."), "error")
        if not person.is_on_duty:
            return _back(person, _("La pause est finie. En ce moment, la personne n’est pas de permanence."))
        return _back(person, _("La pause est finie : les appels peuvent reprendre."))

    def free_number(self, mediator: int) -> AnyResponse:
        person = self._mediator(mediator)
        if not self._do(lambda m: duty.free_number(m, MediatorId(mediator))):
            return _back(person, _busy(), "error")
        return _back(person, _("Le numéro est libéré : il ne sonne plus pour la ligne."))

    def close(self, account: int) -> AnyResponse:
        session = new_session()
        quiet = self._do(lambda m: doings.close(m, access.user().id, AccountId(account), session))
        flash(_("Le compte est fermé. Il n’ouvre plus rien, et les appels s’arrêtent."), "success")
        if not quiet:
            flash(_("Son téléphone est occupé en ce moment : c’est son dernier appel."), "success")
        return redirect(url_for("people.person", account=account))

    def reopen(self, account: int) -> AnyResponse:
        self._do(lambda m: doings.reopen(m, access.user().id, AccountId(account)))
        person = self._account(account)
        return _back(person, _reopened(person))

    def role(self, account: int) -> AnyResponse:
        if request.form.get("role") not in list(Role):
            abort(400)
        role, session = Role(request.form["role"]), new_session()
        opened = self._do(
            lambda m: doings.change_role(m, access.user().id, AccountId(account), role, session)
        )
        flash(
            _("Le rôle est changé. La personne doit se connecter à nouveau.")
            if opened
            else _("Le rôle est changé. L’invitation déjà envoyée sert toujours, avec ce rôle."),
            "success",
        )
        return redirect(url_for("people.person", account=account))

    def sessions(self, account: int) -> AnyResponse:
        session = new_session()
        self._do(lambda m: doings.end_sessions(m, access.user().id, AccountId(account), session))
        flash(_("La personne est déconnectée partout."), "success")
        return redirect(url_for("people.person", account=account))

    def invite_form(self) -> str:
        return _invite_form({"role": Role.MEDIATOR})

    def invite(self) -> str | tuple[str, int]:
        form = {key: request.form.get(key, "").strip() for key in ("name", "email", "role")}
        if form["role"] not in list(Role):
            abort(400)
        if form["role"] not in _may_invite():
            abort(403)
        try:
            made = invite(self._services, form["email"], form["name"], Role(form["role"]), send=True)
        except NotPossible as error:
            return _invite_form(form, error), 422
        return _invited(form, made)

    def _account(self, account: int) -> Person:
        return self._find(lambda tx, now: people.by_account(tx, AccountId(account), now))

    def _mediator(self, mediator: int) -> Person:
        return self._find(lambda tx, now: people.by_mediator(tx, MediatorId(mediator), now))

    def _find(self, look: Callable[[Tx, Any], Person | None]) -> Person:
        with self._services.store.reading() as tx:
            found = look(tx, self._services.clock.now())
        if found is None:
            abort(404)
        return found

    def _page(self, person: Person, choices: Choices | None = None, **more: str) -> str:
        me, now = access.user(), self._services.clock.now()
        known = abilities.offered(self._services, frozenset(person.skills), frozenset(person.languages))
        account = person.account
        return render_template(
            "people/person.html",
            row=people_view.row(person, known, now),
            person=person,
            choices=choices or known,
            number=self._masked(person.mediator),
            pauses=people_view.pauses(person, now),
            may_change=account is not None and account.id != me.id and includes(me.role, account.role),
            may_give=[(one, words.role(one)) for one in _may_give(person)],
            now=now,
            **more,
        )

    def _masked(self, mediator: Mediator | None) -> str | None:
        if mediator is None:
            return None
        with self._services.store.reading() as tx:
            return words.masked(mediators.number(tx, mediator.id))

    def _do(self, work: Callable[[Moment], T]) -> T:
        services, now = self._services, self._services.clock.now()
        return services.store.run(lambda tx: work(Moment(tx, now, services.lines, services.jobs)))


def _back(person: Person, said: str, kind: str = "success") -> AnyResponse:
    flash(said, kind)
    if person.account is not None:
        return redirect(url_for("people.person", account=person.account.id))
    assert person.mediator is not None
    return redirect(url_for("people.mediator", mediator=person.mediator.id))


def _reopened(person: Person) -> str:
    """What has become of the telephone: it may have been busy when the account was closed, and not paused."""
    if person.mediator is None:
        if person.account is not None and person.account.password is None:
            return _("Le compte est rouvert. Renvoyez l’invitation : l’ancien lien ne sert plus.")
        return _("Le compte est rouvert.")
    if not person.mediator.has_number:
        return _("Le compte est rouvert. Son téléphone ne sonnera pas avant qu’un numéro soit donné.")
    if person.mediator.availability is Availability.AWAY:
        return _("Le compte est rouvert. Si son téléphone doit sonner, mettez fin à la pause.")
    return _("Le compte est rouvert, et son téléphone peut sonner pendant ses permanences.")


def _busy() -> str:
    return _("Son téléphone sonne, ou une conversation est en cours : réessayez juste après.")


def _not_allowed(error: NotAllowed) -> AnyResponse:
    said = {
        Refusal.GONE: _("Ce compte n’existe plus."),
        Refusal.ABOVE: _("Seule une personne qui administre la ligne peut faire cela."),
        Refusal.YOURSELF: _("Pour votre propre compte, demandez à quelqu’un d’autre de le faire."),
        Refusal.LAST: _("C’est la dernière personne qui administre la ligne : nommez-en d’abord une autre."),
    }[error.why]
    flash(said, "error")
    return redirect(url_for("people.page"))


def _may_invite() -> list[Role]:
    return [role for role in Role if access.user().may(role)]


def _may_give(person: Person) -> list[Role]:
    """Roles that somebody may be given: before they have come it is but another invitation."""
    waits = person.account is not None and person.account.password is None
    return _may_invite() if waits or access.user().may(Role.ADMINISTRATOR) else []


def _invite_form(form: dict[str, Any], error: NotPossible | None = None) -> str:
    name, email = _wrong(error.why) if error else (None, None)
    return render_template(
        "people/invite.html",
        form=form,
        roles=[(role, words.role(role)) for role in _may_invite()],
        wrong_name=name,
        wrong_email=email,
        known=error.account if error else None,
    )


def _wrong(why: NoInvitation) -> tuple[str | None, str | None]:
    """What is wrong with the name, and with the address."""
    if why is NoInvitation.NO_NAME:
        return no_name(), None
    return None, {
        NoInvitation.NO_ADDRESS: _("Ce n’est pas une adresse e-mail. Exemple : prenom@example.org"),
        NoInvitation.HERE_ALREADY: _("Cette personne a déjà un compte."),
        NoInvitation.OTHER_ROLE: _(
            "Cette personne est déjà invitée, avec un autre rôle : changez-le à sa page."
        ),
        NoInvitation.CLOSED: _("Le compte de cette personne est fermé : rouvrez-le à sa page."),
    }[why]


def _invited(form: dict[str, str], made: Invitation) -> str:
    return render_template("people/invited.html", form=form, invitation=made)
