"""The REST interface which the customer calls: calls, numbers and recordings of the account."""

import hmac
import io
import threading
import wave
from typing import Any

from flask import Blueprint, Response, current_app, g, jsonify, request

from hotline.simulator.carrier import Carrier, NotPossible
from hotline.simulator.exchange import Line
from hotline.simulator.faults import RestFault
from hotline.simulator.legs import Ask, Inline, Leg, Source, StatusHook
from hotline.simulator.rest_shapes import VERSION, RestError, call_json, line_json, page_json, recording_json
from hotline.simulator.trace import Kind

rest = Blueprint("rest", __name__, url_prefix=f"/{VERSION}/Accounts/<account>")
MAX_TWIML_PARAMETER = 4000
MAX_PAGE = 1000


def carrier() -> Carrier:
    found: Carrier = current_app.extensions["carrier"]
    return found


@rest.url_value_preprocessor
def _take_account(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    g.account = (values or {}).pop("account", "")


@rest.before_request
def _let_in() -> None:
    exchange = carrier().exchange
    given = request.authorization
    wanted = (exchange.account_sid, exchange.auth_token)
    if given is None or not _same((given.username or "", given.password or ""), wanted):
        raise RestError(20003)
    if g.account != exchange.account_sid:
        raise RestError(20404)
    with exchange.engine.lock:
        fault = exchange.faults.for_rest(request.path)
    _misbehave(fault)


def _same(given: tuple[str, str], wanted: tuple[str, str]) -> bool:
    return all(hmac.compare_digest(a.encode(), b.encode()) for a, b in zip(given, wanted, strict=True))


def _misbehave(fault: RestFault | None) -> None:
    match fault.does if fault else None:
        case "429":
            raise RestError(20429)
        case "500":
            raise RestError(20500)
        case "slow":
            threading.Event().wait(fault.seconds if fault else 0)
        case "hang":
            threading.Event().wait(fault.seconds if fault else 0)
            raise RestError(20500)
        case "lost":
            g.answer_is_lost = True
        case None:
            pass


@rest.errorhandler(RestError)
def _refuse(error: RestError) -> tuple[Response, int]:
    return jsonify(error.body()), error.status


@rest.errorhandler(NotPossible)
def _refuse_state(_error: NotPossible) -> tuple[Response, int]:
    return _refuse(RestError(21220))


@rest.after_request
def _trace(response: Response) -> Response:
    if g.get("answer_is_lost") and response.status_code < 400:
        response = jsonify(RestError(20500).body())
        response.status_code = 500
    path = request.path.partition(g.account)[2]
    params = [f"{name}={value}" for name, value in request.values.items()]
    add = carrier().exchange.trace.add
    carrier().engine.act(
        lambda: add(
            Kind.REST,
            (request.view_args or {}).get("sid"),
            method=request.method,
            path=path,
            status=response.status_code,
            params=params,
        ),
        settle=False,
    )
    return response


@rest.post("/Calls.json")
def create_call() -> tuple[Response, int]:
    form = request.form
    if form.get("From", "") not in carrier().lines:
        raise RestError(21210)
    if not form.get("To", "").startswith("+"):
        raise RestError(21211)
    source = _source()
    if source is None:
        raise RestError(21205)
    fallback = form.get("FallbackUrl")
    leg = carrier().create_call(
        form["From"],
        form["To"],
        source,
        hook=_hook(),
        fallback=Ask(fallback, form.get("FallbackMethod", "POST")) if fallback else None,
        timeout=float(form.get("Timeout", "60")),
    )
    return jsonify(call_json(carrier().exchange, leg)), 201


def _source() -> Source | None:
    form = request.form
    if url := form.get("Url"):
        return Ask(url, form.get("Method", "POST"))
    twiml = form.get("Twiml")
    if twiml and len(twiml) > MAX_TWIML_PARAMETER:
        raise RestError(32018)
    return Inline(twiml) if twiml else None


def _hook() -> StatusHook | None:
    url = request.form.get("StatusCallback")
    if not url:
        return None
    given = " ".join(request.form.getlist("StatusCallbackEvent")) or "completed"
    return StatusHook(url, request.form.get("StatusCallbackMethod", "POST"), tuple(given.split()))


@rest.get("/Calls.json")
def list_calls() -> Response:
    wanted = request.args
    found = [
        shape
        for leg in reversed(list(carrier().legs.values()))
        if _fits(shape := call_json(carrier().exchange, leg), wanted)
    ]
    return _page("calls", found)


def _fits(shape: dict[str, Any], wanted: Any) -> bool:
    fields = {"Status": "status", "To": "to", "From": "from", "ParentCallSid": "parent_call_sid"}
    return all(shape[field] == wanted[name] for name, field in fields.items() if wanted.get(name))


@rest.get("/Calls/<sid>.json")
def fetch_call(sid: str) -> Response:
    return jsonify(call_json(carrier().exchange, _leg(sid)))


@rest.post("/Calls/<sid>.json")
def update_call(sid: str) -> Response:
    leg = _leg(sid)
    source = _source()
    if (hook := _hook()) is not None:
        leg.hook = hook
    if status := request.form.get("Status"):
        carrier().end_call(leg, cancel=status == "canceled")
    elif source is not None:
        carrier().update_call(leg, source)
    elif not leg.is_open:
        raise RestError(21220)
    return jsonify(call_json(carrier().exchange, leg))


def _leg(sid: str) -> Leg:
    if sid not in carrier().legs:
        raise RestError(20404)
    return carrier().legs[sid]


@rest.get("/IncomingPhoneNumbers.json")
def list_numbers() -> Response:
    wanted = request.args.get("PhoneNumber", "").replace(" ", "+")
    lines = [line for line in carrier().lines.values() if wanted in line.number]
    return _page("incoming_phone_numbers", [line_json(carrier().exchange, line) for line in lines])


@rest.get("/IncomingPhoneNumbers/<sid>.json")
def fetch_number(sid: str) -> Response:
    return jsonify(line_json(carrier().exchange, _line(sid)))


@rest.post("/IncomingPhoneNumbers/<sid>.json")
def update_number(sid: str) -> Response:
    line = _line(sid)
    fields = {
        "VoiceUrl": "voice_url",
        "VoiceMethod": "voice_method",
        "VoiceFallbackUrl": "fallback_url",
        "VoiceFallbackMethod": "fallback_method",
        "StatusCallback": "status_url",
        "StatusCallbackMethod": "status_method",
        "SmsUrl": "sms_url",
        "SmsMethod": "sms_method",
        "FriendlyName": "name",
    }
    for name, field in fields.items():
        if name in request.form:
            setattr(line, field, request.form[name])
    return jsonify(line_json(carrier().exchange, line))


def _line(sid: str) -> Line:
    found = next((line for line in carrier().lines.values() if line.sid == sid), None)
    if found is None:
        raise RestError(20404)
    return found


@rest.get("/Calls/<sid>/Recordings.json")
def list_recordings(sid: str) -> Response:
    leg, exchange = _leg(sid), carrier().exchange
    kept = [one for one in exchange.recordings.values() if one["call_sid"] == leg.sid]
    return _page("recordings", [recording_json(exchange, one) for one in reversed(kept)])


@rest.get("/Recordings/<sid>.wav")
def fetch_recording(sid: str) -> Response:
    """The simulated recordings hold silence of the right length."""
    seconds = int(_recording(sid)["duration"])
    held = io.BytesIO()
    with wave.open(held, "wb") as out:
        out.setparams((1, 2, 8000, 0, "NONE", "not compressed"))
        out.writeframes(b"\0\0" * 8000 * seconds)
    return Response(held.getvalue(), mimetype="audio/x-wav")


@rest.delete("/Recordings/<sid>.json")
def delete_recording(sid: str) -> tuple[str, int]:
    _recording(sid)
    del carrier().exchange.recordings[sid]
    return "", 204


def _recording(sid: str) -> dict[str, str]:
    if sid not in carrier().exchange.recordings:
        raise RestError(20404)
    return carrier().exchange.recordings[sid]


def _page(name: str, items: list[dict[str, Any]]) -> Response:
    size = min(int(request.args.get("PageSize", "50")), MAX_PAGE)
    page = int(request.args.get("Page", "0"))
    return jsonify(page_json(name, items, request.path, page, size))
