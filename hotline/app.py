"""The web application: the carrier's webhooks and, beside them, the pages."""

import logging
import os
from collections.abc import Iterable
from contextlib import closing
from typing import TYPE_CHECKING, Final

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix

from hotline import dashboard, wiring
from hotline.services import Services
from hotline.settings import Settings
from hotline.store.limited import Limited, Overdue
from hotline.switchboard import outages
from hotline.telephony import sounds
from hotline.telephony.blueprint import blueprint
from hotline.telephony.prefix import UnderPrefix

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

START_WITHIN: Final = 2.0
"""Seconds that a start waits for the database: callers wait for the start."""
CALLERS: Final = ("/voice/", "/sms/", "/sounds/", "/healthz")
"""What is not a page."""


def create() -> Flask:
    """The application for the settings in the environment; what the web server calls."""
    services = wiring.from_environment(os.environ)
    _note_start(services.settings)
    return create_app(services, dashboard.create(wiring.for_pages(services)))


def create_app(services: Services, pages: "WSGIApplication | None" = None) -> Flask:
    """The webhooks, with the pages as an application of their own beside them (`extensions["pages"]`)."""
    app = Flask("hotline", static_folder=None)
    app.config["SECRET_KEY"] = services.settings.secret_key
    app.config["MAX_CONTENT_LENGTH"] = 256 * 1024
    app.register_blueprint(blueprint(services))
    app.register_blueprint(sounds.blueprint())
    app.add_url_rule("/healthz", "healthz", _alive)
    beside = app.extensions["pages"] = dashboard.create(services) if pages is None else pages
    both = _Beside(app.wsgi_app, beside)
    app.wsgi_app = _in_front(both, services.settings)  # type: ignore[method-assign, assignment]  # Flask's way
    return app


def _note_start(settings: Settings) -> None:
    """Before the first request, which may be the end of a call that we have dropped.

    By a connection of its own: where a web server forks after this, no two processes share one.
    """

    def note() -> None:
        here = wiring.build(settings)
        with closing(here.store):
            outages.started(here.store, here.lines, here.jobs, here.clock)

    try:
        Limited(START_WITHIN, at_once=1).run(note)
    except (SQLAlchemyError, Overdue) as error:
        # the worker notices too, and notes it when the database is back
        log.warning("started without the database (%s)", type(error).__name__)


def _in_front(app: "WSGIApplication", settings: Settings) -> "WSGIApplication":
    """What the proxies say is put right: the path, and who asks. Nothing else is believed."""
    below = UnderPrefix(app, settings.public_url)
    if not settings.proxies:
        return below
    return ProxyFix(below, x_for=settings.proxies, x_proto=0, x_host=0, x_port=0, x_prefix=0)


class _Beside:
    """Two applications behind one door: no caller waits for what pages need, such as who is logged in."""

    def __init__(self, webhooks: "WSGIApplication", pages: "WSGIApplication") -> None:
        self._webhooks = webhooks
        self._pages = pages

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        for_callers = environ.get("PATH_INFO", "").startswith(CALLERS)
        return (self._webhooks if for_callers else self._pages)(environ, start_response)


def _alive() -> str:
    """For the process that waits until the server answers; says nothing of the state of the line."""
    return "ok"
