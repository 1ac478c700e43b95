"""Mediators: who they are, what they can do, and whether they are free."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    Index,
    LargeBinary,
    String,
    and_,
    bindparam,
    delete,
    insert,
    select,
    true,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from hotline.queue.ids import MediatorId
from hotline.queue.mediators import Availability, Standing
from hotline.store import claims
from hotline.store.base import Base, one_of
from hotline.store.topics import BOARD, CALLBACKS, of_mediator
from hotline.store.transactions import Tx


class MediatorRow(Base):
    __tablename__ = "mediators"
    __table_args__ = (Index("ix_mediators_free", "availability", "idle_since", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    number: Mapped[bytes] = mapped_column(LargeBinary)
    number_index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    active: Mapped[bool] = mapped_column(server_default=true())
    """False: their account is closed. They are never on duty."""
    has_number: Mapped[bool] = mapped_column(server_default=true())
    """False: their number was freed; `number` is empty then, and `number_index` that of none. They are not on
    duty until they have another one."""
    availability: Mapped[Availability]
    until: Mapped[datetime | None]
    """The end of wrap-up, of calling back or of a pause; None: no end by itself."""
    idle_since: Mapped[datetime]
    misses: Mapped[int]
    manual_until: Mapped[datetime | None]
    """On duty until then whatever the shifts say."""
    away_reason: Mapped[str | None] = mapped_column(String(24))
    """Why they are away or rest, as their standing says it."""


class MediatorSkillRow(Base):
    __tablename__ = "mediator_skills"
    mediator_id: Mapped[int] = mapped_column(ForeignKey("mediators.id"), primary_key=True)
    skill: Mapped[str] = mapped_column(String(64), primary_key=True)


class MediatorLanguageRow(Base):
    __tablename__ = "mediator_languages"
    mediator_id: Mapped[int] = mapped_column(ForeignKey("mediators.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(16), primary_key=True)


@dataclass(frozen=True, slots=True)
class Mediator:
    id: MediatorId
    name: str
    availability: Availability
    until: datetime | None
    idle_since: datetime
    misses: int
    manual_until: datetime | None
    away_reason: str | None = None
    has_number: bool = True
    active: bool = True


COLUMNS = [getattr(MediatorRow, one.name) for one in fields(Mediator)]
_BY_ID = select(*COLUMNS).where(MediatorRow.id == bindparam("key"))
_BY_INDEX = select(MediatorRow.id).where(MediatorRow.number_index == bindparam("index"))
_LOCK = _BY_ID.with_for_update(key_share=True)
_NUMBER = select(MediatorRow.number).where(MediatorRow.id == bindparam("key"))
_CLAIM = (
    update(MediatorRow)
    .where(
        MediatorRow.id == bindparam("key"),
        MediatorRow.availability.in_(bindparam("came_from", expanding=True)),
    )
    .values(
        availability=bindparam("to_state"),
        until=bindparam("to_end"),
        misses=bindparam("so_many"),
        away_reason=bindparam("why"),
        idle_since=bindparam("now"),
    )
)
RESTED = and_(
    one_of(
        MediatorRow.availability,
        [Availability.WRAP_UP, Availability.CALLING_BACK, Availability.AWAY, Availability.OFF],
    ),
    MediatorRow.until <= bindparam("now"),
)
"""Whose wrap-up, time for calling back, pause or time off is over."""
_LOCK_RESTED = select(MediatorRow.id).where(RESTED).with_for_update(skip_locked=True, key_share=True)


def add(
    tx: Tx, name: str, number: str, languages: Iterable[str], skills: Iterable[str], now: datetime
) -> MediatorId:
    """Write a new mediator, available. Raises IntegrityError when the number is another mediator's."""
    values = {
        "name": name,
        "number": tx.sealer.seal(number),
        "number_index": tx.sealer.index(number),
        "availability": Availability.AVAILABLE,
        "idle_since": now,
        "misses": 0,
    }
    tx.touched |= {BOARD, CALLBACKS}
    key = tx.connection.execute(insert(MediatorRow), values).inserted_primary_key
    assert key is not None
    _add_all(tx, MediatorId(key[0]), languages, skills)
    return MediatorId(key[0])


def change(
    tx: Tx, mediator: MediatorId, number: str | None, languages: Iterable[str], skills: Iterable[str]
) -> None:
    """Replace the number, the languages and the skills, where some are given."""
    # which callbacks suit nobody depends on what everybody can do
    tx.touched |= {BOARD, CALLBACKS, of_mediator(mediator)}
    if number:
        values = {"number": tx.sealer.seal(number), "number_index": tx.sealer.index(number)}
        mine = update(MediatorRow).where(MediatorRow.id == mediator)
        tx.connection.execute(mine.values(**values, has_number=True))
    if languages:
        spoken = MediatorLanguageRow.mediator_id == mediator
        tx.connection.execute(delete(MediatorLanguageRow).where(spoken))
    if skills:
        tx.connection.execute(delete(MediatorSkillRow).where(MediatorSkillRow.mediator_id == mediator))
    _add_all(tx, mediator, languages, skills)


def _add_all(tx: Tx, mediator: MediatorId, languages: Iterable[str], skills: Iterable[str]) -> None:
    spoken = [{"mediator_id": mediator, "language": one} for one in languages]
    known = [{"mediator_id": mediator, "skill": one} for one in skills]
    if spoken:
        tx.connection.execute(insert(MediatorLanguageRow), spoken)
    if known:
        tx.connection.execute(insert(MediatorSkillRow), known)


def every(tx: Tx) -> list[Mediator]:
    return [Mediator(*row) for row in tx.connection.execute(select(*COLUMNS).order_by(MediatorRow.id))]


def get(tx: Tx, mediator: MediatorId) -> Mediator | None:
    row = tx.connection.execute(_BY_ID, {"key": mediator}).one_or_none()
    return Mediator(*row) if row else None


def lock(tx: Tx, mediator: MediatorId) -> Mediator:
    """The mediator, whom nobody else moves until the end of the transaction."""
    return Mediator(*tx.connection.execute(_LOCK, {"key": mediator}).one())


def by_number(tx: Tx, number: str) -> MediatorId | None:
    return by_index(tx, tx.sealer.index(number))


def by_index(tx: Tx, number_index: bytes) -> MediatorId | None:
    """Whose telephone has the number of that index."""
    key = tx.connection.execute(_BY_INDEX, {"index": number_index}).scalar_one_or_none()
    return MediatorId(key) if key is not None else None


def number(tx: Tx, mediator: MediatorId) -> str:
    """In E.164; empty when they have none."""
    return tx.sealer.open(tx.connection.execute(_NUMBER, {"key": mediator}).scalar_one())


def secret_fits(tx: Tx) -> bool:
    """Whether a sealed number can be opened; true when there is none yet."""
    sealed = tx.connection.execute(select(MediatorRow.number).limit(1)).scalar_one_or_none()
    return sealed is None or tx.sealer.opens(sealed)


def skills(tx: Tx, mediator: MediatorId) -> list[str]:
    found = select(MediatorSkillRow.skill).where(MediatorSkillRow.mediator_id == mediator)
    return list(tx.connection.execute(found.order_by(MediatorSkillRow.skill)).scalars())


def languages(tx: Tx, mediator: MediatorId) -> list[str]:
    found = select(MediatorLanguageRow.language).where(MediatorLanguageRow.mediator_id == mediator)
    return list(tx.connection.execute(found.order_by(MediatorLanguageRow.language)).scalars())


def claim(
    tx: Tx, mediator: MediatorId, came_from: Iterable[Availability], standing: Standing, now: datetime
) -> bool:
    """Move the mediator on, if they are in one of the states; False when they are not.

    Every move counts for idleness: becoming free, the last offer, the last call.
    """
    values = {
        "key": mediator,
        "came_from": list(came_from),
        "to_state": standing.availability,
        "to_end": standing.until,
        "so_many": standing.misses,
        "why": standing.reason,
        "now": now,
    }
    tx.touched |= {BOARD, of_mediator(mediator)}
    return tx.connection.execute(_CLAIM, values).rowcount == 1


def switch_on(tx: Tx, mediator: MediatorId, until: datetime | None) -> None:
    """Put the mediator on duty by hand until then; None: by shifts alone."""
    tx.touched |= {BOARD, of_mediator(mediator)}
    tx.connection.execute(update(MediatorRow).where(MediatorRow.id == mediator).values(manual_until=until))


def rename(tx: Tx, mediator: MediatorId, name: str) -> None:
    tx.touched |= {BOARD, of_mediator(mediator)}
    tx.connection.execute(update(MediatorRow).where(MediatorRow.id == mediator).values(name=name))


def set_active(tx: Tx, mediator: MediatorId, active: bool) -> None:
    """Whether their telephone ever rings."""
    tx.touched |= {BOARD, CALLBACKS, of_mediator(mediator)}
    tx.connection.execute(update(MediatorRow).where(MediatorRow.id == mediator).values(active=active))


def free_number(tx: Tx, mediator: MediatorId, states: Iterable[Availability]) -> bool:
    """Take their number away, if they are in one of the states; False when they are not, or have none."""
    able = and_(MediatorRow.id == mediator, MediatorRow.has_number, one_of(MediatorRow.availability, states))
    # random: the index of no number, and of none but this row
    nobodys = {"number": tx.sealer.seal(""), "number_index": os.urandom(32), "has_number": False}
    tx.touched |= {BOARD, CALLBACKS, of_mediator(mediator)}
    return tx.connection.execute(update(MediatorRow).where(able).values(**nobodys)).rowcount == 1


def release(tx: Tx, now: datetime) -> list[MediatorId]:
    """Make free those whose rest is over by now; whoever has claimed a callback is calling back instead."""
    ids = [MediatorId(key) for key in tx.connection.execute(_LOCK_RESTED, {"now": now}).scalars()]
    if not ids:
        return []
    busy = claims.until(tx, ids, now)
    free = [one for one in ids if one not in busy]
    rested = update(MediatorRow).values(idle_since=MediatorRow.until, away_reason=None)
    made_free = rested.where(MediatorRow.id.in_(free)).values(availability=Availability.AVAILABLE, until=None)
    tx.connection.execute(made_free)
    for one, until in busy.items():
        call_back = rested.where(MediatorRow.id == one).values(availability=Availability.CALLING_BACK)
        tx.connection.execute(call_back.values(until=until))
    tx.touched.update([BOARD, *map(of_mediator, ids)])
    return free
