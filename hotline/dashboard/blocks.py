"""Numbers whose calls are not taken, and those that mediators would have on that list."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final, TypeVar

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from hotline.dashboard import access
from hotline.dashboard.languages import translated as _
from hotline.ivr import numbers
from hotline.queue.ids import ProposalId
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import callers, proposals
from hotline.store.transactions import Tx

T = TypeVar("T")
DAYS: Final = ("1", "7", "30", "365", "")
"""For so long; without end at last."""
USUAL: Final = "30"
EXAMPLE: Final = "01 99 00 12 34"
LONGEST_REASON: Final = 200


def blueprint(services: Services) -> Blueprint:
    routes = Blueprint("blocks", __name__, url_prefix="/blocks")
    routes.before_request(access.only(Role.COORDINATOR))
    here = _Blocks(services)
    routes.add_url_rule("", "page", here.page)
    posts: dict[str, Callable[..., AnyResponse | str | tuple[str, int]]] = {
        "add": here.add,
        "remove": here.remove,
        "proposals/<int:proposal>/confirm": here.confirm,
        "proposals/<int:proposal>/dismiss": here.dismiss,
    }
    for rule, view in posts.items():
        routes.add_url_rule(f"/{rule}", view.__name__, view, methods=["POST"])
    return routes


class _Blocks:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._region = services.lines.lines[0].script.region

    def page(self) -> str:
        return self._shown({"days": USUAL}, {})

    def add(self) -> AnyResponse | tuple[str, int]:
        form = {key: request.form.get(key, "").strip() for key in ("number", "reason", "days")}
        number, wrong = self._number(form["number"]), {}
        if number is None:
            wrong["number"] = _(
                "Ce n’est pas un numéro de téléphone. Exemple : %(one)s", one="01 99 00 12 34"
            )
        if number in self._own():
            wrong["number"] = _("C’est le numéro de la ligne elle-même.")
        if not 0 < len(form["reason"]) <= LONGEST_REASON:
            wrong["reason"] = _("Dites pourquoi, en quelques mots : l’équipe le lira.")
        if wrong or number is None:
            return self._shown(form, wrong), 422
        until = self._until(form["days"])
        self._do(lambda tx, now: callers.block(tx, number, form["reason"], until, now))
        flash(_("Le numéro est bloqué. Qui appelle de ce numéro entend une phrase polie."), "success")
        return redirect(url_for("blocks.page"))

    def remove(self) -> AnyResponse:
        number = request.form.get("number", "")
        gone = self._do(lambda tx, _now: callers.unblock(tx, number))
        said = _("Le numéro n’est plus bloqué.") if gone else _("Ce numéro n’était plus bloqué.")
        flash(said, "success" if gone else "error")
        return redirect(url_for("blocks.page"))

    def confirm(self, proposal: int) -> AnyResponse:
        until = self._until(request.form.get("days", ""))

        def write(tx: Tx, now: datetime) -> bool:
            subject = proposals.subject(tx, ProposalId(proposal))
            if subject is None or not proposals.decide(tx, ProposalId(proposal), now, accepted=True):
                return False
            callers.block(tx, *subject, until, now)
            return True

        return self._decided(self._do(write), _("Le numéro est bloqué."))

    def dismiss(self, proposal: int) -> AnyResponse:
        key = ProposalId(proposal)
        done = self._do(lambda tx, now: proposals.decide(tx, key, now, accepted=False))
        return self._decided(done, _("La proposition est écartée : le numéro n’est pas bloqué."))

    def _decided(self, done: bool, said: str) -> AnyResponse:
        late = _("Quelqu’un d’autre a déjà décidé.")
        flash(said if done else late, "success" if done else "error")
        return redirect(url_for("blocks.page"))

    def _shown(self, form: Mapping[str, str], wrong: Mapping[str, str]) -> str:
        with self._services.store.reading() as tx:
            blocked, proposed = callers.blocks(tx), proposals.pending(tx)
        return render_template(
            "blocks.html",
            blocked=blocked[::-1],
            proposed=proposed,
            form=form,
            wrong=wrong,
            durations=[(days, _duration(days)) for days in DAYS],
            usual=USUAL,
            now=self._services.clock.now(),
            written=lambda number: numbers.readable(number, self._region),
        )

    def _number(self, text: str) -> str | None:
        try:
            return numbers.written(text, self._region, fiction=self._services.settings.fiction_numbers)
        except ValueError:
            return None

    def _own(self) -> set[str | None]:
        return {number for line in self._services.lines.lines for number in line.script.numbers}

    def _until(self, days: str) -> datetime | None:
        """When a block of that many days ends; None: not by itself."""
        if days not in DAYS:
            abort(400)
        return self._services.clock.now() + timedelta(days=int(days)) if days else None

    def _do(self, work: Callable[[Tx, datetime], T]) -> T:
        now = self._services.clock.now()
        return self._services.store.run(lambda tx: work(tx, now))


def _duration(days: str) -> str:
    return {
        "1": _("un jour"),
        "7": _("une semaine"),
        "30": _("un mois"),
        "365": _("un an"),
        "": _("jusqu’à ce que quelqu’un le débloque"),
    }[days]
