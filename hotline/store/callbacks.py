"""Places of those who are to be called back: made of places in hold, taken over by a new call, in order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, func, or_, select, true, update

from hotline.queue.ids import CallId, PlaceId, TicketId
from hotline.queue.places import OPEN, PlaceEnd, PlaceKind, PlaceState
from hotline.queue.sayings import Saying
from hotline.store.base import one_of
from hotline.store.calls import CallRow
from hotline.store.places import PlaceRow
from hotline.store.tickets import TicketRow
from hotline.store.topics import BOARD, CALLBACKS
from hotline.store.transactions import Tx

_IS_CALLBACK = and_(one_of(PlaceRow.kind, [PlaceKind.CALLBACK]), one_of(PlaceRow.state, [PlaceState.WAITING]))
_THIS = update(PlaceRow).where(PlaceRow.id == bindparam("key"))
_BECOME = _THIS.where(one_of(PlaceRow.state, OPEN)).values(
    kind=PlaceKind.CALLBACK, state=PlaceState.WAITING, reachable=False, ticket_id=bindparam("ticket")
)
# the place before its ticket: whoever notes an attempt locks them in that order
_OF_CALL = (
    select(PlaceRow.id, PlaceRow.ticket_id)
    .where(PlaceRow.call_id == bindparam("call"), _IS_CALLBACK)
    .with_for_update(key_share=True)
)
# the earlier call is over: nobody's place is taken while they are still on the line
_TO_TAKE_OVER = (
    select(PlaceRow.id)
    .join(TicketRow, TicketRow.id == PlaceRow.ticket_id)
    .join(CallRow, CallRow.id == PlaceRow.call_id)
    .where(
        _IS_CALLBACK,
        # they may have had another number noted
        or_(
            TicketRow.number_index == bindparam("number_index"),
            CallRow.number_index == bindparam("number_index"),
        ),
        CallRow.ended_at.is_not(None),
        PlaceRow.line == bindparam("on_line"),
        or_(
            PlaceRow.topic.is_(None),
            bindparam("topic", type_=String).is_(None),
            PlaceRow.topic == bindparam("topic"),
        ),
    )
    .order_by(PlaceRow.queued_at, PlaceRow.id)
    .limit(1)
    .with_for_update(of=PlaceRow, skip_locked=True, key_share=True)
)
_TAKE_OVER = _THIS.where(_IS_CALLBACK).values(
    kind=PlaceKind.CALL,
    call_id=bindparam("call"),
    topic=func.coalesce(bindparam("topic", type_=String), PlaceRow.topic),
    language=bindparam("in_language"),
    # what was said in an earlier call's hold is no longer true
    said=Saying.NOTHING,
    said_at=None,
    told_position=None,
    told_minutes=None,
)
_SAME_SKILL = _TAKE_OVER.values(skill=func.coalesce(bindparam("with_skill", type_=String), PlaceRow.skill))
_THIS_SKILL = _TAKE_OVER.values(skill=bindparam("with_skill", type_=String))


@dataclass(frozen=True, slots=True)
class Due:
    """A callback in the order of the places."""

    place: PlaceId
    ticket: TicketId
    call: CallId
    script: str
    topic: str | None
    language: str
    queued_at: datetime
    not_before: datetime | None


@dataclass(frozen=True, slots=True)
class Whose:
    """A choice among the callbacks, and the values of its parameters."""

    which: ColumnElement[bool]
    values: Mapping[str, Any] = field(default_factory=dict)


EVERYBODYS = Whose(true())
OPEN_CALLBACK = and_(_IS_CALLBACK, CallRow.ended_at.is_not(None))
"""Of somebody who is to be called back, now or later, and who has hung up."""
IS_DUE = and_(OPEN_CALLBACK, or_(PlaceRow.not_before.is_(None), PlaceRow.not_before <= bindparam("now")))
IS_LATER = and_(OPEN_CALLBACK, PlaceRow.not_before > bindparam("now"))
_LISTED: Select[int, int, int, str, str | None, str, datetime, datetime | None] = (
    select(
        PlaceRow.id,
        TicketRow.id,
        PlaceRow.call_id,
        CallRow.script,
        PlaceRow.topic,
        PlaceRow.language,
        PlaceRow.queued_at,
        PlaceRow.not_before,
    )
    .join(TicketRow, TicketRow.id == PlaceRow.ticket_id)
    .join(CallRow, CallRow.id == PlaceRow.call_id)
)


def become(tx: Tx, place: PlaceId, ticket: TicketId) -> bool:
    """Make an open place a callback that keeps its `queued_at`; False when it has ended."""
    tx.touched |= {BOARD, CALLBACKS}
    return tx.connection.execute(_BECOME, {"key": place, "ticket": ticket}).rowcount == 1


def of_call(tx: Tx, call: CallId) -> tuple[PlaceId, TicketId] | None:
    """The callback that stands for a call, if there is one; its place is locked, after the call."""
    row = tx.connection.execute(_OF_CALL, {"call": call}).one_or_none()
    return (PlaceId(row[0]), TicketId(row[1] or 0)) if row else None


def given_up_by(tx: Tx, call: CallId) -> tuple[TicketId, datetime] | None:
    """The ticket of a callback that ended with its call, as nobody could be called; since when it waited."""
    found = (
        select(PlaceRow.ticket_id, PlaceRow.queued_at)
        .where(
            PlaceRow.call_id == call, PlaceRow.end == PlaceEnd.GIVEN_UP, PlaceRow.ended_at >= CallRow.ended_at
        )
        .join(CallRow, CallRow.id == PlaceRow.call_id)
        .order_by(PlaceRow.id.desc())
        .limit(1)
    )
    row = tx.connection.execute(found).one_or_none()
    return (TicketId(row[0] or 0), row[1]) if row else None


def of_ticket(tx: Tx, ticket: TicketId) -> PlaceId | None:
    """The open callback of a ticket."""
    found = select(PlaceRow.id).where(PlaceRow.ticket_id == ticket, _IS_CALLBACK)
    key = tx.connection.execute(found.with_for_update(key_share=True)).scalar_one_or_none()
    return PlaceId(key) if key is not None else None


def is_open(tx: Tx, ticket: TicketId) -> bool:
    """Whether somebody may call back by that ticket, now or later: not while its caller is on the line."""
    found = select(PlaceRow.id).join(CallRow, CallRow.id == PlaceRow.call_id)
    return tx.connection.execute(found.where(PlaceRow.ticket_id == ticket, OPEN_CALLBACK)).first() is not None


def take_over(
    tx: Tx,
    call: CallId,
    number_index: bytes,
    line: str,
    topic: str | None,
    skill: str | None,
    language: str,
    *,
    anybody: bool,
) -> bool:
    """Whoever is to be called back rings again: their call waits in that place; False when there is none.

    `anybody`: without a skill, whoever is free will do, whatever the place needed; else its need stays.
    """
    wanted = {"number_index": number_index, "on_line": line, "topic": topic}
    place = tx.connection.execute(_TO_TAKE_OVER, wanted).scalar_one_or_none()
    if place is None:
        return False
    tx.touched |= {BOARD, CALLBACKS}
    values = {"key": place, "call": call, "topic": topic, "with_skill": skill, "in_language": language}
    return tx.connection.execute(_THIS_SKILL if anybody else _SAME_SKILL, values).rowcount == 1


def not_before(tx: Tx, place: PlaceId) -> datetime | None:
    """Until when that callback has to wait."""
    return tx.connection.execute(select(PlaceRow.not_before).where(PlaceRow.id == place)).scalar_one()


def postpone(tx: Tx, place: PlaceId, until: datetime | None) -> None:
    """Not to be called before then."""
    tx.touched |= {BOARD, CALLBACKS}
    tx.connection.execute(_THIS.values(not_before=until), {"key": place})


def set_topic(tx: Tx, place: PlaceId, topic: str, skill: str | None) -> None:
    """It is about something else, which others may know."""
    tx.touched |= {BOARD, CALLBACKS}
    tx.connection.execute(_THIS.where(_IS_CALLBACK).values(topic=topic, skill=skill), {"key": place})


def due(tx: Tx, now: datetime, limit: int = 1000, whose: Whose = EVERYBODYS) -> list[Due]:
    """Callbacks in the order of their places: whose caller has hung up, and whose time has come."""
    found = _LISTED.where(IS_DUE, whose.which).order_by(PlaceRow.queued_at, PlaceRow.id).limit(limit)
    return [_row(row) for row in tx.connection.execute(found, {"now": now, **whose.values})]


def later(tx: Tx, now: datetime, limit: int = 1000, whose: Whose = EVERYBODYS) -> list[Due]:
    """Callbacks of callers who have hung up, and whose time has not come yet; who comes next is first."""
    in_order = (PlaceRow.not_before, PlaceRow.queued_at, PlaceRow.id)
    found = _LISTED.where(IS_LATER, whose.which).order_by(*in_order).limit(limit)
    return [_row(row) for row in tx.connection.execute(found, {"now": now, **whose.values})]


def many(tx: Tx, now: datetime, kind: ColumnElement[bool], whose: Whose) -> int:
    """How many there are; `kind`: IS_DUE, IS_LATER, or OPEN_CALLBACK for both."""
    every = select(func.count()).select_from(PlaceRow).join(CallRow, CallRow.id == PlaceRow.call_id)
    found = tx.connection.execute(every.where(kind, whose.which), {"now": now, **whose.values})
    return found.scalar_one()


def _row(row: tuple[int, int, int, str, str | None, str, datetime, datetime | None]) -> Due:
    place, ticket, call, script, topic, language, queued_at, not_before = row
    return Due(PlaceId(place), TicketId(ticket), CallId(call), script, topic, language, queued_at, not_before)
