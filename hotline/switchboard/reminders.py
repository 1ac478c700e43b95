"""Mediators are reminded of a shift by mail, the day before."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from hotline.queue.reminders import Coming, coming, letter
from hotline.store import reminders
from hotline.store.reminders import Rota
from hotline.store.transactions import Store, Tx
from hotline.switchboard.lines import Lines
from hotline.switchboard.ports import Clock, Mail, MailTrouble

log = logging.getLogger(__name__)

REFUSALS: Final = 3
"""So many in a row, and no mail goes out at present: each may take as long as the time limit."""
ROUND: Final = timedelta(minutes=5)
"""With each the round begins with another person: addresses that are refused keep nobody else waiting."""


def remind(store: Store, lines: Lines, mail: Mail, clock: Clock, address: str) -> None:
    """One look, and a mail to each who is due one. Several workers may look at once: each mail is one's.

    `address` is that of the pages. What could not be sent is due again at the next look.
    """
    refused = 0
    for rota, told in _due(store, lines, clock.now()):
        try:
            if _remind(store, lines, mail, address, rota, told):
                refused = 0
        except MailTrouble as error:
            log.warning("a reminder of a shift was not sent (%s); it is tried again", error)
            refused += 1
        if refused == REFUSALS:
            return  # no mail goes out at present: the others are due again as well


def _due(store: Store, lines: Lines, now: datetime) -> list[tuple[Rota, list[Coming]]]:
    """Whom to tell what, beginning with another person in each round."""
    with store.reading() as tx:
        every = [(rota, _told(lines, rota, now)) for rota in reminders.wanted(tx)]
    due = [(rota, told) for rota, told in every if told]
    first = int(now.timestamp() // ROUND.total_seconds()) % len(due) if due else 0
    return due[first:] + due[:first]


def _told(lines: Lines, rota: Rota, now: datetime) -> list[Coming]:
    found = coming(rota.shifts, rota.told, now)
    return [one for one in found if rota.is_back_before(one.end) and _anybody_calls(lines, one)]


def _anybody_calls(lines: Lines, one: Coming) -> bool:
    """Whether a line is open at some time of the shift: on a public holiday nobody is expected."""
    opens: list[datetime | None] = [line.script.opening.next_opening(one.start) for line in lines.lines]
    return any(at is not None and at < one.end for at in opens)


def _remind(store: Store, lines: Lines, mail: Mail, address: str, rota: Rota, told: Sequence[Coming]) -> bool:
    """Whether there was something to tell: another worker may be telling it. Raises MailTrouble."""

    def claim(tx: Tx) -> list[Coming]:
        return [one for one in told if reminders.tell(tx, one.key, rota.told[one.key], one.start)]

    def give_back(tx: Tx) -> None:
        for one in ours:
            reminders.tell(tx, one.key, one.start, rota.told[one.key])

    ours = store.run(claim)
    if not ours:
        return False
    try:
        mail.send(
            *letter(rota.name, rota.language, lines.lines[0].script.title, address, ours), to=rota.email
        )
    except MailTrouble:
        store.run(give_back)
        raise
    return True
