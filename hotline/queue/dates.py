"""Days in words, as each language writes them."""

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from babel import Locale
from babel.dates import format_date

LOCALES: Final[Mapping[str, str]] = MappingProxyType({"fr": "fr_FR", "en": "en_GB"})
"""The languages of pages and letters, as Babel knows them."""
_FIRST = re.compile(r"\b1 (?=\w)")


def written(day: date, pattern: str, locale: str | Locale) -> str:
    """A day by Babel's pattern ("EEEE d MMMM"), and the first of a month as French says it: "1er mai"."""
    return first_of_month(format_date(day, pattern, locale), locale)


def first_of_month(said: str, locale: str | Locale) -> str:
    return _FIRST.sub("1er ", said) if str(locale).startswith("fr") else said
