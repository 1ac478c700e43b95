"""Reminders of shifts: which ones somebody is told of the day before, and in what words. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_time

from hotline.queue.dates import LOCALES, written
from hotline.queue.ids import ShiftId
from hotline.queue.shifts import Shift, covers, next_start, on_duty_until, present_end
from hotline.queue.typography import spaced

AHEAD: Final = timedelta(days=1)
"""At the hour of the shift, the day before: nobody's mail comes in the night who does not work then."""
_SUBJECT: Final = {"fr": "Votre permanence : {when}", "en": "Your shift: {when}"}
_ROW: Final = {"fr": "{day}, de {start} à {end}", "en": "{day}, from {start} to {end}"}
_BODY: Final = {
    "fr": (
        "Bonjour {name},\n\n"
        "Vous êtes de permanence sur « {line} » :\n\n"
        "{rows}\n\n"
        "À cette heure, votre poste s’allume tout seul : gardez votre téléphone près de vous.\n"
        "Pour voir qui appelle et prendre des notes, ouvrez votre poste :\n\n{address}/desk\n\n"
        "Un empêchement ? Dites-le dès maintenant à votre coordination : quelqu’un pourra vous remplacer.\n\n"
        "Vous ne voulez plus de ces rappels ? Décochez-les dans « Mon compte » :\n\n{address}/profile\n"
    ),
    "en": (
        "Hello {name},\n\n"
        "You are on duty on “{line}”:\n\n"
        "{rows}\n\n"
        "At that time your desk switches on by itself: keep your telephone near you.\n"
        "To see who is calling and to take notes, open your desk:\n\n{address}/desk\n\n"
        "Something came up? Tell your coordinators now, so that somebody can stand in for you.\n\n"
        "You do not want these reminders any more? Untick them in “My account”:\n\n{address}/profile\n"
    ),
}


@dataclass(frozen=True, slots=True)
class Coming:
    """A shift that begins at `start`; `end`: of all that joins on to it. Aware instants."""

    key: ShiftId
    shift: Shift
    start: datetime
    end: datetime


def coming(
    shifts: Mapping[ShiftId, Shift], told: Mapping[ShiftId, datetime | None], now: datetime
) -> list[Coming]:
    """What somebody is to be told now, in the order of time; `told`: the start that each was last told for.

    All of a day is told with the first of it. What joins on to another shift of theirs begins nothing, and
    what begins together was told together.
    """
    found = sorted(_next(shifts, now), key=lambda one: one.start)
    new = [one for one in found if one.start not in told.values() and not _joins(one, shifts)]
    due = {_day(one) for one in new if one.start <= now + AHEAD}
    return [one for one in new if _day(one) in due]


def letter(name: str, language: str, line: str, address: str, told: Sequence[Coming]) -> tuple[str, str]:
    """Subject and text of the mail that tells these shifts, in "fr" or "en"."""
    # a weekly shift and a single one may be at the same time
    rows = "\n".join(dict.fromkeys(f"- {_row(one, language)}" for one in told))
    subject = spaced(_SUBJECT[language]).format(when=_row(told[0], language))
    return subject, spaced(_BODY[language]).format(name=name, line=line, rows=rows, address=address)


def _next(shifts: Mapping[ShiftId, Shift], now: datetime) -> Iterable[Coming]:
    for key, shift in shifts.items():
        start = next_start(shift, now)
        end = present_end(shift, start) if start is not None else None
        if start is not None and end is not None:
            # whoever is on duty for longer than a day is told the end of the first shift
            yield Coming(key, shift, start, on_duty_until(shifts.values(), None, start) or end)


def _joins(one: Coming, shifts: Mapping[ShiftId, Shift]) -> bool:
    before = one.start - timedelta(minutes=1)
    return any(covers(shift, before) for shift in shifts.values())


def _day(one: Coming) -> date:
    return one.start.astimezone(ZoneInfo(one.shift.zone)).date()


def _row(one: Coming, language: str) -> str:
    locale, zone = LOCALES[language], ZoneInfo(one.shift.zone)
    start, end = one.start.astimezone(zone), one.end.astimezone(zone)
    return _ROW[language].format(
        day=written(start, "EEEE d MMMM", locale),
        start=format_time(start, "short", locale=locale),
        end=format_time(end, "short", locale=locale),
    )
