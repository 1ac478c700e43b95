"""The streams of open pages: how they are written, when they end, and what they never hold."""

from collections.abc import Callable, Iterator
from queue import SimpleQueue

import pytest
from flask import Flask

from hotline.dashboard import live
from hotline.dashboard.hub import ALL, CHECK, THREADS_FOR_CALLERS, Hub, Inbox, Picture
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import accounts
from hotline.store.topics import CALLBACKS, of_account, of_mediator
from tests import factories
from tests.dashboard.hubs import Board, board, events, make_hub, rest
from tests.dashboard.visitor import Visitor

__all__ = ["board", "events", "make_hub", "rest"]
LoggedIn = Callable[..., Visitor]


def test_an_event_is_written_line_by_line() -> None:
    assert live.event("hello") == b"event: hello\ndata: \n\n"
    written = live.event("board", "<p>\r\nune\rdeux\u2028</p>")
    assert written.decode() == "event: board\ndata: <p>\ndata: une\ndata: deux\u2028</p>\n\n"


def read(events: Iterator[bytes], many: int) -> list[str]:
    return [next(events).decode() for _ in range(many)]


def test_a_stream_greets_with_the_board_as_it_is_now(make_hub: Callable[..., Hub], board: Board) -> None:
    hub = make_hub()
    board.changes = 3
    greeting, picture = read(live.stream(hub, SimpleQueue(), "fr", lambda: True), 2)
    assert greeting.endswith("event: hello\ndata: \n\n")
    assert greeting.startswith("retry: ")
    assert picture == "event: board\ndata: fr: 3\n\n"


def test_a_slow_reader_is_sent_the_last_picture_and_each_word_once(make_hub: Callable[..., Hub]) -> None:
    inbox: Inbox = SimpleQueue()
    for one in ("me", Picture("old"), "me", Picture("new"), ALL):
        inbox.put(one)
    events = live.stream(make_hub(), inbox, None, lambda: True)
    assert read(events, 2)[1] == ("event: me\ndata: \n\nevent: all\ndata: \n\nevent: board\ndata: new\n\n")


def test_silence_is_filled(make_hub: Callable[..., Hub]) -> None:
    events = live.stream(make_hub(), SimpleQueue(), None, lambda: True, heartbeat=0.001)
    assert read(events, 3)[1:] == ["event: beat\ndata: \n\n"] * 2


def test_a_stream_ends_with_its_process(make_hub: Callable[..., Hub]) -> None:
    hub = make_hub()
    inbox = hub.join({})
    events = live.stream(hub, inbox, None, lambda: True)
    hub.close()
    assert len(list(events)) == 1
    with pytest.raises(Hub.Full):
        hub.join({})


@pytest.mark.parametrize("may", [True, False])
def test_a_stream_ends_when_its_reader_may_not_listen_any_more(
    make_hub: Callable[..., Hub], may: bool
) -> None:
    inbox: Inbox = SimpleQueue()
    asked: list[bool] = []

    def may_listen() -> bool:
        asked.append(may)
        return may

    events = live.stream(make_hub(), inbox, None, may_listen, heartbeat=0.001)
    read(events, 1)
    inbox.put(CHECK)
    assert (next(events, None) is not None) is may
    assert asked == [may]


def test_a_page_listens_while_it_may(app: Flask, services: Services, logged_in: LoggedIn) -> None:
    me = logged_in(Role.MEDIATOR)
    account = me.account
    assert account is not None
    answer = me.client.get("/live?board=1", buffered=False)
    said = iter(answer.response)
    assert b"hello" in _bytes(next(said))
    assert b"event: board" in _bytes(next(said))
    services.store.run(lambda tx: accounts.change(tx, account, {"session": "another one"}))
    services.events.publish(frozenset({of_account(account)}))
    for _ in said:
        pass
    answer.close()
    assert me.get("/live").status_code == 401, "its page asks for itself, and is sent to log in"


def _bytes(said: object) -> bytes:
    assert isinstance(said, bytes)
    return said


@pytest.mark.parametrize(("path", "told"), [("/live", True), ("/live?board=1", False)])
def test_who_is_to_be_called_back_is_told_to_every_page_but_the_board(
    services: Services, logged_in: LoggedIn, path: str, told: bool
) -> None:
    mediator = factories.mediator(services, "Amina", factories.number(1))
    me = logged_in(Role.MEDIATOR, mediator=mediator)
    answer = me.client.get(path, buffered=False)
    said = iter(answer.response)
    heard = b""
    # it listens from here on
    while b"event: all" not in heard:
        heard += _bytes(next(said))
    services.events.publish(frozenset({CALLBACKS}))
    services.events.publish(frozenset({of_mediator(mediator)}))
    while b"event: me" not in heard:
        heard += _bytes(next(said))
    assert (b"event: callbacks" in heard) is told
    answer.close()


def test_a_page_for_which_there_is_no_room_is_told_so(
    app: Flask, services: Services, logged_in: LoggedIn
) -> None:
    hub: Hub = app.extensions["live"]
    threads = services.settings.threads
    assert threads is not None
    pages = [hub.join({}) for _ in range(threads - THREADS_FOR_CALLERS)]
    assert logged_in(Role.MEDIATOR).get("/live").status_code == 204
    for page in pages:
        hub.leave(page)


def test_no_connection_to_the_database_is_kept_for_a_stream(services: Services, logged_in: LoggedIn) -> None:
    me = logged_in(Role.MEDIATOR)
    answer = me.client.get("/live?board=1", buffered=False)
    said = iter(answer.response)
    next(said)
    next(said)
    assert services.store.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # a QueuePool
    answer.close()
