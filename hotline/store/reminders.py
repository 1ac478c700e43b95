"""Reminders of shifts as columns of the shifts: whom to tell, and who takes on the telling."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, select, update

from hotline.queue.ids import MediatorId, ShiftId
from hotline.queue.mediators import Availability
from hotline.queue.shifts import Shift
from hotline.store.accounts import AccountRow
from hotline.store.mediators import MediatorRow
from hotline.store.shifts import ShiftRow, as_shift
from hotline.store.transactions import Tx

_WANTED = (
    select(
        AccountRow.email,
        AccountRow.name,
        AccountRow.language,
        MediatorRow.availability,
        MediatorRow.until,
        ShiftRow.mediator_id,
        ShiftRow.id,
        ShiftRow.weekday,
        ShiftRow.day,
        ShiftRow.start,
        ShiftRow.end,
        ShiftRow.zone,
        ShiftRow.reminded_for,
    )
    .join(MediatorRow, MediatorRow.id == AccountRow.mediator_id)
    .join(ShiftRow, ShiftRow.mediator_id == MediatorRow.id)
    .where(AccountRow.active, AccountRow.wants_reminders, AccountRow.password.is_not(None))
    .where(MediatorRow.has_number)
    .order_by(AccountRow.id, ShiftRow.id)
)
_TELL = (
    update(ShiftRow)
    .where(ShiftRow.id == bindparam("key"), ShiftRow.reminded_for.is_not_distinct_from(bindparam("was")))
    .values(reminded_for=bindparam("told_for"))
)


@dataclass(slots=True)
class Rota:
    """Somebody who wants to be reminded, and all their shifts."""

    email: str
    name: str
    language: str
    availability: Availability
    until: datetime | None
    """The end of what they are now; None: no end by itself."""
    shifts: dict[ShiftId, Shift] = field(default_factory=dict)
    told: dict[ShiftId, datetime | None] = field(default_factory=dict)
    """The start that each shift was last told for."""

    def is_back_before(self, end: datetime) -> bool:
        """Whether their telephone rings again before then, without a hand of theirs."""
        rests = self.availability in (Availability.AWAY, Availability.OFF)
        return not rests or (self.until is not None and self.until < end)


def wanted(tx: Tx) -> Iterable[Rota]:
    """Everybody who has taken up their account, has shifts, a number, and wants to be reminded of them."""
    found: dict[MediatorId, Rota] = {}
    for email, name, language, now_is, until, mediator, key, *when, told in tx.connection.execute(_WANTED):
        rota = found.setdefault(MediatorId(mediator), Rota(email, name, language, now_is, until))
        rota.shifts[ShiftId(key)] = as_shift(*when)
        rota.told[ShiftId(key)] = told
    return found.values()


def tell(tx: Tx, shift: ShiftId, was: datetime | None, start: datetime | None) -> bool:
    """Write that the shift has been told for that start; False when it is no longer as it was read."""
    values = {"key": shift, "was": was, "told_for": start}
    return tx.connection.execute(_TELL, values).rowcount == 1
