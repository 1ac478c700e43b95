"""How much a number has used the line, and whether it waited in vain: what limits and credit are based on."""

from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, func, or_, select

from hotline.queue.outcomes import Outcome
from hotline.queue.places import PlaceEnd
from hotline.queue.tickets import Attempt
from hotline.store.calls import CallRow
from hotline.store.places import PlaceRow
from hotline.store.tickets import AttemptRow, TicketRow
from hotline.store.transactions import Tx

# whoever was refused and obeys too eagerly must not stay out for ever
_ON_LINE = and_(
    CallRow.line == bindparam("on_line"),
    CallRow.started_at > bindparam("since"),
    or_(CallRow.outcome.is_(None), CallRow.outcome != Outcome.BLOCKED),
)
_OF_NUMBER = and_(CallRow.number_index == bindparam("number_index"), _ON_LINE)
_CALLS = select(func.count()).select_from(CallRow).where(_OF_NUMBER)
_ANONYMOUS = select(func.count()).select_from(CallRow).where(CallRow.number_index.is_(None), _ON_LINE)
_TIMES = select(CallRow.started_at, CallRow.ended_at).where(_OF_NUMBER)
_LAST_HELPED = select(func.max(CallRow.ended_at)).where(_OF_NUMBER, CallRow.outcome == Outcome.ANSWERED)
_LAST_REACHED = (
    select(func.max(AttemptRow.at))
    .join(TicketRow, TicketRow.id == AttemptRow.ticket_id)
    .join(CallRow, CallRow.id == TicketRow.call_id)
    .where(
        # they may have had another number noted
        or_(
            TicketRow.number_index == bindparam("number_index"),
            CallRow.number_index == bindparam("number_index"),
        ),
        TicketRow.line == bindparam("on_line"),
        AttemptRow.result == Attempt.REACHED,
        AttemptRow.undone_at.is_(None),
    )
)
_IN_VAIN = (
    select(func.min(PlaceRow.queued_at))
    .join(CallRow, CallRow.id == PlaceRow.call_id)
    .where(_OF_NUMBER, PlaceRow.end == PlaceEnd.LEFT)
)


def calls_of(tx: Tx, number_index: bytes | None, line: str, since: datetime) -> int:
    """How many calls of the number the line took after `since`; None: of all withheld numbers together."""
    if number_index is None:
        return int(tx.connection.execute(_ANONYMOUS, {"on_line": line, "since": since}).scalar_one())
    values = {"number_index": number_index, "on_line": line, "since": since}
    return int(tx.connection.execute(_CALLS, values).scalar_one())


def time_of(tx: Tx, number_index: bytes, line: str, since: datetime, now: datetime) -> timedelta:
    """How long the calls of the number that came after `since` have lasted, all together."""
    values = {"number_index": number_index, "on_line": line, "since": since}
    rows = tx.connection.execute(_TIMES, values)
    return sum(((ended_at or now) - started_at for started_at, ended_at in rows), timedelta())


def waited_in_vain(tx: Tx, number_index: bytes, line: str, since: datetime) -> datetime | None:
    """Since when the caller waits in vain: the first place that they left after they were last helped.

    Helped in a call of theirs, or in one of ours.
    """
    values = {"number_index": number_index, "on_line": line, "since": since}
    helped = [tx.connection.execute(last, values).scalar_one() for last in (_LAST_HELPED, _LAST_REACHED)]
    values |= {"since": max([since, *(at for at in helped if at is not None)])}
    return tx.connection.execute(_IN_VAIN, values).scalar_one()
