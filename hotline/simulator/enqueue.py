"""The verb Enqueue: the leg waits in a queue, hearing its wait documents again and again."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass

from hotline.simulator.documents import DocumentFailed
from hotline.simulator.engine import Steps, wait
from hotline.simulator.exchange import WaitingQueue
from hotline.simulator.legs import Ask, LegGone, LegUpdated
from hotline.simulator.trace import Kind
from hotline.simulator.walk import Ending, Outcome, Walk, hear, number_of
from hotline.simulator.webhooks import ask

WAITING = "enqueue.waitUrl"
# A wait document that says nothing must not be asked for again in the same instant for ever.
SHORTEST_TURN = 1.0


@dataclass(frozen=True, slots=True)
class Stay:
    """One leg's stay in one queue."""

    walk: Walk
    verb: ET.Element
    queue: WaitingQueue
    since: float

    @property
    def seconds(self) -> int:
        return int(self.walk.exchange.engine.env.now - self.since)

    def enter(self) -> None:
        self.queue.waiting.append(self.walk.leg)
        self.walk.leg.in_queue = self.queue.name
        self._trace(Kind.QUEUE_ENTERED, "")

    def leave(self, result: str) -> Ask | None:
        """Leave the queue; the answer is the action to request."""
        self.queue.waiting.remove(self.walk.leg)
        self.queue.waits.append(self.seconds)
        self.walk.leg.in_queue = None
        self._trace(Kind.QUEUE_LEFT, result)
        return self.action(result)

    def action(self, result: str) -> Ask | None:
        told = {"QueueResult": result, "QueueSid": self.queue.sid, "QueueTime": str(self.seconds)}
        return self.walk.action(self.verb, told)

    def wait_params(self) -> dict[str, str]:
        return {
            "QueuePosition": str(self.queue.waiting.index(self.walk.leg) + 1),
            "QueueSid": self.queue.sid,
            "QueueTime": str(self.seconds),
            "AvgQueueTime": str(self.queue.average_wait),
            "CurrentQueueSize": str(len(self.queue.waiting)),
            "MaxQueueSize": str(self.queue.max_size),
        }

    def _trace(self, kind: Kind, result: str) -> None:
        leg = self.walk.leg
        self.walk.exchange.trace.add(
            kind, leg.sid, number=leg.number, queue=self.queue.name, result=result, seconds=self.seconds
        )


def enqueue(walk: Walk, verb: ET.Element) -> Steps[Outcome]:
    walk.leg.answer()
    queue = walk.exchange.queue((verb.text or "").strip())
    stay = Stay(walk, verb, queue, walk.exchange.engine.env.now)
    queue.max_size = number_of(verb, "maxQueueSize", queue.max_size)
    if len(queue.waiting) >= queue.max_size:
        return stay.action("queue-full")
    stay.enter()
    try:
        return stay.leave((yield from _wait_there(stay)))
    except LegGone:
        walk.report(stay.leave("hangup"))
        raise
    except LegUpdated:
        yield from _report_redirection(walk, stay.leave("redirected"))
        raise


def _report_redirection(walk: Walk, action: Ask | None) -> Steps[None]:
    """Request the action, whose answer is ignored, before or after the address of the update."""
    if walk.exchange.faults.readings.redirected_action == "after":
        walk.report(action, walk.exchange.engine.env.timeout(0.5))
    elif action is not None:
        yield from ask(walk.exchange, walk.leg, action)


def _wait_there(stay: Stay) -> Steps[str]:
    """Wait until a document leaves the queue or fails; the answer is the QueueResult."""
    walk = stay.walk
    wait_url = stay.verb.get("waitUrl")
    if not wait_url:
        if wait_url is None:
            hear(walk.exchange, walk.leg, "music", by="tone")
        yield from wait(walk.exchange.engine.env.event())
    address = walk.document.resolve(wait_url or "")
    method = stay.verb.get("waitUrlMethod", "POST")
    while True:
        began = walk.exchange.engine.env.now
        try:
            ending = yield from walk.script.follow(
                walk.leg, Ask(address, method, stay.wait_params()), WAITING
            )
        except DocumentFailed:
            return "error"
        if ending is Ending.LEAVE:
            return "leave"
        if walk.exchange.engine.env.now == began:
            yield from walk.exchange.engine.pause(SHORTEST_TURN)
