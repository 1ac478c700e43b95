"""Pushes by RQ on a real server: what is queued, and what a webhook pays when Redis is away."""

import signal
import socket
import time
from collections.abc import Iterator

import pytest
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.job import Job

from hotline import jobs, worker
from hotline.jobs.queues import PUSH, RqJobs
from hotline.queue.ids import OfferId


@pytest.fixture
def queue(redis_url: str) -> Iterator[Queue]:
    with Redis.from_url(redis_url) as client:
        yield Queue(PUSH, connection=client)


@pytest.fixture
def _signals_kept() -> Iterator[None]:
    """RQ's worker does not give them back."""
    kept = {number: signal.getsignal(number) for number in worker.STOP_SIGNALS}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def only_job(queue: Queue) -> Job:
    (job,) = queue.jobs
    return job


def test_a_push_carries_the_id_alone(redis_url: str, queue: Queue) -> None:
    RqJobs(redis_url).push(OfferId(7))
    job = only_job(queue)
    assert (job.func_name, job.args, job.kwargs) == ("hotline.jobs.push.push_offer", (7,), {})


def test_a_push_may_be_repeated(redis_url: str, queue: Queue) -> None:
    pushes = RqJobs(redis_url)
    pushes.push(OfferId(7))
    pushes.push(OfferId(7))
    assert [job.args for job in queue.jobs] == [(7,), (7,)]


def test_a_push_lives_no_longer_than_it_is_of_use(redis_url: str, queue: Queue) -> None:
    RqJobs(redis_url).push(OfferId(7))
    job = only_job(queue)
    assert (job.timeout, job.ttl, job.result_ttl, job.failure_ttl) == (30, 30, 60, 3600)


@pytest.mark.usefixtures("_signals_kept")
def test_a_job_without_services_fails_and_says_so(
    redis_url: str, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_services", None)
    RqJobs(redis_url).push(OfferId(7))
    job = only_job(queue)
    worker.work_queue(redis_url, stopping=lambda: None, burst=True)
    assert job.get_status() == "failed"
    result = job.latest_result()
    assert result is not None
    assert "never called hotline.jobs.use()" in str(result.exc_string)


def test_a_connection_that_was_closed_meanwhile_costs_nothing(redis_url: str, queue: Queue) -> None:
    pushes = RqJobs(redis_url)
    pushes.push(OfferId(1))
    queue.connection.client_kill_filter(_type="normal", skipme=True)
    pushes.push(OfferId(2))
    assert [job.args for job in queue.jobs] == [(1,), (2,)]


def test_nothing_is_connected_before_the_first_push() -> None:
    RqJobs("redis://127.0.0.1:1/0")


def test_redis_gone_is_told_at_once() -> None:
    begun = time.monotonic()
    with pytest.raises(RedisError):
        RqJobs("redis://127.0.0.1:1/0").push(OfferId(7))
    assert time.monotonic() - begun < 0.5


def test_redis_hanging_is_told_soon() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        begun = time.monotonic()
        with pytest.raises(RedisError):
            RqJobs(f"redis://127.0.0.1:{port}/0").push(OfferId(7))
        assert time.monotonic() - begun < 2.0
