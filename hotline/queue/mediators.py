"""A mediator's availability, and what a missed offer does to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class Availability(StrEnum):
    AVAILABLE = "available"
    OFFERED = "offered"
    ON_CALL = "on_call"
    WRAP_UP = "wrap_up"
    CALLING_BACK = "calling_back"
    """They use their telephone to call somebody back: it does not ring meanwhile."""
    AWAY = "away"
    OFF = "off"


PRESENT = frozenset(
    {
        Availability.AVAILABLE,
        Availability.OFFERED,
        Availability.ON_CALL,
        Availability.WRAP_UP,
        Availability.CALLING_BACK,
    }
)
"""On duty means: present, and a shift or a manual switch covers now."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How offers that came to nothing are followed up."""

    misses: int
    """So many missed in a row, and the mediator is away for `pause`."""
    pause: timedelta
    breather: timedelta
    """After any offer: the telephone is hung up before it rings again."""


MISSED: Final = "missed"
"""The reason of whom unanswered offers set away."""
COORDINATOR: Final = "coordinator"
"""The reason of whom somebody else paused."""
RESUMED: Final = "resumed"
"""The reason of whom somebody else made available again."""
BREATHER: Final = "breather"
"""The reason of a wrap-up in which there is nothing to write: an offer has come to nothing."""
SETTLED: Final = "settled"
"""That of another such: whom they were calling back does not wait for that any more."""
BREATHERS: Final = frozenset({BREATHER, SETTLED})


@dataclass(frozen=True, slots=True)
class Standing:
    """What a mediator is now, until when (None: no end by itself), and the misses in a row.

    `reason`: why they are away or rest, one of the above or their own word for it; or who has ended that.
    """

    availability: Availability
    until: datetime | None = None
    misses: int = 0
    reason: str | None = None


def after_offer(misses: int, *, missed: bool, now: datetime, patience: Patience) -> Standing:
    """A short breather, or away for a while when too many offers in a row went unanswered.

    Both end by themselves: a volunteer who has no dashboard at hand is not lost for the day.
    """
    if not missed:
        return breather(misses, now, patience)
    if misses + 1 < patience.misses:
        return breather(misses + 1, now, patience)
    return Standing(Availability.AWAY, now + patience.pause, reason=MISSED)


def breather(misses: int, now: datetime, patience: Patience, reason: str = BREATHER) -> Standing:
    """A few seconds in which their telephone is hung up."""
    return Standing(Availability.WRAP_UP, now + patience.breather, misses, reason)
