"""A mediator's day: their talks, the callbacks that suit them, and their shifts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from hotline.dashboard import words
from hotline.queue.ids import AccountId, MediatorId
from hotline.queue.shifts import Shift, next_start, present_end
from hotline.queue.tickets import Attempt
from hotline.services import Services
from hotline.store import backlog, claims, closed, day, messages, noted, shifts, tickets, write_ups
from hotline.store.callbacks import Due
from hotline.store.closed import Closed
from hotline.store.day import Talk
from hotline.store.messages import Message
from hotline.store.noted import Said
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
    """For whoever has claimed it."""
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
    """Those that are due, and the one that they are calling; `more`: how many there are besides."""
    more: int
    nobodys: list[Callback]
    """Those that are due, and for which nobody in the team has the topic or the language."""
    more_nobodys: int
    later: list[Callback]
    """Those whose time has not come."""
    more_later: int
    closed: list[tuple[Closed, str]]
    """Callbacks that they have closed today, with the topic's label: that may still be taken back."""
    shifts: list[tuple[datetime, Shift]]
    """With when each begins next."""
    on_shift_until: datetime | None
    """The end of the shift that is now."""
    next_change: datetime | None
    """The next one of which nobody is told: somebody's time comes, a claim or shift ends, a shift begins."""

    @property
    def changes_in(self) -> int:
        """Seconds until then, rounded up; 0: none is known."""
        return int((self.next_change - self.now).total_seconds()) + 1 if self.next_change else 0


def at(services: Services, tx: Tx, mediator: MediatorId, account: AccountId, now: datetime) -> Day:
    line = services.lines.lines[0].script
    midnight = now.astimezone(ZoneInfo(line.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = shifts.of(tx, mediator).values()
    waiting = backlog.of(tx, mediator, account, now)
    early = [one for one in waiting.claimed if one.not_before is not None and one.not_before > now]
    due = [one for one in waiting.claimed if one not in early] + waiting.due.first
    due = early + sorted(due, key=lambda one: (one.queued_at, one.place))
    cards = _Cards(services, tx, mediator, account, now, [*due, *waiting.nobodys.first, *waiting.later.first])
    starts = [(start, one) for one in mine if (start := next_start(one, now)) is not None]
    on_shift_until = max((end for one in mine if (end := present_end(one, now))), default=None)
    ends = [at for _who, at in cards.holders.values()] + ([on_shift_until] if on_shift_until else [])
    comes = [one.not_before for one in waiting.later.first if one.not_before is not None]
    return Day(
        now=now,
        talks=[
            (one, words.topic(services.lines.script(tx, one.script), one.topic))
            for one in day.talks(tx, mediator, midnight)
        ],
        callbacks=[cards.of(one) for one in due],
        more=waiting.due.more,
        nobodys=[cards.of(one) for one in waiting.nobodys.first],
        more_nobodys=waiting.nobodys.more,
        later=[cards.of(one) for one in waiting.later.first],
        more_later=waiting.later.more,
        closed=[
            (one, words.topic(services.lines.script(tx, one.script), one.topic))
            for one in closed.since(tx, account, midnight)
        ],
        shifts=sorted(starts, key=lambda one: one[0]),
        on_shift_until=on_shift_until,
        next_change=min([*ends, *comes, *(start for start, _shift in starts)], default=None),
    )


class _Cards:
    """Makes the cards of some callbacks: what is about them is read for all of them at once."""

    def __init__(
        self,
        services: Services,
        tx: Tx,
        mediator: MediatorId,
        account: AccountId,
        now: datetime,
        some: Iterable[Due],
    ) -> None:
        self._services, self._tx, self._account = services, tx, account
        keys = [one.ticket for one in some]
        self._tickets = tickets.some(tx, keys)
        self._tried = tickets.attempts_of(tx, keys)
        self._deadlines = noted.deadlines(tx, keys)
        self._promised = write_ups.promised_by(tx, mediator)
        self.holders = claims.of_some(tx, keys, now)

    def of(self, due: Due) -> Callback:
        ticket, tx = self._tickets[due.ticket], self._tx
        script = self._services.lines.script(tx, due.script)
        holder, _until = self.holders.get(due.ticket, (None, None))
        tried = self._tried[due.ticket]
        # words alone are no call
        calls = [(one.result, one.by) for one in tried if one.result is not Attempt.LEFT]
        mine = holder == self._account
        return Callback(
            due=due,
            ticket=ticket,
            topic=words.topic(script, due.topic),
            language=words.spoken(script, due.language) if due.language != script.first.code else None,
            has_number=ticket.number_index is not None,
            messages=messages.of_ticket(tx, ticket.id) if mine else [],
            tried=tried,
            mine=mine,
            taken=holder is not None and not mine,
            again=calls[-1:] == [(Attempt.NOT_REACHED, self._account)],
            promised=due.ticket in self._promised,
            deadline=self._deadlines.get(due.ticket),
            said=noted.said(tx, [ticket.id])[ticket.id] if mine else [],
        )
