"""The three applications that are measured side by side, on the same web server with the same settings."""

import os
from collections.abc import Callable

from flask import Flask, Response, abort, request
from sqlalchemy import bindparam, insert, select, update
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Gather, Say, VoiceResponse

from hotline import app as application
from hotline import settings as settings_file
from hotline import wiring
from hotline.ivr import wording
from hotline.store.call_log import LogRow
from hotline.store.calls import CallRow
from hotline.store.engines import make_engine


def ours() -> Flask:
    """The hotline itself."""
    return application.create()


def bare() -> Flask:
    """A view that answers always the same: what the server and the client cost."""
    app = Flask("bare")
    document = _document(_menu())
    app.add_url_rule("/voice/turn", "turn", lambda: Response(document, mimetype="text/xml"), methods=["POST"])
    return app


def minimal() -> Flask:
    """The least that a turn can be: signed, one SELECT, one UPDATE, one INSERT, one commit, TwiML."""
    app = Flask("minimal")
    app.add_url_rule("/voice/turn", "turn", _minimal_view(), methods=["POST"])
    return app


def _minimal_view() -> Callable[[], Response]:
    settings = settings_file.read(os.environ)
    engine = make_engine(settings.database_url)
    validator = RequestValidator(settings.tokens[0])
    sentences = _menu()
    found = select(CallRow.id, CallRow.turn, CallRow.state).where(CallRow.leg == bindparam("leg"))
    moved = update(CallRow).where(CallRow.id == bindparam("key")).values(turn=bindparam("to_turn"))

    def view() -> Response:
        url = settings.public_url + request.full_path
        if not validator.validate(url, request.form, request.headers.get("X-Twilio-Signature", "")):
            abort(403)
        document = _document(sentences)
        with engine.begin() as connection:
            call = connection.execute(found, {"leg": request.form["CallSid"]}).one()
            connection.execute(moved, {"key": call.id, "to_turn": call.turn + 1})
            row = {
                "call_id": call.id,
                "at": _now(),
                "what": "answer",
                "detail": {},
                "key": f"turn {call.turn}",
                "answer": document.encode(),
            }
            connection.execute(insert(LogRow), row)
        return Response(document, mimetype="text/xml")

    return view


def _now() -> object:
    return wiring.SystemClock().now()


def _menu() -> tuple[str, ...]:
    script = wiring.from_environment(os.environ).lines.lines[0].script
    return wording.menu(script, script.first.code)


def _document(sentences: tuple[str, ...]) -> str:
    response = VoiceResponse()
    gather = Gather(input="dtmf", action="/voice/turn?n=2", timeout=6, num_digits=1)
    verb = Say(voice="Polly.Lea-Neural", language="fr-FR")
    for sentence in sentences:
        verb.break_(time="600ms")
        verb.append(sentence)
    gather.append(verb)
    response.append(gather)
    response.redirect("/voice/turn?n=2", method="POST")
    return str(response)
