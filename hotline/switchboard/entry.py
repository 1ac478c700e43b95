"""A call comes in: whether it is taken, and what is known of who calls."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from hotline.ivr.events import Arrived, Refusal
from hotline.ivr.script import Script
from hotline.store import callers, usage
from hotline.switchboard.moment import Moment


def arrived(m: Moment, script: Script, number_index: bytes | None) -> Arrived:
    """What the flow is told of a new call; its row is not counted in the limits yet."""
    is_open = script.opening.is_open(m.now)
    return Arrived(
        now=m.now,
        open=is_open,
        knows_number=number_index is not None,
        opens_at=None if is_open else script.opening.next_opening(m.now),
        language=callers.language(m.tx, number_index) if number_index is not None else None,
        refusal=_refusal(m, script, number_index),
    )


def _refusal(m: Moment, script: Script, number_index: bytes | None) -> Refusal | None:
    if number_index is not None and callers.is_blocked(m.tx, number_index, m.now):
        return Refusal.BLOCKED
    limits = script.limits
    most = limits.calls_an_hour if number_index is not None else limits.anonymous_calls_an_hour
    if usage.calls_of(m.tx, number_index, script.name, m.now - timedelta(hours=1)) >= most:
        return Refusal.OFTEN
    if number_index is None:
        return None
    midnight = m.now.astimezone(ZoneInfo(script.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    used = usage.time_of(m.tx, number_index, script.name, midnight, m.now)
    return Refusal.OFTEN if used >= timedelta(minutes=limits.minutes_a_day) else None
