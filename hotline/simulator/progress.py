"""How a leg rings, is answered and ends, with the callbacks of each change."""

from hotline.simulator.callbacks import Callbacks
from hotline.simulator.engine import Steps, wait
from hotline.simulator.exchange import Exchange
from hotline.simulator.legs import EndedBy, Leg, Status
from hotline.simulator.trace import Kind


class Progress:
    """The exchange's hand on its legs."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.callbacks = Callbacks(exchange)

    def become(self, leg: Leg, status: Status) -> None:
        leg.status = status
        self.callbacks.tell(leg)

    def ring(self, leg: Leg, timeout: float) -> Steps[Status]:
        """Ring the far end: in-progress when somebody (or a voicemail) answers, else why nobody did."""
        self.become(leg, Status.INITIATED)
        phone = self.exchange.phone(leg.number)
        if phone.behaviour == "unreachable":
            return Status.FAILED
        if phone.engaged or phone.behaviour == "busy":
            return Status.BUSY
        self.become(leg, Status.RINGING)
        phone.ring(leg)
        yield from wait(leg.picked_up | self.exchange.engine.env.timeout(timeout))
        if not leg.picked_up.triggered:
            return Status.NO_ANSWER
        if leg.picked_up.value == "busy":
            self.exchange.trace.add(Kind.REJECTED, leg.sid, number=leg.number)
            return Status.BUSY
        leg.answer()
        phone.take(leg)
        self.callbacks.tell(leg)
        return Status.IN_PROGRESS

    def end(self, leg: Leg, by: EndedBy, status: Status | None = None) -> None:
        if not leg.is_open:
            return
        was_placed = leg.status is not Status.QUEUED
        status = status or _final_status(leg)
        leg.ended_at = self.exchange.engine.now()
        leg.ended_by = by
        leg.talking_to = None
        leg.status = status
        if leg.number in self.exchange.phones:
            self.exchange.phones[leg.number].release(leg)
        self.exchange.trace.add(
            Kind.ENDED, leg.sid, number=leg.number, status=str(status), by=by, seconds=leg.duration
        )
        # A call canceled before it was placed is reported to nobody.
        if was_placed:
            self.callbacks.tell(leg)


def _final_status(leg: Leg) -> Status:
    if leg.status is Status.IN_PROGRESS:
        return Status.COMPLETED
    return Status.NO_ANSWER if leg.ends.direction == "inbound" else Status.CANCELED
