"""From a key or from words to what the caller chose in the menu."""

import re
from dataclasses import dataclass
from typing import Final

from hotline.ivr.events import Keyed, Spoke
from hotline.ivr.script import AGAIN, CALLBACK, EMERGENCY, PERSON, Script

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class ChoseTopic:
    name: str


@dataclass(frozen=True, slots=True)
class ChosePerson:
    pass


@dataclass(frozen=True, slots=True)
class ChoseAgain:
    pass


@dataclass(frozen=True, slots=True)
class ChoseCallback:
    pass


@dataclass(frozen=True, slots=True)
class ChoseEmergency:
    pass


@dataclass(frozen=True, slots=True)
class ChoseLanguage:
    code: str


Choice = ChoseTopic | ChosePerson | ChoseAgain | ChoseCallback | ChoseEmergency | ChoseLanguage
_MEANINGS: Final[dict[str, Choice]] = {
    PERSON: ChosePerson(),
    AGAIN: ChoseAgain(),
    CALLBACK: ChoseCallback(),
    EMERGENCY: ChoseEmergency(),
}


def choice(script: Script, language: str, said: Keyed | Spoke) -> Choice | None:
    """What was chosen, or None when it was not understood."""
    return _by_key(script, said.digits) if isinstance(said, Keyed) else _by_word(script, language, said.words)


def _by_key(script: Script, digits: str) -> Choice | None:
    if digits in _MEANINGS:
        return _MEANINGS[digits]
    for language in script.languages:
        if digits == language.key:
            return ChoseLanguage(language.code)
    return next((ChoseTopic(topic.name) for topic in script.topics if topic.key == digits), None)


def _by_word(script: Script, language: str, words: str) -> Choice | None:
    """The one topic whose words were said; two topics at once are no choice."""
    said = _plain(words)
    named = [
        topic.name for topic in script.topics if any(_plain(word) in said for word in topic.words[language])
    ]
    return ChoseTopic(named[0]) if len(named) == 1 else None


def _plain(text: str) -> str:
    """The words alone, a blank around each, so that one is found only as a whole."""
    return f" {' '.join(re.findall(_WORD, text.casefold()))} "
