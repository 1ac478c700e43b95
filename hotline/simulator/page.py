"""The demonstration page: a caller's telephone, the mediators' telephones, and what the carrier saw."""

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, jsonify, make_response, render_template, request
from flask import send_file as send_file_of

from hotline.simulator.carrier import Carrier
from hotline.simulator.control import LOOPBACK, carrier
from hotline.simulator.trace import Kind, TraceEntry
from hotline.simulator.trace_words import Language, spaced, words
from hotline.simulator.voice import Speaker

page = Blueprint("page", __name__)
HERE = Path(__file__).parent
# Numbers that are kept for fiction; nobody is called by them.
CALLERS = ("+33639980001", "+33639980002", "+33639980003")
ANONYMOUS = "anonymous"
KEYS = "123456789*0#"
SHOWN_AT_FIRST = 200
TECHNICAL = {
    Kind.PHONE_REGISTERED,
    Kind.CALL_QUEUED,
    Kind.WEBHOOK,
    Kind.DOCUMENT,
    Kind.PAUSED,
    Kind.GATHER_OPENED,
    Kind.GATHER_CLOSED,
    Kind.WHISPER,
    Kind.REST,
    Kind.UPDATED,
}
ALARMING = {Kind.ERROR, Kind.VIOLATION}


@page.before_request
def _loopback_only() -> None:
    """What callers hear is shown to this machine alone; the page itself may explain why it is not."""
    if request.endpoint != "page.show" and _host() not in LOOPBACK:
        abort(403)


@page.get("/")
def show() -> Response:
    language = _language()
    answer = make_response(
        render_template(
            "page.html",
            t=texts(language),
            language=language,
            other="fr" if language == "en" else "en",
            callers=[(number, national(number)) for number in CALLERS],
            anonymous=ANONYMOUS,
            keys=KEYS,
            links=current_app.extensions["links"],
            speaks=(speaker := _speaker()) is not None and speaker.installed,
        )
    )
    answer.headers["Content-Security-Policy"] = content_policy(carrier())
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@page.get("/page/trace")
def trace() -> Response:
    """The trace in words, after entry ?after=N; without it the latest entries."""
    found = carrier()
    with found.engine.lock:
        record = found.exchange.trace
        after = request.args.get("after", max(record.last - SHOWN_AT_FIRST, 0), int)
        names = {one.number: one.name for one in found.exchange.phones.values() if one.name}
        entries = [entry_json(one, _language(), names) for one in record.after(after)]
        started = found.engine.start.isoformat()
        return jsonify({"entries": entries, "last": record.last, "started": started})


@page.get("/audio/<name>.wav")
def audio(name: str) -> Response:
    speaker = _speaker()
    path = speaker.sound(name) if speaker else None
    if path is None:
        abort(404)
    return send_file_of(path, mimetype="audio/wav", conditional=True, max_age=3600)


def content_policy(found: Carrier) -> str:
    """Everything from here; sounds also from the lines, whose documents may play their own."""
    origins = sorted({_origin(line.voice_url) for line in found.lines.values()})
    media = " ".join(["'self'", *origins])
    return (
        f"default-src 'self'; media-src {media}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def entry_json(entry: TraceEntry, language: Language, names: dict[str, str]) -> dict[str, Any]:
    return {
        "n": entry.n,
        "at": entry.at.isoformat(),
        "leg": entry.leg,
        "kind": str(entry.kind),
        "weight": weight(entry),
        "code": entry.params.get("code"),
        "text": sentence(entry, language, names),
    }


def weight(entry: TraceEntry) -> str:
    if entry.kind in ALARMING:
        return "alarm"
    return "technical" if entry.kind in TECHNICAL else "plain"


def sentence(entry: TraceEntry, language: Language, names: dict[str, str]) -> str:
    """The trace's own words, with people by their names and numbers as they are written at home."""
    values = texts(language)["values"]
    known = {
        name: values.get(value, value) if isinstance(value, str) and name in ("status", "result") else value
        for name, value in entry.params.items()
    }
    if entry.params.get("by") == "tone":
        known["text"] = values.get(str(entry.params["text"]), entry.params["text"])
    if entry.params.get("by") == "play":
        known["text"] = urlsplit(str(entry.params["text"])).path.rpartition("/")[2]
    said = words(replace(entry, params=known), language)
    if entry.kind is not Kind.PHONE_REGISTERED:
        said = _by_name(said, names)
    said = re.sub(r"\+33 (\d) ", r"0\1 ", said)
    return _in_french(said) if language == "fr" else said


def _by_name(said: str, names: dict[str, str]) -> str:
    for number, name in names.items():
        elided = " d’" if re.match("[AEIOUYÀÂÉÈÊËÎÏÔÙÛ]", name) else " de "
        written = spaced(number)
        said = said.replace(f" de {written}", elided + name)
        said = said.replace(f" le {written}", f" {name}").replace(written, name)
    return said


def _in_french(said: str) -> str:
    """A number takes its article; quotation marks and high punctuation never begin a line."""
    number = r"(0\d(?: \d\d){4}|numéro masqué)"
    said = re.sub(f"^{number}", r"Le \1", said)
    said = re.sub(f"\\bde {number}", r"du \1", said)
    return re.sub(r"(?<=«) | (?=[»:;?!])", "\u00a0", said)


def national(number: str) -> str:
    return re.sub(r"^\+33 ", "0", spaced(number))


@cache
def texts(language: Language) -> dict[str, Any]:
    """All that the page says, one file a language; the page's scripts read the same file."""
    found: dict[str, Any] = json.loads((HERE / "static" / f"words.{language}.json").read_text("utf-8"))
    return found


def _language() -> Language:
    return "en" if request.args.get("lang") == "en" else "fr"


def _speaker() -> Speaker | None:
    found: Speaker | None = current_app.extensions.get("speaker")
    return found


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _host() -> str:
    host = request.host
    return host if host.endswith("]") else host.rpartition(":")[0] or host
