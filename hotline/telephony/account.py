"""Our account at the carrier, by REST: its numbers, and whom the carrier asks when they are called."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import Any, Final

from requests.exceptions import RequestException
from twilio.base.exceptions import TwilioException
from twilio.request_validator import RequestValidator

from hotline.settings import TWILIO, Settings
from hotline.telephony.rest import TIMEOUT_SECONDS, make_client
from hotline.telephony.urls import OVERRIDES

NUMBERS: Final = "IncomingPhoneNumbers"
_FIELDS: Final = MappingProxyType(
    {
        "VoiceUrl": "voice_url",
        "VoiceMethod": "voice_method",
        "VoiceFallbackUrl": "voice_fallback_url",
        "VoiceFallbackMethod": "voice_fallback_method",
        "StatusCallback": "status_callback",
        "StatusCallbackMethod": "status_callback_method",
        "SmsUrl": "sms_url",
        "SmsMethod": "sms_method",
        "VoiceApplicationSid": "voice_application_sid",
        "TrunkSid": "trunk_sid",
    }
)
"""The parameters of a number that concern us, and their names in the carrier's answers."""
APPLICATION: Final = "VoiceApplicationSid"
TRUNK: Final = "TrunkSid"
IN_OUR_PLACE: Final = (APPLICATION, TRUNK)
"""Where one of these is set, the carrier ignores the number's own addresses for calls."""


class AccountTrouble(Exception):
    """The carrier's REST interface refused or did not answer; the message is for who sets up the line."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever it was."""

    status: int
    body: Any
    """What the JSON held; None when it was none."""
    date: datetime | None
    """What the carrier's clock showed."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the account and what is set for it, by parameter; "" where nothing is."""

    sid: str
    number: str
    values: Mapping[str, str]
    takes_messages: bool


@dataclass(frozen=True, slots=True)
class Change:
    parameter: str
    was: str
    becomes: str


def webhooks(public_url: str, fallback: str | None = None) -> dict[str, str]:
    """What the carrier is to ask, by parameter; `fallback` is a document hosted elsewhere.

    The wishes for connections are facts of voice webhooks only, and not ours to put on another's address.
    """
    return {
        "VoiceUrl": f"{public_url}/voice/incoming{OVERRIDES}",
        "VoiceMethod": "POST",
        "VoiceFallbackUrl": fallback or f"{public_url}/voice/fallback{OVERRIDES}",
        # many servers of static files refuse a POST, and nobody notices before the day it is needed
        "VoiceFallbackMethod": "GET" if fallback else "POST",
        "StatusCallback": f"{public_url}/voice/status{OVERRIDES}",
        "StatusCallbackMethod": "POST",
        "SmsUrl": f"{public_url}/sms/incoming",
        "SmsMethod": "POST",
    }


def changes(number: Number, wanted: Mapping[str, str]) -> tuple[Change, ...]:
    """What has to change for the number to be set as wanted; text messages only where it takes any."""
    return tuple(
        Change(parameter, number.values[parameter], becomes)
        for parameter, becomes in wanted.items()
        if number.values[parameter] != becomes and (number.takes_messages or not parameter.startswith("Sms"))
    )


def trouble(answer: Answer) -> str | None:
    """Why an answer is not what was asked for, with the remedy; None when it is."""
    match answer.status:
        case 200 if isinstance(answer.body, dict):
            return None
        case 401 | 403:
            return (
                "the carrier refuses TWILIO_ACCOUNT_SID with the first TWILIO_AUTH_TOKEN: copy both from its "
                "console (each region has a token of its own)"
            )
        case 404:
            return (
                "the carrier knows no such account: check TWILIO_ACCOUNT_SID, TWILIO_REGION, TWILIO_API_BASE"
            )
        case 429:
            return "the carrier takes no more requests just now (status 429): try again in a minute"
        case status if status >= 500:
            return f"the carrier's REST interface is in trouble (status {status}): try again later"
        case status:
            return (
                f"what answers is not the carrier's REST interface (status {status}): check TWILIO_API_BASE"
            )


def signature(token: str, url: str, form: Mapping[str, str]) -> str:
    """What the carrier would sign such a webhook with."""
    return str(RequestValidator(token).compute_signature(url, form))


class Account:
    """The account of the settings. Opens no connection before the first request."""

    def __init__(self, settings: Settings, timeout: float = TIMEOUT_SECONDS) -> None:
        self._client = make_client(settings, timeout)
        self._numbers = f"{TWILIO}/2010-04-01/Accounts/{settings.account}/{NUMBERS}"

    def glance(self) -> Answer:
        """One small request, to see whether and how the carrier answers. Raises AccountTrouble."""
        return self._ask("GET", ".json", params={"PageSize": "1"})

    def find(self, number: str) -> Number | None:
        """The number, if it is one of the account's. Raises AccountTrouble."""
        # the carrier takes a part of a number for it, too
        answer = self._ask("GET", ".json", params={"PhoneNumber": number})
        rows = _body(answer).get("incoming_phone_numbers")
        return next((one for one in _numbers(rows) if one.number == number), None)

    def change(self, number: Number, wanted: Iterable[Change]) -> Number:
        """Set this and nothing else; the number as it is afterwards. Raises AccountTrouble."""
        form = {change.parameter: change.becomes for change in wanted}
        answer = self._ask("POST", f"/{number.sid}.json", data=form)
        return _numbers([_body(answer)])[0]

    def _ask(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
    ) -> Answer:
        headers = {"Accept": "application/json"}
        try:
            answer = self._client.request(
                method, self._numbers + path, params=params, data=data, headers=headers
            )
        except (TwilioException, RequestException, OSError, ValueError) as error:
            raise AccountTrouble(
                f"the carrier's REST interface is out of reach ({type(error).__name__}): may this machine "
                "open connections to it, and are TWILIO_API_BASE, TWILIO_REGION and TWILIO_EDGE right?"
            ) from error
        return Answer(answer.status_code, _json(answer.text), _date(answer.headers.get("Date")))


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _date(text: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _body(answer: Answer) -> dict[str, Any]:
    why = trouble(answer)
    if why is not None:
        raise AccountTrouble(why)
    found: dict[str, Any] = answer.body
    return found


def _numbers(rows: Any) -> list[Number]:
    try:
        return [_number(row) for row in rows]
    except (KeyError, TypeError, AttributeError) as error:
        raise AccountTrouble(
            "what answers is not the carrier's REST interface: check TWILIO_API_BASE"
        ) from error


def _number(row: Mapping[str, Any]) -> Number:
    return Number(
        sid=row["sid"],
        number=row["phone_number"],
        values={parameter: row.get(field) or "" for parameter, field in _FIELDS.items()},
        takes_messages=(row.get("capabilities") or {}).get("sms", True),
    )
