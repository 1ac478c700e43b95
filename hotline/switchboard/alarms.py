"""Alarms: raised where something goes wrong, or by a look at what lasts; mailed and logged, not too often."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from hotline.queue.alarms import LONGEST_WAIT, RETRY, WORDS, About, Alarm, Kind, body, heading
from hotline.queue.routing import Need
from hotline.store import alarms, candidates
from hotline.store.limited import Limited, Overdue
from hotline.store.transactions import Store, Tx
from hotline.switchboard.lines import Lines
from hotline.switchboard.moment import Moment
from hotline.switchboard.ports import Clock, Mail, MailTrouble

log = logging.getLogger(__name__)

T = TypeVar("T")
LONGEST_LOOK: Final = 30.0
"""Seconds. A look takes some milliseconds; a database that has not answered by then is as good as away."""


def raise_(m: Moment, kind: Kind, subject: str, detail: str = "") -> None:
    """Something has gone wrong with the line named `subject` (or with all: ""). `detail` names nobody.

    Written once the transaction is committed, so that no lock of a call's is held meanwhile: an alarm can
    neither deadlock with a call nor fail one, wherever in the transaction it is raised.
    """
    m.tx.after_commit(partial(_write, m, kind, subject, detail))


def _write(m: Moment, kind: Kind, subject: str, detail: str) -> None:
    try:
        with m.tx.connection.engine.begin() as connection:
            alarms.raise_(Tx(connection, m.tx.sealer), kind, subject, detail, m.now)
    except Exception:
        # what happened is committed and goes on; the log at least knows that it should alarm somebody
        log.exception("alarm: %s %s could not be written", kind, subject)


@dataclass(slots=True)
class Away:
    """That the database is away cannot be kept in the database: each worker remembers it for itself."""

    limit: Limited = field(default_factory=lambda: Limited(LONGEST_LOOK, at_once=1))
    """A look that hangs is waited for no longer, and no second one is begun beside it."""
    alarm: Alarm | None = None

    def noticed(self, now: datetime, look: Callable[[], T]) -> T | None:
        """What the look returns; None, and the alarm is raised, when the database cannot be used."""
        try:
            return self.limit.run(look)
        except DBAPIError as error:
            self._raise(type(error.orig).__name__, now)
        except PoolExhausted as error:
            self._raise(type(error).__name__, now)
        except Overdue:
            self._raise(f"pas de réponse en {self.limit.seconds:g} s", now)
        return None

    def claim(self, now: datetime) -> list[Alarm]:
        if self.alarm is None or not self.alarm.is_due(now):
            return []
        _log_once(self.alarm)
        self.alarm = self.alarm.tried(now)
        return [self.alarm]

    def mailed(self) -> None:
        if self.alarm is not None:
            self.alarm = self.alarm.mailed()

    def _raise(self, detail: str, now: datetime) -> None:
        new = Alarm(Kind.STORE_AWAY, "", detail, count=0, first_at=now, raised_at=now)
        alarm = self.alarm or new
        if not alarm.is_quiet(now):
            self.alarm = alarm.again(detail, now)


def watch(store: Store, lines: Lines, mail: Mail, clock: Clock, away: Away) -> None:
    """One look, and one mail for all that is due. Several workers may look at once: each alarm is one's."""
    now = clock.now()
    claimed = away.noticed(now, partial(_look, store, lines, now)) or []
    own = away.claim(now)
    if not (claimed or own) or not _send(claimed + own, lines, mail):
        return  # what was claimed and not sent is due again by itself
    if own:
        away.mailed()
    away.noticed(now, partial(_note_mailed, store, claimed))


def _look(store: Store, lines: Lines, now: datetime) -> list[Alarm]:
    _raise_what_lasts(store, lines, now)
    return _claim_due(store, now)


def _note_mailed(store: Store, told: Iterable[Alarm]) -> None:
    for alarm in told:
        store.run(partial(alarms.mailed, alarm=alarm))


def _raise_what_lasts(store: Store, lines: Lines, now: datetime) -> None:
    with store.reading() as tx:
        quiet = {(alarm.kind, alarm.subject) for alarm in alarms.every(tx) if alarm.is_quiet(now)}
        found = [*_lines_with_nobody(tx, lines, now), *_long_waits(tx, now)]
    for kind, subject, detail in found:
        if (kind, subject) not in quiet:
            # a transaction for each: whoever holds one alarm's row never waits for another's
            store.run(partial(alarms.raise_, kind=kind, subject=subject, detail=detail, now=now))


def _lines_with_nobody(tx: Tx, lines: Lines, now: datetime) -> Iterator[tuple[Kind, str, str]]:
    for script in (line.script for line in lines.lines):
        need = Need(script.first.code)
        if script.opening.is_open(now) and not candidates.anyone_present(tx, need, now):
            yield Kind.NOBODY_ON_DUTY, script.name, f"langue : {script.first.name}"


def _long_waits(tx: Tx, now: datetime) -> Iterator[tuple[Kind, str, str]]:
    for line, many, since in alarms.waits(tx, now - LONGEST_WAIT):
        minutes = (now - since) // timedelta(minutes=1)
        yield Kind.LONG_WAIT, line, f"{many} en attente, le plus longtemps : {minutes} minutes"


def _claim_due(store: Store, now: datetime) -> list[Alarm]:
    with store.reading() as tx:
        due = [alarm for alarm in alarms.every(tx) if alarm.is_due(now)]
    ours = [alarm for alarm in due if store.run(partial(alarms.claim, alarm=alarm, now=now))]
    for alarm in ours:
        _log_once(alarm)
    return [alarm.tried(now) for alarm in ours]


def _log_once(alarm: Alarm) -> None:
    """Also without mail; a mail that is tried again is not logged again."""
    if alarm.is_new:
        level = logging.ERROR if WORDS[alarm.kind].grave else logging.WARNING
        words = (alarm.kind.value, alarm.subject, alarm.detail and f"({alarm.detail})")
        what = " ".join(word for word in words if word)
        log.log(level, "alarm: %s, count %d since %s", what, alarm.count, alarm.first_at)


def _send(told: Sequence[Alarm], lines: Lines, mail: Mail) -> bool:
    try:
        mail.send(heading(told), body(told, _about(told, lines)))
    except MailTrouble as error:
        log.error("the mail of %d alarms was not sent (%s); tried again in %s", len(told), error, RETRY)
        return False
    return True


def _about(told: Iterable[Alarm], lines: Lines) -> dict[str, About]:
    """A name and a zone for each subject: also for none, and for a line that is no longer there."""
    scripts = {line.script.name: line.script for line in lines.lines}
    named = {
        name: About(f"Ligne {name}, {script.title}", ZoneInfo(script.zone))
        for name, script in scripts.items()
    }
    zone = ZoneInfo(lines.lines[0].script.zone)
    others = {alarm.subject: About(f"Ligne {alarm.subject}", zone) for alarm in told if alarm.subject}
    return {"": About("Toutes les lignes", zone)} | others | named
