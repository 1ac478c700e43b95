"""The service level: the share of those who asked for a mediator and reached one in time."""

from datetime import timedelta
from typing import Final

THRESHOLD: Final = timedelta(seconds=60)
"""Whoever waited no longer than this was answered in time."""


def is_in_time(wait: timedelta) -> bool:
    """Whether a mediator who came after that wait came in time."""
    return wait <= THRESHOLD


def service_level(in_time: int, answered: int, abandoned: int) -> float | None:
    """Answered in time ÷ (answered + abandoned): from 0 to 1; None when nobody has asked for a mediator.

    `in_time` are those of `answered` whose wait was at most THRESHOLD; `abandoned` are those who left the
    queue after the short-abandon limit (the script's `short_call`): sooner, nobody had a chance to answer.
    Source: docs/adr/0011-service-level.md. Raises ValueError for what cannot be.
    """
    if not 0 <= in_time <= answered or abandoned < 0:
        raise ValueError(f"{in_time} in time of {answered} answered, {abandoned} abandoned")
    asked = answered + abandoned
    return in_time / asked if asked else None
