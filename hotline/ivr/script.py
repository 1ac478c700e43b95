"""A line's script: its menu, topics, hours, prompts and timings, read from data. Nothing is half loaded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta

from hotline.ivr import hours, prompts
from hotline.ivr.hours import Opening
from hotline.ivr.numbers import caller, is_region
from hotline.ivr.prompts import Prompts
from hotline.ivr.reading import ScriptError, Table
from hotline.queue.mediators import Patience

MOST_WORDS = 100
"""By so many words a topic is recognised when it is spoken."""
PERSON = "0"
AGAIN = "*"
CALLBACK = "9"
"""With it callers ask to be called back, in the menu and in hold."""
EMERGENCY = "#"
"""With it they hear whom to call where a life is in danger."""
RIGHT, OTHER_NUMBER, MESSAGE = "1", "2", "3"
"""The answers to the number that was read back."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One line of the menu. `spoken` names it within a sentence; `label` is for whispers and reports."""

    name: str
    key: str
    skill: str | None
    spoken: Mapping[str, str]
    label: Mapping[str, str]
    words: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the line; where there are several, each has a key, and an invitation said in it."""

    code: str
    name: str
    key: str | None
    invitation: str | None
    prompts: Prompts


@dataclass(frozen=True, slots=True)
class Timings:
    """Every duration of the line."""

    menu_silence: timedelta
    key_gap: timedelta
    ring: timedelta
    whisper_silence: timedelta
    hold_announcement: timedelta
    longest_wait: timedelta
    longest_talk: timedelta
    wrap_up: timedelta
    breather: timedelta
    refused_pause: timedelta
    missed_pause: timedelta
    short_call: timedelta
    longest_message: timedelta
    message_silence: timedelta
    attempt_pause: timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """What protects the line; generous, so that whoever needs help never meets them."""

    waiting: int
    """With so many in hold for the same mediators, newcomers are called back."""
    calls_an_hour: int
    """Of one number."""
    anonymous_calls_an_hour: int
    """Of all withheld numbers together."""
    minutes_a_call: int
    """Talks do not count: they are never cut."""
    minutes_a_day: int
    """Of one number."""
    message_days: int
    """So long a voice message is kept."""


@dataclass(frozen=True, slots=True)
class Script:
    """All that a call needs to know of its line."""

    name: str
    title: str
    numbers: tuple[str, ...]
    region: str
    zone: str
    opening: Opening
    languages: tuple[Language, ...]
    topics: tuple[Topic, ...]
    timings: Timings
    limits: Limits
    menu_tries: int
    whisper_tries: int
    misses_until_away: int
    fiction_numbers: bool
    """Accept keyed numbers of the ranges kept for films and books: the demo and the tests only."""

    @property
    def patience(self) -> Patience:
        return Patience(self.misses_until_away, self.timings.missed_pause, self.timings.breather)

    @property
    def first(self) -> Language:
        return self.languages[0]

    def language(self, code: str) -> Language:
        """The language of that code; the first one for a code that the script no longer has."""
        return next((language for language in self.languages if language.code == code), self.first)

    def topic(self, name: str | None) -> Topic | None:
        return next((topic for topic in self.topics if topic.name == name), None)


# name, least and most seconds: beyond these a caller would be hurried, or the carrier would refuse
_TIMINGS = {
    "menu_silence": (3, 30),
    "key_gap": (2, 20),
    "ring": (5, 20),
    "whisper_silence": (2, 10),
    "hold_announcement": (20, 600),
    "longest_wait": (30, 7200),
    "longest_talk": (60, 14400),
    "wrap_up": (0, 3600),
    "breather": (1, 60),
    "refused_pause": (10, 3600),
    "missed_pause": (60, 86400),
    "short_call": (0, 60),
    "longest_message": (20, 600),
    "message_silence": (2, 10),
    "attempt_pause": (60, 172800),
}
_LIMITS = {
    "waiting": (1, 100_000),
    "calls_an_hour": (3, 1000),
    "anonymous_calls_an_hour": (10, 100_000),
    "minutes_a_call": (10, 480),
    "minutes_a_day": (60, 1440),
    "message_days": (1, 180),
}


def parse(name: str, values: Mapping[str, object], *, fiction_numbers: bool = False) -> Script:
    """Read a script from its table. Raises ScriptError, which names the key and the reason."""
    table = Table(values)
    zone = hours.zone(table)
    languages = _languages(table)
    codes = [language.code for language in languages]
    script = Script(
        name=name,
        title=table.text("title"),
        numbers=_numbers(table),
        region=_region(table),
        zone=zone,
        opening=hours.parse(table.table("hours"), zone),
        languages=languages,
        topics=tuple(_topic(one, codes) for one in table.tables("topics")),
        timings=_timings(table.table("timings")),
        limits=_limits(table.table("limits")),
        menu_tries=table.number("menu_tries", 1, 5),
        whisper_tries=table.number("whisper_tries", 1, 5),
        misses_until_away=table.number("misses_until_away", 1, 20),
        fiction_numbers=fiction_numbers,
    )
    table.end()
    _check_unique("topics", "name", [topic.name for topic in script.topics])
    _check_keys(script)
    return script


def _region(table: Table) -> str:
    region = table.text("region")
    if not is_region(region):
        raise table.wrong("region", f"{region!r} is not a region like FR")
    return region


def _numbers(table: Table) -> tuple[str, ...]:
    found = table.texts("numbers")
    for number in found:
        if caller(number) is None:
            raise table.wrong(
                "numbers", f"{number!r} is not a number in international form, like +33199001234"
            )
    return found


def _languages(table: Table) -> tuple[Language, ...]:
    texts = table.table("prompts")
    tables = table.tables("languages")
    languages = tuple(_language(one, texts, alone=len(tables) == 1) for one in tables)
    texts.end()
    _check_unique("languages", "code", [language.code for language in languages])
    return languages


def _language(table: Table, texts: Table, *, alone: bool) -> Language:
    code = table.text("code")
    language = Language(
        code=code,
        name=table.text("name"),
        key=None if alone else _language_key(table),
        invitation=None if alone else table.text("invitation"),
        prompts=prompts.parse(texts.table(code)),
    )
    table.end()
    return language


def _topic(table: Table, codes: Iterable[str]) -> Topic:
    topic = Topic(
        name=table.word("name"),
        key=_key(table),
        skill=table.maybe_word("skill"),
        spoken=_in_every_language(table, "spoken", codes),
        label=_in_every_language(table, "label", codes),
        words=_words(table, codes),
    )
    table.end()
    return topic


def _in_every_language(table: Table, name: str, codes: Iterable[str]) -> dict[str, str]:
    texts = table.table(name)
    found = {code: texts.text(code) for code in codes}
    texts.end()
    return found


def _words(table: Table, codes: Iterable[str]) -> dict[str, frozenset[str]]:
    texts = table.table("words")
    found = {code: frozenset(word.casefold() for word in texts.texts(code, MOST_WORDS)) for code in codes}
    texts.end()
    return found


def _timings(table: Table) -> Timings:
    timings = Timings(
        **{field.name: table.seconds(field.name, *_TIMINGS[field.name]) for field in fields(Timings)}
    )
    table.end()
    return timings


def _limits(table: Table) -> Limits:
    limits = Limits(
        **{field.name: table.number(field.name, *_LIMITS[field.name]) for field in fields(Limits)}
    )
    table.end()
    return limits


def _key(table: Table) -> str:
    key = table.text("key")
    if len(key) != 1 or key not in "12345678":
        raise table.wrong(
            "key", f"must be one key from 1 to 8: {PERSON}, {CALLBACK} and {AGAIN} have their meaning"
        )
    return key


def _language_key(table: Table) -> str:
    key = _key(table)
    if key in (RIGHT, OTHER_NUMBER, MESSAGE):
        raise table.wrong("key", f"must be one from 4 to 8: {key} answers the questions of a callback")
    return key


def _check_keys(script: Script) -> None:
    keys = [language.key for language in script.languages if language.key]
    _check_unique("topics", "key", keys + [topic.key for topic in script.topics])


def _check_unique(key: str, what: str, values: list[str]) -> None:
    for value in values:
        if values.count(value) > 1:
            raise ScriptError(key, f"the {what} {value!r} is there twice")
