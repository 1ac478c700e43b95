"""What a check of `hotline doctor` is: what it looks at, what it needs, what it found, and its time limit."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from threading import Thread
from typing import Final

from hotline import settings as settings_file
from hotline import wiring
from hotline.settings import Settings
from hotline.store.transactions import Store, Tx
from hotline.switchboard.lines import Lines
from hotline.switchboard.ports import Clock
from hotline.telephony.account import Account, Answer

LIMIT: Final = 4.0
"""Seconds for one check."""
ANSWER_WITHIN: Final = 3.0
"""Seconds for one request in it: less, so that the check itself still says what did not answer."""


class State(StrEnum):
    OK = "OK"
    NOTE = "NOTE"
    """Nothing is wrong, but somebody should know."""
    WRONG = "WRONG"
    SKIPPED = "SKIPPED"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found; in words the remedy, where there is something to remedy."""

    state: State
    words: str


class Installation:
    """What is looked at; each part is read when a check first needs it."""

    def __init__(
        self, environ: Mapping[str, str], clock: Clock | None = None, answer_within: float = ANSWER_WITHIN
    ) -> None:
        self.environ = environ
        self.clock = clock or wiring.SystemClock()
        self.answer_within = answer_within

    @cached_property
    def settings(self) -> Settings:
        """Raises SettingsError."""
        return settings_file.read(self.environ)

    @cached_property
    def lines(self) -> Lines:
        """Raises SettingsError."""
        return wiring.read_lines(self.settings)

    @cached_property
    def account(self) -> Account:
        return Account(self.settings, self.answer_within)

    @cached_property
    def answer(self) -> Answer:
        """The carrier's answer to a first small request. Raises AccountTrouble."""
        return self.account.glance()

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        store = Store(self.settings.database_url, self.settings.secret_key)
        try:
            with store.reading() as tx:
                yield tx
        finally:
            store.close()


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    look: Callable[[Installation], Finding]
    needs: tuple[str, ...] = ()
    """Names of checks: had one of them not gone well, this one would say nothing of use."""


def fine(words: str) -> Finding:
    return Finding(State.OK, words)


def note(words: str) -> Finding:
    return Finding(State.NOTE, words)


def wrong(words: str) -> Finding:
    return Finding(State.WRONG, words)


def examine(
    installation: Installation, checks: Iterable[Check], limit: float = LIMIT
) -> Iterator[tuple[str, Finding]]:
    """Run the checks in order, each within `limit` seconds; skip what a failed one makes useless."""
    without: set[str] = set()
    for check in checks:
        failed = [name for name in check.needs if name in without]
        if failed:
            finding = Finding(State.SKIPPED, f"not looked at: first put right {' and '.join(failed)}")
        else:
            finding = _within(limit, check, installation)
        if finding.state in (State.WRONG, State.SKIPPED):
            without.add(check.name)
        yield check.name, finding


def _within(seconds: float, check: Check, installation: Installation) -> Finding:
    """A thread, because no library has a limit that covers names, connections and slow answers alike."""
    found: list[Finding] = []
    thread = Thread(target=lambda: found.append(_guarded(check, installation)), daemon=True)
    thread.start()
    thread.join(seconds)
    return found[0] if found else wrong(f"nothing was heard within {seconds:g} s")


def _guarded(check: Check, installation: Installation) -> Finding:
    try:
        return check.look(installation)
    except Exception as error:  # whatever it is, the others are still to be looked at
        return wrong(f"could not be looked at ({type(error).__name__})")
