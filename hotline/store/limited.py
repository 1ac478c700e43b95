"""Runs what may wait for ever with a time limit, and never more of it at once than there are places."""

from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import BoundedSemaphore, Thread
from time import monotonic
from typing import TypeVar

T = TypeVar("T")


class Overdue(Exception):
    """It has not come back in time, or so many have not that nothing more is begun."""


class Limited:
    """Work in threads of its own. What hangs keeps its place until it comes back, and ends with the process.

    The time limits of the database cannot do this: a server that is frozen takes what we send it, and a
    connection stays open on which nobody answers.
    """

    def __init__(self, seconds: float, at_once: int) -> None:
        self.seconds = seconds
        self._places = BoundedSemaphore(at_once)

    def run(self, work: Callable[[], T]) -> T:
        """What `work` returns or raises. Raises Overdue; it goes on nevertheless.

        The limit holds for waiting for a place, too.
        """
        until = monotonic() + self.seconds
        if not self._places.acquire(timeout=self.seconds):
            raise Overdue("what was begun before still hangs")
        answer: Future[T] = Future()
        try:
            # a daemon: a process that ends waits for nothing that hangs
            Thread(target=self._work, args=(work, answer), daemon=True).start()
        except RuntimeError as error:
            self._places.release()
            raise Overdue("the machine starts no thread any more") from error
        if not wait([answer], max(0.0, until - monotonic())).done:
            raise Overdue(f"no answer in {self.seconds:g} s")
        return answer.result()

    def _work(self, work: Callable[[], T], answer: "Future[T]") -> None:
        try:
            result = work()
        except BaseException as error:
            self._places.release()
            answer.set_exception(error)
        else:
            # before the answer: whoever has it may come again at once
            self._places.release()
            answer.set_result(result)
