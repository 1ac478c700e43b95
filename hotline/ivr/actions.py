"""What is done for a caller, in no provider's words."""

from dataclasses import dataclass
from datetime import timedelta

from hotline.ivr.prompts import Sentences
from hotline.queue.tickets import BestTime


@dataclass(frozen=True, slots=True)
class Say:
    sentences: Sentences
    language: str
    slow: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """Say all that is to be said while a key may already be pressed; then wait.

    One digit, or with `many` as many as are keyed until # or until `silence` after the last one.
    """

    silence: timedelta
    many: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """Take a voice message after a signal: until a key, `silence`, or `longest`."""

    longest: timedelta
    silence: timedelta


@dataclass(frozen=True, slots=True)
class Ring:
    """Ring the mediator of the offer, from the caller's leg."""

    offer: int


@dataclass(frozen=True, slots=True)
class Hold:
    """Let the caller wait; wait turns follow."""


@dataclass(frozen=True, slots=True)
class HangUp:
    pass


@dataclass(frozen=True, slots=True)
class Seek:
    """Asks the switchboard: a mediator for this topic (None: anyone) and language."""

    topic: str | None
    language: str


@dataclass(frozen=True, slots=True)
class Promise:
    """Asks the switchboard: see to it that the caller is called back.

    Once more for the same call refines what is written. `number` None: the one written before, else the
    number they call from. `own`: the number they call from, whatever was written before. `best` None: what
    was said before, else any time.
    """

    number: str | None = None
    own: bool = False
    best: BestTime | None = None


Action = Ask | Record | Ring | Hold | HangUp
Request = Seek | Promise
