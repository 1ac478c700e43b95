"""Gets the sound that a <Play> names, once for each address, to know how long it lasts."""

from urllib.parse import urldefrag

from hotline.simulator.engine import Steps, wait
from hotline.simulator.exchange import Exchange
from hotline.simulator.fetch import WebAnswer, WebRequest
from hotline.simulator.legs import Leg
from hotline.simulator.sayings import sound_seconds
from hotline.simulator.trace import Kind

CONNECT_TIMEOUT, READ_TIMEOUT = 5.0, 15.0


class Unplayable(Exception):
    """There is nothing to play, for the reason `code`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def seconds_of(exchange: Exchange, leg: Leg, url: str) -> Steps[float | None]:
    """How long the sound lasts; None, with an error in the trace, for one that cannot be played."""
    known = exchange.voice.play_seconds
    if url not in known:
        answer = yield from _get(exchange, url)
        try:
            known[url] = _length(answer, in_gather=leg.gathering is not None)
        except Unplayable as reason:
            exchange.trace.add(Kind.ERROR, leg.sid, code=reason.code, url=url)
            return None
    return known[url]


def _get(exchange: Exchange, url: str) -> Steps[WebAnswer]:
    """The file comes from a store in front of the customer's server, which does not sign."""
    headers = {"User-Agent": "TwilioProxy/1.1", "Accept": "*/*"}
    request = WebRequest("GET", urldefrag(url).url, {}, headers, CONNECT_TIMEOUT, READ_TIMEOUT)
    answer = (yield from wait(exchange.engine.send(request))) or WebAnswer(0, failure="connect")
    yield from exchange.engine.pause(min(answer.took, READ_TIMEOUT))
    return answer


def _length(answer: WebAnswer, *, in_gather: bool) -> float:
    if answer.failure == "connect":
        raise Unplayable("11205")
    if not answer.ok:
        raise Unplayable("11200")
    wrong_content = Unplayable("13325" if in_gather else "13420")
    if not answer.content_type.lower().startswith("audio/"):
        raise wrong_content
    try:
        return sound_seconds(answer.body)
    except ValueError:
        raise wrong_content from None
