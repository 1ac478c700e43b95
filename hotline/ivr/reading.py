"""Reads a table of settings strictly: what is missing, unknown or of the wrong kind is named by its key."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

# as long as the columns that keep them, and without what separates them there
_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
# what is said in one answer has to fit into a document that the carrier takes (64 kB)
LONGEST_TEXT: Final = 500
MOST_TEXTS: Final = 20


def is_word(text: str) -> bool:
    """Whether rows can refer to something by that name."""
    return _WORD.fullmatch(text) is not None


class ScriptError(Exception):
    """A script is not usable: `key` says where, `reason` what is wrong with it."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}")
        self.key = key
        self.reason = reason


class Table:
    """One table; every key is taken once, and `end()` refuses what nobody took."""

    def __init__(self, values: object, path: str = "") -> None:
        if not isinstance(values, Mapping):
            raise ScriptError(path or "(file)", "must be a table")
        self._values: dict[str, Any] = dict(values)
        self.path = path

    def key(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def wrong(self, name: str, reason: str) -> ScriptError:
        return ScriptError(self.key(name), reason)

    def has(self, name: str) -> bool:
        return name in self._values

    def names(self) -> list[str]:
        return list(self._values)

    def text(self, name: str) -> str:
        value = self._take(name)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(name, "must be a text, and not empty")
        return self._not_too_long(name, value.strip())

    def word(self, name: str) -> str:
        """A name that rows refer to."""
        value = self.text(name)
        if not is_word(value):
            raise self.wrong(name, "must be one word of at most 64 letters without accents, digits, - and _")
        return value

    def maybe_word(self, name: str) -> str | None:
        return self.word(name) if self.has(name) else None

    def flag(self, name: str, default: bool) -> bool:
        value = self._values.pop(name, default)
        if not isinstance(value, bool):
            raise self.wrong(name, "must be true or false")
        return value

    def number(self, name: str, least: int, most: int) -> int:
        value = self._take(name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.wrong(name, f"must be a whole number from {least} to {most}")
        return value

    def seconds(self, name: str, least: int, most: int) -> timedelta:
        return timedelta(seconds=self.number(name, least, most))

    def texts(self, name: str, most: int = MOST_TEXTS) -> tuple[str, ...]:
        """A list of at most so many texts; a single text is a list of one."""
        value = self._take(name)
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(one, str) and one.strip() for one in values):
            raise self.wrong(name, "must be a text or a list of texts, none of them empty")
        if not values:
            raise self.wrong(name, "must not be empty")
        if len(values) > most:
            raise self.wrong(name, f"must not hold more than {most} texts; there are {len(values)}")
        return tuple(self._not_too_long(name, one.strip()) for one in values)

    def table(self, name: str) -> "Table":
        return Table(self._take(name), self.key(name))

    def tables(self, name: str) -> list["Table"]:
        value = self._take(name)
        if not isinstance(value, list) or not value:
            raise self.wrong(name, "must be a list of tables, and not empty")
        return [Table(one, f"{self.key(name)}[{index}]") for index, one in enumerate(value, 1)]

    def end(self) -> None:
        for name in self._values:
            raise self.wrong(name, "is not known here")

    def _not_too_long(self, name: str, text: str) -> str:
        if len(text) > LONGEST_TEXT:
            reason = f"must not be longer than {LONGEST_TEXT} characters; there are {len(text)}"
            raise self.wrong(name, f"{reason}, from {text[:30]!r} on")
        return text

    def _take(self, name: str) -> object:
        if name not in self._values:
            raise self.wrong(name, "is missing")
        return self._values.pop(name)
