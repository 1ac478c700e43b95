"""What can happen to a caller, in no provider's words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Miss(StrEnum):
    """Why a mediator who was rung did not take the call."""

    DECLINED = "declined"
    BUSY = "busy"
    UNANSWERED = "unanswered"
    FAILED = "failed"
    NOT_BRIDGED = "not_bridged"


class Refusal(StrEnum):
    """Why a call is not taken."""

    BLOCKED = "blocked"
    """A coordinator has blocked the number."""
    OFTEN = "often"
    """Too many calls, or too many minutes, from this number, or from withheld numbers together."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """The call has been answered."""

    now: datetime
    open: bool
    knows_number: bool
    opens_at: datetime | None = None
    """When the line opens next; None when it is open, or never opens."""
    language: str | None = None
    """What this caller chose an earlier time."""
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Keyed:
    digits: str


@dataclass(frozen=True, slots=True)
class Spoke:
    words: str


@dataclass(frozen=True, slots=True)
class Silent:
    """The time for an answer ran out."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A voice message was left, and is kept."""


@dataclass(frozen=True, slots=True)
class Found:
    """Reply to Seek: this offer is to be rung."""

    offer: int


@dataclass(frozen=True, slots=True)
class AllBusy:
    """Reply to Seek: someone suitable is on duty, nobody is free."""


@dataclass(frozen=True, slots=True)
class QueueFull:
    """Reply to Seek: someone suitable is on duty, but too many wait already."""


@dataclass(frozen=True, slots=True)
class NobodyOnDuty:
    """Reply to Seek."""


@dataclass(frozen=True, slots=True)
class Promised:
    """Reply to Promise: the ticket is written."""

    now: datetime
    number: str | None
    """The number that will be called, in E.164."""
    code: str
    """Four digits that the mediator will say."""
    expect_at: datetime | None
    """From when on the caller may expect the call; None: as soon as somebody is free."""


@dataclass(frozen=True, slots=True)
class Missed:
    """The mediator who was rung did not take the call."""

    why: Miss


@dataclass(frozen=True, slots=True)
class WantsCallback:
    """In hold: the caller asked to be called back, and the place is a callback already."""


@dataclass(frozen=True, slots=True)
class WaitedLong:
    """In hold: the longest wait is over."""


@dataclass(frozen=True, slots=True)
class CallTooLong:
    """The call has reached the line's ceiling; no talk is under way."""


@dataclass(frozen=True, slots=True)
class HoldFailed:
    """The carrier could not let the caller wait."""


@dataclass(frozen=True, slots=True)
class Talked:
    """The talk is over and the caller is still on the line."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """The caller is back from hold, or from a ring that came to nothing: go on where we were."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Something failed on the way, and the carrier asks what to do now."""


Reply = Found | AllBusy | QueueFull | NobodyOnDuty | Promised
Answer = Keyed | Spoke | Silent | Recorded


@dataclass(frozen=True, slots=True)
class Transferred:
    """The mediator hands the caller on, to somebody for this topic (None: to anyone)."""

    topic: str | None


GoneOn = (
    Missed | Resumed | Transferred | Lost | WaitedLong | CallTooLong | HoldFailed | Talked | WantsCallback
)
Event = Arrived | Answer | Reply | GoneOn
