"""The record of everything that the carrier saw and did."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hotline.simulator.engine import Engine

Param = str | int | float | bool | None | list[str]
KEPT = 20000


class Kind(StrEnum):
    PHONE_REGISTERED = "phone_registered"
    CALL_STARTED = "call_started"
    CALL_QUEUED = "call_queued"
    WEBHOOK = "webhook"
    DOCUMENT = "document"
    SAID = "said"
    PLAYED = "played"
    PAUSED = "paused"
    GATHER_OPENED = "gather_opened"
    GATHER_CLOSED = "gather_closed"
    KEY_PRESSED = "key_pressed"
    SPOKE = "spoke"
    RINGING = "ringing"
    ANSWERED = "answered"
    REJECTED = "rejected"
    WHISPER = "whisper"
    GREETING = "greeting"
    BRIDGED = "bridged"
    UNBRIDGED = "unbridged"
    QUEUE_ENTERED = "queue_entered"
    QUEUE_LEFT = "queue_left"
    RECORDED = "recorded"
    REST = "rest"
    UPDATED = "updated"
    CALLBACK_SPOILT = "callback_spoilt"
    REPEATED = "repeated"
    ERROR = "error"
    VIOLATION = "violation"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class TraceEntry:
    n: int
    at: datetime
    kind: Kind
    leg: str | None
    params: dict[str, Param]


class Trace:
    """Appends entries and wakes whoever waits for news."""

    def __init__(self, engine: Engine) -> None:
        self.entries: list[TraceEntry] = []
        self.last = 0
        self._engine = engine

    def add(self, kind: Kind, leg: str | None = None, **params: Param) -> None:
        with self._engine.changed:
            self.last += 1
            self.entries.append(TraceEntry(self.last, self._engine.now(), kind, leg, params))
            # A process which runs for weeks must not keep everything.
            if len(self.entries) > 2 * KEPT:
                del self.entries[:KEPT]
            self._engine.changed.notify_all()

    def after(self, n: int) -> list[TraceEntry]:
        return [entry for entry in self.entries if entry.n > n]
