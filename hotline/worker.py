"""The worker: runs the periodic jobs by the clock, and RQ's queue while Redis is there."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType
from typing import Any, Final, Protocol

from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.exceptions import StopRequested

from hotline import jobs
from hotline.jobs.queues import PUSH, connect
from hotline.jobs.schedule import PERIODIC, Periodic
from hotline.services import Services

log = logging.getLogger(__name__)

STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
STOP_WITHIN: Final = 1.5
"""Seconds for what is under way; then we leave it: a transaction rolls back, a push may run twice."""
TRY_REDIS_EVERY: Final = 1.0
LIFE_SIGN: Final = 30
"""Seconds that RQ takes a silent worker for alive; also bounds how long a dead connection goes unnoticed."""


class Stop(Protocol):
    """What we use of threading.Event."""

    def wait(self, timeout: float) -> bool: ...


def run(services: Services, periodic: Sequence[Periodic] = PERIODIC) -> None:
    """Work until SIGTERM or SIGINT. To be called from the main thread."""
    jobs.use(services)
    ending = _Ending()
    threads = [
        threading.Thread(target=repeat, args=(each, ending.event), name=each.name, daemon=True)
        for each in periodic
    ]
    # told to stop while it starts, it has started first
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    ending.begin()
    for thread in threads:
        thread.start()
    # RQ takes over the signals; raised by either of us, a stop may come anywhere in here.
    with suppress(StopRequested):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
        _work(services.settings.redis_url, ending)
    for thread in threads:
        thread.join()
    ending.complete()


def repeat(each: Periodic, stop: Stop, now: Callable[[], float] = time.monotonic) -> None:
    """Run a periodic job whenever it is due, until `stop`.

    Ours and not RQ's cron: that one enqueues on Redis, and ends when Redis is away.
    """
    every = each.every.total_seconds()
    due = now()
    while not stop.wait(max(0.0, due - now())):
        _run_once(each)
        # After a slow one, or a machine that slept, once is enough: no run is made up for.
        due = max(due + every, now())


def _run_once(each: Periodic) -> None:
    try:
        each.job()
    except Exception:
        log.exception("the periodic job %s failed; it runs again in %s", each.name, each.every)


def _work(redis_url: str | None, ending: "_Ending") -> None:
    if redis_url is None:
        log.warning("REDIS_URL is not set: callers on hold are fetched by their wait turns, seconds later")
        while not ending.is_asked:
            time.sleep(3600.0)
        return
    is_away = False
    while not ending.is_asked:
        try:
            work_queue(redis_url, ending.ask)
            is_away = False
        except RedisError as error:
            if not is_away:
                log.warning("Redis is away (%s): calls go on, seconds later; trying again", error)
            is_away = True
        ending.heed_signals()
        if not ending.is_asked:
            time.sleep(TRY_REDIS_EVERY)


def work_queue(redis_url: str, stopping: Callable[[], object], burst: bool = False) -> None:
    """Work RQ's queue until asked to stop or a connection fails; in a burst, until it is empty."""
    # RQ raises the time limit of this client: it blocks for longer than that, waiting for a job.
    connection = connect(redis_url, answer_within=1.0)
    worker = _QueueWorker([PUSH], connection=connection, worker_ttl=LIFE_SIGN, log_job_description=False)
    worker.stopping = stopping
    worker.max_connection_wait_time = TRY_REDIS_EVERY
    try:
        worker.work(burst=burst, logging_level="WARNING")
    finally:
        listener: Any = worker.pubsub_thread
        if listener is not None:  # RQ forgets it when Redis is away as it ends
            listener.stop()


class _QueueWorker(SimpleWorker):
    """RQ's worker that does not fork, and says when a signal asks it to stop."""

    stopping: Callable[[], object]

    def handle_warm_shutdown_request(self) -> None:
        self.stopping()


class _Ending:
    """The end of this process: asked for by a signal, and bounded in time.

    A signal's handler may run in the middle of any line of the main thread, which may hold a lock there: it
    takes none, and writes into a pipe. So the main thread never waits on `event` either.
    """

    def __init__(self) -> None:
        self.is_asked = False
        self.event = threading.Event()
        self._is_complete = threading.Event()
        self._hears, self._asks = os.pipe()

    def begin(self) -> None:
        """Heed the signals; whoever asks is heard by a thread that is there already."""
        threading.Thread(target=self._bound, name="ending", daemon=True).start()
        self.heed_signals()

    def heed_signals(self) -> None:
        for number in STOP_SIGNALS:
            signal.signal(number, self._heed)

    def ask(self) -> None:
        self.is_asked = True
        os.write(self._asks, b".")

    def complete(self) -> None:
        self._is_complete.set()

    def _bound(self) -> None:
        os.read(self._hears, 1)
        self.event.set()
        if not self._is_complete.wait(STOP_WITHIN):
            _leave()

    def _heed(self, _number: int, _frame: FrameType | None) -> None:
        if not self.is_asked:
            self.ask()
            raise StopRequested


def _leave() -> None:
    # by hand: a thread that the stop interrupted in the middle of a line may hold the log's lock for ever
    os.write(2, b"stopping although something is under way: it is rolled back, or done again by others\n")
    os._exit(0)
