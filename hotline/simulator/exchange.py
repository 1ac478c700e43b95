"""What all parts of the carrier share: account, time, trace, lines, telephones, legs and queues."""

import hashlib
from dataclasses import dataclass, field
from itertools import count

from hotline.simulator.engine import Engine
from hotline.simulator.faults import Faults
from hotline.simulator.legs import Direction, Ends, Leg
from hotline.simulator.phones import Phone
from hotline.simulator.sayings import Voice
from hotline.simulator.trace import Kind, Trace


class CarrierViolation(AssertionError):
    """The customer sent something that a real carrier would refuse or warn about."""


@dataclass
class Line:
    """A number of the customer's, and the addresses to ask when it is called."""

    sid: str
    number: str
    voice_url: str
    status_url: str = ""
    fallback_url: str = ""
    sms_url: str = ""
    name: str = ""
    voice_method: str = "POST"
    fallback_method: str = "POST"
    status_method: str = "POST"
    sms_method: str = "POST"


@dataclass
class WaitingQueue:
    sid: str
    name: str
    max_size: int = 1000
    waiting: list[Leg] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    @property
    def average_wait(self) -> int:
        return round(sum(self.waits) / len(self.waits)) if self.waits else 0


class Exchange:
    def __init__(self, account_sid: str, auth_token: str, engine: Engine, faults: Faults, voice: Voice):
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.engine = engine
        self.faults = faults
        self.voice = voice
        self.trace = Trace(engine)
        self.violations: list[str] = []
        self.lines: dict[str, Line] = {}
        self.phones: dict[str, Phone] = {}
        self.legs: dict[str, Leg] = {}
        self.queues: dict[str, WaitingQueue] = {}
        self.recordings: dict[str, dict[str, str]] = {}
        self.next_slot = 0.0
        self.base_url = "http://127.0.0.1"
        self._serial = count(1)

    def sid(self, prefix: str) -> str:
        """An identifier that is the same in each run of a test and differs between two starts."""
        seed = f"{self.engine.start.isoformat()} {self.account_sid} {next(self._serial)}"
        return prefix + hashlib.md5(seed.encode(), usedforsecurity=False).hexdigest()

    def phone(self, number: str) -> Phone:
        if number not in self.phones:
            self.phones[number] = Phone(self.engine, self.trace, number)
        return self.phones[number]

    def queue(self, name: str) -> WaitingQueue:
        if name not in self.queues:
            self.queues[name] = WaitingQueue(self.sid("QU"), name)
        return self.queues[name]

    def new_leg(
        self, from_number: str, to_number: str, direction: Direction, parent: Leg | None = None
    ) -> Leg:
        ends = Ends(from_number, to_number, direction, parent.sid if parent else None)
        leg = Leg(self.engine, self.trace, self.sid("CA"), ends)
        self.legs[leg.sid] = leg
        return leg

    def violate(self, leg: Leg | None, text: str) -> None:
        """Record what a real carrier would refuse; a headless run stops at it."""
        self.violations.append(text)
        self.trace.add(Kind.VIOLATION, leg.sid if leg else None, text=text)
        self.engine.failure = CarrierViolation(text)
