"""Without Redis nobody is told: whoever shows something looks it up every few seconds."""

from collections.abc import Iterator
from contextlib import AbstractContextManager

from hotline.switchboard.ports import EventsTrouble


class NoEvents:
    """The port Events of a process that knows no Redis, such as a command in a shell."""

    def publish(self, topics: frozenset[str]) -> None:
        """Do nothing."""

    def listen(self) -> AbstractContextManager[Iterator[frozenset[str] | None]]:
        raise EventsTrouble("no REDIS_URL")
