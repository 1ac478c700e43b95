"""Numbers whose calls are not taken, and those that mediators would have on that list."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final, TypeVar

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from hotline.dashboard import access, blocks_view, words
from hotline.dashboard.blocks_view import anchor
from hotline.dashboard.languages import translated as _
from hotline.queue.ids import ProposalId
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import callers, proposals, reveals
from hotline.store.callers import Block
from hotline.store.transactions import Tx
from hotline.switchboard.blocking import Spared, spared

T = TypeVar("T")
DAYS: Final = ("1", "7", "30", "365", "")
"""For so long; without end at last."""
USUAL: Final = "30"
LONGEST_REASON: Final = 200


def blueprint(services: Services) -> Blueprint:
    routes = Blueprint("blocks", __name__, url_prefix="/blocks")
    routes.before_request(access.only(Role.COORDINATOR))
    here = _Blocks(services)
    routes.add_url_rule("", "page", here.page, defaults={"page": 1})
    routes.add_url_rule("/pages/<int:page>", "page", here.page)
    routes.add_url_rule("/<blocked>/remove", "removal", here.removal)
    posts: dict[str, Callable[..., AnyResponse | str | tuple[str, int]]] = {
        "add": here.add,
        "<blocked>/number": here.number,
        "<blocked>/remove": here.remove,
        "proposals/<int:proposal>/number": here.proposed_number,
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

    def page(self, page: int) -> str:
        return self._shown({"days": USUAL}, {}, page)

    def add(self) -> AnyResponse | tuple[str, int]:
        form = {key: request.form.get(key, "").strip() for key in ("number", "reason", "days")}
        number, wrong = self._number(form["number"]), {}
        if number is None:
            wrong["number"] = _(
                "Ce n’est pas un numéro de téléphone. Exemple : %(one)s", one=words.unbroken("01 99 00 12 34")
            )
        elif why := self._spared(number):
            wrong["number"] = why
        if not 0 < len(form["reason"]) <= LONGEST_REASON:
            wrong["reason"] = _("Dites pourquoi, en quelques mots : l’équipe le lira.")
        if wrong or number is None:
            return self._shown(form, wrong), 422
        until = self._until(form["days"])
        before = self._do(lambda tx, now: _block_once(tx, number, form["reason"], until, now))
        if before is not None:
            index, block = before
            return self._shown(form, {"number": _already(block)}, at=index), 422
        flash(_("Le numéro est bloqué. Qui appelle de ce numéro entend une phrase polie."), "success")
        return redirect(url_for("blocks.page"))

    def removal(self, blocked: str) -> str | AnyResponse:
        """Ask first: the number is masked, so whoever lets it in by mistake could not enter it again."""
        index = _index(blocked)
        with self._services.store.reading() as tx:
            block, page = callers.block_of(tx, index), blocks_view.page_of(tx, index)
        if block is None:
            return self._back(_not_blocked())
        return render_template(
            "block_removal.html",
            blocked=blocked,
            block=block,
            number=words.masked(block.number),
            page=page,
            anchor=anchor(index),
            now=self._services.clock.now(),
        )

    def remove(self, blocked: str) -> AnyResponse:
        index = _index(blocked)

        def write(tx: Tx, _now: datetime) -> int | None:
            """The page on which it stood; None when it was not blocked."""
            block, page = callers.block_of(tx, index), blocks_view.page_of(tx, index)
            return page if block is not None and callers.unblock(tx, block.number) else None

        page = self._do(write)
        said = _("Le numéro n’est plus bloqué.") if page else _not_blocked()
        flash(said, "success" if page else "error")
        return redirect(url_for("blocks.page", page=page or 1))

    def number(self, blocked: str) -> str | AnyResponse:
        """The list with that number in full; each look is written down."""
        index, me = _index(blocked), access.user().id

        def look(tx: Tx, now: datetime) -> bool:
            there = callers.block_of(tx, index) is not None
            if there:
                reveals.note_blocked(tx, me, index, now)
            return there

        if not self._do(look):
            return self._back(_not_blocked())
        return self._shown({"days": USUAL}, {}, at=index, in_full=anchor(index))

    def proposed_number(self, proposal: int) -> str | AnyResponse:
        key, me = ProposalId(proposal), access.user().id

        def look(tx: Tx, now: datetime) -> bool:
            call = proposals.pending_call(tx, key)
            if call is not None:
                reveals.note(tx, me, call, now)
            return call is not None

        if not self._do(look):
            return self._back(_decided_already())
        return self._shown({"days": USUAL}, {}, in_full=anchor(key))

    def confirm(self, proposal: int) -> AnyResponse:
        until = self._until(request.form.get("days", ""))

        def write(tx: Tx, now: datetime) -> bool:
            subject = proposals.subject(tx, ProposalId(proposal))
            if subject is None or not proposals.decide(tx, ProposalId(proposal), now, accepted=True):
                return False
            number, reason = subject
            callers.block(tx, number, reason[:LONGEST_REASON], until, now)
            return True

        with self._services.store.reading() as tx:
            subject = proposals.subject(tx, ProposalId(proposal))
        if subject is not None and (why := self._spared(subject[0])):
            return self._back(why)
        return self._decided(self._do(write), _("Le numéro est bloqué."))

    def dismiss(self, proposal: int) -> AnyResponse:
        key = ProposalId(proposal)
        done = self._do(lambda tx, now: proposals.decide(tx, key, now, accepted=False))
        return self._decided(done, _("La proposition est écartée : le numéro n’est pas bloqué."))

    def _decided(self, done: bool, said: str) -> AnyResponse:
        flash(said if done else _decided_already(), "success" if done else "error")
        return redirect(url_for("blocks.page"))

    def _back(self, sorry: str) -> AnyResponse:
        flash(sorry, "error")
        return redirect(url_for("blocks.page"))

    def _shown(
        self,
        form: Mapping[str, str],
        wrong: Mapping[str, str],
        page: int = 1,
        at: bytes | None = None,
        in_full: str = "",
    ) -> str:
        """`at`: the index of a number whose page is shown; `in_full`: the anchor that is not masked."""
        with self._services.store.reading() as tx:
            shown = page if at is None else blocks_view.page_of(tx, at)
            listed = blocks_view.at(tx, shown, self._region, in_full)
        return render_template(
            "blocks.html",
            blocks=listed,
            form=form,
            wrong=wrong,
            already=at and wrong and anchor(at),
            durations=[(days, _duration(days)) for days in DAYS],
            usual=USUAL,
            now=self._services.clock.now(),
        )

    def _number(self, text: str) -> str | None:
        try:
            return self._services.lines.number(text)
        except ValueError:
            return None

    def _spared(self, number: str) -> str | None:
        """Why it is never blocked; None when it may be."""
        with self._services.store.reading() as tx:
            why = spared(tx, self._services.lines, number)
        return _why_not(why) if why is not None else None

    def _until(self, days: str) -> datetime | None:
        """When a block of that many days ends; None: not by itself."""
        if days not in DAYS:
            abort(400)
        return self._services.clock.now() + timedelta(days=int(days)) if days else None

    def _do(self, work: Callable[[Tx, datetime], T]) -> T:
        now = self._services.clock.now()
        return self._services.store.run(lambda tx: work(tx, now))


def _block_once(
    tx: Tx, number: str, reason: str, until: datetime | None, now: datetime
) -> tuple[bytes, Block] | None:
    """Block the number; if it is blocked already, nothing changes: the answer is its index, and how."""
    index = tx.sealer.index(number)
    before = callers.block_of(tx, index)
    if before is not None and (before.until is None or before.until > now):
        return index, before
    callers.block(tx, number, reason, until, now)
    return None


def _why_not(why: Spared) -> str:
    return {
        Spared.THE_LINES: _("C’est le numéro de la ligne elle-même."),
        Spared.A_MEDIATORS: _("C’est le téléphone d’une personne de l’équipe : il ne peut pas être bloqué."),
    }[why]


def _already(block: Block) -> str:
    return _(
        "Ce numéro est déjà bloqué (%(reason)s). Pour changer la durée, débloquez-le d’abord.",
        reason=block.reason,
    )


def _not_blocked() -> str:
    return _("Ce numéro n’était plus bloqué.")


def _decided_already() -> str:
    return _("Quelqu’un d’autre a déjà décidé.")


def _index(blocked: str) -> bytes:
    """A blocked number is named in an address by its index: that tells nobody the number."""
    try:
        return bytes.fromhex(blocked)
    except ValueError:
        abort(404)


def _duration(days: str) -> str:
    return {
        "1": _("un jour"),
        "7": _("une semaine"),
        "30": _("un mois"),
        "365": _("un an"),
        "": _("jusqu’à ce que quelqu’un le débloque"),
    }[days]
