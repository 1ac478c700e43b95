"""Follows TwiML documents, verb by verb, until they end; and the life of a call which does so."""

import xml.etree.ElementTree as ET
from collections.abc import Callable

from hotline.simulator.dial import dial
from hotline.simulator.documents import Document, DocumentFailed, obtain
from hotline.simulator.engine import Steps
from hotline.simulator.enqueue import enqueue
from hotline.simulator.gather import gather
from hotline.simulator.legs import Ask, Leg, LegGone, LegUpdated, Source, Status
from hotline.simulator.progress import Progress
from hotline.simulator.record import record
from hotline.simulator.trace import Kind
from hotline.simulator.twiml_check import schema
from hotline.simulator.walk import Ending, Outcome, Walk, hear, utter

APPLICATION_ERROR = "We are sorry. An application error has occurred. Goodbye."


class DocumentScript:
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._exchange = progress.exchange

    def follow(self, leg: Leg, source: Source, context: str | None = None) -> Steps[Ending]:
        """Run the document of `source` and those it leads to."""
        while True:
            document = yield from obtain(self._exchange, leg, source, context)
            outcome = yield from self._run(leg, document)
            if isinstance(outcome, Ending):
                return outcome
            source = outcome

    def live(self, leg: Leg, source: Source) -> Steps[None]:
        """All that an answered call does, to its end."""
        following: Source | None = source
        try:
            while following is not None:
                following = yield from self._until_updated(leg, following)
            self._progress.end(leg, "line")
        except LegGone as gone:
            self._progress.end(leg, gone.by, gone.status)

    def place(self, leg: Leg, source: Source, *, after: float, timeout: float) -> Steps[None]:
        """The life of a call that the customer has created: wait for its turn, ring, then talk."""
        try:
            yield from self._exchange.engine.pause(after)
            status = yield from self._progress.ring(leg, timeout)
        except LegGone as gone:
            self._progress.end(leg, gone.by, gone.status)
            return
        if status is Status.IN_PROGRESS:
            yield from self.live(leg, source)
        else:
            self._progress.end(leg, "callee", status)

    def _until_updated(self, leg: Leg, source: Source) -> Steps[Source | None]:
        """Follow until the documents end, or until the customer sends the leg elsewhere."""
        try:
            yield from self._follow_or_apologise(leg, source)
        except LegUpdated as update:
            return update.source
        return None

    def _follow_or_apologise(self, leg: Leg, source: Source) -> Steps[None]:
        try:
            yield from self.follow(leg, source)
        except DocumentFailed as failed:
            self._exchange.trace.add(Kind.ERROR, leg.sid, code=failed.code, url=failed.url)
            leg.answer()
            audio, seconds = self._exchange.voice.speak(APPLICATION_ERROR, "en-US")
            hear(self._exchange, leg, APPLICATION_ERROR, "en-US", audio=audio)
            yield from self._exchange.engine.pause(seconds)
            raise LegGone("carrier") from None

    def _run(self, leg: Leg, document: Document) -> Steps[Source | Ending]:
        walk = Walk(self._progress, leg, document, self)
        for verb in document.root:
            outcome = yield from self._do(walk, verb)
            if outcome is not None:
                return outcome
        return Ending.DONE

    def _do(self, walk: Walk, verb: ET.Element) -> Steps[Outcome]:
        if verb.tag in INSTANT:
            return INSTANT[verb.tag](walk, verb)
        if verb.tag in LASTING:
            return (yield from LASTING[verb.tag](walk, verb))
        # What no carrier knows was already said by the checker.
        if verb.tag in schema():
            self._exchange.violate(walk.leg, f"this carrier does not know <{verb.tag}>")
        return None


def _utter(walk: Walk, verb: ET.Element) -> Steps[Outcome]:
    if verb.tag != "Pause":
        walk.leg.answer()
    yield from utter(walk, verb)
    return None


def _redirect(walk: Walk, verb: ET.Element) -> Outcome:
    address = walk.document.resolve((verb.text or "").strip())
    return Ask(address, verb.get("method", "POST"))


def _hang_up(walk: Walk, _verb: ET.Element) -> Outcome:
    walk.leg.answer()
    raise LegGone("line")


def _reject(walk: Walk, verb: ET.Element) -> Outcome:
    """Reject works only as the first verb; on an answered call it hangs up."""
    if walk.leg.status is Status.IN_PROGRESS:
        raise LegGone("line")
    busy = verb.get("reason") == "busy"
    raise LegGone("line", Status.BUSY if busy else Status.NO_ANSWER)


def _leave(_walk: Walk, _verb: ET.Element) -> Outcome:
    return Ending.LEAVE


LASTING: dict[str, Callable[[Walk, ET.Element], Steps[Outcome]]] = {
    "Dial": dial,
    "Enqueue": enqueue,
    "Gather": gather,
    "Pause": _utter,
    "Play": _utter,
    "Record": record,
    "Say": _utter,
}
INSTANT: dict[str, Callable[[Walk, ET.Element], Outcome]] = {
    "Hangup": _hang_up,
    "Leave": _leave,
    "Redirect": _redirect,
    "Reject": _reject,
}
