"""The control interface for the demonstration page and a caller at a terminal; loopback only."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, request

from hotline.simulator import fault_settings
from hotline.simulator.carrier import Carrier
from hotline.simulator.control_shapes import entry_json, leg_json, phone_json, phones_json, state_json
from hotline.simulator.legs import Leg, Status
from hotline.simulator.phones import BEHAVIOURS, Phone

control = Blueprint("control", __name__, url_prefix="/control")
LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}
LONGEST_POLL = 20.0
Answer = tuple[Response, int]


def carrier() -> Carrier:
    found: Carrier = current_app.extensions["carrier"]
    return found


def given() -> dict[str, Any]:
    body = request.get_json(silent=True)
    return body if isinstance(body, dict) else {}


@control.before_request
def _loopback_only() -> None:
    """A page elsewhere could point its own name at this machine: only loopback names are served."""
    host = request.host if request.host.endswith("]") else request.host.rpartition(":")[0] or request.host
    if host not in LOOPBACK:
        abort(403)
    # A form of another site can post, but it cannot send JSON without being asked first.
    if request.method == "POST" and request.content_length and not request.is_json:
        abort(415)


@control.errorhandler(LookupError)
def _not_possible(error: LookupError) -> Answer:
    return jsonify({"error": str(error.args[0]) if error.args else "not found"}), 409


@control.errorhandler(ValueError)
def _not_understood(error: ValueError) -> Answer:
    return jsonify({"error": str(error)}), 400


@control.get("/phones")
def phones() -> Response:
    with carrier().engine.lock:
        return jsonify(phones_json(carrier()))


@control.post("/phones")
def register_phone() -> Answer:
    number, behaviour = str(given().get("number", "")), given().get("behaviour", "ring")
    if not number.startswith("+"):
        raise ValueError("a telephone has a number which begins with +")
    if behaviour not in BEHAVIOURS:
        raise ValueError(f"behaviour is one of {BEHAVIOURS}")
    phone = carrier().register_phone(number, str(given().get("name", "")), behaviour)
    return jsonify(phone_json(phone)), 201


@control.post("/calls")
def place_call() -> Answer:
    leg = carrier().call(str(given().get("from", "anonymous")), str(given().get("to", "")))
    return jsonify({"sid": leg.sid}), 201


@control.get("/calls/<sid>")
def show_call(sid: str) -> Response:
    leg = _leg(sid)
    with carrier().engine.lock:
        return jsonify(leg_json(leg))


@control.post("/legs/<sid>/answer")
def answer(sid: str) -> Answer:
    _ringing(_leg(sid)).answer()
    return _done()


@control.post("/legs/<sid>/reject")
def reject(sid: str) -> Answer:
    _ringing(_leg(sid)).reject()
    return _done()


@control.post("/legs/<sid>/hang-up")
def hang_up(sid: str) -> Answer:
    _leg(sid).hang_up()
    return _done()


@control.post("/legs/<sid>/keys")
def press(sid: str) -> Answer:
    keys = str(given().get("keys", ""))
    if not keys or not set(keys) <= set("0123456789*#"):
        raise ValueError("keys are digits, * and #")
    _leg(sid).press(keys)
    return _done()


@control.post("/legs/<sid>/announce")
def announce(sid: str) -> Answer:
    """The person at this telephone says something aloud."""
    _leg(sid).speak(str(given().get("text", "")))
    return _done()


@control.get("/trace")
def trace() -> Response:
    after = request.args.get("after", 0, int)
    with carrier().engine.lock:
        record = carrier().exchange.trace
        return jsonify({"entries": [entry_json(one) for one in record.after(after)], "last": record.last})


@control.get("/state")
def state() -> Response:
    """The whole picture; with ?after=V wait until there is a newer one, at most twenty seconds."""
    after = request.args.get("after", -1, int)
    patience = min(request.args.get("wait", LONGEST_POLL, float), LONGEST_POLL)
    engine = carrier().engine
    with engine.changed:
        engine.changed.wait_for(lambda: carrier().exchange.trace.last > after, patience)
        return jsonify(state_json(carrier()))


@control.get("/faults")
def show_faults() -> Response:
    return jsonify(fault_settings.as_json(carrier().faults))


@control.post("/faults")
def set_faults() -> Response:
    with carrier().engine.lock:
        fault_settings.apply(carrier().faults, given())
    return show_faults()


def _leg(sid: str) -> Leg:
    leg = carrier().legs.get(sid)
    if leg is None:
        abort(404)
    return leg


def _ringing(leg: Leg) -> Phone:
    phone = carrier().phone(leg.number)
    if leg.status is not Status.RINGING or phone.ringing_leg is not leg:
        raise LookupError("this telephone is not ringing")
    return phone


def _done() -> Answer:
    return jsonify({}), 200
