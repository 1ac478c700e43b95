"""The files that a browser may keep: their addresses change with their contents; and they are squeezed."""

import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from flask import Flask, Response, request, url_for

FOLDER: Final = Path(__file__).parent / "static"
FOR_LONG: Final = 365 * 24 * 3600
ENDPOINT: Final = "pages.static"
_SQUEEZED: Final = (".css", ".js", ".svg")


def prepare(app: Flask) -> None:
    app.jinja_env.globals["asset"] = _asset
    app.after_request(_let_keep)


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]


@cache
def _squeezed(name: str) -> bytes:
    return gzip.compress((FOLDER / name).read_bytes(), mtime=0)


def _asset(name: str) -> str:
    """The address of a static file, another one each time that it changes."""
    return url_for(ENDPOINT, filename=name, v=_digest(name))


def _let_keep(response: Response) -> Response:
    if request.endpoint != ENDPOINT or response.status_code >= 400:
        # what pages show is for those in front of them, also when a file is not there
        response.cache_control.no_store = True
        return response
    if "v" in request.args:
        response.cache_control.max_age = FOR_LONG
        response.cache_control.immutable = True
        response.cache_control.no_cache = None
    name = (request.view_args or {}).get("filename", "")
    if (
        response.status_code == 200
        and name.endswith(_SQUEEZED)
        and request.accept_encodings.quality("gzip") > 0
    ):
        response.close()
        response.direct_passthrough = False
        response.data = _squeezed(name)
        response.content_encoding = "gzip"
        response.vary.add("Accept-Encoding")
    return response
