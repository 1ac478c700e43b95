"""Tells open pages what has changed: one stream a page, fed by one listener a process."""

import queue
import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final

from flask import Blueprint, Flask, Response, request
from flask_login import current_user

from hotline.dashboard import access, board, log_ins
from hotline.dashboard.hub import CHECK, END, THREADS_FOR_CALLERS, Heard, Hub, Inbox, Picture
from hotline.dashboard.languages import language
from hotline.dashboard.users import User
from hotline.services import Services
from hotline.store.topics import CALLBACKS, of_account, of_mediator

HEARTBEAT: Final = 10.0
"""Seconds: a page that hears nothing for longer knows that the connection is lost."""
CHECK_EVERY: Final = 60.0
"""Seconds, however much there is to tell: whoever may no longer log in hears no more."""
RETRY: Final = (1000, 4000)
"""Milliseconds, by lot, after which a page connects anew: not all at the same instant."""
STREAM: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_LINES: Final = re.compile("\r\n|\r|\n")


def blueprint(services: Services, app: Flask) -> Blueprint:
    """The routes; the hub of this process is `extensions["live"]`."""
    hub = Hub(services.events, board.painting(services, app), _room(services))
    app.extensions["live"] = hub
    routes = Blueprint("live", __name__)
    routes.before_request(_only_who_is_in)

    @routes.get("/live")
    def live() -> Response:
        """A stream of the words "me" and "callbacks" when they have changed; with `?board=1` of the board's
        pictures, and without the callbacks, which it does not show.

        204 where too many listen.
        """
        user, shown = access.user(), language() if "board" in request.args else None
        try:
            inbox = hub.join(_topics(user) | ({} if shown else {CALLBACKS: "callbacks"}), shown)
        except hub.Full:
            return Response(status=204)
        if shown:
            hub.painter.start()
        body = stream(hub, inbox, shown, _may_listen(services, user))
        answer = Response(body, mimetype="text/event-stream", headers=STREAM)
        # also when nobody has read a word of it
        answer.call_on_close(lambda: hub.leave(inbox))
        return answer

    return routes


def _only_who_is_in() -> Response | None:
    """A stream cannot be sent to the log-in page: the page that wants it asks for itself, and is."""
    return None if current_user.is_authenticated else Response(status=401)


def _room(services: Services) -> int:
    """How many streams leave enough threads to callers; none where we do not know how many there are."""
    return max((services.settings.threads or 0) - THREADS_FOR_CALLERS, 0)


def _topics(user: User) -> dict[str, str]:
    mine = {of_mediator(user.mediator_id): "me"} if user.mediator_id else {}
    return mine | {of_account(user.id): CHECK}


def _may_listen(services: Services, user: User) -> Callable[[], bool]:
    return lambda: log_ins.user(services, log_ins.kept(user)) is not None


def event(name: str, data: str = "") -> bytes:
    """An event as it is written into a stream; each line of the data is one of its own."""
    lines = "".join(f"data: {line}\n" for line in _LINES.split(data))
    return f"event: {name}\n{lines}\n".encode()


def stream(
    hub: Hub, inbox: Inbox, shown: str | None, may_listen: Callable[[], bool], heartbeat: float = HEARTBEAT
) -> Iterator[bytes]:
    """What a page is told, until this process ends or its reader may not listen any more."""
    yield f"retry: {random.randint(*RETRY)}\n".encode() + event("hello")
    if shown:
        yield event("board", hub.painter.recent(shown))
    checked = time.monotonic()
    while True:
        heard = _next(inbox, heartbeat)
        if END in heard:
            return
        if CHECK in heard or time.monotonic() - checked > CHECK_EVERY:
            if not may_listen():
                return
            checked = time.monotonic()
        yield b"".join(_told(heard)) or event("beat")


def _next(inbox: Inbox, heartbeat: float) -> list[Heard]:
    """All that there is to tell; nothing when nothing came for so long."""
    heard: list[Heard] = []
    with suppress(queue.Empty):
        heard.append(inbox.get(timeout=heartbeat))
        while True:
            heard.append(inbox.get_nowait())
    return heard


def _told(heard: list[Heard]) -> Iterator[bytes]:
    """Each word once; of several pictures, which pile up for a slow reader, the last."""
    for word in dict.fromkeys(one for one in heard if isinstance(one, str) and one != CHECK):
        yield event(word)
    pictures = [one for one in heard if isinstance(one, Picture)]
    if pictures:
        yield event("board", pictures[-1].html)
