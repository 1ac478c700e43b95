"""Without Redis nobody is told: whoever shows something looks it up every few seconds."""

from collections.abc import Iterator
from contextlib import contextmanager

from hotline.switchboard.ports import EventsTrouble


def _nothing() -> Iterator[frozenset[str] | None]:
    yield None
    raise EventsTrouble("no REDIS_URL")


class NoEvents:
    """The port Events of a process that knows no Redis, such as a command in a shell."""

    def publish(self, topics: frozenset[str]) -> None:
        """Do nothing."""

    @contextmanager
    def listen(self) -> Iterator[Iterator[frozenset[str] | None]]:
        yield _nothing()
