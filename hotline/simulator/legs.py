"""A leg: one telephone connected to the carrier, with what it hears and what its owner may do."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from simpy import Process
from simpy.events import Event

from hotline.simulator.engine import Engine
from hotline.simulator.trace import Kind, Trace

EndedBy = Literal["caller", "callee", "line", "carrier"]
Direction = Literal["inbound", "outbound-api", "outbound-dial"]


class Status(StrEnum):
    QUEUED = "queued"
    INITIATED = "initiated"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    FAILED = "failed"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"


OPEN = {Status.QUEUED, Status.INITIATED, Status.RINGING, Status.IN_PROGRESS}


@dataclass(frozen=True, slots=True)
class Heard:
    at: datetime
    text: str
    language: str
    by: Literal["say", "play", "tone"]
    audio: str | None = None
    # Heard in a queue.
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """Get the next document from this address."""

    url: str
    method: str = "POST"
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inline:
    """The next document is given as it stands."""

    twiml: str


Source = Ask | Inline


class LegGone(Exception):
    """The leg ends now: `by` whom, and with which status if not by the ordinary rule."""

    def __init__(self, by: EndedBy, status: Status | None = None) -> None:
        super().__init__(by, status)
        self.by = by
        self.status = status


class LegUpdated(Exception):
    """The customer has sent the leg to another document."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.source = source


@dataclass(frozen=True, slots=True)
class StatusHook:
    """Where, how and for which events the customer wants to be told of a leg's progress."""

    url: str
    method: str = "POST"
    events: tuple[str, ...] = ("completed",)


class Gathering:
    """A <Gather> which is listening: what was typed or spoken and is not yet used."""

    def __init__(self, engine: Engine) -> None:
        self.keys = ""
        self.speech: str | None = None
        self.input: Event = engine.env.event()
        self._engine = engine

    def press(self, keys: str) -> None:
        self.keys += keys
        self._notice()

    def speak(self, text: str) -> None:
        self.speech = text
        self._notice()

    def _notice(self) -> None:
        if not self.input.triggered:
            self.input.succeed()

    def listen_again(self) -> None:
        self.input = self._engine.env.event()


@dataclass(frozen=True, slots=True)
class Ends:
    """Who is at the two ends of a leg, and which leg made it."""

    from_number: str
    to_number: str
    direction: Direction
    parent_sid: str | None = None


class Leg:
    """Public attributes are for reading; a person acts through press, speak and hang_up."""

    def __init__(self, engine: Engine, trace: Trace, sid: str, ends: Ends) -> None:
        self.sid = sid
        self.ends = ends
        self.status = Status.RINGING if ends.direction == "inbound" else Status.QUEUED
        self.created_at = engine.now()
        self.answered_at: datetime | None = None
        self.ended_at: datetime | None = None
        self.ended_by: EndedBy | None = None
        self.heard: list[Heard] = []
        self.talking_to: Leg | None = None
        self.in_queue: str | None = None
        self.gathering: Gathering | None = None
        self.recording: Gathering | None = None
        self.hook: StatusHook | None = None
        self.fallback: Ask | None = None
        self.cookies: dict[str, str] = {}
        self.sequence = 0
        self.documents_now = (0.0, 0)
        self.queue_time = 0.0
        self.picked_up: Event = engine.env.event()
        self.asked: Event = engine.env.event()
        self.process: Process | None = None
        self._engine = engine
        self._trace = trace

    @property
    def number(self) -> str:
        """The number of the person at the far end."""
        return self.ends.from_number if self.ends.direction == "inbound" else self.ends.to_number

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def duration(self) -> int:
        if self.answered_at is None:
            return 0
        return int(((self.ended_at or self._engine.now()) - self.answered_at).total_seconds())

    def heard_text(self) -> str:
        return "\n".join(one.text for one in self.heard)

    def press(self, keys: str) -> None:
        self._engine.act(lambda: self.put_keys(keys))

    def speak(self, text: str) -> None:
        """Say something aloud: a speech <Gather> understands it, a <Record> records it."""
        self._engine.act(lambda: self.put_words(text))

    def hang_up(self) -> None:
        by: EndedBy = "caller" if self.ends.direction == "inbound" else "callee"
        self._engine.act(lambda: self.interrupt(LegGone(by)))

    def hear(self, heard: Heard) -> None:
        self.heard.append(heard)

    def answer(self) -> None:
        """The line takes the call; what has been answered stays answered."""
        if self.status is Status.IN_PROGRESS or not self.is_open:
            return
        self.status = Status.IN_PROGRESS
        self.answered_at = self._engine.now()
        self._trace.add(Kind.ANSWERED, self.sid, number=self.number, direction=self.ends.direction)

    def interrupt(self, cause: LegGone | LegUpdated) -> None:
        """Break into whatever the leg is doing, once the present event is over."""
        if self.process is not None and self.process.is_alive and self.is_open:
            self.process.interrupt(cause)

    def listen(self, gathering: Gathering | None) -> None:
        self.gathering = gathering
        if gathering is not None and not self.asked.triggered:
            self.asked.succeed()

    def put_keys(self, keys: str) -> None:
        listener = self.gathering or self.recording
        # A key that nobody listens for is lost, also when the question comes an instant later.
        self._trace.add(Kind.KEY_PRESSED, self.sid, number=self.number, keys=keys, kept=listener is not None)
        if listener is not None:
            listener.press(keys)

    def put_words(self, text: str) -> None:
        listener = self.gathering or self.recording
        self._trace.add(Kind.SPOKE, self.sid, number=self.number, text=text, kept=listener is not None)
        if listener is not None:
            listener.speak(text)
