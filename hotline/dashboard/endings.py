"""The form after a talk: what it says, and which days a deadline may be."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from flask import request

from hotline.dashboard import words
from hotline.dashboard.dictated import WrongNumber
from hotline.dashboard.languages import translated as _
from hotline.dashboard.pages import notice
from hotline.queue.dispositions import Disposition
from hotline.queue.ids import OfferId
from hotline.queue.shifts import wall_clock
from hotline.queue.tickets import TicketState
from hotline.store import callbacks, tickets, write_ups
from hotline.store.transactions import Tx
from hotline.switchboard.desk import LAST_REVISION, LONGEST_NOTE, Draft, Ending

FARTHEST: Final = 5
"""Years."""
LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The days that a caller's deadline may be."""

    first: date
    last: date


class Unclear(Exception):
    """The form says too little, or what cannot be; `words` tells whoever filled it in."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.words = said


def deadlines(now: datetime, zone: str) -> Deadlines:
    today = wall_clock(now, zone).day
    leaps = today.month == 2 and today.day == 29
    last = today.replace(year=today.year + FARTHEST, day=28 if leaps else today.day)
    return Deadlines(today, last)


def sent(topics: Collection[str], days: Deadlines, number_in: Callable[[str], str | None]) -> Ending:
    """What the form that was sent says. Raises Unclear.

    `number_in`: the number that was typed, where whoever is to be called back withheld theirs.
    """
    form, topic = request.form, request.form.get("topic")
    if form.get("disposition") not in list(Disposition):
        raise Unclear(_("Choisissez d’abord comment l’appel s’est terminé."))
    disposition = Disposition(form["disposition"])
    return Ending(
        disposition=disposition,
        topic=topic if topic in topics else None,
        passed_to=form.get("passed_to", "").strip()[:LONGEST_NAME],
        due_on=_day(form.get("due_on"), days),
        number=_number(number_in, form.get("number", "")) if disposition is Disposition.CALL_BACK else None,
        corrected=_corrected(number_in),
        draft=_draft(),
    )


def _draft() -> Draft | None:
    """The note as the form has it, if the page says what it is made of. Raises Unclear."""
    base, text = request.form.get("revision", type=int), request.form.get("note")
    if base is None or not 0 <= base <= LAST_REVISION or text is None:
        return None
    # some browsers end the lines of a form as those of a mail
    note = text.replace("\r\n", "\n")
    if len(note) > LONGEST_NOTE:
        raise Unclear(_("La note est trop longue : raccourcissez-la à %(many)d signes.", many=LONGEST_NOTE))
    return Draft(base, note)


def _number(number_in: Callable[[str], str | None], text: str) -> str | None:
    try:
        return number_in(text)
    except WrongNumber as error:
        raise Unclear(error.at_the_top) from None


def _corrected(number_in: Callable[[str], str | None]) -> str | None:
    """Where they have changed the number and not sent it yet. What they left as it was may be old by now."""
    text, before = request.form.get("corrected", ""), request.form.get("corrected_from", "")
    return _number(number_in, text) if text.strip() != before.strip() else None


def saved(tx: Tx, offer: OfferId) -> dict[str, str]:
    """The notice that the talk is written up; where the caller is to be called back, whether that will be."""
    written = write_ups.get(tx, offer)
    if written is None or written.disposition is not Disposition.CALL_BACK:
        return notice(_("C’est enregistré. Merci !"))
    ticket = tickets.get(tx, written.ticket_id) if written.ticket_id else None
    if ticket is None:
        return notice(
            _(
                "C’est enregistré, mais personne ne pourra rappeler : le numéro n’est pas connu. "
                "Si vous l’avez, ajoutez-le dans « Ma journée »."
            ),
            "sorry",
        )
    if ticket.state is TicketState.CLOSED:
        return notice(
            _("C’est enregistré. Cette personne a été aidée depuis : il n’y a pas de rappel à faire.")
        )
    if not callbacks.is_open(tx, ticket.id):
        return notice(
            _(
                "C’est enregistré. Cette personne est en ligne en ce moment : si le rappel reste à faire, "
                "il sera dans « Ma journée » juste après."
            )
        )
    return notice(_("C’est enregistré. Le rappel est dans « Ma journée »."))


def _day(text: str | None, days: Deadlines) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not days.first <= day <= days.last:
        last = words.calendar_day(days.last, "d MMMM y")
        raise Unclear(_("La date limite doit être un jour entre aujourd’hui et le %(last)s.", last=last))
    return day
