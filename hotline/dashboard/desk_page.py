"""What a mediator's desk shows, and what they do there: each in one transaction, as whoever is logged in."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final, TypeVar

from flask import abort, render_template, request

from hotline.dashboard import access, desk_view, dictated, endings, leaving, words
from hotline.dashboard.desk_view import Desk, Scene
from hotline.dashboard.endings import Deadlines
from hotline.dashboard.languages import translated as _
from hotline.dashboard.pages import notice, over
from hotline.queue.dispositions import Disposition
from hotline.queue.ids import MediatorId, OfferId
from hotline.queue.offers import OfferState
from hotline.services import Services
from hotline.store import callbacks, offers, write_ups
from hotline.store.tickets import Ticket
from hotline.store.transactions import Tx
from hotline.switchboard import duty
from hotline.switchboard.desk import LONGEST_NOTE, Rest
from hotline.switchboard.moment import Moment

T = TypeVar("T")
PAUSES: Final = (10, 30, 60)
"""Minutes."""
NOTHING_CHOSEN: Final[Mapping[str, str]] = MappingProxyType({})


class DeskPage:
    def __init__(self, services: Services) -> None:
        self._services = services

    def topics(self) -> set[str]:
        return {topic.name for line in self._services.lines.lines for topic in line.script.topics}

    def number_in(self, text: str) -> str | None:
        """The number that was typed, if there is one. Raises WrongNumber."""
        return dictated.read(self._services.lines, text)

    def after(self, moved: bool) -> str:
        return self.fragment(None if moved else notice(_busy(), "sorry"))

    def rest(self) -> Rest | None:
        """How they go off, as the form says it that was sent; None: they do not."""
        match request.form.get("then"):
            case "pause":
                return self.pause()
            case "off":
                return duty.go_off
            case _:
                return None

    def pause(self) -> Rest:
        reason, minutes = request.form.get("reason"), request.form.get("minutes", type=int)
        if reason not in words.REASONS or minutes not in PAUSES:
            abort(400)
        until = self._services.clock.now() + timedelta(minutes=minutes)
        return lambda m, me: duty.step_away(m, me, reason, until)

    def fragment(self, said: dict[str, str] | None = None, chosen: Mapping[str, str] = NOTHING_CHOSEN) -> str:
        """The desk as it is; `chosen`: what is still open of a form that was sent."""
        now = self._services.clock.now()
        with self._services.store.reading() as tx:
            here = desk_view.at(self._services, tx, my_id(), now)
        return self.shown(here, said, chosen)

    def form_again(self, offer: OfferId, wrong: str) -> str:
        """The form as it was sent, with what is wrong."""
        services, now, me = self._services, self._services.clock.now(), my_id()
        with services.store.reading() as tx:
            older = desk_view.late(services, tx, me, offer, now)
            here = desk_view.at(services, tx, me, now)
        if older is None:
            return self.fragment(notice(self.why_not(offer), "sorry"))
        is_here = here.scene is Scene.WRITE_UP and here.write_up and here.write_up.offer_id == offer
        return self.shown(here if is_here else older, notice(wrong, "sorry"), request.form)

    def promised(self, offer: OfferId, ticket: Ticket | None, wrong: str) -> str:
        """What became of the wish to promise a callback: the box of promises, or what is wrong.

        On one's day, where the talk may be written up long since, the answer is a sentence. Raises NotTheirs.
        """
        shown = self._about(offer)
        form = request.form
        more = {"wrong": wrong, "typed": form.get("number", form.get("corrected", ""))}
        if shown is not None:
            return render_template("desk/promise.html", desk=shown, **more)
        with self._services.store.reading() as tx:
            is_open = ticket is not None and callbacks.is_open(tx, ticket.id)
        asks = ticket is None and "corrected" not in form
        about = {"offer": offer, "ticket": ticket, "is_open": is_open, "asks": asks}
        return render_template("desk/callback.html", **about, **more)

    def released(self, offer: OfferId) -> str:
        """What became of the wish that a callback be needed no more. Raises NotTheirs."""
        return render_template("desk/released.html", desk=self._about(offer))

    def _about(self, offer: OfferId) -> Desk | None:
        """The desk with that talk; None when it is written up. Raises NotTheirs."""
        services, now, me = self._services, self._services.clock.now(), my_id()
        with services.store.reading() as tx:
            here = desk_view.at(services, tx, me, now)
            is_here = here.write_up is not None and here.write_up.offer_id == offer
            return here if is_here else desk_view.late(services, tx, me, offer, now)

    def saved(self, offer: OfferId, *, rests: bool, leaves: bool) -> dict[str, str]:
        """`rests`: as far as they wanted to. `leaves`: a callback, to somebody else, if so."""
        with self._services.store.reading() as tx:
            said = endings.saved(tx, offer)
        more = _busy() if not rests else leaving.somebody_else_calls_back() if leaves else None
        return notice(f"{said['words']} {more}", said["kind"]) if more else said

    def why_not(self, offer: OfferId) -> str:
        """Why a talk could not be written up."""
        with self._services.store.reading() as tx:
            found, talk = write_ups.get(tx, offer), offers.get(tx, offer)
        if found is not None and found.done_at is not None:
            return _("Cet appel est déjà noté. Rien n’a été changé.")
        if talk is not None and talk.state is OfferState.ACCEPTED:
            return _("L’appel n’est pas terminé : vous pourrez le noter juste après.")
        return over()

    def deadlines(self) -> Deadlines:
        services = self._services
        return endings.deadlines(services.clock.now(), services.lines.lines[0].script.zone)

    def shown(
        self, here: Desk, said: dict[str, str] | None, chosen: Mapping[str, str] = NOTHING_CHOSEN
    ) -> str:
        return render_template(
            f"desk/{here.scene}.html",
            desk=here,
            words=words,
            said=said,
            pauses=PAUSES,
            dispositions=Disposition,
            deadlines=self.deadlines(),
            chosen=chosen,
            longest_note=LONGEST_NOTE,
        )

    def do(self, work: Callable[[Moment, MediatorId], T]) -> T:
        me, now = my_id(), self._services.clock.now()
        services = self._services

        def run(tx: Tx) -> T:
            return work(Moment(tx, now, services.lines, services.jobs), me)

        return services.store.run(run)


def _busy() -> str:
    return _("Votre téléphone sonne, ou vous êtes en conversation : changez cela juste après.")


def my_id() -> MediatorId:
    found = access.user().mediator_id
    if found is None:
        abort(404)
    return found
