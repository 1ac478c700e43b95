"""Gets a document from an address or a text, and judges whether the carrier can follow it."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin
from xml.sax.saxutils import escape

from hotline.simulator.engine import Steps
from hotline.simulator.exchange import Exchange
from hotline.simulator.fetch import WebAnswer
from hotline.simulator.legs import Ask, Inline, Leg, Source
from hotline.simulator.trace import Kind
from hotline.simulator.twiml_check import problems
from hotline.simulator.webhooks import ask_for_document

# A real carrier would loop for ever; no honest script takes this many documents in one instant.
MAX_DOCUMENTS_AT_ONCE = 50
TWIML_TYPES = {"text/xml", "application/xml", "text/html"}


class DocumentFailed(Exception):
    """There is no document to follow, for the reason `code`."""

    def __init__(self, code: str, url: str) -> None:
        super().__init__(code, url)
        self.code = code
        self.url = url


@dataclass(frozen=True, slots=True)
class Document:
    root: ET.Element
    url: str | None
    context: str | None

    def resolve(self, address: str) -> str:
        return urljoin(self.url or "", address)


def obtain(exchange: Exchange, leg: Leg, source: Source, context: str | None) -> Steps[Document]:
    """The document of `source`, or that of the fallback address when it fails."""
    try:
        return (yield from _fetch(exchange, leg, source, context))
    except DocumentFailed as failed:
        exchange.trace.add(Kind.ERROR, leg.sid, code=failed.code, url=failed.url)
        if context is not None or leg.fallback is None:
            raise
        more = {"ErrorCode": failed.code, "ErrorUrl": failed.url}
        fallback = Ask(leg.fallback.url, leg.fallback.method, more)
        return (yield from _fetch(exchange, leg, fallback, context))


def _fetch(exchange: Exchange, leg: Leg, source: Source, context: str | None) -> Steps[Document]:
    _count(exchange, leg)
    match source:
        case Inline(twiml):
            return _judge(exchange, leg, twiml.encode(), None, context)
        case Ask(url):
            answer = yield from ask_for_document(exchange, leg, source)
            body = _body(answer, url)
            return _judge(exchange, leg, body, urldefrag(url).url, context)


def _count(exchange: Exchange, leg: Leg) -> None:
    at, number = leg.documents_now
    now = exchange.engine.env.now
    leg.documents_now = (now, number + 1 if at == now else 1)
    if leg.documents_now[1] > MAX_DOCUMENTS_AT_ONCE:
        exchange.violate(
            leg, f"{MAX_DOCUMENTS_AT_ONCE} documents in one instant: the script turns in a circle"
        )
        raise DocumentFailed("81025", "")


def _body(answer: WebAnswer, url: str) -> bytes:
    if answer.failure == "connect":
        raise DocumentFailed("11205", url)
    if not answer.ok:
        raise DocumentFailed("11200", url)
    kind = answer.content_type.partition(";")[0].strip().lower()
    if kind.startswith("audio/"):
        return f"<Response><Play>{escape(url)}</Play><Hangup/></Response>".encode()
    if kind == "text/plain" and not answer.body.lstrip().startswith(b"<"):
        return f"<Response><Say>{escape(answer.body.decode())}</Say></Response>".encode()
    if kind not in TWIML_TYPES | {"text/plain"}:
        raise DocumentFailed("12300", url)
    return answer.body


def _judge(exchange: Exchange, leg: Leg, body: bytes, url: str | None, context: str | None) -> Document:
    found = problems(body, context)
    for problem in found:
        exchange.violate(leg, f"{url or 'inline document'}: {problem}")
    if any(problem.startswith(("12100", "11750")) for problem in found):
        raise DocumentFailed(found[0][:5], url or "")
    root = ET.fromstring(body)
    exchange.trace.add(Kind.DOCUMENT, leg.sid, url=url, verbs=[child.tag for child in root], context=context)
    return Document(root, url, context)
