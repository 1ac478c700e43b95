"""What a verb needs to know and may answer, and how it makes the leg hear something."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from enum import Enum, auto
from typing import Literal, Protocol

from simpy.events import Event

from hotline.simulator.documents import Document
from hotline.simulator.engine import Steps, wait
from hotline.simulator.exchange import Exchange
from hotline.simulator.legs import Ask, Heard, Leg, Source
from hotline.simulator.progress import Progress
from hotline.simulator.sayings import spoken_language, words_and_breaks
from hotline.simulator.sound_files import seconds_of
from hotline.simulator.trace import Kind
from hotline.simulator.webhooks import ask

ENDLESS = 1000
# So long a sound lasts that cannot be played.
NOTHING_TO_PLAY = 0.1


class Ending(Enum):
    """How following documents ended."""

    DONE = auto()
    LEAVE = auto()


# None: go on with the next verb.
Outcome = Source | Ending | None


class Script(Protocol):
    """Runs documents; verbs use it for the documents inside them."""

    def follow(self, leg: Leg, source: Source, context: str | None = None) -> Steps[Ending]: ...

    def live(self, leg: Leg, source: Source) -> Steps[None]: ...


@dataclass(frozen=True, slots=True)
class Walk:
    """One leg following one document."""

    progress: Progress
    leg: Leg
    document: Document
    script: Script

    @property
    def exchange(self) -> Exchange:
        return self.progress.exchange

    def report(self, action: Ask | None, until: Event | None = None) -> None:
        """Request an action whose answer changes nothing any more, once `until` has happened."""
        if action is not None:
            self.exchange.engine.spawn(self._report(action, until))

    def _report(self, action: Ask, until: Event | None) -> Steps[None]:
        if until is not None:
            yield from wait(until)
        yield from ask(self.exchange, self.leg, action)

    def action(self, verb: ET.Element, params: dict[str, str], default: str | None = None) -> Ask | None:
        """The verb's action address with what it is to be told; None when the verb has none."""
        address = verb.get("action") or default
        if not address:
            return None
        return Ask(self.document.resolve(address), verb.get("method", "POST").upper(), params)


def number_of(verb: ET.Element, name: str, default: int) -> int:
    text = verb.get(name, "")
    return int(text) if text.isdecimal() else default


def flag_of(verb: ET.Element, name: str) -> bool:
    return verb.get(name) == "true"


def utter(walk: Walk, verb: ET.Element, stop: Event | None = None) -> Steps[None]:
    """Run a Say, Play or Pause; `stop` cuts it short."""
    if verb.tag == "Pause":
        seconds = number_of(verb, "length", 1)
        walk.exchange.trace.add(Kind.PAUSED, walk.leg.sid, number=walk.leg.number, seconds=seconds)
        yield from _last(walk, seconds, stop)
        return
    loop = number_of(verb, "loop", 1) or ENDLESS
    for _ in range(loop):
        if stop is not None and stop.triggered:
            return
        lasts = _say(walk, verb) if verb.tag == "Say" else (yield from _play(walk, verb, stop))
        yield from _last(walk, NOTHING_TO_PLAY if lasts is None else lasts, stop)
        if lasts is None:
            return


def hear(
    exchange: Exchange,
    leg: Leg,
    text: str,
    language: str = "",
    by: Literal["say", "play", "tone"] = "say",
    audio: str | None = None,
) -> None:
    waiting = leg.in_queue is not None
    leg.hear(Heard(exchange.engine.now(), text, language, by, audio, waiting))
    kind = Kind.SAID if by == "say" else Kind.PLAYED
    exchange.trace.add(kind, leg.sid, text=text, language=language, number=leg.number, by=by, audio=audio)


def _say(walk: Walk, verb: ET.Element) -> float:
    text, breaks = words_and_breaks(verb)
    if not text:
        return breaks
    language = verb.get("language", "en-US")
    audio, seconds = walk.exchange.voice.speak(text, spoken_language(verb, language))
    hear(walk.exchange, walk.leg, text, language, "say", audio)
    return seconds + breaks


def _play(walk: Walk, verb: ET.Element, stop: Event | None) -> Steps[float | None]:
    """Begin to play; the answer is for how long, or None when there is nothing to play."""
    if digits := verb.get("digits"):
        hear(walk.exchange, walk.leg, digits, by="tone")
        return 0.5 * len(digits)
    url = walk.document.resolve((verb.text or "").strip())
    seconds = yield from seconds_of(walk.exchange, walk.leg, url)
    # A key may have come while the file was fetched.
    if seconds is not None and not (stop is not None and stop.triggered):
        hear(walk.exchange, walk.leg, url, by="play", audio=url)
    return seconds


def _last(walk: Walk, seconds: float, stop: Event | None) -> Steps[None]:
    over = walk.exchange.engine.env.timeout(seconds)
    yield from wait(over if stop is None else over | stop)
