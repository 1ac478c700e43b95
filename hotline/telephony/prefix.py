"""Serves below a path prefix, whether the proxy in front strips it or not."""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class UnderPrefix:
    """Moves the prefix of the public address from PATH_INFO to SCRIPT_NAME (PEP 3333).

    Where the proxy has stripped it, it is in SCRIPT_NAME all the same: pages link to one another by it.
    """

    def __init__(self, app: "WSGIApplication", public_url: str) -> None:
        self._app = app
        self._prefix = urlsplit(public_url).path

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if self._prefix:
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + self._prefix
        if self._prefix and path.startswith(f"{self._prefix}/"):
            environ["PATH_INFO"] = path[len(self._prefix) :]
        return self._app(environ, start_response)
