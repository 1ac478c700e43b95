"""Paints the board when it has changed: once for all pages that show it, and so often at most."""

import logging
import threading
import time
from collections.abc import Callable, Collection
from typing import Final

log = logging.getLogger(__name__)

AT_REST: Final = 0.25
"""Seconds between two pictures: a busy minute is one picture after the other, no storm."""
UNASKED: Final = 30.0
"""Seconds: time alone changes the board too, as when a shift begins."""
IN_TROUBLE: Final = 2.0
"""Seconds until it is tried again when it could not be painted."""
RECENT: Final = 1.0
"""Seconds: whoever asks for themselves gets a picture that is no older."""


class Painter:
    """One thread, which starts with the first who asks. A change is painted at once; those that come while
    it rests are painted together, when it has rested: the last one is never lost.
    """

    def __init__(
        self,
        paint: Callable[[str], str],
        languages: Callable[[], Collection[str]],
        show: Callable[[str, str], None],
        rest: Callable[[float], object] = time.sleep,
    ) -> None:
        """`languages`: those in which somebody looks on; `show(language, html)` sends it to them."""
        self._paint = paint
        self._languages = languages
        self._show = show
        self._rest = rest
        self._changed = threading.Event()
        self._closed = False
        self._one_at_a_time = threading.Lock()
        self._latest: dict[str, tuple[float, str]] = {}
        self._thread: threading.Thread | None = None

    def changed(self) -> None:
        """The board is not what it was."""
        self._changed.set()

    def recent(self, language: str) -> str:
        """The board as it was a moment ago; painted here when nobody has painted it since."""
        with self._one_at_a_time:
            at, html = self._latest.get(language, (float("-inf"), ""))
            return html if time.monotonic() - at < RECENT else self._painted(language)

    def start(self) -> None:
        with self._one_at_a_time:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="painter", daemon=True)
                self._thread.start()

    def close(self) -> None:
        self._closed = True
        self._changed.set()

    def _run(self) -> None:
        while True:
            self._changed.wait(UNASKED)
            self._changed.clear()
            if self._closed:
                return
            self._rest(self._turn())

    def _turn(self) -> float:
        """Paint and show; how long to rest then."""
        try:
            for language in self._languages():
                with self._one_at_a_time:
                    html = self._painted(language)
                self._show(language, html)
        except Exception:
            # a database that is away, most likely: what has changed is still to be shown
            log.warning("the board could not be painted", exc_info=True)
            self._changed.set()
            return IN_TROUBLE
        return AT_REST

    def _painted(self, language: str) -> str:
        html = self._paint(language)
        self._latest[language] = (time.monotonic(), html)
        return html
