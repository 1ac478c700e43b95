"""A mediator's day: their talks, the callbacks that suit them, and their shifts."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from hotline.dashboard import words
from hotline.ivr.script import Script
from hotline.queue.ids import AccountId, MediatorId, TicketId
from hotline.queue.shifts import Shift, next_start, present_end
from hotline.queue.tickets import Attempt
from hotline.services import Services
from hotline.store import callbacks, claims, closed, day, mediators, messages, shifts, tickets, write_ups
from hotline.store.callbacks import Due
from hotline.store.closed import Closed
from hotline.store.day import Said, Talk
from hotline.store.messages import Message
from hotline.store.tickets import Ticket, Tried
from hotline.store.transactions import Tx


@dataclass(frozen=True, slots=True)
class Callback:
    """Somebody who is to be called back. `mine`: claimed by whoever looks; `taken`: by somebody else.

    `again`: whoever looks was the last to call, in vain; they may call once more before the time has come.
    """

    due: Due
    ticket: Ticket
    topic: str
    language: str | None
    has_number: bool
    messages: list[Message]
    tried: list[Tried]
    mine: bool
    taken: bool
    again: bool
    promised: bool
    """By whoever looks."""
    deadline: date | None
    said: list[Said]
    """What was noted of it, for whoever has claimed it."""


@dataclass(frozen=True, slots=True)
class Day:
    now: datetime
    talks: list[tuple[Talk, str]]
    """With the topic's label."""
    callbacks: list[Callback]
    later: list[Callback]
    """Those whose time has not come, but for whom they are calling all the same."""
    closed: list[tuple[Closed, str]]
    """Callbacks that they have closed today, with the topic's label: that may still be taken back."""
    shifts: list[tuple[datetime, Shift]]
    """With when each begins next."""
    on_shift_until: datetime | None
    """The end of the shift that is now."""


def at(services: Services, tx: Tx, mediator: MediatorId, account: AccountId, now: datetime) -> Day:
    line = services.lines.lines[0].script
    midnight = now.astimezone(ZoneInfo(line.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = shifts.of(tx, mediator).values()
    promised = write_ups.promised_by(tx, mediator)
    due = _theirs(services, tx, mediator, account, now, promised, callbacks.due(tx, now))
    later = _theirs(services, tx, mediator, account, now, promised, callbacks.later(tx, now))
    starts = [(start, one) for one in mine if (start := next_start(one, now)) is not None]
    return Day(
        now=now,
        talks=[(one, words.topic(line, one.topic)) for one in day.talks(tx, mediator, midnight)],
        callbacks=[one for one in later if one.mine] + due,
        later=[one for one in later if not one.mine],
        closed=[
            (one, words.topic(services.lines.script(tx, one.script), one.topic))
            for one in closed.since(tx, account, midnight)
        ],
        shifts=sorted(starts, key=lambda one: one[0]),
        on_shift_until=max((end for one in mine if (end := present_end(one, now))), default=None),
    )


def _theirs(
    services: Services,
    tx: Tx,
    mediator: MediatorId,
    account: AccountId,
    now: datetime,
    promised: Set[TicketId],
    some: Iterable[Due],
) -> list[Callback]:
    """Those that suit the mediator, that they have promised themselves, or that they have claimed."""
    known, spoken = set(mediators.skills(tx, mediator)), set(mediators.languages(tx, mediator))
    claimed = claims.by(tx, account, now)
    suits = [
        due
        for due in some
        if due.ticket in {*promised, claimed}
        or _suits(services.lines.script(tx, due.script), due, known, spoken)
    ]
    return [_callback(services, tx, due, account, now, promised) for due in suits]


def _suits(script: Script, due: Due, known: set[str], spoken: set[str]) -> bool:
    topic = script.topic(due.topic)
    skill = topic.skill if topic else None
    return due.language in spoken and (skill is None or skill in known)


def _callback(
    services: Services, tx: Tx, due: Due, account: AccountId, now: datetime, promised: Set[TicketId]
) -> Callback:
    ticket = tickets.get(tx, due.ticket)
    assert ticket is not None
    script = services.lines.script(tx, due.script)
    holder = claims.of(tx, due.ticket, now)
    tried = tickets.attempts(tx, ticket.id)
    return Callback(
        due=due,
        ticket=ticket,
        topic=words.topic(script, due.topic),
        language=words.spoken(script, due.language) if due.language != script.first.code else None,
        has_number=ticket.number_index is not None,
        messages=messages.of_ticket(tx, ticket.id),
        tried=tried,
        mine=holder == account,
        taken=holder is not None and holder != account,
        again=bool(tried) and (tried[-1].result, tried[-1].by) == (Attempt.NOT_REACHED, account),
        promised=due.ticket in promised,
        deadline=write_ups.deadline(tx, ticket.id),
        said=day.said(tx, ticket.id) if holder == account else [],
    )
