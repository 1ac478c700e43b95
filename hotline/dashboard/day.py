"""A mediator's day: callbacks to serve, talks to look at again, shifts to come."""

from collections.abc import Callable
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import format_time
from werkzeug.wrappers import Response as AnyResponse

from hotline.dashboard import access, day_view, dictated, words
from hotline.dashboard.dictated import WrongNumber
from hotline.dashboard.languages import translated as _
from hotline.dashboard.pages import notice
from hotline.queue.ids import MediatorId, TicketId
from hotline.queue.mediators import Availability
from hotline.queue.roles import Role
from hotline.queue.tickets import Attempt
from hotline.services import Services
from hotline.store import claims, mediators, messages, reveals, tickets
from hotline.store.mediators import Mediator
from hotline.switchboard import callbacks, claiming
from hotline.switchboard.claiming import Refusal
from hotline.switchboard.moment import Moment
from hotline.switchboard.ports import CarrierTrouble

T = TypeVar("T")
LONGEST_NOTE = 2000
LONGEST_REASON = 200


def blueprint(services: Services) -> Blueprint:
    routes = Blueprint("day", __name__, url_prefix="/day")
    routes.before_request(access.only(Role.MEDIATOR))
    here = _Day(services)
    routes.add_url_rule("", "page", here.page)
    routes.add_url_rule("/now", "now", here.now)
    routes.add_url_rule("/<int:ticket>/message/<int:message>", "message", here.message)
    posts: dict[str, Callable[..., Any]] = {
        "claim": here.claim,
        "give-back": here.give_back,
        "number": here.number,
        "correct": here.corrected,
        "attempt": here.attempt,
        "give-up": here.give_up,
        "words": here.words,
        "restore": here.restore,
    }
    for rule, view in posts.items():
        routes.add_url_rule(f"/<int:ticket>/{rule}", view.__name__, view, methods=["POST"])
    return routes


class _Day:
    """The routes; each acts for whoever is logged in."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def page(self) -> str | AnyResponse:
        if access.user().mediator_id is None:
            return redirect(url_for("welcome.page"))
        return render_template("day.html", fragment=self._fragment())

    def now(self) -> str:
        return self._fragment()

    def claim(self, ticket: int) -> str:
        me, mediator = access.user().id, _me()

        def take(m: Moment) -> tuple[Refusal | None, Mediator | None]:
            refused = claiming.claim(m, TicketId(ticket), me, mediator)
            return refused, mediators.get(m.tx, mediator)

        refused, here = self._do(take)
        return self._fragment(notice(_why_not(refused), "sorry") if refused else self._begun(here))

    def give_back(self, ticket: int) -> str:
        """Somebody else may call; what has been noted is there for them."""
        me, note = access.user().id, _note()
        if not self._do(lambda m: callbacks.give_back(m, TicketId(ticket), me, note)):
            abort(409)
        return self._fragment(notice(_("C’est noté : quelqu’un d’autre peut rappeler.")))

    def number(self, ticket: int) -> str:
        """The number to call back, in full; each look is written down."""
        self._mine(ticket)

        def look(m: Moment) -> str | None:
            found = tickets.get(m.tx, TicketId(ticket))
            assert found is not None
            reveals.note(m.tx, access.user().id, found.call_id, m.now)
            return tickets.number(m.tx, found.id)

        return render_template("desk/number.html", number=self._do(look), dials=True)

    def corrected(self, ticket: int) -> str:
        """The number that one of us had typed is another one."""
        me = access.user().id
        try:
            number = dictated.read(self._services.lines, request.form.get("number", ""))
        except WrongNumber as error:
            return self._fragment(notice(error.words, "sorry"))
        if number is None:
            return self._fragment(notice(dictated.missing(), "sorry"))
        if not self._do(lambda m: callbacks.correct_number(m, TicketId(ticket), me, number)):
            abort(409)
        return self._fragment(notice(_("Le numéro est corrigé.")))

    def attempt(self, ticket: int) -> str:
        """They have been called: somebody answered, or nobody did."""
        result = request.form.get("result", "")
        if result not in (Attempt.REACHED, Attempt.NOT_REACHED):
            abort(400)
        return self._noted(TicketId(ticket), Attempt(result), _note())

    def give_up(self, ticket: int) -> str:
        """They are not to be called back any more; why is written down."""
        reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
        if not reason:
            said = _("Dites en quelques mots pourquoi ne plus rappeler cette personne.")
            return self._fragment(notice(said, "sorry"))
        words_too = "\n".join(one for one in (reason, _note()) if one)
        return self._noted(TicketId(ticket), Attempt.GIVEN_UP, words_too)

    def _noted(self, ticket: TicketId, result: Attempt, note: str | None) -> str:
        me = access.user().id
        noted = self._do(lambda m: callbacks.note_theirs(m, ticket, result, note, me))
        if noted is None:
            abort(409)
        # what was written is kept then too
        again = _("Cette personne vient de rappeler elle-même : il n’y a plus rien à faire.")
        return self._fragment(notice(_said(result)) if noted else notice(again, "neutral"))

    def words(self, ticket: int) -> str:
        """What was written of a callback whose card is gone, without anything else."""
        me, note = access.user().id, _note()
        if note is not None and self._do(lambda m: callbacks.add_words(m, TicketId(ticket), note, me)):
            return self._fragment(notice(_("C’est noté : qui rappellera cette personne le lira.")))
        over = _("Ce rappel est terminé, ou il n’est plus le vôtre : rien n’y a été ajouté. Copiez le texte.")
        return self._fragment(notice(over, "sorry"))

    def restore(self, ticket: int) -> str:
        """They closed it by mistake: it is due again."""
        me = access.user().id
        due = self._do(lambda m: callbacks.restore(m, TicketId(ticket), me))
        said = _("C’est rétabli : cette personne est de nouveau à rappeler, à la même place.")
        changed = _("Rien n’a été changé : depuis, cette personne a rappelé, ou quelqu’un s’en est occupé.")
        return self._fragment(notice(said) if due else notice(changed, "sorry"))

    def message(self, ticket: int, message: int) -> Response:
        """The sound of a voice message, for whoever has claimed it."""
        self._mine(ticket)
        with self._services.store.reading() as tx:
            kept = messages.of_ticket(tx, TicketId(ticket))
        found = next((one for one in kept if one.id == message), None)
        if found is None:
            abort(404)
        try:
            return Response(self._services.carrier.message(found.recording), mimetype="audio/wav")
        except CarrierTrouble:
            abort(503)

    def _mine(self, ticket: int) -> None:
        """Only whoever has claimed a callback sees its number and hears its messages."""
        now = self._services.clock.now()
        with self._services.store.reading() as tx:
            holder = claims.of(tx, TicketId(ticket), now)
        if holder != access.user().id:
            abort(409)

    def _begun(self, here: Mediator | None) -> dict[str, str]:
        if here is None or here.availability is not Availability.CALLING_BACK or here.until is None:
            return notice(_("Vous rappelez cette personne."), "neutral")
        until = here.until.astimezone(ZoneInfo(self._services.lines.lines[0].script.zone))
        said = _(
            "Vous rappelez cette personne. "
            "Votre téléphone ne sonnera pas pendant ce temps, jusqu’à %(time)s.",
            time=format_time(until, "short", rebase=False),
        )
        return notice(said, "neutral")

    def _fragment(self, said: dict[str, str] | None = None) -> str:
        me, now = _me(), self._services.clock.now()
        with self._services.store.reading() as tx:
            here = day_view.at(self._services, tx, me, access.user().id, now)
        return render_template("day/now.html", day=here, words=words, said=said)

    def _do(self, work: Callable[[Moment], T]) -> T:
        services, now = self._services, self._services.clock.now()
        return services.store.run(lambda tx: work(Moment(tx, now, services.lines, services.jobs)))


def _why_not(refused: Refusal) -> str:
    return {
        Refusal.TAKEN: _("Quelqu’un d’autre rappelle déjà cette personne, ou elle a rappelé elle-même."),
        Refusal.ANOTHER: _(
            "Vous rappelez déjà quelqu’un : dites d’abord ce qu’il en est, "
            "ou laissez ce rappel à quelqu’un d’autre."
        ),
        Refusal.ENGAGED: _(
            "Votre téléphone sonne, ou vous êtes en conversation : "
            "terminez d’abord cet appel, et rappelez ensuite."
        ),
    }[refused]


def _note() -> str | None:
    return request.form.get("note", "").strip()[:LONGEST_NOTE] or None


def _said(result: Attempt) -> str:
    return {
        Attempt.REACHED: _("C’est enregistré. Merci !"),
        Attempt.NOT_REACHED: _("C’est noté : cette personne garde sa place, et sera rappelée plus tard."),
        Attempt.GIVEN_UP: _(
            "C’est noté : cette personne ne sera plus rappelée. Une erreur ? Rétablissez le rappel plus bas."
        ),
    }[result]


def _me() -> MediatorId:
    found = access.user().mediator_id
    if found is None:
        abort(404)
    return found
