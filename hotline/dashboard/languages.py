"""The language of a page: whoever is logged in, or was, has chosen one; others are asked by their browser."""

from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import Final

from flask import Flask, has_request_context, request, session
from flask_babel import Babel, force_locale, get_translations
from flask_login import current_user

from hotline.queue.dates import LOCALES
from hotline.queue.typography import spaced

LANGUAGES: Final = ("fr", "en")
"""The first is that of the sources: it needs no translation."""
_SPOKEN: Final = "language"
FOLDER: Final = Path(__file__).parent / "translations"


def prepare(app: Flask) -> None:
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(FOLDER)
    Babel(app, locale_selector=_locale, default_locale="fr_FR", default_timezone="Europe/Paris")
    app.jinja_env.install_gettext_callables(gettext=_said, ngettext=_said_of_many, newstyle=True)  # type: ignore[attr-defined]  # Jinja's extension adds it


def language() -> str:
    """The language of the page that is being made: "fr" or "en"."""
    if not has_request_context():
        return LANGUAGES[0]
    if current_user and current_user.is_authenticated:
        return current_user.language if current_user.language in LANGUAGES else LANGUAGES[0]
    spoken = session.get(_SPOKEN)
    return spoken if spoken in LANGUAGES else asked()


def remember(code: str) -> None:
    """The language in which the pages go on once somebody has logged out."""
    session[_SPOKEN] = code


def asked() -> str:
    """The language that the browser asks for, whoever is logged in."""
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def translated(text: str, **values: object) -> str:
    """The text in the language of the page; `%(name)s` is replaced by the value of that name."""
    said = _said(text)
    return said % values if values else said


def speaking(code: str) -> AbstractContextManager[None]:
    """A block in which everything is said in that language, whoever asks."""
    block: AbstractContextManager[None] = force_locale(LOCALES[code])
    return block


_spaced = cache(spaced)


def _said(text: str) -> str:
    return _spaced(get_translations().ugettext(text))


def _said_of_many(one: str, more: str, many: int) -> str:
    return _spaced(get_translations().ungettext(one, more, many))


def _locale() -> str:
    return LOCALES[language()]
