"""Events by Redis' publish and subscribe: one channel, whose messages are topics."""

import logging
import time
from collections.abc import Iterator
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
A_WHILE: Final = 1.0
"""Seconds of silence after which a listener may look around."""
SEPARATOR: Final = " "


class RedisEvents:
    """Implements the Events port. Opens no connection before the first use."""

    def __init__(self, redis_url: str) -> None:
        self._redis = Redis.from_url(
            redis_url, socket_connect_timeout=0.5, socket_timeout=1.0, retry=Retry(NoBackoff(), 0)
        )
        self._rests_until = 0.0

    def publish(self, topics: frozenset[str]) -> None:
        """After a failure Redis is left alone for a moment: a caller's answer waits behind each attempt."""
        if time.monotonic() < self._rests_until:
            return
        try:
            self._redis.publish(CHANNEL, SEPARATOR.join(sorted(topics)))
        except RedisError as error:
            self._rests_until = time.monotonic() + LEFT_ALONE.total_seconds()
            log.warning("nobody was told of a change (%s): screens look it up themselves", error)

    @contextmanager
    def listen(self) -> Iterator[Iterator[frozenset[str] | None]]:
        redis: Any = self._redis
        with closing(redis.pubsub(ignore_subscribe_messages=True)) as subscription:
            try:
                subscription.subscribe(CHANNEL)
            except RedisError as error:
                raise EventsTrouble(type(error).__name__) from error
            yield _heard(subscription)


def _heard(subscription: Any) -> Iterator[frozenset[str] | None]:
    while True:
        try:
            message = subscription.get_message(timeout=A_WHILE)
        except RedisError as error:
            raise EventsTrouble(type(error).__name__) from error
        if message is None:
            yield None
        else:
            yield frozenset(message["data"].decode().split(SEPARATOR))
