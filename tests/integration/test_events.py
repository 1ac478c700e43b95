"""Events by a real server: what is published is heard, and a server that is away costs nobody anything."""

import time
from collections.abc import Iterator

import pytest
from redis import Redis

from hotline.cli import embedded
from hotline.dashboard.hub import ALL, Hub, Inbox
from hotline.events.absent import NoEvents
from hotline.events.by_redis import LEFT_ALONE, RedisEvents
from hotline.switchboard.ports import EventsTrouble
from tests.dashboard.hubs import Rest
from tests.integration.silent_server import SilentServer

NOBODY = "redis://127.0.0.1:1/0"
SHORT = 0.05
LONG = 10.0
"""Seconds: whatever is waited for comes at once, or never."""


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


def test_a_listener_of_a_server_that_hangs_is_told_so(redis_url: str) -> None:
    with SilentServer(redis_url) as server, RedisEvents(server.url, a_while=SHORT).listen() as heard:
        for _ in range(20):
            assert next(heard) is None, "whoever answers is not away, however quiet it is"
        server.hangs = True
        with pytest.raises(EventsTrouble):
            first(heard)


def test_a_server_that_takes_a_connection_and_never_answers_is_away() -> None:
    with SilentServer() as server:
        events = RedisEvents(server.url, answers_within=SHORT)
        with pytest.raises(EventsTrouble), events.listen():
            pass


def test_pages_look_for_themselves_while_the_server_hangs_and_are_told_again_after(redis_url: str) -> None:
    with SilentServer(redis_url) as server:
        events = RedisEvents(server.url, a_while=SHORT, answers_within=SHORT)
        hub = Hub(events, lambda _language: "", most=1, look_every=0.01)
        desk = hub.join({"mediator:7": "me"})
        assert desk.get(timeout=LONG) == ALL, "it listens"
        server.hangs = True
        assert [desk.get(timeout=LONG) for _ in range(3)] == [ALL, ALL, ALL]
        server.hangs = False
        _is_told(desk, redis_url)
        hub.close()


def _is_told(desk: Inbox, redis_url: str) -> None:
    """Wait until what is published is heard there again."""
    there, until = RedisEvents(redis_url), time.monotonic() + LONG
    while desk.get(timeout=LONG) != "me":
        assert time.monotonic() < until
        there.publish(frozenset({"mediator:7"}))


def test_a_server_that_hangs_holds_up_one_caller_and_nobody_after_them() -> None:
    rest = Rest()
    with SilentServer() as server:
        events = RedisEvents(server.url, answers_within=SHORT, rest=rest)
        for number in range(50):
            events.publish(frozenset({f"mediator:{number}"}))
        assert server.asked.acquire(timeout=LONG)
        for _ in range(2):
            assert rest.begins() == LEFT_ALONE.total_seconds()
            rest.ends()
            assert server.asked.acquire(timeout=LONG), "a thread of its own tries again"
            events.publish(frozenset({"board"}))
        assert not server.asked.acquire(blocking=False), "and nobody else does"


def test_what_could_not_be_told_is_told_when_the_server_is_back(redis_url: str) -> None:
    rest = Rest()
    with SilentServer(redis_url) as server, RedisEvents(redis_url).listen() as heard:
        events = RedisEvents(server.url, answers_within=SHORT, rest=rest)
        server.hangs = True
        events.publish(frozenset({"board"}))
        events.publish(frozenset({"mediator:7"}))
        rest.begins()
        rest.ends()
        rest.begins()
        server.hangs = False
        rest.ends()
        assert first(heard) == {"board", "mediator:7"}
        events.publish(frozenset({"mediator:8"}))
        assert first(heard) == {"mediator:8"}
