"""The carrier's web application: the REST interface, the control of the telephones, and their page."""

from collections.abc import Sequence

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from hotline.simulator.carrier import Carrier
from hotline.simulator.control import control
from hotline.simulator.page import page
from hotline.simulator.rest import rest
from hotline.simulator.rest_shapes import RestError
from hotline.simulator.voice import Speaker


def create_app(
    carrier: Carrier, speaker: Speaker | None = None, links: Sequence[tuple[str, str]] = ()
) -> Flask:
    """`links`: words and address of each page of the customer's that the telephones' page leads to."""
    app = Flask(__name__)
    app.extensions["carrier"] = carrier
    app.extensions["speaker"] = speaker
    app.extensions["links"] = links
    app.register_blueprint(rest)
    app.register_blueprint(control)
    app.register_blueprint(page)
    app.register_error_handler(HTTPException, _answer_error)
    return app


def _answer_error(error: HTTPException) -> tuple[Response, int]:
    """Errors as JSON, in the shape of the interface that was asked."""
    if error.code == 404 and not request.path.startswith("/control"):
        return jsonify(RestError(20404).body()), 404
    return jsonify({"error": error.description}), error.code or 500
