"""Shifts as rows, and whether one covers now as a condition on columns."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    ForeignKey,
    Integer,
    String,
    and_,
    bindparam,
    delete,
    false,
    insert,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from hotline.queue.ids import MediatorId, ShiftId
from hotline.queue.shifts import MINUTES_A_DAY, Hours, Shift, wall_clock
from hotline.store.base import Base
from hotline.store.mediators import MediatorRow
from hotline.store.topics import BOARD, of_mediator
from hotline.store.transactions import Tx


class ZoneRow(Base):
    """The zones that shifts are written in: few, so that "now" can be worked out for each."""

    __tablename__ = "shift_zones"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)


class ShiftRow(Base):
    __tablename__ = "shifts"
    id: Mapped[int] = mapped_column(primary_key=True)
    mediator_id: Mapped[int] = mapped_column(ForeignKey("mediators.id"), index=True)
    zone: Mapped[str] = mapped_column(ForeignKey("shift_zones.name"))
    weekday: Mapped[int | None]
    """0 is Monday; None: on `day` alone."""
    day: Mapped[date | None]
    start: Mapped[int]
    """Minutes after midnight of the day it begins on."""
    end: Mapped[int]
    """Beyond 1440: on the next day."""
    reminded_for: Mapped[datetime | None]
    """The start that its mediator was last reminded of."""


_ZONES = select(ZoneRow.name).order_by(ZoneRow.name)


@dataclass(frozen=True, slots=True)
class Duty:
    """What fills a statement with the condition `covered(zones)`."""

    zones: int
    values: dict[str, object]


def add(tx: Tx, mediator: MediatorId, shift: Shift) -> ShiftId:
    zone = select(ZoneRow.name).where(ZoneRow.name == shift.zone)
    if tx.connection.execute(zone).first() is None:
        tx.connection.execute(insert(ZoneRow), {"name": shift.zone})
    values = {
        "mediator_id": mediator,
        "zone": shift.zone,
        "weekday": shift.day if isinstance(shift.day, int) else None,
        "day": None if isinstance(shift.day, int) else shift.day,
        "start": shift.hours.start,
        "end": shift.hours.end,
    }
    tx.touched |= {BOARD, of_mediator(mediator)}
    key = tx.connection.execute(insert(ShiftRow), values).inserted_primary_key
    assert key is not None
    return ShiftId(key[0])


def remove(tx: Tx, shift: ShiftId) -> bool:
    """Take a shift out of the rota; False when it is not in it."""
    tx.touched.add(BOARD)
    return tx.connection.execute(delete(ShiftRow).where(ShiftRow.id == shift)).rowcount == 1


def of(tx: Tx, mediator: MediatorId) -> dict[ShiftId, Shift]:
    """The shifts of a mediator, in the order they were written."""
    found = select(ShiftRow.id, ShiftRow.weekday, ShiftRow.day, ShiftRow.start, ShiftRow.end, ShiftRow.zone)
    rows = tx.connection.execute(found.where(ShiftRow.mediator_id == mediator).order_by(ShiftRow.id))
    return {
        ShiftId(key): as_shift(weekday, day, start, end, zone) for key, weekday, day, start, end, zone in rows
    }


def get(tx: Tx, shift: ShiftId) -> tuple[MediatorId, Shift] | None:
    """Whose shift it is, and when; None when it is not in the rota."""
    found = select(
        ShiftRow.mediator_id, ShiftRow.weekday, ShiftRow.day, ShiftRow.start, ShiftRow.end, ShiftRow.zone
    )
    row = tx.connection.execute(found.where(ShiftRow.id == shift)).one_or_none()
    return (MediatorId(row[0]), as_shift(*row[1:])) if row else None


def every(tx: Tx) -> list[tuple[ShiftId, MediatorId, Shift]]:
    """The whole rota, in the order that it was written."""
    found = select(
        ShiftRow.id,
        ShiftRow.mediator_id,
        ShiftRow.weekday,
        ShiftRow.day,
        ShiftRow.start,
        ShiftRow.end,
        ShiftRow.zone,
    )
    return [
        (ShiftId(key), MediatorId(mediator), as_shift(weekday, day, start, end, zone))
        for key, mediator, weekday, day, start, end, zone in tx.connection.execute(
            found.order_by(ShiftRow.id)
        )
    ]


def on_duty(tx: Tx, now: datetime) -> Duty:
    """Who is on duty at `now`: the same rule as queue.shifts.covers, as a condition on mediators."""
    zones = tx.connection.execute(_ZONES).scalars().all()
    values: dict[str, object] = {"now": now}
    for number, zone in enumerate(zones):
        clock = wall_clock(now, zone)
        values |= {
            f"zone_{number}": zone,
            f"minute_{number}": clock.minute,
            f"day_{number}": clock.day,
            f"weekday_{number}": clock.day.weekday(),
            f"yesterday_{number}": clock.yesterday,
            f"weekday_before_{number}": clock.yesterday.weekday(),
        }
    return Duty(len(zones), values)


@cache
def covered(zones: int) -> ColumnElement[bool]:
    """The condition that a mediator's row is on duty, with so many zones: built once, filled by `Duty`."""
    by_shift = or_(false(), *(_covers(number) for number in range(zones)))
    shift = select(ShiftRow.id).where(ShiftRow.mediator_id == MediatorRow.id, by_shift)
    rung = and_(MediatorRow.active, MediatorRow.has_number)
    return and_(rung, or_(MediatorRow.manual_until > bindparam("now"), shift.exists()))


def _covers(zone: int) -> ColumnElement[bool]:
    minute: BindParameter[int] = bindparam(f"minute_{zone}", type_=Integer)
    today = and_(_on(f"day_{zone}", f"weekday_{zone}"), ShiftRow.start <= minute, ShiftRow.end > minute)
    before = _on(f"yesterday_{zone}", f"weekday_before_{zone}")
    since_yesterday = and_(before, ShiftRow.end > minute + MINUTES_A_DAY)
    return and_(ShiftRow.zone == bindparam(f"zone_{zone}"), or_(today, since_yesterday))


def _on(day: str, weekday: str) -> ColumnElement[bool]:
    return or_(ShiftRow.weekday == bindparam(weekday), ShiftRow.day == bindparam(day))


def as_shift(weekday: int | None, day: date | None, start: int, end: int, zone: str) -> Shift:
    """The shift that these columns hold."""
    on = day if weekday is None else weekday
    assert on is not None
    return Shift(on, Hours(start, end), zone)


def is_on_duty(tx: Tx, mediator: MediatorId, now: datetime) -> bool:
    duty = on_duty(tx, now)
    found = select(MediatorRow.id).where(MediatorRow.id == mediator, covered(duty.zones))
    return tx.connection.execute(found, duty.values).first() is not None
