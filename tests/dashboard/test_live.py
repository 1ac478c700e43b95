"""What open pages are told: by words, by pictures of the board, and without Redis."""

import threading
from collections.abc import Callable

import pytest

from hotline.dashboard.hub import ALL, AT_ONCE, BETWEEN, Hub, Inbox, Picture
from hotline.store.topics import BOARD
from tests.dashboard.hubs import LIMIT, Board, Rest, board, events, make_hub, rest
from tests.fakes import KeptEvents

__all__ = ["board", "events", "make_hub", "rest"]


def heard(inbox: Inbox) -> object:
    found = inbox.get(timeout=LIMIT)
    return found.html if isinstance(found, Picture) else found


def test_a_page_is_told_what_it_listens_to_and_nothing_else(
    make_hub: Callable[..., Hub], events: KeptEvents
) -> None:
    hub = make_hub()
    mine = hub.join({"mediator:7": "me"})
    assert heard(mine) == ALL, "what happened before it listened"
    events.publish(frozenset({BOARD, "mediator:8"}))
    events.publish(frozenset({BOARD, "mediator:7"}))
    assert heard(mine) == "me"
    assert mine.empty()


def test_whoever_has_left_is_told_nothing(make_hub: Callable[..., Hub], events: KeptEvents) -> None:
    hub = make_hub()
    here, gone = hub.join({"mediator:7": "me"}), hub.join({"mediator:7": "me"})
    assert heard(here) == ALL, "it listens now"
    hub.leave(gone)
    events.publish(frozenset({"mediator:7"}))
    assert heard(here) == "me"
    assert gone.qsize() <= 1


def test_no_more_pages_listen_than_leave_threads_to_callers(make_hub: Callable[..., Hub]) -> None:
    hub = make_hub(most=2)
    first, _ = hub.join({}), hub.join({})
    with pytest.raises(Hub.Full):
        hub.join({})
    hub.leave(first)
    hub.join({})


def shown_first(hub: Hub, rest: Rest, language: str = "fr") -> Inbox:
    """A page that shows the board, and has been sent what it was when it came; the painter rests."""
    page = hub.join({}, language)
    hub.painter.start()
    while not isinstance(page.get(timeout=LIMIT), Picture):
        pass
    rest.begins()
    return page


def test_the_first_change_is_shown_at_once_and_the_last_one_always(
    make_hub: Callable[..., Hub], events: KeptEvents, board: Board, rest: Rest
) -> None:
    page = shown_first(make_hub(), rest)
    for _ in range(50):
        board.changes += 1
        events.publish(frozenset({BOARD}))
    rest.ends()
    assert heard(page) == "fr: 50"
    assert rest.begins() == 0.25
    board.changes = 51
    events.publish(frozenset({BOARD}))
    rest.ends()
    assert heard(page) == "fr: 51"
    assert len(board.painted) <= 4, "not one for each change"


def test_a_page_that_nobody_reads_keeps_one_picture(
    make_hub: Callable[..., Hub], events: KeptEvents, board: Board, rest: Rest
) -> None:
    """A laptop that sleeps reads nothing, and its stream is not ended for it."""
    hub = make_hub()
    asleep, awake = hub.join({}, "fr"), shown_first(hub, rest)
    for board.changes in range(1, 4):
        events.publish(frozenset({BOARD}))
        rest.ends()
        assert heard(awake) == f"fr: {board.changes}"
        rest.begins()
    kept = [one for one in iter(lambda: asleep.get() if asleep.qsize() else None, None) if one != ALL]
    assert len(kept) > 2
    assert {id(one) for one in kept} == {id(kept[0])}


def test_a_picture_is_handed_to_a_few_pages_at_a_time(events: KeptEvents, board: Board) -> None:
    """Three hundred threads that wake at one instant are what a caller would wait for."""
    pages: list[Inbox] = []
    have, rested = set[int](), list[tuple[int, float]]()
    twice = threading.Event()

    def rest(seconds: float) -> None:
        for number, page in enumerate(pages):
            while not page.empty():
                if isinstance(page.get(), Picture):
                    have.add(number)
        rested.append((len(have), seconds))
        if len(rested) == 2:
            twice.set()

    hub = Hub(events, board.paint, most=100, rest=rest)
    pages += [hub.join({}, "fr") for _ in range(2 * AT_ONCE + 1)]
    hub.painter.start()
    hub.painter.changed()
    assert twice.wait(LIMIT)
    hub.close()
    assert rested[:2] == [(AT_ONCE, BETWEEN), (2 * AT_ONCE, BETWEEN)]


def test_each_language_is_painted_once_for_all_its_pages(
    make_hub: Callable[..., Hub], events: KeptEvents, board: Board, rest: Rest
) -> None:
    hub = make_hub()
    first = shown_first(hub, rest)
    others = [hub.join({}, "fr"), hub.join({}, "en"), hub.join({}, None)]
    board.painted.clear()
    board.changes = 1
    events.publish(frozenset({BOARD}))
    rest.ends()
    assert [heard(page) for page in (first, *others[:2])] == ["fr: 1", "fr: 1", "en: 1"]
    rest.begins()
    assert sorted(board.painted) == ["en", "fr"]
    assert others[2].empty(), "it has not asked for the board"


def test_a_board_that_cannot_be_painted_is_painted_later(
    make_hub: Callable[..., Hub], events: KeptEvents, board: Board, rest: Rest
) -> None:
    page = shown_first(make_hub(), rest)
    board.fails, board.changes = 1, 1
    events.publish(frozenset({BOARD}))
    rest.ends()
    assert rest.begins() > 1
    rest.ends()
    assert heard(page) == "fr: 1"


def test_whoever_asks_at_the_same_time_is_shown_one_picture(
    make_hub: Callable[..., Hub], board: Board
) -> None:
    hub = make_hub()
    threads = [threading.Thread(target=hub.painter.recent, args=("fr",)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LIMIT)
    assert board.painted == ["fr"]


def test_without_redis_pages_look_for_themselves_again_and_again(
    make_hub: Callable[..., Hub], events: KeptEvents, board: Board, rest: Rest
) -> None:
    events.out_of_reach = True
    hub = make_hub(look_every=0.01)
    desk, page = hub.join({"mediator:7": "me"}), hub.join({}, "fr")
    hub.painter.start()
    assert [heard(desk) for _ in range(3)] == [ALL, ALL, ALL]
    while not isinstance(page.get(timeout=LIMIT), Picture):
        pass
    rest.begins()
    events.out_of_reach = False
    while not events.listeners:
        heard(desk)
    events.publish(frozenset({"mediator:7"}))
    while heard(desk) != "me":
        pass


def test_pages_look_for_themselves_at_once_when_events_go_out_of_reach(
    make_hub: Callable[..., Hub], events: KeptEvents
) -> None:
    desk = make_hub().join({"mediator:7": "me"})
    assert heard(desk) == ALL, "what happened before it listened"
    events.out_of_reach = True
    assert heard(desk) == ALL, "long before it is tried again"
