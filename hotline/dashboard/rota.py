"""The rota: who is on duty when, week by week and on single days, and when nobody is."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from hotline.dashboard import access, words
from hotline.dashboard.addresses import LARGEST
from hotline.dashboard.languages import translated as _
from hotline.ivr.rota import Gap, gaps
from hotline.queue.ids import MediatorId, ShiftId
from hotline.queue.mediators import Availability
from hotline.queue.roles import Role
from hotline.queue.shifts import Hours, Shift, is_over, is_skipped, parse_hours, wall_clock
from hotline.services import Services
from hotline.store import mediators, shifts
from hotline.store.mediators import Mediator
from hotline.switchboard import duty
from hotline.switchboard.moment import Moment

T = TypeVar("T")
ON_A_DATE: Final = "date"
MOST_GAPS: Final = 6
FARTHEST: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Entry:
    """A shift as it stands in the table."""

    id: ShiftId
    mediator: Mediator
    shift: Shift


@dataclass(frozen=True, slots=True)
class Rota:
    people: list[Mediator]
    """All of them, to choose from."""
    week: list[tuple[Mediator, list[list[Entry]]]]
    """Whoever has a weekly shift, and theirs from Monday to Sunday."""
    days: list[Entry]
    """Shifts on one day that are not over."""
    gaps: list[Gap]
    more_gaps: int


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
    routes.add_url_rule("/<int:shift>/remove", "removal", here.removal)
    routes.add_url_rule("/<int:shift>/remove", "remove", here.remove, methods=["POST"])
    return routes


class _Rota:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._script = services.lines.lines[0].script

    def page(self) -> str:
        return self._shown({"person": request.args.get("person", ""), "day": "0"}, {})

    def add(self) -> str | AnyResponse | tuple[str, int]:
        form = {key: request.form.get(key, "").strip() for key in ("person", "day", "date", "start", "end")}
        try:
            mediator, shift = self._read(form)
            self._do(lambda m: _add_once(m, mediator, shift))
        except Wrong as error:
            return self._shown(form, error.words), 422
        flash(_("C’est ajouté : %(shift)s.", shift=_words(shift)), "success")
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

    def _shown(self, form: Mapping[str, str], wrong: Mapping[str, str]) -> str:
        now = self._services.clock.now()
        return render_template(
            "shifts.html",
            rota=self._rota(now),
            form=form,
            wrong=wrong,
            words=words,
            zone=self._script.zone,
            today=now.astimezone(ZoneInfo(self._script.zone)).date(),
            on_a_date=ON_A_DATE,
        )

    def _rota(self, now: datetime) -> Rota:
        with self._services.store.reading() as tx:
            people = {one.id: one for one in mediators.every(tx)}
            entries = [Entry(key, people[who], shift) for key, who, shift in shifts.every(tx)]
        holes = gaps(self._script.opening, [one.shift for one in entries if _answers(one.mediator)], now)
        return Rota(
            people=sorted(people.values(), key=_name),
            week=_week(entries),
            days=_days(entries, now),
            gaps=holes[:MOST_GAPS],
            more_gaps=len(holes[MOST_GAPS:]),
        )

    def _read(self, form: Mapping[str, str]) -> tuple[MediatorId, Shift]:
        """What the form says. Raises Wrong."""
        now = self._services.clock.now()
        wrong: dict[str, str] = {}
        if not (form["person"].isdecimal() and len(form["person"]) < len(str(LARGEST))):
            wrong["person"] = _("Choisissez une personne.")
        day, hours = _day(form, wrong), _hours(form, wrong)
        if wrong or day is None or hours is None:
            raise Wrong(wrong)
        shift = Shift(day, hours, self._script.zone)
        _check_day(shift, now)
        return MediatorId(int(form["person"])), shift

    def _do(self, work: Callable[[Moment], T]) -> T:
        services, now = self._services, self._services.clock.now()
        return services.store.run(lambda tx: work(Moment(tx, now, services.lines, services.jobs)))


def _was_gone() -> AnyResponse:
    flash(_("Cette permanence était déjà retirée."), "error")
    return redirect(url_for("shifts.page"))


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


def _add_once(m: Moment, mediator: MediatorId, shift: Shift) -> None:
    if mediators.get(m.tx, mediator) is None:
        raise Wrong({"person": _("Cette personne ne répond plus au téléphone : choisissez-en une autre.")})
    if shift in shifts.of(m.tx, mediator).values():
        raise Wrong({"person": _("Cette permanence est déjà au planning.")})
    duty.add_shift(m, mediator, shift)


def _answers(mediator: Mediator) -> bool:
    """Whether a shift of theirs counts: whoever is paused without end will not be there."""
    return mediator.availability is not Availability.AWAY or mediator.until is not None


def _week(entries: list[Entry]) -> list[tuple[Mediator, list[list[Entry]]]]:
    cells: defaultdict[tuple[MediatorId, object], list[Entry]] = defaultdict(list)
    weekly = [one for one in entries if isinstance(one.shift.day, int)]
    for one in sorted(weekly, key=lambda one: one.shift.hours.start):
        cells[one.mediator.id, one.shift.day].append(one)
    people = sorted({one.mediator.id: one.mediator for one in weekly}.values(), key=_name)
    return [(who, [cells[who.id, day] for day in words.WEEKDAYS]) for who in people]


def _days(entries: list[Entry], now: datetime) -> list[Entry]:
    single = [(one.shift.day, one) for one in entries if isinstance(one.shift.day, date)]
    found = [(day, one) for day, one in single if not is_over(one.shift, now)]
    return [one for _day, one in sorted(found, key=lambda each: (each[0], each[1].shift.hours.start))]


def _name(mediator: Mediator) -> str:
    return words.alphabetical(mediator.name)


def _words(shift: Shift) -> str:
    hours = words.hours(shift.hours)
    if isinstance(shift.day, int):
        return _("chaque %(day)s, %(hours)s", day=words.weekday(shift.day), hours=hours)
    return _("%(day)s, %(hours)s", day=words.calendar_day(shift.day), hours=hours)
