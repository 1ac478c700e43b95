"""What a caller in hold is told: the place in the queue and the expected wait. Neither ever grows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

STEP: Final = timedelta(minutes=5)
"""The expected wait is a multiple of it: a finer one would promise what nobody can know."""
FEWEST: Final = 5
"""With fewer handle times nothing is said: one long talk would decide."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a caller has heard in this wait so far."""

    position: int | None = None
    expected: timedelta | None = None


def expected(position: int, recent: Sequence[timedelta], mediators: int) -> timedelta | None:
    """The wait of the caller at `position` (1 is next): recent handle times, shared by suitable mediators.

    Rounded up to a whole STEP. None: it cannot be known.
    """
    if len(recent) < FEWEST or mediators < 1:
        return None
    # one division, at the end: a mean that is rounded up by a microsecond would cost five minutes
    steps = -(-position * sum(recent, timedelta()) // (len(recent) * mediators * STEP))
    return max(steps, 1) * STEP


def tell(told: Told, position: int, expected: timedelta | None) -> Told:
    """What the caller will have heard when told now: never more than before.

    While `expected` is None no wait is said; what was said before still holds for the next one.
    """
    return Told(
        position=position if told.position is None else min(told.position, position),
        expected=_least(told.expected, expected),
    )


def _least(before: timedelta | None, now: timedelta | None) -> timedelta | None:
    known = [one for one in (before, now) if one is not None]
    return min(known, default=None)
