"""The demonstration's own page: who one can log in as, the present codes, and the mails that were written."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, abort, render_template, request

from hotline.dashboard import demo_accounts, words
from hotline.services import Services

LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})
MANY: Final = 30


@dataclass(frozen=True, slots=True)
class Letter:
    to: str
    subject: str
    at: datetime
    text: str


def add(app: Flask, services: Services) -> None:
    """Add the page to a demonstration; a real line has neither the page nor its address."""
    folder = services.settings.mail_folder
    if folder is None or not services.settings.fiction_numbers:
        return
    routes = Blueprint("demo", __name__, url_prefix="/demo")
    routes.before_request(_only_here)
    routes.add_url_rule("", "page", lambda: render_template("demo.html", now=_now(services, folder)[1]))
    routes.add_url_rule("/now", "now", lambda: _news(services, folder))
    app.register_blueprint(routes)


def letters(folder: Path) -> list[Letter]:
    """The mails in the folder, the newest first."""
    files = sorted(folder.glob("*.eml"), reverse=True)[:MANY]
    return [_read(file.read_bytes()) for file in files]


def _only_here() -> None:
    """It shows passwords: to this machine alone, under its own name."""
    name = urlsplit(request.host_url).hostname
    if request.remote_addr not in LOOPBACK or name not in LOOPBACK | {"localhost"}:
        abort(404)


def _news(services: Services, folder: Path) -> Response:
    """Nothing new is not shown anew: somebody may be copying an address just now."""
    seen, shown = _now(services, folder)
    return Response(status=204) if request.args.get("seen") == seen else Response(shown)


def _now(services: Services, folder: Path) -> tuple[str, str]:
    """A word for what there is, and how it is shown."""
    with services.store.reading() as tx:
        found = demo_accounts.present(tx)
    accounts = [(one.name, words.role(one.role), one.email, demo_accounts.six_digits(one)) for one in found]
    written = letters(folder)
    seen = hashlib.sha256(repr((accounts, written)).encode()).hexdigest()[:16]
    shown = render_template(
        "demo_now.html", seen=seen, accounts=accounts, password=demo_accounts.PASSWORD, letters=written
    )
    return seen, shown


def _read(body: bytes) -> Letter:
    message = message_from_bytes(body, policy=policy.default)
    part = message.get_body(("plain",))
    return Letter(
        to=str(message["To"]),
        subject=str(message["Subject"]),
        at=parsedate_to_datetime(str(message["Date"])),
        text=str(part.get_content()) if part else "",
    )
