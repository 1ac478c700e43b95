"""Places: waits for a mediator."""

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    Index,
    String,
    and_,
    bindparam,
    insert,
    literal_column,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column
from sqlalchemy.sql.elements import TextClause

from hotline.queue import places as rules
from hotline.queue.ids import CallId, LineName, MediatorId, PlaceId, TicketId
from hotline.queue.places import PlaceEnd, PlaceKind, PlaceState
from hotline.queue.sayings import Saying
from hotline.store.base import Base, one_of
from hotline.store.mediators import MediatorLanguageRow, MediatorRow, MediatorSkillRow
from hotline.store.offers import OfferRow
from hotline.store.topics import BOARD, CALLBACKS
from hotline.store.transactions import Tx

_OPEN_CALL = text("kind = 'call' AND state <> 'ended'")
_WAITING = text("kind = 'call' AND state = 'waiting'")
_CALLBACK = text("kind = 'callback' AND state = 'waiting'")
_OPEN_TICKET = text("ticket_id IS NOT NULL AND state <> 'ended'")


def _index(name: str, *columns: str, where: TextClause, unique: bool = False) -> Index:
    return Index(name, *columns, unique=unique, postgresql_where=where, sqlite_where=where)


class PlaceRow(Base):
    __tablename__ = "places"
    __table_args__ = (
        _index("uq_places_open_call", "call_id", unique=True, where=_OPEN_CALL),
        _index("uq_places_open_ticket", "ticket_id", unique=True, where=_OPEN_TICKET),
        _index("ix_places_waiting", "queued_at", "id", where=_WAITING),
        _index("ix_places_callbacks", "queued_at", "id", where=_CALLBACK),
        Index("ix_places_call_id", "call_id"),
        Index("ix_places_ticket_id", "ticket_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[PlaceKind]
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id"))
    """The call that waits, or the latest one of whoever is to be called back."""
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    line: Mapped[str] = mapped_column(String(64))
    topic: Mapped[str | None] = mapped_column(String(64))
    skill: Mapped[str | None] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(16))
    state: Mapped[PlaceState]
    reachable: Mapped[bool]
    """The caller is in hold and can be fetched; one whose mediator is being rung asks by themselves."""
    queued_at: Mapped[datetime]
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("mediators.id"))
    not_before: Mapped[datetime | None]
    """Of a callback: the best time, or the end of the pause after an attempt."""
    said: Mapped[Saying]
    """What the caller in hold was told last, and when; then the lowest numbers that they were told."""
    said_at: Mapped[datetime | None]
    told_position: Mapped[int | None]
    told_minutes: Mapped[int | None]
    ended_at: Mapped[datetime | None]
    end: Mapped[PlaceEnd | None]


@dataclass(frozen=True, slots=True)
class Place:
    id: PlaceId
    kind: PlaceKind
    call_id: CallId
    ticket_id: TicketId | None
    line: LineName
    topic: str | None
    skill: str | None
    language: str
    state: PlaceState
    reachable: bool
    queued_at: datetime
    previous_id: MediatorId | None


_COLUMNS = [getattr(PlaceRow, one.name) for one in fields(Place)]
_ADD = insert(PlaceRow)
_BY_ID = select(*_COLUMNS).where(PlaceRow.id == bindparam("key"))
_OPEN_OF = select(*_COLUMNS).where(
    PlaceRow.call_id == bindparam("call"),
    one_of(PlaceRow.kind, [PlaceKind.CALL]),
    PlaceRow.state != literal_column("'ended'"),
)
_LOCK_OPEN_OF = _OPEN_OF.with_for_update(key_share=True)
_ENDS_OF = select(PlaceRow.end).where(PlaceRow.call_id == bindparam("call"), PlaceRow.end.is_not(None))
_THIS = update(PlaceRow).where(PlaceRow.id == bindparam("key"))
_CLAIM = {
    state: _THIS.where(one_of(PlaceRow.state, rules.before(state))).values(state=state)
    for state in PlaceState
}
_REACH = _THIS.values(reachable=bindparam("can_be"))
_REMIND = _THIS.where(PlaceRow.said != Saying.NOTHING).values(said=Saying.POSITION)
_END = _THIS.where(PlaceRow.state != PlaceState.ENDED).values(
    state=PlaceState.ENDED, end=bindparam("why"), ended_at=bindparam("now")
)
ON_THE_LINE = and_(
    one_of(PlaceRow.kind, [PlaceKind.CALL]),
    # the words of the partial index
    PlaceRow.state != literal_column("'ended'"),
    one_of(PlaceRow.state, [PlaceState.WAITING, PlaceState.OFFERED]),
)
"""Whoever waits in a call, whether somebody's telephone rings for them or not."""
FETCHABLE = and_(
    one_of(PlaceRow.kind, [PlaceKind.CALL]),
    one_of(PlaceRow.state, [PlaceState.WAITING]),
    PlaceRow.reachable,
)
_FIRST = (
    select(*_COLUMNS)
    .where(FETCHABLE)
    .order_by(PlaceRow.queued_at, PlaceRow.id)
    .limit(bindparam("many"))
    .with_for_update(skip_locked=True, key_share=True)
)
_REFUSED = aliased(OfferRow)
SUITS = and_(
    PlaceRow.language.in_(
        select(MediatorLanguageRow.language).where(MediatorLanguageRow.mediator_id == bindparam("mediator"))
    ),
    or_(
        PlaceRow.skill.is_(None),
        PlaceRow.skill.in_(
            select(MediatorSkillRow.skill).where(MediatorSkillRow.mediator_id == bindparam("mediator"))
        ),
    ),
)
"""Whether the mediator speaks its language and has its skill, if it asks for one."""
_IN_THE_TEAM = and_(
    MediatorRow.id == MediatorLanguageRow.mediator_id, MediatorRow.active, MediatorRow.has_number
)
_SPOKEN = select(MediatorLanguageRow.language).join(MediatorRow, _IN_THE_TEAM)
_KNOWN = (
    select(MediatorLanguageRow.language, MediatorSkillRow.skill)
    .join(MediatorRow, _IN_THE_TEAM)
    .join(MediatorSkillRow, MediatorSkillRow.mediator_id == MediatorRow.id)
)
# what the team can do is read once, not for each place
SUITS_NOBODY = or_(
    PlaceRow.language.not_in(_SPOKEN),
    and_(PlaceRow.skill.is_not(None), tuple_(PlaceRow.language, PlaceRow.skill).not_in(_KNOWN)),
)
"""Whether nobody in the team can serve it: nobody whose account is open and who has a number."""
_OLDEST_FOR = _FIRST.where(
    SUITS,
    ~select(_REFUSED.id)
    .where(
        _REFUSED.place_id == PlaceRow.id,
        _REFUSED.mediator_id == bindparam("mediator"),
        _REFUSED.again_at > bindparam("now"),
    )
    .exists(),
)


def add(tx: Tx, place: Place) -> Place:
    """Write a new place; its id is given here."""
    values = {one.name: getattr(place, one.name) for one in fields(place) if one.name != "id"}
    tx.touched |= {BOARD, CALLBACKS} if place.kind is PlaceKind.CALLBACK else {BOARD}
    key = tx.connection.execute(_ADD, values | {"said": Saying.NOTHING}).inserted_primary_key
    assert key is not None
    return Place(PlaceId(key[0]), **values)


def open_of(tx: Tx, call: CallId) -> Place | None:
    """The place in which a call waits, if there is one; locked, after the call.

    Whoever matches takes places without locking their calls: they pass over this one from here on, and what
    they have just done with it is committed and seen. Leave it waiting only after having looked for a match.
    """
    row = tx.connection.execute(_LOCK_OPEN_OF, {"call": call}).one_or_none()
    return Place(*row) if row else None


def glimpse_of(tx: Tx, call: CallId) -> Place | None:
    """The place in which a call waits, not locked: for those who only read, and who hide it from nobody."""
    row = tx.connection.execute(_OPEN_OF, {"call": call}).one_or_none()
    return Place(*row) if row else None


def get(tx: Tx, place: PlaceId) -> Place:
    return Place(*tx.connection.execute(_BY_ID, {"key": place}).one())


def claim(tx: Tx, place: PlaceId, state: PlaceState) -> bool:
    """Move the place to `state` if the rules allow it from where it is; False when it is elsewhere."""
    tx.touched.add(BOARD)
    return tx.connection.execute(_CLAIM[state], {"key": place}).rowcount == 1


def reach(tx: Tx, place: PlaceId, *, reachable: bool) -> None:
    """Note whether the caller can be fetched. Back in hold, they are first told of the 9 again."""
    tx.connection.execute(_REACH, {"key": place, "can_be": reachable})
    if not reachable:
        tx.connection.execute(_REMIND, {"key": place})


def set_ticket(tx: Tx, place: PlaceId, ticket: TicketId) -> None:
    """The place stands for that ticket too."""
    tx.connection.execute(_THIS.values(ticket_id=ticket), {"key": place})


def turn_to(tx: Tx, place: PlaceId, previous: MediatorId, skill: str | None) -> None:
    """Let that mediator be asked first, and else those with the skill."""
    tx.connection.execute(_THIS.values(previous_id=previous, skill=skill), {"key": place})


def end(tx: Tx, place: PlaceId, why: PlaceEnd, now: datetime) -> bool:
    """End the place; False when it had ended before."""
    tx.touched.add(BOARD)
    return tx.connection.execute(_END, {"key": place, "why": why, "now": now}).rowcount == 1


def ends_of(tx: Tx, call: CallId) -> set[PlaceEnd]:
    """How the places of a call ended."""
    found = tx.connection.execute(_ENDS_OF, {"call": call})
    return {end for end in found.scalars() if end is not None}


def oldest_for(tx: Tx, mediator: MediatorId, now: datetime) -> Place | None:
    """The fetchable place that has waited longest among those that suit the mediator; locked.

    A place that another transaction is just changing is passed over: that one matches it itself.
    """
    values = {"mediator": mediator, "now": now, "many": 1}
    row = tx.connection.execute(_OLDEST_FOR, values).one_or_none()
    return Place(*row) if row else None


def waiting(tx: Tx, limit: int) -> list[Place]:
    """The fetchable places that have waited longest; locked, passing over those just being changed."""
    return [Place(*row) for row in tx.connection.execute(_FIRST, {"many": limit})]
