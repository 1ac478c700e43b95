"""The pages of a stage, made when the first of them is asked for: most calls are made without any."""

from threading import Lock
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.local import LocalProxy

from hotline import dashboard
from hotline.services import Services

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class LatePages:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = Lock()
        self._made: Flask | None = None

    def app(self) -> "WSGIApplication":
        """Stands for the application, which it makes when it is first used."""
        return LocalProxy(self._get)

    def close(self) -> None:
        """End the streams to pages that are open."""
        if self._made is not None:
            self._made.extensions["live"].close()

    def _get(self) -> Flask:
        with self._lock:
            if self._made is None:
                self._made = dashboard.create(self._services)
            return self._made
