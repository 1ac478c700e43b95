"""Numbers and instants in words, for somebody who hears them once and may be writing them down."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_time
from babel.units import format_unit

from hotline.ivr import numbers
from hotline.queue.dates import first_of_month

_SIGNS: Final = "0123456789+"
_WORDS: Final = MappingProxyType(
    {
        language: MappingProxyType(dict(zip(_SIGNS, words.split(), strict=True)))
        for language, words in {
            "fr": "zéro un deux trois quatre cinq six sept huit neuf plus",
            "en": "zero one two three four five six seven eight nine plus",
            "es": "cero uno dos tres cuatro cinco seis siete ocho nueve más",
            "pt": "zero um dois três quatro cinco seis sete oito nove mais",
            "ar": "صفر واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة زائد",
        }.items()
    }
)
_NO_WORDS: Final = MappingProxyType(dict(zip(_SIGNS, _SIGNS, strict=True)))
# dates as the voices of these languages say them: "4 January"
_LOCALES: Final = MappingProxyType({"en": "en_GB", "pt": "pt_PT"})
_HALF_A_YEAR: Final = timedelta(days=183)


@dataclass(frozen=True, slots=True)
class OpeningTexts:
    """How a line says when it opens, in one language. In braces: what each pattern may be filled with."""

    today: str
    """{time}"""
    tomorrow: str
    """{weekday}, {time}"""
    this_week: str
    """{weekday}, {time}"""
    later: str
    """{weekday}, {date}, {time}"""
    hour: str
    """{time} at a full hour: {hours} ("1 heure", "14 heures"), {hour} (14), {hour12} (2), {half} ("pm")."""
    hour_minute: str
    """{time} at any other: also {minute}, of two digits."""


def digits(text: str, language: str) -> str:
    """Each digit of `text` as a word, a short pause between them; where we have no words, the digits."""
    words = _words(language)
    return ", ".join(words[sign] for sign in re.findall("[0-9]", text))


def telephone(number_e164: str, region: str, language: str) -> tuple[str, ...]:
    """A number digit by digit, in pairs, as a person in `region` ("FR") would dial it.

    One sentence: at a full stop the voice falls, and whoever listens believes that the number is over.
    """
    words = _words(language)
    groups = _groups(number_e164, region)
    return (", ".join(" ".join(words[sign] for sign in group) for group in groups),)


def opening(at: datetime, now: datetime, zone: str, language: str, texts: OpeningTexts) -> str:
    """When the line opens, by the clock of `zone`; `at` lies after `now`.

    Raises UnknownLocaleError for a language that Babel does not know.
    """
    local = at.astimezone(ZoneInfo(zone))
    today = now.astimezone(ZoneInfo(zone)).date()
    locale = _LOCALES.get(language, language)
    return _pattern(local.date(), today, texts).format(
        time=_time(local, locale, texts),
        weekday=format_date(local, "EEEE", locale),
        date=_date(local.date(), today, locale),
    )


def minutes(duration: timedelta) -> int:
    """Whole minutes, rounded up."""
    return -(-duration // timedelta(minutes=1))


def _words(language: str) -> MappingProxyType[str, str]:
    return _WORDS.get(language, _NO_WORDS)


def _groups(number_e164: str, region: str) -> list[str]:
    """What is said in one breath: "+44" or at most three digits."""
    written = numbers.readable(number_e164, region)
    return [pair for group in re.findall(r"\+?[0-9]+", written) for pair in _pairs(group)]


def _pairs(group: str) -> list[str]:
    """Pairs; where the number of digits is odd, the first is a three."""
    many = len(group.lstrip("+"))
    first = len(group) - many + 2 + many % 2
    return [group[:first], *(group[place : place + 2] for place in range(first, len(group), 2))]


def _pattern(day: date, today: date, texts: OpeningTexts) -> str:
    days = (day - today).days
    if days < 1:
        return texts.today
    if days == 1:
        return texts.tomorrow
    return texts.this_week if days < 7 else texts.later


def _time(local: datetime, locale: str, texts: OpeningTexts) -> str:
    pattern = texts.hour_minute if local.minute else texts.hour
    return pattern.format(
        hours=format_unit(local.hour, "hour", locale=locale).replace("\N{NO-BREAK SPACE}", " "),
        hour=local.hour,
        hour12=local.hour % 12 or 12,
        half=format_time(local, "a", locale=locale),
        minute=f"{local.minute:02}",
    )


def _date(day: date, today: date, locale: str) -> str:
    """The year is said where somebody could take the day for one that has been: far away, in another year."""
    if day.year != today.year and day - today > _HALF_A_YEAR:
        said = format_date(day, "long", locale)
    else:
        said = format_skeleton("MMMMd", day, locale=locale)
    return first_of_month(said, locale)
