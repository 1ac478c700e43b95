"""Outages: which silence of ours is one, whom it has dropped, and its words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

BEAT_EVERY: Final = timedelta(seconds=5)
LONGEST_SILENCE: Final = timedelta(seconds=15)
"""Without a beat for longer than that we were away; an outage of so long is an alarm by itself."""
ONE_START: Final = timedelta(seconds=2)
"""Processes that start within so short a time start together."""
REACH: Final = timedelta(minutes=5)
"""So long after an outage we may still learn of a call that it has ended."""
KEEP: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which the carrier may have asked us in vain."""

    began_at: datetime
    ended_at: datetime

    @property
    def is_grave(self) -> bool:
        return self.ended_at - self.began_at >= LONGEST_SILENCE


def beat_is_due(last: datetime | None, now: datetime) -> bool:
    """Also after a clock was put back: the last beat is then in the future."""
    return last is None or abs(now - last) >= BEAT_EVERY


def of_beat(last: datetime | None, now: datetime) -> Outage | None:
    """The outage that a beat ends which comes too late."""
    late = last is not None and now - last > LONGEST_SILENCE
    return Outage(last, now) if last is not None and late else None


def of_start(last: datetime | None, latest_end: datetime | None, now: datetime) -> Outage | None:
    """The outage that a start ends: whatever starts had stopped before, however short a time.

    `latest_end`: of the outages that are known. One that has ended just now is that of this start, noted by
    another process; how fresh the last beat is says nothing, as it may be of a process that went on. In a
    database in which nobody has beaten yet it is an instant, that of the start.
    """
    is_noted = latest_end is not None and abs(now - latest_end) < ONE_START
    return None if is_noted else Outage(min(last or now, now), now)


def dropped_by(
    known: Iterable[Outage], started_at: datetime, answered_at: datetime | None, now: datetime
) -> Outage | None:
    """The outage by which a call has ended of whose end we learn now; None when it was none of ours.

    A call that has had an answer of ours after the outage has outlived it.
    """

    def dropped(outage: Outage) -> bool:
        is_near = abs(now - outage.ended_at) < REACH
        has_outlived = answered_at is not None and answered_at > outage.ended_at
        return is_near and started_at < outage.ended_at and not has_outlived

    return max(filter(dropped, known), key=lambda one: one.ended_at, default=None)


def on_the_line(outage: Outage, zone: str, many: int) -> str:
    """The detail of the alarm that there was an outage."""
    return f"{_from_to(outage, zone)} ; appels en cours : {many}"


def to_be_called_back(outage: Outage, zone: str) -> str:
    """The detail of the alarm that somebody was dropped by it."""
    return f"{_from_to(outage, zone)} ; une personne coupée est à rappeler"


def _from_to(outage: Outage, zone: str) -> str:
    return f"du {_at(outage.began_at, zone)} au {_at(outage.ended_at, zone)}"


def _at(instant: datetime, zone: str) -> str:
    return instant.astimezone(ZoneInfo(zone)).strftime("%d/%m/%Y à %H:%M:%S")
