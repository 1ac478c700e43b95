"""Asks the customer's webhooks: signed, with the voice parameters, and tried again as the contract says."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode, urljoin, urlsplit

from hotline.simulator.engine import Steps, wait
from hotline.simulator.exchange import Exchange
from hotline.simulator.fetch import WebAnswer, WebRequest
from hotline.simulator.legs import Ask, Leg
from hotline.simulator.overrides import Overrides, split
from hotline.simulator.signing import signature
from hotline.simulator.trace import Kind

MAX_REDIRECTS = 10


def voice_params(exchange: Exchange, leg: Leg) -> dict[str, str]:
    """What stands in every voice request; places are sent and empty, as outside North America."""
    ends = leg.ends
    params = {
        "AccountSid": exchange.account_sid,
        "ApiVersion": "2010-04-01",
        "CallSid": leg.sid,
        "CallStatus": str(leg.status),
        "Called": ends.to_number,
        "CalledCity": "",
        "CalledCountry": "FR",
        "Caller": ends.from_number,
        "CallerCity": "",
        "Direction": ends.direction,
        "From": ends.from_number,
        "FromCity": "",
        "To": ends.to_number,
        "ToCity": "",
        "ToCountry": "FR",
    }
    return params | ({"ParentCallSid": ends.parent_sid} if ends.parent_sid else {})


@dataclass(frozen=True, slots=True)
class Attempt:
    """One webhook request as it goes out: the same for each try, but for the token of a repetition."""

    url: str
    method: str
    params: Mapping[str, str]
    token: str
    overrides: Overrides


def ask(exchange: Exchange, leg: Leg, to: Ask) -> Steps[WebAnswer]:
    """Ask for a document or report an event, with all retries; the answer may be a failure."""
    return (yield from _with_retries(exchange, leg, _attempt(exchange, leg, to)))


def ask_for_document(exchange: Exchange, leg: Leg, to: Ask) -> Steps[WebAnswer]:
    """Ask a voice webhook; a fault may ask it twice."""
    attempt = _attempt(exchange, leg, to)
    answer = yield from _with_retries(exchange, leg, attempt)
    path = urlsplit(attempt.url).path
    repeat = exchange.faults.for_webhook(path)
    if repeat is None:
        return answer
    exchange.trace.add(Kind.REPEATED, leg.sid, path=path, token=repeat.token)
    token = attempt.token if repeat.token == "same" else exchange.sid("")
    return (yield from _with_retries(exchange, leg, replace(attempt, token=token)))


def _attempt(exchange: Exchange, leg: Leg, to: Ask) -> Attempt:
    address, overrides = split(to.url)
    params = voice_params(exchange, leg) | to.params
    return Attempt(address, to.method, params, exchange.sid(""), overrides)


def _with_retries(exchange: Exchange, leg: Leg, attempt: Attempt) -> Steps[WebAnswer]:
    answer = yield from _once(exchange, leg, attempt)
    for _ in range(attempt.overrides.retries):
        if not attempt.overrides.wants_retry(answer):
            break
        answer = yield from _once(exchange, leg, attempt)
    return answer


def _once(exchange: Exchange, leg: Leg, attempt: Attempt) -> Steps[WebAnswer]:
    """One try, with the redirects that it leads to."""
    method, url = attempt.method, attempt.url
    for _ in range(MAX_REDIRECTS + 1):
        answer = yield from _send(exchange, leg, attempt, method, url)
        if answer.status not in (301, 302, 303, 307, 308) or not answer.location:
            return answer
        method = method if answer.status in (307, 308) else "GET"
        url = urljoin(url, answer.location)
    return answer


def _send(exchange: Exchange, leg: Leg, attempt: Attempt, method: str, url: str) -> Steps[WebAnswer]:
    if method == "GET" and url == attempt.url:
        url += ("&" if "?" in url else "?") + urlencode(attempt.params)
    form = attempt.params if method == "POST" else {}
    headers = {
        "X-Twilio-Signature": signature(exchange.auth_token, url, form),
        "I-Twilio-Idempotency-Token": attempt.token,
        "User-Agent": "TwilioProxy/1.1",
        "Accept": "*/*",
    }
    over = attempt.overrides
    request = WebRequest(
        method, url, form, headers, over.connect_timeout, over.read_timeout, dict(leg.cookies)
    )
    answer = (yield from wait(exchange.engine.send(request))) or WebAnswer(0, failure="connect")
    answer = yield from _let_time_pass(exchange, answer, over.read_timeout)
    leg.cookies.update(answer.cookies)
    _trace(exchange, leg, request, answer, attempt.token)
    return answer


def _let_time_pass(exchange: Exchange, answer: WebAnswer, limit: float) -> Steps[WebAnswer]:
    if not answer.took:
        return answer
    yield from exchange.engine.pause(min(answer.took, limit))
    return answer if answer.took <= limit else WebAnswer(0, failure="read-timeout")


def _trace(exchange: Exchange, leg: Leg, request: WebRequest, answer: WebAnswer, token: str) -> None:
    exchange.trace.add(
        Kind.WEBHOOK,
        leg.sid,
        method=request.method,
        path=urlsplit(request.url).path,
        status=answer.status,
        failure=answer.failure,
        ms=answer.milliseconds,
        token=token,
        call_status=request.params.get("CallStatus"),
    )
