"""What the board shows: who waits, who answers, and what today has brought."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import starmap
from typing import Final

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, case, func, or_, select

from hotline.queue.mediators import Availability
from hotline.queue.offers import OfferState
from hotline.queue.outcomes import Outcome
from hotline.queue.places import PlaceEnd, PlaceKind, PlaceState
from hotline.queue.service_level import THRESHOLD
from hotline.store.base import one_of
from hotline.store.callbacks import IS_DUE, IS_LATER, OPEN_CALLBACK
from hotline.store.calls import CallRow
from hotline.store.durations import seconds_between
from hotline.store.mediators import MediatorRow
from hotline.store.offers import OfferRow
from hotline.store.places import ON_THE_LINE, SUITS_NOBODY, PlaceRow
from hotline.store.shifts import covered, on_duty
from hotline.store.tickets import TicketRow
from hotline.store.transactions import Tx

_OnDuty = tuple[str, Availability, datetime | None, str | None]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A place. `position`: from 1, among calls or among callbacks. `script`: the version with its topic."""

    position: int
    kind: PlaceKind
    state: PlaceState
    script: str
    topic: str | None
    language: str
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class Queue:
    """The first places in their order, and how many there are of each kind."""

    first: list[Waiting]
    calls: int
    callbacks: int
    """Those that are due."""
    later: int
    """Callbacks whose time has not come."""
    nobodys: int
    """Callbacks, due or for later, that nobody in the team can serve."""


@dataclass(frozen=True, slots=True)
class OnDuty:
    name: str
    availability: Availability
    until: datetime | None
    away_reason: str | None


@dataclass(frozen=True, slots=True)
class Today:
    """Counts since an instant. `answered`, `in_time`, `abandoned`: as the service level counts them."""

    calls: int
    answered: int
    in_time: int
    abandoned: int
    promised: int
    kept: int
    """Callbacks that ended with the caller being helped, whenever they were promised."""


_First = Select[PlaceKind, PlaceState, str, str | None, str, datetime]


def _first(which: ColumnElement[bool]) -> _First:
    return (
        select(
            PlaceRow.kind,
            PlaceRow.state,
            CallRow.script,
            PlaceRow.topic,
            PlaceRow.language,
            PlaceRow.queued_at,
        )
        .join(CallRow, CallRow.id == PlaceRow.call_id)
        .where(which)
        .order_by(PlaceRow.queued_at, PlaceRow.id)
        .limit(bindparam("many"))
    )


def _many(which: ColumnElement[bool]) -> ColumnElement[int | None]:
    every = select(func.count()).select_from(PlaceRow).join(CallRow, CallRow.id == PlaceRow.call_id)
    return every.where(which).scalar_subquery()


_FIRST_CALLS, _FIRST_CALLBACKS = _first(ON_THE_LINE), _first(IS_DUE)
_HOW_MANY = select(
    _many(ON_THE_LINE), _many(IS_DUE), _many(IS_LATER), _many(and_(OPEN_CALLBACK, SUITS_NOBODY))
)


def queue(tx: Tx, now: datetime, limit: int) -> Queue:
    """Calls, then due callbacks, each in their own order: nobody on the line waits behind a callback.

    Of more than `limit`, whoever is on the line is there before those who are to be called back.
    """
    calls = _listed(tx, _FIRST_CALLS, now, limit)
    backs = _listed(tx, _FIRST_CALLBACKS, now, limit - len(calls)) if len(calls) < limit else []
    how_many = tx.connection.execute(_HOW_MANY, {"now": now}).one()
    return Queue(calls + backs, *(many or 0 for many in how_many))


def _listed(tx: Tx, which: _First, now: datetime, limit: int) -> list[Waiting]:
    rows = tx.connection.execute(which, {"now": now, "many": limit})
    return [Waiting(position, *row) for position, row in enumerate(rows, 1)]


_BUSY: Final = (
    Availability.OFFERED,
    Availability.ON_CALL,
    Availability.WRAP_UP,
    Availability.CALLING_BACK,
)
"""Shown whatever the shifts say: a talk goes on when the shift is over."""
_OF_THE_TEAM = or_(MediatorRow.active, one_of(MediatorRow.availability, _BUSY))
"""Of a closed account it is the last talk."""


@cache
def _shown(zones: int) -> Select[*_OnDuty]:
    here = and_(one_of(MediatorRow.availability, [Availability.AVAILABLE, Availability.AWAY]), covered(zones))
    found = select(MediatorRow.name, MediatorRow.availability, MediatorRow.until, MediatorRow.away_reason)
    return found.where(or_(one_of(MediatorRow.availability, _BUSY), here)).order_by(MediatorRow.id)


def on_the_line(tx: Tx, now: datetime) -> tuple[list[OnDuty], int]:
    """Mediators who are on duty or busy; and how many others there are."""
    duty = on_duty(tx, now)
    found = list(starmap(OnDuty, _rows(tx, _shown(duty.zones), duty.values)))
    every = tx.connection.execute(select(func.count()).where(_OF_THE_TEAM)).scalar_one()
    return found, every - len(found)


def _rows(tx: Tx, found: Select[*_OnDuty], values: dict[str, object]) -> Iterable[Row[*_OnDuty]]:
    return tx.connection.execute(found, values)


_SINCE = CallRow.started_at >= bindparam("since")
_NOT_BLOCKED = or_(CallRow.outcome.is_(None), CallRow.outcome != Outcome.BLOCKED)
_LEFT = CallRow.outcome == Outcome.ABANDONED_IN_QUEUE
_COUNTED = select(func.count(), func.count(case((_LEFT, CallRow.id)))).where(_SINCE, _NOT_BLOCKED)
# whoever was to be called back and rings again keeps an older place: they wait since they rang
_ASKED = case((PlaceRow.queued_at > CallRow.started_at, PlaceRow.queued_at), else_=CallRow.started_at)
_QUICK = seconds_between(_ASKED, OfferRow.accepted_at) <= THRESHOLD.total_seconds()
_TAKEN = (
    select(OfferRow.id)
    .join(PlaceRow, PlaceRow.id == OfferRow.place_id)
    .where(
        PlaceRow.call_id == CallRow.id,
        OfferRow.accepted_at.is_not(None),
        one_of(OfferRow.state, [OfferState.ACCEPTED, OfferState.FINISHED]),
    )
)
# from the calls of today to their offers: nobody looks through all the offers that there ever were
_ANSWERED = select(
    func.count(case((_TAKEN.exists(), CallRow.id))),
    func.count(case((_TAKEN.where(_QUICK).exists(), CallRow.id))),
).where(_SINCE)
_PROMISED = select(func.count(TicketRow.id)).join(CallRow, CallRow.id == TicketRow.call_id).where(_SINCE)
# of a callback that was restored, its last place counts
_HOW_IT_ENDED = (
    select(PlaceRow.end).where(PlaceRow.ticket_id == TicketRow.id).order_by(PlaceRow.id.desc()).limit(1)
)
_KEPT = select(func.count(TicketRow.id)).where(
    TicketRow.closed_at >= bindparam("since"), _HOW_IT_ENDED.scalar_subquery() == PlaceEnd.ANSWERED
)


def today(tx: Tx, since: datetime) -> Today:
    """What has happened since then: calls that began since, callbacks promised and kept since."""
    calls, abandoned = tx.connection.execute(_COUNTED, {"since": since}).one()
    answered, in_time = tx.connection.execute(_ANSWERED, {"since": since}).one()
    promised = tx.connection.execute(_PROMISED, {"since": since}).scalar_one()
    kept = tx.connection.execute(_KEPT, {"since": since}).scalar_one()
    return Today(calls, answered, in_time, abandoned, promised, kept)
