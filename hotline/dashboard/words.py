"""The words of the interface for what the code names: French here, English by translation."""

import unicodedata
from datetime import date, datetime, timedelta

from babel import Locale
from flask_babel import format_time, get_locale

from hotline.dashboard.languages import language
from hotline.dashboard.languages import translated as _
from hotline.ivr import areas
from hotline.ivr.script import Script
from hotline.queue.dates import written
from hotline.queue.dispositions import Disposition
from hotline.queue.mediators import BREATHERS, COORDINATOR, MISSED, Availability
from hotline.queue.outcomes import Outcome
from hotline.queue.roles import Role
from hotline.queue.shifts import MINUTES_A_DAY, Hours
from hotline.queue.tickets import Attempt, BestTime


def disposition(one: Disposition) -> str:
    return {
        Disposition.SOLVED: _("C’est résolu"),
        Disposition.PARTLY: _("Résolu en partie"),
        Disposition.CALL_BACK: _("À rappeler"),
        Disposition.PASSED_ON: _("Quelqu’un d’autre prend le relais"),
        Disposition.NOT_FOR_US: _("Ne nous concerne pas"),
        Disposition.SILENT: _("Personne au bout du fil"),
        Disposition.ABUSIVE: _("Appel malveillant"),
    }[one]


def availability(one: Availability, reason: str | None = None) -> str:
    """What somebody is just now; `reason`: as their standing says it."""
    if one is Availability.WRAP_UP and reason in BREATHERS:
        return _("reprend dans un instant")
    return {
        Availability.AVAILABLE: _("disponible"),
        Availability.OFFERED: _("son téléphone sonne"),
        Availability.ON_CALL: _("en conversation"),
        Availability.WRAP_UP: _("prend des notes"),
        Availability.CALLING_BACK: _("rappelle quelqu’un"),
        Availability.AWAY: _("en pause"),
        Availability.OFF: _("a terminé"),
    }[one]


def outcome(one: Outcome | None) -> str:
    if one is None:
        return _("en cours")
    return {
        Outcome.BLOCKED: _("bloqué"),
        Outcome.ANSWERED: _("a eu une réponse"),
        Outcome.CALLBACK: _("rappel promis"),
        Outcome.MESSAGE: _("a laissé un message"),
        Outcome.FAILED: _("panne"),
        Outcome.INFORMED: _("a été informé·e"),
        Outcome.SHORT: _("a raccroché aussitôt"),
        Outcome.ABANDONED_IN_QUEUE: _("a raccroché en attendant"),
        Outcome.ABANDONED_IN_MENU: _("a raccroché pendant le menu"),
    }[one]


def role(one: Role) -> str:
    return {
        Role.MEDIATOR: _("médiateur·rice"),
        Role.COORDINATOR: _("coordinateur·rice"),
        Role.ADMINISTRATOR: _("administrateur·rice"),
    }[one]


REASONS = ("break", "meal", "technical", "other")
"""Why somebody pauses."""


def reason(one: str | None) -> str:
    return {
        "break": _("une pause"),
        "meal": _("un repas"),
        "technical": _("un souci technique"),
        "other": _("autre chose"),
    }.get(one or "", "")


def away(one: str | None) -> str:
    """Why somebody is away, for their colleagues; nothing where there is nothing to say."""
    if one is None or one == "other":
        return ""
    return {MISSED: _("n’a pas répondu"), COORDINATOR: _("par la coordination")}.get(one) or reason(one)


def topic(script: Script, name: str | None) -> str:
    """The topic as reports name it, in the language of the page where the line speaks it."""
    found = script.topic(name)
    here = (
        script.language(language()) if language() in {one.code for one in script.languages} else script.first
    )
    return found.label[here.code] if found else _("autre chose")


def spoken(script: Script, code: str) -> str:
    """A language that the line speaks: as the script calls it, which is in the line's first language."""
    name = script.language(code).name
    if language() == script.first.code:
        return name
    return str(Locale(language()).languages.get(code, name))


def best_time(one: BestTime) -> str:
    return {
        BestTime.ANY: _("joignable à toute heure"),
        BestTime.MORNING: _("joignable plutôt le matin"),
        BestTime.AFTERNOON: _("joignable plutôt l’après-midi"),
    }[one]


def attempt(one: Attempt) -> str:
    return {
        Attempt.REACHED: _("quelqu’un a répondu"),
        Attempt.NOT_REACHED: _("sans réponse"),
        Attempt.GIVEN_UP: _("n’est plus à rappeler"),
        Attempt.LEFT: _("laissé à quelqu’un d’autre"),
    }[one]


def alphabetical(name: str) -> str:
    """By what a name is sorted: Élise comes after Dominique, not after Zoé."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def masked(number: str) -> str:
    """The last two digits: enough to tell two callers apart."""
    return f"•• •• •• •• {number[-2:]}"


def unbroken(number: str) -> str:
    """A number as people write it, which is never at the end of one line and the beginning of the next."""
    return number.replace(" ", "\N{NO-BREAK SPACE}")


def area_of(number: str) -> str | None:
    """Where a number comes from, as far as it tells."""
    found = areas.area(number)
    return area(found) if found else None


def area(one: str) -> str:
    """An area by its name in `hotline.ivr.areas`."""
    known = {
        "01": _("Île-de-France"),
        "02": _("Nord-Ouest"),
        "03": _("Nord-Est"),
        "04": _("Sud-Est"),
        "05": _("Sud-Ouest"),
        "262": _("La Réunion ou Mayotte"),
        "590": _("Guadeloupe, Saint-Martin ou Saint-Barthélemy"),
        "GF": _("Guyane"),
    }
    return known.get(one) or (get_locale() or Locale("fr")).territories.get(one, one)


def minutes(duration: timedelta) -> str:
    """A duration to be read at a glance: "3 min"; below a minute "moins d’une minute"."""
    whole = int(duration.total_seconds() // 60)
    if whole < 1:
        return _("moins d’une minute")
    if whole < 60:
        return _("%(many)d min", many=whole)
    return _("%(hours)d h %(minutes)02d", hours=whole // 60, minutes=whole % 60)


def many_of(one: Availability, *, rest: bool = False) -> str:
    """Several mediators who are that, as a heading. `rest`: they have nothing to write."""
    if rest:
        return _("Reprennent dans un instant")
    return {
        Availability.AVAILABLE: _("Disponibles"),
        Availability.OFFERED: _("Leur téléphone sonne"),
        Availability.ON_CALL: _("En conversation"),
        Availability.WRAP_UP: _("Prennent des notes"),
        Availability.CALLING_BACK: _("Rappellent quelqu’un"),
        Availability.AWAY: _("En pause"),
        Availability.OFF: _("Ont terminé"),
    }[one]


WEEKDAYS = range(7)


def weekday(one: int) -> str:
    """0 is Monday."""
    return str((get_locale() or Locale("fr")).days["format"]["wide"][one])


def calendar_day(day: date, pattern: str = "EEEE d MMMM") -> str:
    """A day in words, by Babel's pattern."""
    return written(day, pattern, get_locale() or "fr_FR")


def time_of_a_day(at: datetime, now: datetime) -> str:
    """ "11:00"; of another day than that of `now` "mardi 24 novembre, 11:00". Both in the zone to be told."""
    time = str(format_time(at, "short", rebase=False))
    return time if at.date() == now.date() else f"{calendar_day(at.date())}, {time}"


def hours(one: Hours) -> str:
    """ "09:00–12:00"; what ends on the next day says so."""
    text = str(one).replace("-", "–")
    return _("%(hours)s le lendemain", hours=text) if one.end > MINUTES_A_DAY else text
