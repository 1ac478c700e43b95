"""Mediators are reminded of a shift by mail, the day before."""

import logging
from collections.abc import Sequence
from datetime import datetime

from hotline.queue.reminders import Coming, coming, letter
from hotline.store import reminders
from hotline.store.reminders import Rota
from hotline.store.transactions import Store, Tx
from hotline.switchboard.lines import Lines
from hotline.switchboard.ports import Clock, Mail, MailTrouble

log = logging.getLogger(__name__)


def remind(store: Store, lines: Lines, mail: Mail, clock: Clock, address: str) -> None:
    """One look, and a mail to each who is due one. Several workers may look at once: each mail is one's.

    `address` is that of the pages. What could not be sent is due again at the next look.
    """
    now = clock.now()
    with store.reading() as tx:
        due = [(rota, coming(rota.shifts, rota.told, now)) for rota in reminders.wanted(tx)]
    for rota, told in due:
        calls = [one for one in told if _anybody_calls(lines, one)]
        if calls and not _remind(store, lines, mail, address, rota, calls):
            return  # no mail goes out at present: the others are due again as well


def _anybody_calls(lines: Lines, one: Coming) -> bool:
    """Whether a line is open at some time of the shift: on a public holiday nobody is expected."""
    opens: list[datetime | None] = [line.script.opening.next_opening(one.start) for line in lines.lines]
    return any(at is not None and at < one.end for at in opens)


def _remind(store: Store, lines: Lines, mail: Mail, address: str, rota: Rota, told: Sequence[Coming]) -> bool:
    """False when the mail was refused."""

    def claim(tx: Tx) -> list[Coming]:
        return [one for one in told if reminders.tell(tx, one.key, rota.told[one.key], one.start)]

    def give_back(tx: Tx) -> None:
        for one in ours:
            reminders.tell(tx, one.key, one.start, rota.told[one.key])

    ours = store.run(claim)
    if not ours:
        return True
    try:
        mail.send(
            *letter(rota.name, rota.language, lines.lines[0].script.title, address, ours), to=rota.email
        )
    except MailTrouble as error:
        store.run(give_back)
        log.warning("a reminder of a shift was not sent (%s); it is tried again", error)
        return False
    return True
