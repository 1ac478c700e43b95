"""The verb Gather: asks, listens for keys or words, and sends them to its action."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass

from hotline.simulator.engine import Steps, wait
from hotline.simulator.legs import Gathering
from hotline.simulator.trace import Kind
from hotline.simulator.walk import Outcome, Walk, flag_of, number_of, utter


@dataclass
class Typed:
    """What has been understood so far, and whether that is all."""

    limit: int | None
    finish_on: str
    digits: str = ""
    finished_on: str = ""
    over: bool = False

    def take(self, listener: Gathering) -> None:
        keys, listener.keys = listener.keys, ""
        for key in keys:
            if self.over:
                return
            self._take_key(key)

    def _take_key(self, key: str) -> None:
        if key in self.finish_on:
            self.finished_on = key
            self.over = True
            return
        self.digits += key
        self.over = self.limit is not None and len(self.digits) >= self.limit


def gather(walk: Walk, verb: ET.Element) -> Steps[Outcome]:
    walk.leg.answer()
    listener = Gathering(walk.exchange.engine)
    limit = number_of(verb, "numDigits", 0) or None
    typed = Typed(limit, verb.get("finishOnKey", "#"))
    walk.leg.listen(listener)
    walk.exchange.trace.add(Kind.GATHER_OPENED, walk.leg.sid, number=walk.leg.number)
    try:
        yield from _prompt(walk, verb, listener)
        yield from _listen(walk, verb, listener, typed)
    finally:
        walk.leg.listen(None)
        walk.exchange.trace.add(Kind.GATHER_CLOSED, walk.leg.sid, digits=typed.digits)
    return _outcome(walk, verb, listener, typed)


def _prompt(walk: Walk, verb: ET.Element, listener: Gathering) -> Steps[None]:
    stop = None if verb.get("bargeIn") == "false" else listener.input
    for child in verb:
        if stop is not None and stop.triggered:
            return
        yield from utter(walk, child, stop)


def _listen(walk: Walk, verb: ET.Element, listener: Gathering, typed: Typed) -> Steps[None]:
    env = walk.exchange.engine.env
    while True:
        typed.take(listener)
        if typed.over or (listener.speech is not None and "speech" in verb.get("input", "dtmf")):
            return
        listener.listen_again()
        silence = env.timeout(number_of(verb, "timeout", 5))
        yield from wait(silence | listener.input)
        if not listener.input.triggered:
            return


def _outcome(walk: Walk, verb: ET.Element, listener: Gathering, typed: Typed) -> Outcome:
    params = _params(verb, listener, typed)
    if not params and not flag_of(verb, "actionOnEmptyResult"):
        return None
    return walk.action(verb, params or {"Digits": ""}, default=walk.document.url)


def _params(verb: ET.Element, listener: Gathering, typed: Typed) -> dict[str, str]:
    if typed.digits:
        finished = {"FinishedOnKey": typed.finished_on} if typed.finished_on else {}
        return {"Digits": typed.digits} | finished
    if listener.speech is not None and "speech" in verb.get("input", "dtmf"):
        return {"SpeechResult": listener.speech, "Confidence": "0.9"}
    return {}
