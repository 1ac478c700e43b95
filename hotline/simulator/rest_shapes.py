"""The JSON shapes of the carrier's REST interface."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from hotline.simulator.exchange import Exchange, Line
from hotline.simulator.legs import Leg, Status

VERSION = "2010-04-01"
ERRORS = {
    20001: (400, "The request lacks a parameter"),
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "Internal Server Error"),
    21205: (400, "Url is not a valid URL"),
    21210: (400, "The source phone number provided is not yet verified or owned by this account"),
    21211: (400, "Invalid 'To' Phone Number"),
    21220: (400, "Call is not in-progress. Cannot redirect."),
    32018: (400, "The Twiml parameter is longer than 4000 characters"),
}


class RestError(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code
        self.status = ERRORS[code][0]

    def body(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "message": ERRORS[self.code][1],
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


def call_json(exchange: Exchange, leg: Leg) -> dict[str, Any]:
    uri = f"/{VERSION}/Accounts/{exchange.account_sid}/Calls/{leg.sid}"
    # The interface knows no "initiated": such a call is still ringing to it.
    status = Status.RINGING if leg.status is Status.INITIATED else leg.status
    return {
        "sid": leg.sid,
        "account_sid": exchange.account_sid,
        "annotation": None,
        "answered_by": None,
        "api_version": VERSION,
        "caller_name": None,
        "date_created": _date(leg.created_at),
        "date_updated": _date(leg.ended_at or leg.answered_at or leg.created_at),
        "direction": leg.ends.direction,
        "duration": None if leg.is_open else str(leg.duration),
        "end_time": _date(leg.ended_at),
        "forwarded_from": None,
        "from": leg.ends.from_number,
        "from_formatted": leg.ends.from_number,
        "group_sid": None,
        "parent_call_sid": leg.ends.parent_sid,
        "phone_number_sid": _line_sid(exchange, leg),
        "price": None,
        "price_unit": "EUR",
        "queue_time": str(round(leg.queue_time * 1000)),
        "start_time": _date(leg.answered_at),
        "status": str(status),
        "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
        "to": leg.ends.to_number,
        "to_formatted": leg.ends.to_number,
        "trunk_sid": None,
        "uri": f"{uri}.json",
    }


def line_json(exchange: Exchange, line: Line) -> dict[str, Any]:
    return {
        "sid": line.sid,
        "account_sid": exchange.account_sid,
        "api_version": VERSION,
        "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
        "date_created": _date(exchange.engine.start),
        "date_updated": _date(exchange.engine.start),
        "friendly_name": line.name or line.number,
        "phone_number": line.number,
        "sms_method": line.sms_method,
        "sms_url": line.sms_url,
        "status_callback": line.status_url,
        "status_callback_method": line.status_method,
        "voice_fallback_method": line.fallback_method,
        "voice_fallback_url": line.fallback_url,
        "voice_method": line.voice_method,
        "voice_url": line.voice_url,
        "uri": f"/{VERSION}/Accounts/{exchange.account_sid}/IncomingPhoneNumbers/{line.sid}.json",
    }


def recording_json(exchange: Exchange, kept: Mapping[str, str]) -> dict[str, Any]:
    """Of a recording that is finished: the exchange keeps no other."""
    account = f"/{VERSION}/Accounts/{exchange.account_sid}"
    return {
        "sid": kept["sid"],
        "account_sid": exchange.account_sid,
        "api_version": VERSION,
        "call_sid": kept["call_sid"],
        "channels": 1,
        "conference_sid": None,
        "date_created": kept["date_created"],
        "date_updated": kept["date_created"],
        "duration": kept["duration"],
        "encryption_details": None,
        "error_code": None,
        "price": None,
        "price_unit": "EUR",
        "source": "RecordVerb",
        "start_time": kept["date_created"],
        "status": "completed",
        "track": "inbound",
        "uri": f"{account}/Calls/{kept['call_sid']}/Recordings/{kept['sid']}.json",
    }


def page_json(name: str, items: list[dict[str, Any]], uri: str, page: int, size: int) -> dict[str, Any]:
    first = page * size
    more = first + size < len(items)
    return {
        name: items[first : first + size],
        "first_page_uri": f"{uri}?PageSize={size}&Page=0",
        "next_page_uri": f"{uri}?PageSize={size}&Page={page + 1}" if more else None,
        "previous_page_uri": f"{uri}?PageSize={size}&Page={page - 1}" if page else None,
        "page": page,
        "page_size": size,
        "start": first,
        "end": min(first + size, len(items)) - 1,
        "uri": f"{uri}?PageSize={size}&Page={page}",
    }


def _date(at: datetime | None) -> str | None:
    return format_datetime(at) if at is not None else None


def _line_sid(exchange: Exchange, leg: Leg) -> str:
    number = leg.ends.to_number if leg.ends.direction == "inbound" else leg.ends.from_number
    line = exchange.lines.get(number)
    return line.sid if line else ""
