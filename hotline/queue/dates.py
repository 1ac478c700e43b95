"""Days in words, as each language writes them."""

import re
from datetime import date

from babel import Locale
from babel.dates import format_date

_FIRST = re.compile(r"\b1 (?=\w)")


def written(day: date, pattern: str, locale: str | Locale) -> str:
    """A day by Babel's pattern ("EEEE d MMMM"), and the first of a month as French says it: "1er mai"."""
    said = format_date(day, pattern, locale)
    return _FIRST.sub("1er ", said) if str(locale).startswith("fr") else said
