"""The way to the worker: RQ's queue on Redis, for what is to happen now."""

import time
from datetime import timedelta
from typing import Final

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue

from hotline.jobs.push import push_offer
from hotline.queue.ids import OfferId

PUSH: Final = "push"
RUN_WITHIN: Final = timedelta(seconds=30)
WAIT_AT_MOST: Final = timedelta(seconds=30)
"""A push that found no worker for so long is void: a wait turn of the caller did its work."""
LEFT_ALONE: Final = timedelta(seconds=2)
KEEP: Final = timedelta(minutes=1)
KEEP_FAILED: Final = timedelta(hours=1)


def connect(redis_url: str, answer_within: float) -> Redis:
    """A client that connects when it is first used, and does not try again by itself.

    Left alone, redis-py tries ten times; a webhook cannot wait for that, and a worker has its own way.
    """
    return Redis.from_url(
        redis_url,
        socket_connect_timeout=0.5,
        socket_timeout=answer_within,
        retry=Retry(NoBackoff(), 0),
    )


class RqJobs:
    """The port Jobs by RQ."""

    def __init__(self, redis_url: str) -> None:
        self._queue = Queue(PUSH, connection=connect(redis_url, answer_within=1.0))
        self._rests_until = 0.0

    def push(self, offer: OfferId) -> None:
        """Raises redis.exceptions.RedisError when Redis is out of reach.

        After a failure it is left alone for a moment: a caller's answer waits behind each attempt.
        """
        if time.monotonic() < self._rests_until:
            raise RedisConnectionError("Redis did not answer a moment ago")
        try:
            self._enqueue(offer)
        except RedisError:
            self._rests_until = time.monotonic() + LEFT_ALONE.total_seconds()
            raise

    def _enqueue(self, offer: OfferId) -> None:
        self._queue.enqueue_call(
            push_offer,
            args=(int(offer),),
            timeout=int(RUN_WITHIN.total_seconds()),
            ttl=int(WAIT_AT_MOST.total_seconds()),
            result_ttl=int(KEEP.total_seconds()),
            failure_ttl=int(KEEP_FAILED.total_seconds()),
        )
