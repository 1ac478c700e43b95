"""Events by Redis' publish and subscribe: one channel, whose messages are topics.

A server that hangs is away too: it takes connections and answers none, as does a network that lost it.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import Any, Final

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from hotline.switchboard.ports import EventsTrouble

log = logging.getLogger(__name__)

CHANNEL: Final = "hotline:changed"
LEFT_ALONE: Final = timedelta(seconds=2)
ANSWERS_WITHIN: Final = 1.0
"""Seconds for each answer. A caller's turn may wait so long, once while Redis is away."""
A_WHILE: Final = 1.0
"""Seconds of silence after which a listener may look around."""
PATIENCE: Final = 3
"""So many of these may pass until whoever is silent must have answered a ping."""
SEPARATOR: Final = " "


class RedisEvents:
    """Implements the Events port. Opens no connection before the first use."""

    def __init__(
        self,
        redis_url: str,
        a_while: float = A_WHILE,
        answers_within: float = ANSWERS_WITHIN,
        rest: Callable[[float], object] = time.sleep,
    ) -> None:
        self._redis = Redis.from_url(
            redis_url,
            socket_connect_timeout=0.5,
            socket_timeout=answers_within,
            retry=Retry(NoBackoff(), 0),
        )
        self._a_while = a_while
        self._answers_within = answers_within
        self._rest = rest
        self._lock = threading.Lock()
        self._untold: set[str] = set()
        self._is_away = False

    def publish(self, topics: frozenset[str]) -> None:
        """A caller's answer waits behind this. So after a failure nobody tries but a thread of our own, which
        tells what is untold as soon as Redis is back: listeners may be back before it.
        """
        with self._lock:
            if self._is_away:
                self._untold |= topics
                return
        try:
            self._tell(topics)
        except RedisError as error:
            self._tell_later(topics, error)

    def _tell(self, topics: frozenset[str]) -> None:
        self._redis.publish(CHANNEL, SEPARATOR.join(sorted(topics)))

    def _tell_later(self, topics: frozenset[str], error: RedisError) -> None:
        with self._lock:
            self._untold |= topics
            if self._is_away:
                return
            self._is_away = True
        log.warning("nobody was told of a change (%s): screens look it up themselves", error)
        threading.Thread(target=self._tell_untold, name="untold", daemon=True).start()

    def _tell_untold(self) -> None:
        while True:
            self._rest(LEFT_ALONE.total_seconds())
            try:
                while topics := self._taken():
                    self._try(topics)
            except RedisError:
                continue
            return

    def _taken(self) -> frozenset[str]:
        """What is untold; when there is nothing, Redis is there again."""
        with self._lock:
            topics = frozenset(self._untold)
            self._untold.clear()
            self._is_away = bool(topics)
        return topics

    def _try(self, topics: frozenset[str]) -> None:
        try:
            self._tell(topics)
        except RedisError:
            with self._lock:
                self._untold |= topics
            raise

    @contextmanager
    def listen(self) -> Iterator[Iterator[frozenset[str] | None]]:
        redis: Any = self._redis
        with closing(redis.pubsub()) as subscription:
            try:
                subscription.subscribe(CHANNEL)
                # it is only asked for until then: what is published before the answer is not heard
                answer = subscription.get_message(timeout=self._answers_within)
            except RedisError as error:
                raise EventsTrouble(type(error).__name__) from error
            if answer is None:
                raise EventsTrouble("no answer")
            yield _heard(subscription, self._a_while)


def _heard(subscription: Any, a_while: float) -> Iterator[frozenset[str] | None]:
    silent = 0
    while True:
        try:
            message = subscription.get_message(timeout=a_while)
            if message is None and silent == 0:
                subscription.ping()
        except RedisError as error:
            raise EventsTrouble(type(error).__name__) from error
        if message is None:
            if silent == PATIENCE:
                raise EventsTrouble("no answer")
            silent += 1
            yield None
            continue
        silent = 0
        if message["type"] == "message":
            yield frozenset(message["data"].decode().split(SEPARATOR))
