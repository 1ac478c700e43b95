"""Shifts as somebody plans them: what would change nothing does not go into the rota."""

from collections.abc import Mapping

from hotline.queue.ids import MediatorId, ShiftId
from hotline.queue.shifts import Shift, is_covered, overlapping
from hotline.store import mediators, shifts
from hotline.switchboard import duty
from hotline.switchboard.moment import Moment


class NeverRung(Exception):
    """There is no such mediator, or their account is closed."""


class CoveredAlready(Exception):
    """They are on duty then by the shifts that are `there`."""

    def __init__(self, name: str, there: Mapping[ShiftId, Shift]) -> None:
        super().__init__(name, there)
        self.name = name
        self.there = there


def plan(m: Moment, mediator: MediatorId, shift: Shift) -> bool:
    """Put a shift into the rota; the answer: whether a part of it was in there already, as their own.

    Raises NeverRung and CoveredAlready.
    """
    here = mediators.get(m.tx, mediator)
    if here is None or not here.active:
        raise NeverRung(mediator)
    mine = shifts.of(m.tx, mediator)
    beside = overlapping(shift, mine.values())
    if is_covered(shift, beside):
        raise CoveredAlready(here.name, {key: one for key, one in mine.items() if one in beside})
    duty.add_shift(m, mediator, shift)
    return bool(beside)
