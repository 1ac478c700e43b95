"""A leg that a Dial has made: rings, hears the whisper, is connected to the caller, ends."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass, field

from simpy.events import Event

from hotline.simulator.documents import DocumentFailed
from hotline.simulator.engine import Steps
from hotline.simulator.exchange import Exchange
from hotline.simulator.legs import Ask, EndedBy, Leg, LegGone, LegUpdated, Status, StatusHook
from hotline.simulator.trace import Kind
from hotline.simulator.walk import Walk, number_of

WHISPER = "number.url"


@dataclass
class Dialling:
    """One running Dial: the caller's leg, the legs made for it, and which of them was connected."""

    walk: Walk
    verb: ET.Element
    caller_id: str
    may_show: bool
    legs: list[Leg] = field(default_factory=list)
    open: list[Leg] = field(default_factory=list)
    bridged: Leg | None = None
    last: Leg | None = None
    status_of_last: Status = Status.FAILED

    def __post_init__(self) -> None:
        self.over: Event = self.exchange.engine.env.event()

    @property
    def exchange(self) -> Exchange:
        return self.walk.exchange

    @property
    def caller(self) -> Leg:
        return self.walk.leg

    def begin_round(self) -> None:
        self.over = self.exchange.engine.env.event()

    def start(self, number: ET.Element) -> None:
        to = (number.text or "").strip()
        leg = self.exchange.new_leg(self.caller_id, to, "outbound-dial", self.caller)
        leg.hook = self._hook(number)
        self.legs.append(leg)
        self.open.append(leg)
        leg.process = self.exchange.engine.spawn(live_dialled(self, leg, number))

    def cut(self, by: EndedBy, but: Leg | None = None) -> None:
        """End the legs that are not connected; those which still ring are canceled."""
        readings = self.exchange.faults.readings
        for leg in self.open:
            if leg is not but:
                ringing = Status(readings.caller_gone_while_ringing) if by == "caller" else Status.CANCELED
                leg.interrupt(LegGone("line", None if leg.answered_at else ringing))

    def closed(self, leg: Leg, status: Status) -> None:
        """A leg has ended, or has gone its own way; with the last one the Dial is over."""
        self.open.remove(leg)
        if self.bridged in (None, leg):
            self.last, self.status_of_last = leg, status
        if leg is self.bridged:
            self._unbridge(leg)
        if not self.open and not self.over.triggered:
            self.over.succeed()

    def bridge(self, leg: Leg) -> None:
        self.bridged = leg
        self.cut("line", but=leg)
        self.caller.answer()
        self.caller.talking_to, leg.talking_to = leg, self.caller
        self.exchange.trace.add(
            Kind.BRIDGED, leg.sid, number=leg.number, caller=self.caller.number, caller_leg=self.caller.sid
        )

    def _unbridge(self, leg: Leg) -> None:
        leg.talking_to = None
        if self.caller.talking_to is leg:
            self.caller.talking_to = None
        self.exchange.trace.add(Kind.UNBRIDGED, leg.sid, number=leg.number, caller_leg=self.caller.sid)

    def result(self) -> dict[str, str]:
        leg = self.bridged or self.last
        params = {"DialCallStatus": str(self.status_of_last), "DialBridged": str(bool(self.bridged)).lower()}
        if leg is not None:
            params |= {"DialCallSid": leg.sid, "DialCallDuration": str(leg.duration)}
        return params

    def _hook(self, number: ET.Element) -> StatusHook | None:
        url = number.get("statusCallback")
        if not url:
            return None
        events = tuple(number.get("statusCallbackEvent", "completed").split())
        method = number.get("statusCallbackMethod", "POST")
        return StatusHook(self.walk.document.resolve(url), method, events)


def live_dialled(dialling: Dialling, leg: Leg, number: ET.Element) -> Steps[None]:
    """The life of a dialled leg."""
    progress = dialling.walk.progress
    try:
        yield from _ring_and_talk(dialling, leg, number)
        progress.end(leg, "line")
    except LegGone as gone:
        progress.end(leg, gone.by, gone.status)
    except LegUpdated as update:
        dialling.closed(leg, Status.COMPLETED)
        yield from dialling.walk.script.live(leg, update.source)
        return
    dialling.closed(leg, _status_for_dial(dialling, leg))


def _ring_and_talk(dialling: Dialling, leg: Leg, number: ET.Element) -> Steps[None]:
    progress = dialling.walk.progress
    if not dialling.may_show:
        progress.become(leg, Status.INITIATED)
        raise LegGone("carrier", Status.FAILED)
    status = yield from progress.ring(leg, number_of(dialling.verb, "timeout", 30))
    if status is not Status.IN_PROGRESS:
        raise LegGone("callee", status)
    if dialling.exchange.faults.readings.parallel_cut == "first_pickup":
        dialling.cut("line", but=leg)
    yield from _whisper(dialling, leg, number)
    if dialling.bridged is None:
        dialling.bridge(leg)
        yield from dialling.exchange.engine.pause(number_of(dialling.verb, "timeLimit", 14400))
        raise LegGone("carrier")


def _whisper(dialling: Dialling, leg: Leg, number: ET.Element) -> Steps[None]:
    """The document for the callee alone; a Hangup in it ends the leg, any other end connects."""
    url = number.get("url")
    if not url:
        return
    exchange = dialling.exchange
    exchange.trace.add(Kind.WHISPER, leg.sid, number=leg.number)
    source = Ask(dialling.walk.document.resolve(url), number.get("method", "POST"))
    try:
        yield from dialling.walk.script.follow(leg, source, WHISPER)
    except DocumentFailed:
        if exchange.faults.readings.failing_whisper == "end":
            raise LegGone("carrier") from None


def _status_for_dial(dialling: Dialling, leg: Leg) -> Status:
    refused = leg.answered_at is not None and leg is not dialling.bridged
    return Status(dialling.exchange.faults.readings.refused_whisper) if refused else leg.status
