"""What a caller in hold hears next: their position, the offer to be called back, or music."""

from datetime import datetime, timedelta
from enum import StrEnum


class Saying(StrEnum):
    """What was said last."""

    NOTHING = "nothing"
    POSITION = "position"
    CALLBACK = "callback"


def next_saying(said: Saying, said_at: datetime | None, now: datetime, every: timedelta) -> Saying | None:
    """What is said now; None: music.

    The position first, then at once the offer to be called back, then music until it is time to say both
    again. Whoever comes back from a telephone that nobody picked up hears the offer first: while it rang, no
    key of theirs could be heard.
    """
    if said is Saying.NOTHING or said_at is None:
        return Saying.POSITION
    if said is Saying.POSITION:
        return Saying.CALLBACK
    return Saying.POSITION if now - said_at >= every else None
