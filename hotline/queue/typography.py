"""The spaces of French: none that may break before a colon, a semicolon, an exclamation or question mark."""

import re

_NARROW = re.compile(r" (?=[;!?])")
_WIDE = re.compile(r"(?<=«) | (?=[:»])")


def spaced(text: str) -> str:
    """The text as it is typeset; one in a language that has no such spaces stays as it is.

    Source: Imprimerie nationale, Lexique des règles typographiques.
    """
    return _WIDE.sub("\N{NO-BREAK SPACE}", _NARROW.sub("\N{NARROW NO-BREAK SPACE}", text))
