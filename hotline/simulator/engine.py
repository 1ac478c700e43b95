"""Keeps the carrier's time: one engine of events, driven by a test's virtual clock or by the wall clock."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, TypeVar

from simpy import Environment, Interrupt, Process
from simpy.events import Event

from hotline.simulator.fetch import Fetch, WebRequest

T = TypeVar("T")
Steps = Generator[Event, Any, T]
logger = logging.getLogger(__name__)
# Sums of seconds such as 0.1 are not exact: what is due within a microsecond is due.
TOLERANCE = 1e-6


def wait(event: Event) -> Steps[Any]:
    """Wait in a process for an event; an interruption arrives as the exception it carries."""
    try:
        return (yield event)
    except Interrupt as interrupt:
        raise interrupt.cause or interrupt from None


class Engine:
    """Time, the lock around all state, and the errands to do without it.

    Requests are sent between two events and never under the lock, so that the server which
    we ask may call us back while it prepares its answer.
    """

    def __init__(self, start: datetime, fetch: Fetch) -> None:
        self.start = start
        self.fetch = fetch
        self.env = Environment()
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.failure: Exception | None = None
        self._outbox: deque[tuple[Callable[[], object], Event]] = deque()

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.env.now)

    def outside(self, work: Callable[[], object]) -> Event:
        """Do this without the lock; the event happens, with its result, when it is done."""
        done = self.env.event()
        self._outbox.append((work, done))
        return done

    def send(self, request: WebRequest) -> Event:
        """An event that happens, with the WebAnswer, when the customer's server has answered."""
        return self.outside(lambda: self.fetch(request))

    def spawn(self, steps: Steps[None]) -> Process:
        return self.env.process(steps)

    def pause(self, seconds: float) -> Steps[None]:
        yield from wait(self.env.timeout(max(seconds, 0)))

    def act(self, change: Callable[[], T], *, settle: bool = True) -> T:
        """Change state under the lock; `settle` then runs what is due at this very instant."""
        raise NotImplementedError


class HeadlessEngine(Engine):
    """Virtual time: it moves only when told to, and stands still while a webhook is answered."""

    def __init__(self, start: datetime, fetch: Fetch) -> None:
        super().__init__(start, fetch)
        self._driving = False

    def act(self, change: Callable[[], T], *, settle: bool = True) -> T:
        with self.lock:
            result = change()
        if settle and not self._driving:
            self.run_for(0)
        return result

    def run_for(self, seconds: float) -> None:
        self.run_until(lambda: False, seconds)

    def run_until(self, enough: Callable[[], bool], limit: float) -> bool:
        if self._driving:
            raise RuntimeError("the carrier is already running: let its webhook end first")
        end = self.env.now + limit
        self._driving = True
        try:
            return self._drive(enough, end)
        finally:
            self._driving = False

    def _drive(self, enough: Callable[[], bool], end: float) -> bool:
        if enough():
            return True
        while self._do_next(end):
            if enough():
                return True
        with self.lock:
            if end > self.env.now:
                self.env.run(until=end)
        return enough()

    def _do_next(self, end: float) -> bool:
        """Run one errand or one event, if any is due."""
        with self.lock:
            errand = self._outbox.popleft() if self._outbox else None
            if errand is None:
                if self.env.peek() > end + TOLERANCE:
                    return False
                self.env.step()
        if errand is not None:
            self._perform(*errand)
        self._raise_failure()
        return True

    def _perform(self, work: Callable[[], object], done: Event) -> None:
        result = work()
        with self.lock:
            done.succeed(result)

    def _raise_failure(self) -> None:
        failure, self.failure = self.failure, None
        if failure is not None:
            raise failure


class LiveEngine(Engine):
    """Wall-clock time: a thread runs what falls due, a pool asks the webhooks."""

    def __init__(self, start: datetime, fetch: Fetch, threads: int = 16) -> None:
        super().__init__(start, fetch)
        self._began = time.monotonic()
        self._stopping = False
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="webhook")
        self._pump = threading.Thread(target=self._run, name="carrier", daemon=True)

    def begin(self) -> None:
        self._pump.start()

    def stop(self) -> None:
        with self.changed:
            self._stopping = True
            self.changed.notify_all()
        if self._pump.is_alive():
            self._pump.join()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def act(self, change: Callable[[], T], *, settle: bool = True) -> T:
        with self.changed:
            self._catch_up()
            result = change()
            if settle:
                self._catch_up()
            self.changed.notify_all()
        return result

    def _run(self) -> None:
        with self.changed:
            while not self._stopping:
                self._catch_up()
                self.changed.wait(min(max(self.env.peek() - self.env.now, 0.001), 1.0))

    def _catch_up(self) -> None:
        target = time.monotonic() - self._began
        try:
            while self.env.peek() <= max(target, self.env.now):
                self.env.step()
            if target > self.env.now:
                self.env.run(until=target)
        except Exception:
            logger.exception("an event of the carrier failed")
        self.failure = None
        while self._outbox and not self._stopping:
            self._pool.submit(self._perform, *self._outbox.popleft())

    def _perform(self, work: Callable[[], object], done: Event) -> None:
        result = None
        try:
            result = work()
        except Exception:
            logger.exception("what the carrier did for a call failed")
        self.act(lambda: done.succeed(result))
