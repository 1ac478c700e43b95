"""What became of a call: exactly one outcome, the first that applies."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Outcome(StrEnum):
    BLOCKED = "blocked"
    ANSWERED = "answered"
    CALLBACK = "callback"
    MESSAGE = "message"
    FAILED = "failed"
    INFORMED = "informed"
    SHORT = "short"
    ABANDONED_IN_QUEUE = "abandoned_in_queue"
    ABANDONED_IN_MENU = "abandoned_in_menu"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a call when it has ended."""

    lasted: timedelta
    blocked: bool = False
    answered: bool = False
    callback: bool = False
    message: bool = False
    failed: bool = False
    informed: bool = False
    queued: bool = False


def outcome(facts: Facts, short: timedelta) -> Outcome:
    """Name the outcome; `short` is the limit below which leaving counts as a misdial."""
    first = next((name for name, applies in _settled(facts) if applies), None)
    if first is not None:
        return first
    if facts.lasted < short:
        return Outcome.SHORT
    return Outcome.ABANDONED_IN_QUEUE if facts.queued else Outcome.ABANDONED_IN_MENU


def _settled(facts: Facts) -> tuple[tuple[Outcome, bool], ...]:
    return (
        (Outcome.BLOCKED, facts.blocked),
        (Outcome.ANSWERED, facts.answered),
        (Outcome.CALLBACK, facts.callback),
        (Outcome.MESSAGE, facts.message),
        (Outcome.FAILED, facts.failed),
        (Outcome.INFORMED, facts.informed),
    )
