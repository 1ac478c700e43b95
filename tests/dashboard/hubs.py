"""A hub whose board, events and pauses are the test's own."""

from collections.abc import Callable, Iterator
from queue import SimpleQueue

import pytest

from hotline.dashboard.hub import Hub
from hotline.dashboard.painter import Painter
from tests.fakes import KeptEvents

LIMIT = 10.0
"""Seconds: whatever is waited for comes at once, or never."""
Paint = Callable[[str], str]
Show = Callable[[str, str], None]


class Rest:
    """The painter's pauses: each begins when it is announced, and lasts until it is allowed to end."""

    def __init__(self) -> None:
        self._begun: SimpleQueue[float] = SimpleQueue()
        self._over: SimpleQueue[None] = SimpleQueue()

    def __call__(self, seconds: float) -> None:
        self._begun.put(seconds)
        self._over.get()

    def begins(self) -> float:
        return self._begun.get(timeout=LIMIT)

    def ends(self) -> None:
        self._over.put(None)


class Board:
    """A board that shows how often it has changed; `fails`: so often it cannot be painted."""

    def __init__(self) -> None:
        self.changes = 0
        self.fails = 0
        self.painted: list[str] = []

    def paint(self, language: str) -> str:
        if self.fails:
            self.fails -= 1
            raise ConnectionError("the database is away")
        self.painted.append(language)
        return f"{language}: {self.changes}"


@pytest.fixture
def rest() -> Rest:
    return Rest()


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
def events() -> KeptEvents:
    return KeptEvents()


@pytest.fixture
def make_hub(events: KeptEvents, board: Board, rest: Rest) -> Iterator[Callable[..., Hub]]:
    hubs: list[Hub] = []

    def make(most: int = 10, look_every: float = 60.0) -> Hub:
        def painter(paint: Paint, languages: Callable[[], set[str]], show: Show) -> Painter:
            return Painter(paint, languages, show, rest)

        hubs.append(Hub(events, board.paint, most, look_every, painter))
        return hubs[-1]

    yield make
    for hub in hubs:
        hub.close()
        for _ in range(3):
            rest.ends()
