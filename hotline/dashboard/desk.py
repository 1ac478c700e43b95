"""A mediator's desk: the switch, the call that comes, the talk, and what is written down of it."""

from collections.abc import Callable, Collection
from datetime import date, timedelta
from typing import Any, Final, TypeVar

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from hotline.dashboard import access, desk_view, words
from hotline.dashboard.desk_view import Desk
from hotline.dashboard.languages import translated as _
from hotline.dashboard.pages import notice, over
from hotline.ivr import numbers
from hotline.queue.dispositions import Disposition
from hotline.queue.ids import MediatorId, OfferId
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import calls, desk, proposals, reveals, write_ups
from hotline.store.transactions import Tx
from hotline.switchboard import desk as doings
from hotline.switchboard import duty
from hotline.switchboard.desk import Ending, NotTheirs
from hotline.switchboard.moment import Moment
from hotline.switchboard.ports import CarrierTrouble, LegEnded

T = TypeVar("T")
BY_HAND: Final = timedelta(hours=2)
"""So long somebody stays available who is outside their shifts."""
PAUSES: Final = (10, 30, 60)
"""Minutes."""


def blueprint(services: Services) -> Blueprint:
    routes = Blueprint("desk", __name__, url_prefix="/desk")
    routes.before_request(access.only(Role.MEDIATOR))
    routes.register_error_handler(NotTheirs, lambda _error: ("", 404))
    here = _Desk(services)
    routes.add_url_rule("", "page", here.page)
    routes.add_url_rule("/now", "now", here.now)
    routes.add_url_rule("/<int:offer>/write-up", "write_up", here.write_up)
    posts: dict[str, Callable[..., Any]] = {
        "available": here.available,
        "away": here.away,
        "off": here.off,
        "<int:offer>/take": here.take,
        "<int:offer>/leave": here.leave,
        "<int:offer>/note": here.note,
        "<int:offer>/more-time": here.more_time,
        "<int:offer>/finish": here.finish,
        "<int:offer>/number": here.number,
        "<int:offer>/callback": here.callback,
        "<int:offer>/hang-up": here.hang_up,
        "<int:offer>/transfer": here.transfer,
        "<int:offer>/block": here.block,
    }
    for rule, view in posts.items():
        routes.add_url_rule(f"/{rule}", view.__name__, view, methods=["POST"])
    return routes


class _Desk:
    """The routes; each acts for whoever is logged in."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def page(self) -> str | AnyResponse:
        if access.user().mediator_id is None:
            return redirect(url_for("welcome.page"))
        return render_template("desk.html", fragment=self._fragment())

    def now(self) -> str:
        return self._fragment()

    def write_up(self, offer: int) -> str:
        """An older talk that is not written up yet."""
        services, now = self._services, self._services.clock.now()
        with services.store.reading() as tx:
            here = desk_view.late(services, tx, _me(), OfferId(offer), now)
        if here is None:
            abort(404)
        return render_template("desk.html", fragment=_shown(here, None))

    def available(self) -> str:
        until = self._services.clock.now() + BY_HAND
        self._do(lambda m, me: duty.be_available(m, me, until))
        return self._fragment()

    def away(self) -> str:
        reason, minutes = request.form.get("reason"), request.form.get("minutes", type=int)
        if reason not in words.REASONS or minutes not in PAUSES:
            abort(400)
        until = self._services.clock.now() + timedelta(minutes=minutes)
        return self._after(self._do(lambda m, me: duty.step_away(m, me, reason, until)))

    def off(self) -> str:
        return self._after(self._do(duty.go_off))

    def take(self, offer: int) -> str:
        taken = self._do(lambda m, me: doings.take(m, me, OfferId(offer)))
        return self._fragment(None if taken else notice(over(), "sorry"))

    def leave(self, offer: int) -> str:
        left = self._do(lambda m, me: doings.leave(m, me, OfferId(offer)))
        said = notice(_("C’est noté : l’appel est proposé à quelqu’un d’autre."))
        return self._fragment(said if left else notice(over(), "sorry"))

    def note(self, offer: int) -> tuple[Response, int]:
        """JSON: `revision` that the note is made of, `note`; answers 409 with the newer note."""
        try:
            body = request.get_json()
            base, text = int(body["revision"]), str(body["note"])
        except (KeyError, TypeError, ValueError):
            abort(400)
        saved = self._do(lambda m, me: doings.save_note(m, me, OfferId(offer), base, text))
        if saved:
            return jsonify(revision=base + 1), 200
        with self._services.store.reading() as tx:
            newer = write_ups.get(tx, OfferId(offer))
        assert newer is not None
        return jsonify(revision=newer.revision, note=newer.note), 409

    def more_time(self, offer: int) -> str:
        given = self._do(lambda m, me: doings.more_time(m, me, OfferId(offer)))
        said = _("Vous avez cinq minutes de plus.") if given else _("Il n’y a plus de temps à ajouter.")
        return self._fragment(notice(said, "good" if given else "sorry"))

    def finish(self, offer: int) -> str:
        try:
            ending = _ending(self._topics())
        except ValueError:
            return self._fragment(notice(_("Choisissez d’abord comment l’appel s’est terminé."), "sorry"))
        self._do(lambda m, me: doings.finish(m, me, OfferId(offer), ending))
        return self._fragment(notice(_("C’est enregistré. Merci !")))

    def number(self, offer: int) -> str:
        """The caller's number in full; each look is written down."""

        def look(m: Moment, me: MediatorId) -> str | None:
            found = desk.offered(m.tx, OfferId(offer))
            if found is None or found.mediator_id != me:
                raise NotTheirs(offer)
            reveals.note(m.tx, access.user().id, found.call, m.now)
            return calls.number(m.tx, found.call)

        return render_template("desk/number.html", number=self._do(look))

    def callback(self, offer: int) -> str:
        """Promise to call back; the code is shown, to be said to the caller."""
        try:
            number = self._written(request.form.get("number", ""))
        except ValueError:
            return render_template("desk/callback.html", offer=offer, wrong=True, asks=True)
        found = self._do(lambda m, me: doings.promise_callback(m, me, OfferId(offer), number))
        return render_template("desk/callback.html", offer=offer, ticket=found, asks=found is None)

    def hang_up(self, offer: int) -> str:
        leg = self._do(lambda m, me: doings.leg_of(m, me, OfferId(offer)))
        try:
            if leg is not None:
                self._services.carrier.hang_up(leg)
        except LegEnded:
            pass
        except CarrierTrouble:
            said = _("L’opérateur ne répond pas : raccrochez avec votre téléphone.")
            return self._fragment(notice(said, "sorry"))
        return self._fragment(notice(_("L’appel est terminé.")))

    def block(self, offer: int) -> str:
        """Propose that the number be blocked; a coordinator decides."""
        reason, account = request.form.get("reason", "").strip()[:200], access.user().id
        if not reason:
            return self._fragment(notice(_("Dites en quelques mots pourquoi bloquer ce numéro."), "sorry"))

        def propose(m: Moment, me: MediatorId) -> None:
            proposals.add(m.tx, doings.call_of(m, me, OfferId(offer)), account, reason, m.now)

        self._do(propose)
        return self._fragment(notice(_("C’est proposé. Une personne de la coordination décidera.")))

    def transfer(self, offer: int) -> str:
        """To a topic ("topic:taxes"), or to somebody ("mediator:3")."""
        kind, _colon, name = request.form.get("to", "").partition(":")
        to = MediatorId(int(name)) if kind == "mediator" and name.isdecimal() and len(name) < 10 else None
        topic = name if kind == "topic" and name in self._topics() else None
        if to is None and topic is None:
            abort(400)
        moved = self._do(lambda m, me: doings.hand_on(m, me, OfferId(offer), topic, to))
        said = _("C’est demandé. Si l’appel reste chez vous, raccrochez : la personne sera transférée.")
        return self._fragment(notice(said) if moved else notice(over(), "sorry"))

    def _topics(self) -> set[str]:
        return {topic.name for line in self._services.lines.lines for topic in line.script.topics}

    def _written(self, text: str) -> str | None:
        """The number that was typed, if there is one. Raises ValueError."""
        fiction = self._services.settings.fiction_numbers
        return numbers.written(text, fiction=fiction) if text.strip() else None

    def _after(self, moved: bool) -> str:
        busy = _("Votre téléphone sonne, ou vous êtes en conversation : changez cela juste après.")
        return self._fragment(None if moved else notice(busy, "sorry"))

    def _fragment(self, said: dict[str, str] | None = None) -> str:
        now = self._services.clock.now()
        with self._services.store.reading() as tx:
            here = desk_view.at(self._services, tx, _me(), now)
        return _shown(here, said)

    def _do(self, work: Callable[[Moment, MediatorId], T]) -> T:
        me, now = _me(), self._services.clock.now()
        services = self._services

        def run(tx: Tx) -> T:
            return work(Moment(tx, now, services.lines, services.jobs), me)

        return services.store.run(run)


def _shown(here: Desk, said: dict[str, str] | None) -> str:
    return render_template(
        f"desk/{here.scene}.html",
        desk=here,
        words=words,
        said=said,
        pauses=PAUSES,
        dispositions=Disposition,
    )


def _me() -> MediatorId:
    found = access.user().mediator_id
    if found is None:
        abort(404)
    return found


def _ending(topics: Collection[str]) -> Ending:
    """What the form says. Raises ValueError when it says too little."""
    form, topic = request.form, request.form.get("topic")
    return Ending(
        disposition=Disposition(form.get("disposition", "")),
        topic=topic if topic in topics else None,
        passed_to=form.get("passed_to", "").strip()[:200],
        due_on=_day(form.get("due_on")),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
