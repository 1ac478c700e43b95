"""Tells the customer of a leg's progress: status callbacks, in order unless a fault spoils them."""

from email.utils import format_datetime
from urllib.parse import urlsplit

from simpy.events import Event

from hotline.simulator.engine import Steps, wait
from hotline.simulator.exchange import Exchange
from hotline.simulator.faults import CallbackFault
from hotline.simulator.legs import Ask, Leg, Status
from hotline.simulator.trace import Kind
from hotline.simulator.webhooks import ask

EVENT_OF = {
    Status.INITIATED: "initiated",
    Status.RINGING: "ringing",
    Status.IN_PROGRESS: "answered",
}


class Callbacks:
    """Sends them; it holds those which a fault lets the next one overtake."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._held: dict[tuple[str, int], Event] = {}

    def tell(self, leg: Leg) -> None:
        """Report the leg's present status, if the customer asked for this event."""
        event = EVENT_OF.get(leg.status, "completed")
        if leg.hook is None or event not in leg.hook.events:
            return
        to = Ask(leg.hook.url, leg.hook.method, self._params(leg))
        path = urlsplit(to.url).path
        fault = self._exchange.faults.for_callback(path, event)
        if fault is not None:
            self._exchange.trace.add(Kind.CALLBACK_SPOILT, leg.sid, path=path, event=event, does=fault.does)
        self._exchange.engine.spawn(self._send(leg, to, fault))

    def tell_later(self, leg: Leg, to: Ask, seconds: float) -> None:
        """Report something else than progress, such as a recording which is ready."""
        self._exchange.engine.spawn(self._after(leg, to, seconds))

    def _params(self, leg: Leg) -> dict[str, str]:
        number, leg.sequence = leg.sequence, leg.sequence + 1
        now = self._exchange.engine.now()
        params = {
            "CallStatus": str(leg.status),
            "Timestamp": format_datetime(now),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(number),
        }
        if not leg.is_open:
            minutes = -(-leg.duration // 60)
            params |= {"CallDuration": str(leg.duration), "Duration": str(minutes)}
        return params

    def _send(self, leg: Leg, to: Ask, fault: CallbackFault | None) -> Steps[None]:
        match fault.does if fault else None:
            case "drop":
                return
            case "delay":
                yield from self._exchange.engine.pause(fault.seconds if fault else 0)
            case "reorder":
                yield from self._be_overtaken(leg, to, fault.seconds if fault else 0)
            case "duplicate":
                yield from ask(self._exchange, leg, to)
            case None:
                pass
        yield from ask(self._exchange, leg, to)
        self._release(leg, before=int(to.params["SequenceNumber"]))

    def _be_overtaken(self, leg: Leg, to: Ask, seconds: float) -> Steps[None]:
        """Wait until a later callback of the same leg was sent, but not longer than `seconds`."""
        env = self._exchange.engine.env
        key = (leg.sid, int(to.params["SequenceNumber"]))
        self._held[key] = env.event()
        yield from wait(self._held[key] | env.timeout(seconds))
        self._held.pop(key, None)

    def _release(self, leg: Leg, before: int) -> None:
        for sid, number in list(self._held):
            if sid == leg.sid and number < before:
                self._held.pop((sid, number)).succeed()

    def _after(self, leg: Leg, to: Ask, seconds: float) -> Steps[None]:
        yield from self._exchange.engine.pause(seconds)
        yield from ask(self._exchange, leg, to)
