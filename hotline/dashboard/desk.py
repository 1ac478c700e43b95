"""A mediator's desk: the switch, the call that comes, the talk, and what is written down of it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from hotline.dashboard import access, desk_view, dictated, endings, errors, leaving
from hotline.dashboard.desk_page import DeskPage, my_id
from hotline.dashboard.dictated import WrongNumber
from hotline.dashboard.endings import Unclear
from hotline.dashboard.languages import translated as _
from hotline.dashboard.pages import notice, over
from hotline.queue.ids import MediatorId, OfferId
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import claims, proposals, write_ups
from hotline.store.topics import of_mediator
from hotline.switchboard import desk as doings
from hotline.switchboard import duty
from hotline.switchboard.desk import LAST_REVISION, LONGEST_NOTE, NotTheirs, TooLong
from hotline.switchboard.moment import Moment
from hotline.switchboard.ports import CarrierTrouble, LegEnded
from hotline.switchboard.transfers import Refusal

BY_HAND: Final = timedelta(hours=2)
"""So long somebody stays available who is outside their shifts."""
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def blueprint(services: Services) -> Blueprint:
    routes = Blueprint("desk", __name__, url_prefix="/desk")
    routes.before_request(access.only(Role.MEDIATOR))
    routes.register_error_handler(NotTheirs, errors.not_theirs)
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
        "<int:offer>/no-callback": here.no_callback,
        "<int:offer>/callback/number": here.corrected,
        "<int:offer>/hang-up": here.hang_up,
        "<int:offer>/keep": here.keep,
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
        self._page = DeskPage(services)

    def page(self) -> str | AnyResponse:
        if access.user().mediator_id is None:
            return redirect(url_for("welcome.page"))
        return render_template("desk.html", fragment=self._page.fragment())

    def now(self) -> str:
        return self._page.fragment()

    def write_up(self, offer: int) -> str | AnyResponse:
        """An older talk that is not written up yet. Any other has its place on the desk."""
        services, now = self._services, self._services.clock.now()
        with services.store.reading() as tx:
            here = desk_view.late(services, tx, my_id(), OfferId(offer), now)
        if here is None:
            return redirect(url_for("desk.page"))
        return render_template("desk.html", fragment=self._page.shown(here, None))

    def available(self) -> str:
        until = self._services.clock.now() + BY_HAND
        self._page.do(lambda m, me: duty.be_available(m, me, until))
        return self._page.fragment()

    def away(self) -> str:
        return self._page.after(self._page.do(self._page.pause()))

    def off(self) -> str:
        calls_back = self._calls_back()
        gone = self._page.do(duty.go_off)
        if gone and calls_back:
            return self._page.fragment(notice(leaving.somebody_else_calls_back()))
        return self._page.after(gone)

    def _calls_back(self) -> bool:
        me, now = my_id(), self._services.clock.now()
        with self._services.store.reading() as tx:
            return bool(claims.until(tx, [me], now))

    def take(self, offer: int) -> str:
        taken = self._page.do(lambda m, me: doings.take(m, me, OfferId(offer)))
        return self._page.fragment(None if taken else notice(over(), "sorry"))

    def leave(self, offer: int) -> str:
        left = self._page.do(lambda m, me: doings.leave(m, me, OfferId(offer)))
        said = notice(_("C’est noté. La personne n’est pas perdue : la ligne cherche quelqu’un d’autre."))
        return self._page.fragment(said if left else notice(over(), "sorry"))

    def note(self, offer: int) -> tuple[Response, int]:
        """JSON: `revision` that the note is made of, `note`; answers 409 with the newer note.

        422 and how long a note may be, when this one is longer.
        """
        base, text = _note()
        try:
            saved = self._page.do(lambda m, me: doings.save_note(m, me, OfferId(offer), base, text))
        except TooLong:
            return jsonify(too_long=LONGEST_NOTE), 422
        if saved:
            return jsonify(revision=base + 1), 200
        with self._services.store.reading() as tx:
            newer = write_ups.get(tx, OfferId(offer))
        assert newer is not None
        return jsonify(revision=newer.revision, note=newer.note), 409

    def more_time(self, offer: int) -> str:
        given = self._page.do(lambda m, me: doings.more_time(m, me, OfferId(offer)))
        said = _("Vous avez cinq minutes de plus.") if given else _("Il n’y a plus de temps à ajouter.")
        return self._page.fragment(notice(said, "good" if given else "sorry"))

    def finish(self, offer: int) -> str:
        try:
            ending = endings.sent(self._page.topics(), self._page.deadlines(), self._page.number_in)
        except Unclear as error:
            return self._page.form_again(OfferId(offer), error.words)
        rest = self._page.rest()
        leaves = rest is duty.go_off and self._calls_back()
        rests = self._page.do(lambda m, me: doings.finish(m, me, OfferId(offer), ending, rest))
        if rests is not None:
            return self._page.fragment(self._page.saved(OfferId(offer), rests=rests, leaves=leaves))
        return self._page.fragment(notice(self._page.why_not(OfferId(offer)), "sorry"))

    def number(self, offer: int) -> str:
        """The caller's number in full; each look is written down."""
        account = access.user().id
        shown = self._page.do(lambda m, me: doings.number(m, me, OfferId(offer), account))
        return render_template("desk/number.html", number=shown)

    def callback(self, offer: int) -> str:
        """Promise to call back; while the talk lasts the code is shown, to be said to the caller."""
        try:
            number = self._page.number_in(request.form.get("number", ""))
        except WrongNumber as error:
            return self._page.promised(OfferId(offer), None, error.words)
        ticket = self._page.do(lambda m, me: doings.promise_callback(m, me, OfferId(offer), number))
        return self._page.promised(OfferId(offer), ticket, "" if ticket else dictated.missing())

    def corrected(self, offer: int) -> str:
        """The callback that they have promised is to another number than they had typed."""
        try:
            number = self._page.number_in(request.form.get("corrected", ""))
        except WrongNumber as error:
            return self._page.promised(OfferId(offer), None, error.words)
        if number is None:
            return self._page.promised(OfferId(offer), None, dictated.missing())
        ticket = self._page.do(lambda m, me: doings.correct_number(m, me, OfferId(offer), number))
        over = _("Rien n’a été changé. Si ce rappel est à faire, corrigez son numéro dans « Ma journée ».")
        return self._page.promised(OfferId(offer), ticket, "" if ticket else over)

    def no_callback(self, offer: int) -> str:
        """What was promised by whoever had handed them the caller is not needed any more."""
        self._page.do(lambda m, me: doings.needs_no_callback(m, me, OfferId(offer)))
        return self._page.released(OfferId(offer))

    def hang_up(self, offer: int) -> str:
        leg = self._page.do(lambda m, me: doings.leg_of(m, me, OfferId(offer)))
        try:
            if leg is not None:
                self._services.carrier.hang_up(leg)
        except LegEnded:
            pass
        except CarrierTrouble:
            said = _("L’opérateur ne répond pas : raccrochez avec votre téléphone.")
            return self._page.fragment(notice(said, "sorry"))
        return self._page.fragment(notice(_("L’appel est terminé.")))

    def block(self, offer: int) -> str:
        """Propose that the number be blocked; a coordinator decides."""
        # PostgreSQL keeps no NUL
        reason = request.form.get("reason", "").replace("\0", "").strip()[:200]
        account = access.user().id
        if not reason:
            return self._page.fragment(
                notice(_("Dites en quelques mots pourquoi bloquer ce numéro."), "sorry")
            )

        def propose(m: Moment, me: MediatorId) -> None:
            # their other windows show it too
            m.tx.touched.add(of_mediator(me))
            proposals.add(m.tx, doings.call_of(m, me, OfferId(offer)), account, reason, m.now)

        self._page.do(propose)
        return self._page.fragment(notice(_("C’est proposé. Une personne de la coordination décidera.")))

    def transfer(self, offer: int) -> str:
        """To a topic ("topic:taxes"), or to somebody ("mediator:3")."""
        kind, _colon, name = request.form.get("to", "").partition(":")
        to = MediatorId(int(name)) if kind == "mediator" and name.isdecimal() and len(name) < 10 else None
        topic = name if kind == "topic" and name in self._page.topics() else None
        if to is None and topic is None:
            abort(400)
        refused = self._page.do(lambda m, me: doings.hand_on(m, me, OfferId(offer), topic, to))
        if refused is not None:
            return self._page.fragment(notice(_not_moved(refused), "sorry"), request.form)
        return self._page.fragment(notice(_("C’est demandé.")))

    def keep(self, offer: int) -> str:
        """The caller is not to be handed on after all."""
        kept = self._page.do(lambda m, me: doings.keep(m, me, OfferId(offer)))
        said = _("C’est noté : l’appel reste chez vous. Si vous raccrochez, il se termine.")
        late = _("Trop tard : la personne vient d’être passée à quelqu’un d’autre, ou l’appel est terminé.")
        return self._page.fragment(notice(said) if kept else notice(late, "sorry"))


def _not_moved(why: Refusal) -> str:
    return {
        Refusal.OVER: over(),
        Refusal.NOT_FREE: _(
            "Cette personne n’est plus disponible : l’appel reste chez vous. "
            "La liste est à jour, choisissez quelqu’un d’autre."
        ),
        Refusal.NOBODY: _(
            "Personne de permanence ne connaît ce thème : l’appel reste chez vous. "
            "Vous pouvez promettre un rappel."
        ),
    }[why]


def _note() -> tuple[int, str]:
    """The note that was sent, and the revision that it is made of; 400 when it is none."""
    try:
        body = request.get_json()
    except RecursionError:
        abort(400)
    base, text = (body.get("revision"), body.get("note")) if isinstance(body, dict) else (None, None)
    if type(base) is not int or not 0 <= base <= LAST_REVISION or not isinstance(text, str):
        abort(400)
    # half of a character, as where an emoji was cut: it cannot be encoded
    return base, _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
