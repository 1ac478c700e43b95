"""The rota: who is on duty when, week by week and on single days, and when nobody is."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from hotline.dashboard import access, rota_view, words
from hotline.dashboard.addresses import LARGEST
from hotline.dashboard.languages import translated as _
from hotline.queue.ids import MediatorId, ShiftId
from hotline.queue.roles import Role
from hotline.queue.shifts import (
    Hours,
    Shift,
    is_over,
    is_skipped,
    parse_hours,
    wall_clock,
)
from hotline.services import Services
from hotline.store import mediators, shifts
from hotline.switchboard import duty
from hotline.switchboard import rota as doings
from hotline.switchboard.moment import Moment
from hotline.switchboard.rota import CoveredAlready, NeverRung

T = TypeVar("T")
ON_A_DATE: Final = "date"
FARTHEST: Final = timedelta(days=366)


class Wrong(Exception):
    """`words` by the name of the field that they belong to."""

    def __init__(self, words: Mapping[str, str]) -> None:
        super().__init__(words)
        self.words = words


def blueprint(services: Services) -> Blueprint:
    routes = Blueprint("shifts", __name__, url_prefix="/shifts")
    routes.before_request(access.only(Role.COORDINATOR))
    here = _Rota(services)
    routes.add_url_rule("", "page", here.page)
    routes.add_url_rule("", "add", here.add, methods=["POST"])
    routes.add_url_rule("/search", "search", here.search, methods=["POST"])
    routes.add_url_rule("/<int:shift>/remove", "removal", here.removal)
    routes.add_url_rule("/<int:shift>/remove", "remove", here.remove, methods=["POST"])
    return routes


class _Rota:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._script = services.lines.lines[0].script

    def page(self) -> str:
        """Of everybody, or of whoever the address names: by their key, which is no name."""
        person = request.args.get("person", "")
        return self._shown({"person": person, "day": "0"}, {}, only=_key(person))

    def search(self) -> str:
        """Names are personal: they go into no address, nor into the list of pages that a browser keeps."""
        form = {"person": request.form.get("person", ""), "day": "0"}
        return self._shown(form, {}, sought=request.form.get("q", "").strip()[:120])

    def add(self) -> str | AnyResponse | tuple[str, int]:
        form = {key: request.form.get(key, "").strip() for key in ("person", "day", "date", "start", "end")}
        try:
            mediator, shift = self._read(form)
            overlaps = self._do(lambda m: _plan(m, mediator, shift))
        except Wrong as error:
            return self._shown(form, error.words), 422
        said = _("C’est ajouté : %(shift)s.", shift=_words(shift))
        if overlaps:
            said += " " + _(
                "Une partie de ces heures était déjà au planning : elles comptent une seule fois."
            )
        flash(said, "success")
        return redirect(url_for("shifts.page"))

    def removal(self, shift: int) -> str | AnyResponse:
        """Ask first: what is worked every week would be gone for good."""
        with self._services.store.reading() as tx:
            found = shifts.get(tx, ShiftId(shift))
            mediator = mediators.get(tx, found[0]) if found else None
        if found is None or mediator is None:
            return _was_gone()
        weekly = isinstance(found[1].day, int)
        return render_template(
            "shift_removal.html", shift=shift, name=mediator.name, when=_words(found[1]), weekly=weekly
        )

    def remove(self, shift: int) -> AnyResponse:
        if not self._do(lambda m: duty.remove_shift(m, ShiftId(shift))):
            return _was_gone()
        flash(_("La permanence est retirée. Un appel en cours continue."), "success")
        return redirect(url_for("shifts.page"))

    def _shown(
        self,
        form: Mapping[str, str],
        wrong: Mapping[str, str],
        sought: str = "",
        only: MediatorId | None = None,
    ) -> str:
        """`sought`: in the names of whoever is shown; `only` this one is."""
        now = self._services.clock.now()
        return render_template(
            "shifts.html",
            rota=rota_view.rota(self._services, now, sought, only, chosen=_key(form["person"])),
            form=form,
            wrong=wrong,
            words=words,
            zone=self._script.zone,
            today=now.astimezone(ZoneInfo(self._script.zone)).date(),
            on_a_date=ON_A_DATE,
        )

    def _read(self, form: Mapping[str, str]) -> tuple[MediatorId, Shift]:
        """What the form says. Raises Wrong."""
        now = self._services.clock.now()
        wrong: dict[str, str] = {}
        person = _key(form["person"])
        if person is None:
            wrong["person"] = _("Choisissez une personne.")
        day, hours = _day(form, wrong), _hours(form, wrong)
        if wrong or person is None or day is None or hours is None:
            raise Wrong(wrong)
        shift = Shift(day, hours, self._script.zone)
        _check_day(shift, now)
        return person, shift

    def _do(self, work: Callable[[Moment], T]) -> T:
        services, now = self._services, self._services.clock.now()
        return services.store.run(lambda tx: work(Moment(tx, now, services.lines, services.jobs)))


def _was_gone() -> AnyResponse:
    flash(_("Cette permanence était déjà retirée."), "error")
    return redirect(url_for("shifts.page"))


def _key(text: str) -> MediatorId | None:
    return MediatorId(int(text)) if text.isdecimal() and len(text) < len(str(LARGEST)) else None


def _day(form: Mapping[str, str], wrong: dict[str, str]) -> int | date | None:
    if form["day"] in map(str, words.WEEKDAYS):
        return int(form["day"])
    try:
        return date.fromisoformat(form["date"])
    except ValueError:
        wrong["date"] = _("Indiquez une date, par exemple 24/11/2026.")
        return None


def _check_day(shift: Shift, now: datetime) -> None:
    """Whether a shift on one day can be worked yet. Raises Wrong."""
    if is_over(shift, now):
        if shift.day == wall_clock(now, shift.zone).day:
            raise Wrong({"end": _("Ces heures sont déjà passées.")})
        raise Wrong({"date": _("Cette date est passée.")})
    if isinstance(shift.day, date) and shift.day > now.date() + FARTHEST:
        raise Wrong({"date": _("Cette date est dans plus d’un an : vérifiez l’année.")})
    if is_skipped(shift):
        raise Wrong({"end": _("Cette nuit-là, on passe à l’heure d’été : ces heures n’existent pas.")})


def _hours(form: Mapping[str, str], wrong: dict[str, str]) -> Hours | None:
    # a field for a time knows no 24:00
    start, end = form["start"], "24:00" if form["end"] == "00:00" else form["end"]
    if start and start == end:
        wrong["end"] = _("La fin est la même que le début. Pour une journée entière : de 00:00 à 00:00.")
        return None
    try:
        return parse_hours(f"{start}-{end}")
    except ValueError:
        wrong["end"] = _("Indiquez deux heures, par exemple de 09:00 à 12:30.")
        return None


def _plan(m: Moment, mediator: MediatorId, shift: Shift) -> bool:
    """Whether a part of it was in their rota already. Raises Wrong where there is nothing to add."""
    try:
        return doings.plan(m, mediator, shift)
    except NeverRung as error:
        said = _("Cette personne ne répond plus au téléphone : choisissez-en une autre.")
        raise Wrong({"person": said}) from error
    except CoveredAlready as error:
        said = _(
            "%(name)s est déjà au planning à ces heures (%(there)s) : il n’y a rien à ajouter.",
            name=error.name,
            there=", ".join(map(_words, error.there.values())),
        )
        raise Wrong({"end": said}) from error


def _words(shift: Shift) -> str:
    hours = words.hours(shift.hours)
    if isinstance(shift.day, int):
        return _("chaque %(day)s, %(hours)s", day=words.weekday(shift.day), hours=hours)
    return _("%(day)s, %(hours)s", day=words.calendar_day(shift.day), hours=hours)
