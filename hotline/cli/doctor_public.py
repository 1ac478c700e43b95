"""Checks of `hotline doctor` from outside: the public address, through whatever stands in front of us."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

import requests
from requests.exceptions import RequestException, SSLError, Timeout

from hotline.cli.doctor_findings import Check, Finding, Installation, fine, note, wrong
from hotline.telephony import account

UNKNOWN_LEG: Final = "CA" + 32 * "0"
"""No carrier gives this name: a report that it has ended changes nothing."""


def address(here: Installation) -> Finding:
    doubts = doubts_about(here.settings.public_url)
    return note("; ".join(doubts)) if doubts else fine(here.settings.public_url)


def doubts_about(public_url: str) -> tuple[str, ...]:
    """Why a carrier on the internet would not do well with this address."""
    parts = urlsplit(public_url)
    doubts = []
    if _is_private(parts.hostname or ""):
        doubts.append(
            "HOTLINE_PUBLIC_URL is an address of this machine or network: the carrier cannot reach it"
        )
    if parts.scheme != "https":
        doubts.append("HOTLINE_PUBLIC_URL is not https://: callers' numbers would travel readable by anybody")
    return tuple(doubts)


def reachable(here: Installation) -> Finding:
    """Any page at all."""
    try:
        status = _status(here, "GET", "/")
    except SSLError:
        return wrong(
            "its certificate is not accepted (expired, for another name, self-signed, without its chain), "
            "and the carrier would not accept it either: renew it"
        )
    except Timeout:
        return wrong("no answer in time: do the name, the firewall and the proxy lead to this machine?")
    except RequestException as error:
        return wrong(
            f"no connection ({type(error).__name__}): do the name, the firewall and the proxy lead here?"
        )
    return wrong(_why_not(status)) if status >= 500 else fine("reachable from here")


def refuses_unsigned(here: Installation) -> Finding:
    status = _status(here, "POST", "/voice/incoming")
    if status == 403:
        return fine("what nobody signed is refused")
    if status < 300:
        return wrong(
            "what nobody signed is accepted there: that is another server, so correct HOTLINE_PUBLIC_URL"
        )
    return wrong(_why_not(status))


def accepts_signed(here: Installation) -> Finding:
    """A report about a leg that nobody knows, signed as the carrier signs."""
    settings = here.settings
    path = "/voice/status"
    form = {"AccountSid": settings.account, "CallSid": UNKNOWN_LEG, "CallStatus": "completed"}
    signed = account.signature(settings.tokens[0], settings.public_url + path, form)
    status = _status(here, "POST", path, form, signed)
    if status == 204:
        return fine("what the carrier signs is accepted")
    if status == 403:
        return wrong(
            "what the first TWILIO_AUTH_TOKEN signs is refused: the running hotline has another token or "
            "another HOTLINE_PUBLIC_URL than this shell (restart it), or the proxy changes the path"
        )
    return wrong(_why_not(status))


def _why_not(status: int) -> str:
    return f"{_reason(status)} (status {status})"


def _reason(status: int) -> str:
    match status:
        case 401 | 407:
            return "the proxy wants a password: let /voice/ and /sms/ through without one"
        case 404 | 405:
            return "no hotline there: the proxy has to hand on /voice/ and /sms/, prefix included"
        case 502 | 503 | 504:
            return "the proxy answers, the hotline behind it does not: start `hotline serve`"
        case status if status >= 500:
            return "the hotline fails: read its log"
        case status if 300 <= status < 400:
            return "it redirects: set HOTLINE_PUBLIC_URL to the address where that ends"
        case _:
            return "no answer of a hotline: correct HOTLINE_PUBLIC_URL"


def _status(
    here: Installation,
    method: str,
    path: str,
    form: Mapping[str, str] | None = None,
    signed: str | None = None,
) -> int:
    headers = {"X-Twilio-Signature": signed} if signed else {}
    with requests.Session() as session:
        session.trust_env = False
        with session.request(
            method,
            here.settings.public_url + path,
            data=form,
            headers=headers,
            timeout=here.answer_within,
            allow_redirects=False,
            stream=True,
        ) as answer:
            return answer.status_code


def _is_private(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal", ".lan"))


CHECKS: Final = (
    Check("address", address, ("settings",)),
    Check("web server", reachable, ("settings",)),
    Check("unsigned", refuses_unsigned, ("web server",)),
    Check("signed", accepts_signed, ("unsigned",)),
)
