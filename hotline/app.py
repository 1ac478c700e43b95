"""The web application."""

import os

from flask import Flask

from hotline import wiring
from hotline.services import Services
from hotline.telephony import sounds
from hotline.telephony.blueprint import blueprint
from hotline.telephony.prefix import UnderPrefix


def create() -> Flask:
    """The application for the settings in the environment; what the web server calls."""
    return create_app(wiring.from_environment(os.environ))


def create_app(services: Services) -> Flask:
    app = Flask("hotline")
    app.config["SECRET_KEY"] = services.settings.secret_key
    app.config["MAX_CONTENT_LENGTH"] = 256 * 1024
    app.register_blueprint(blueprint(services))
    app.register_blueprint(sounds.blueprint())
    app.add_url_rule("/healthz", "healthz", _alive)
    app.wsgi_app = UnderPrefix(app.wsgi_app, services.settings.public_url)  # type: ignore[method-assign]  # Flask's way
    return app


def _alive() -> str:
    """For the process that waits until the server answers; says nothing of the state of the line."""
    return "ok"
