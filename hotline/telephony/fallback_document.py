"""The document that the carrier keeps for us: what callers hear when our machine does not answer."""

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from twilio.twiml.voice_response import VoiceResponse

from hotline.ivr.hours import Opening
from hotline.ivr.prompts import Sentences
from hotline.ivr.script import Language, Script
from hotline.queue.shifts import MINUTES_A_DAY, Hours
from hotline.telephony import twiml

HOUR: Final = 60
NOON: Final = 12 * HOUR
WHO_WE_ARE: Final = 2
"""So many sentences of the greeting say good day and who is called; what follows promises help."""
# the carrier's own documents are templates: double braces would be filled, or refused
_NO_BRACES: Final = str.maketrans("{}", "  ")


def _french_clock(minute: int) -> str:
    match minute % MINUTES_A_DAY:
        case 0:
            return "minuit"
        case 720:
            return "midi"
        case time:
            hours = f"{time // HOUR} heure" + ("s" if time >= 2 * HOUR else "")
            return f"{hours} {time % HOUR:02}" if time % HOUR else hours


def _english_clock(minute: int) -> str:
    match minute % MINUTES_A_DAY:
        case 0:
            return "midnight"
        case 720:
            return "noon"
        case time:
            hour = (time // HOUR - 1) % 12 + 1
            past = f":{time % HOUR:02}" if time % HOUR else ""
            return f"{hour}{past} {'am' if time < NOON else 'pm'}"


@dataclass(frozen=True, slots=True)
class Texts:
    """The sentences in one language, and how its opening hours are said."""

    trouble: Sentences
    later: Sentences
    danger: Sentences
    goodbye: Sentences
    opening: str
    """{days}, {hours}, {but}"""
    from_to: str
    """{first}, {last}"""
    one_day: str
    every_day: str
    hours: str
    """{start}, {end}"""
    also: str
    but_holidays: str
    days: tuple[str, ...]
    clock: Callable[[int], str]


TEXTS: Final = MappingProxyType(
    {
        "fr": Texts(
            trouble=("Nous avons un problème technique.", "Ce n'est pas votre faute."),
            later=("Rappelez plus tard, s'il vous plaît.",),
            danger=("Si une vie est en danger, appelez le 15, le 17, le 18 ou le 112.",),
            goodbye=("Merci, au revoir.",),
            opening="La ligne est ouverte {days}, {hours}{but}.",
            from_to="du {first} au {last}",
            one_day="le {first}",
            every_day="tous les jours",
            hours="de {start} à {end}",
            also=" et ",
            but_holidays=", sauf les jours fériés",
            days=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
            clock=_french_clock,
        ),
        "en": Texts(
            trouble=("We have a technical problem.", "It is not your fault."),
            later=("Please call again later.",),
            danger=("If a life is in danger, call 15, 17, 18 or 112.",),
            goodbye=("Thank you, goodbye.",),
            opening="The line is open {days}, {hours}{but}.",
            from_to="from {first} to {last}",
            one_day="on {first}",
            every_day="every day",
            hours="from {start} to {end}",
            also=" and ",
            but_holidays=", except on public holidays",
            days=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
            clock=_english_clock,
        ),
    }
)


def languages(script: Script) -> tuple[Language, ...]:
    """The line's languages for which there are sentences."""
    return tuple(language for language in script.languages if language.code in TEXTS)


def document(script: Script) -> str:
    """The document, in each language for which there are sentences."""
    response = VoiceResponse()
    for language in languages(script):
        twiml.say(response, _sentences(script, language), language.code)
    response.hangup()
    return str(response)


def _sentences(script: Script, language: Language) -> Sentences:
    texts = TEXTS[language.code]
    said = (
        *language.prompts.greeting[:WHO_WE_ARE],
        *texts.trouble,
        *texts.later,
        *_opening(script.opening, texts),
        *texts.danger,
        *texts.goodbye,
    )
    return tuple(sentence.translate(_NO_BRACES) for sentence in said)


def _opening(opening: Opening, texts: Texts) -> Sentences:
    """When the line is open, if one sentence can say it."""
    week = _same_every_day(opening)
    if week is None:
        return ()
    days, hours = week
    return (
        texts.opening.format(
            days=_days(days, texts),
            hours=texts.also.join(
                texts.hours.format(start=texts.clock(one.start), end=texts.clock(one.end)) for one in hours
            ),
            but=texts.but_holidays if opening.country else "",
        ),
    )


def _same_every_day(opening: Opening) -> tuple[range, tuple[Hours, ...]] | None:
    """The days and their hours, when the days follow each other and all have the same few hours."""
    if opening.always:
        return None
    by_day: dict[int, set[Hours]] = {}
    for shift in opening.weekly:
        if isinstance(shift.day, int):
            by_day.setdefault(shift.day, set()).add(shift.hours)
    first, last = min(by_day), max(by_day)
    hours = by_day[first]
    is_whole_day = any(one.end - one.start == MINUTES_A_DAY for one in hours)
    if set(by_day) != set(range(first, last + 1)) or is_whole_day or len(hours) > 2:
        return None
    if any(other != hours for other in by_day.values()):
        return None
    return range(first, last + 1), tuple(sorted(hours, key=lambda one: one.start))


def _days(days: range, texts: Texts) -> str:
    if len(days) == len(texts.days):
        return texts.every_day
    pattern = texts.from_to if len(days) > 1 else texts.one_day
    return pattern.format(first=texts.days[days[0]], last=texts.days[days[-1]])
