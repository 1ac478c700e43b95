"""Hands on what this process hears of changes to the pages that listen here."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Final

from hotline.dashboard.painter import Painter
from hotline.store.topics import BOARD
from hotline.switchboard.ports import Events, EventsTrouble

log = logging.getLogger(__name__)

THREADS_FOR_CALLERS: Final = 24
"""So many threads of a process no page ever takes."""
LOOK_EVERY: Final = 5.0
"""Seconds: without events, pages look up everything so often."""
AT_ONCE: Final = 4
"""Pages that are handed a picture together."""
BETWEEN: Final = 0.005
"""Seconds until the next ones are: a caller's turn need not wait behind all of them."""
ALL: Final = "all"
"""The word for: look up everything."""
CHECK: Final = "check"
"""The word for: see whether whoever listens may still do so."""
END: Final = "end"
"""The word for: this process ends, listen elsewhere."""


@dataclass(slots=True)
class Picture:
    """The board, as HTML, for the pages that show it in a language: always the latest one.

    So nothing piles up where a page is not read for long, such as one of a laptop that sleeps.
    """

    html: str


Heard = str | Picture
Inbox = SimpleQueue[Heard]


@dataclass(frozen=True, slots=True)
class _Page:
    topics: Mapping[str, str]
    board: str | None


class Hub:
    """The pages that listen in this process. The listener starts with the first of them."""

    class Full(Exception):
        """So many listen that callers would wait: the page is to look for itself."""

    def __init__(
        self,
        events: Events,
        paint: Callable[[str], str],
        most: int,
        look_every: float = LOOK_EVERY,
        painter: Callable[..., Painter] = Painter,
        rest: Callable[[float], object] = time.sleep,
    ) -> None:
        """`paint`: the board's HTML, now, in a language."""
        self.painter = painter(paint, self._languages, self._show)
        self._events = events
        self._most = most
        self._look_every = look_every
        self._rest = rest
        self._lock = threading.Lock()
        self._pages: dict[Inbox, _Page] = {}
        self._pictures: dict[str, Picture] = {}
        self._listener: threading.Thread | None = None
        self._closed = threading.Event()

    def join(self, topics: Mapping[str, str], board: str | None = None) -> Inbox:
        """Listen to these topics; each is told by the word that it maps to. Raises Full.

        `board`: the language in which the page shows the board; it is sent each picture of it.
        """
        inbox: Inbox = SimpleQueue()
        with self._lock:
            if len(self._pages) >= self._most or self._closed.is_set():
                raise self.Full
            self._pages[inbox] = _Page(topics, board)
            if self._listener is None:
                self._listener = threading.Thread(target=self._listen, name="live", daemon=True)
                self._listener.start()
        return inbox

    def leave(self, inbox: Inbox) -> None:
        with self._lock:
            self._pages.pop(inbox, None)

    def tell(self, topics: Iterable[str]) -> None:
        """Tell each page that listens to one of the topics."""
        heard = frozenset(topics)
        if BOARD in heard:
            self.painter.changed()
        for inbox, page in self._present():
            for word in {page.topics[topic] for topic in heard if topic in page.topics}:
                inbox.put(word)

    def close(self) -> None:
        """End every stream. Called from a signal's handler too: takes no lock that might be held."""
        self._closed.set()
        self.painter.close()
        for inbox in list(self._pages):
            inbox.put(END)

    def _present(self) -> list[tuple[Inbox, _Page]]:
        with self._lock:
            return list(self._pages.items())

    def _languages(self) -> set[str]:
        return {page.board for _, page in self._present() if page.board}

    def _show(self, language: str, html: str) -> None:
        picture = self._pictures.setdefault(language, Picture(html))
        picture.html = html
        looking_on = [inbox for inbox, page in self._present() if page.board == language]
        for number, inbox in enumerate(looking_on, 1):
            inbox.put(picture)
            if number % AT_ONCE == 0:
                self._rest(BETWEEN)

    def _tell_all(self) -> None:
        for inbox, _ in self._present():
            inbox.put(ALL)
        self.painter.changed()

    def _listen(self) -> None:
        while not self._closed.is_set():
            try:
                self._listen_once()
            except Exception:
                log.exception("the listener starts anew")
            self._closed.wait(self._look_every)

    def _listen_once(self) -> None:
        try:
            with self._events.listen() as heard:
                # what happened while nobody listened
                self._tell_all()
                for topics in heard:
                    if self._closed.is_set():
                        return
                    if topics is not None:
                        self.tell(topics)
        except EventsTrouble:
            # nobody tells us: not now, and perhaps not for some seconds either
            self._tell_all()
