"""The lines of this installation, and the version of its script that a call is pinned to."""

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hotline.ivr import numbers
from hotline.ivr import script as scripts
from hotline.ivr.reading import ScriptError
from hotline.ivr.script import Script
from hotline.store import scripts as kept
from hotline.store.transactions import Tx

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Line:
    """A script as it is now, with the table that it was read from."""

    script: Script
    version: str
    body: Mapping[str, Any]


@dataclass(slots=True)
class Lines:
    """All lines, by number and by version. Older versions are read from the store when a call needs one."""

    lines: Sequence[Line]
    fiction_numbers: bool
    _by_version: dict[str, Script] = field(default_factory=dict)
    _kept: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._by_version.update({line.version: line.script for line in self.lines})

    def for_number(self, number: str) -> Line:
        """The line of that number. One that no script names gets the first line: nobody is turned away."""
        return next((line for line in self.lines if number in line.script.numbers), self.lines[0])

    def number(self, text: str) -> str:
        """The number, in E.164, that somebody of ours wrote as one dials it where the first line is.

        Raises ValueError.
        """
        return numbers.written(text, self.lines[0].script.region, fiction=self.fiction_numbers)

    def volunteers(self, text: str) -> str:
        """The number at which somebody of ours answers calls, written like that. Raises ValueError."""
        return numbers.volunteers(text, self.lines[0].script.region, fiction=self.fiction_numbers)

    def are_called_at(self, number: str) -> bool:
        """Whether the number is one of the lines' own."""
        return any(number in line.script.numbers for line in self.lines)

    def pin(self, tx: Tx, line: Line, now: datetime) -> None:
        """See to it that the version is in the store before a call refers to it."""
        if line.version not in self._kept:
            kept.keep(tx, line.version, line.script.name, line.body, now)
            tx.after_commit(lambda: self._kept.add(line.version))

    def script(self, tx: Tx, version: str) -> Script:
        """The script of that version."""
        if version not in self._by_version:
            self._by_version[version] = self._read(*kept.body(tx, version))
        return self._by_version[version]

    def _read(self, name: str, body: Mapping[str, Any]) -> Script:
        try:
            return scripts.parse(name, body, fiction_numbers=self.fiction_numbers)
        except ScriptError as error:
            # written under the rules of another version of ours: the call goes on by the line as it is now
            log.warning("a kept script of the line %s cannot be read: %s", name, error)
            return next(
                (line.script for line in self.lines if line.script.name == name), self.lines[0].script
            )


def line(name: str, body: Mapping[str, Any], *, fiction_numbers: bool = False) -> Line:
    """Read a line from its table. Raises ScriptError."""
    script = scripts.parse(name, body, fiction_numbers=fiction_numbers)
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, default=str)
    return Line(script, hashlib.sha256(f"{name}\n{text}".encode()).hexdigest()[:32], json.loads(text))
