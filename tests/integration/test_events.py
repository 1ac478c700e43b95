"""Events by a real server: what is published is heard, and a server that is away costs nobody anything."""

import time
from collections.abc import Iterator

import pytest
from redis import Redis

from hotline.cli import embedded
from hotline.events.absent import NoEvents
from hotline.events.by_redis import LEFT_ALONE, RedisEvents
from hotline.switchboard.ports import EventsTrouble

NOBODY = "redis://127.0.0.1:1/0"


def first(heard: Iterator[frozenset[str] | None]) -> frozenset[str]:
    return next(topics for topics in heard if topics is not None)


def test_what_one_process_publishes_the_others_hear(redis_url: str) -> None:
    here, there = RedisEvents(redis_url), RedisEvents(redis_url)
    with here.listen() as heard, here.listen() as heard_too:
        there.publish(frozenset({"board", "mediator:7"}))
        there.publish(frozenset({"account:3"}))
        for each in (heard, heard_too):
            assert first(each) == {"board", "mediator:7"}
            assert first(each) == {"account:3"}


def test_silence_is_heard_too(redis_url: str) -> None:
    with RedisEvents(redis_url).listen() as heard:
        assert next(heard) is None


def test_what_was_published_before_is_not_heard(redis_url: str) -> None:
    events = RedisEvents(redis_url)
    events.publish(frozenset({"before"}))
    with events.listen() as heard:
        events.publish(frozenset({"after"}))
        assert first(heard) == {"after"}


def test_publishing_without_a_server_raises_nothing_and_waits_once() -> None:
    events = RedisEvents(NOBODY)
    events.publish(frozenset({"board"}))
    began = time.monotonic()
    for _ in range(1000):
        events.publish(frozenset({"board"}))
    assert time.monotonic() - began < LEFT_ALONE.total_seconds()


@pytest.mark.parametrize("events", [RedisEvents(NOBODY), NoEvents()], ids=["away", "none"])
def test_listening_without_a_server_is_trouble(events: RedisEvents | NoEvents) -> None:
    with pytest.raises(EventsTrouble), events.listen() as heard:
        first(heard)


def test_a_listener_hears_that_the_server_goes_away() -> None:
    with embedded.running() as server, RedisEvents(server.url).listen() as heard:
        assert next(heard) is None
        with Redis.from_url(server.url) as client:
            client.shutdown(nosave=True)
        with pytest.raises(EventsTrouble):
            first(heard)
