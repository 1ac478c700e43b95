"""The worker's look for alarms, by hand: the test moves the clock and reads what was sent."""

from dataclasses import dataclass, field
from datetime import timedelta

from hotline.queue.alarms import Kind
from hotline.store.transactions import Store
from hotline.switchboard import alarms
from hotline.switchboard.alarms import Away
from hotline.switchboard.lines import Lines, line
from tests import scripts
from tests.fakes import KeptMail
from tests.integration.desk import Desk

EVERY = timedelta(seconds=15)
SHUT = {"always": False, "sun": ["09:00-12:00"]}
"""The clock begins on a Monday."""


@dataclass
class Watch:
    """A worker, as far as alarms go, with a memory and a mail of its own."""

    desk: Desk
    lines: Lines
    store: Store
    mail: KeptMail = field(default_factory=KeptMail)
    away: Away = field(default_factory=Away)

    def look(self) -> list[str]:
        """One run; the texts that it sent."""
        alarms.watch(self.store, self.lines, self.mail, self.desk.clock, self.away)
        return [text for _, text in self.mail.take()]

    def looks(self, lasting: timedelta) -> list[tuple[timedelta, str]]:
        """A run every 15 seconds; what was sent when."""
        begun, sent = self.desk.clock.now(), list[tuple[timedelta, str]]()
        while (passed := self.desk.clock.now() - begun) <= lasting:
            sent += [(passed, text) for text in self.look()]
            self.desk.clock.pass_(EVERY.total_seconds())
        return sent

    def happen(self, kind: Kind = Kind.CALL_FAILED, subject: str = "demo", detail: str = "") -> None:
        self.desk.at_once(lambda m: alarms.raise_(m, kind, subject, detail))


def lines(**changes: object) -> Lines:
    """The demo line, and one on La Réunion that is like it."""
    there = scripts.body(zone="Indian/Reunion", numbers=["+33199001235"], **changes)
    both = [("demo", scripts.body(**changes)), ("reunion", there)]
    return Lines([line(name, body, fiction_numbers=True) for name, body in both], fiction_numbers=True)


def minutes(*many: int) -> list[timedelta]:
    return [timedelta(minutes=one) for one in many]


def titles(text: str) -> list[str]:
    """What it is about: the title of each alarm, with the line."""
    rows = text.splitlines()
    return [f"{one} / {rows[n + 1].split(',')[0]}" for n, one in enumerate(rows) if one.isupper()]
