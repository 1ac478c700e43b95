"""Whoever asks for something and is not logged in any more: to log in, and back to where they were."""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, flash, redirect, request, url_for
from flask_security import Security
from flask_security.decorators import default_unauthn_handler

from hotline.dashboard.languages import translated as _


def prepare(app: Flask) -> None:
    """The log-in library's pages send away as ours do."""
    security: Security = app.extensions["security"]
    security.unauthn_handler(_to_log_in)
    app.login_manager.unauthorized_callback = _to_log_in  # type: ignore[attr-defined]  # Flask-Login's


def form_page() -> str | None:
    """Where the form stands to which this page is the answer; None when it is the answer to none."""
    if request.method != "POST":
        return None
    if _is_page(request.path):
        return request.script_root + request.full_path.removesuffix("?")
    # a form with an address of its own: where it was sent from
    sent_from = urlsplit(request.referrer or "")
    if not _is_page(sent_from.path.removeprefix(request.script_root)):
        return url_for("pages.home")
    return f"{sent_from.path}?{sent_from.query}" if sent_from.query else sent_from.path


def _is_page(path: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    return adapter is not None and path.startswith("/") and adapter.test(path, "GET")


def _to_log_in(mechanisms: Any = None, headers: Any = None) -> Any:
    """A form that was sent is told what became of it: only its page can be gone back to."""
    # a page's own script is sent on by the browser, and loads its page again
    if request.method != "POST" or "HX-Request" in request.headers or request.is_json:
        return default_unauthn_handler(mechanisms, headers)  # type: ignore[no-untyped-call]  # the library's
    flash(
        _(
            "Vous n’étiez plus connecté·e : ce que vous venez d’envoyer n’a pas été fait. Reconnectez-vous : "
            "vous retrouverez la page, où il faudra recommencer."
        ),
        "error",
    )
    return redirect(url_for("security.login", next=form_page()))
