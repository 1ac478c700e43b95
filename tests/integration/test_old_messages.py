"""Voice messages are deleted when they are as old as their line said, at the carrier first."""

from collections.abc import Iterator

import pytest
from sqlalchemy import update

from hotline.queue.ids import LegSid, TicketId
from hotline.queue.tickets import TicketState
from hotline.store.tickets import TicketRow
from hotline.switchboard import old_messages
from hotline.switchboard.lines import Lines, line
from hotline.switchboard.ports import CarrierTrouble
from hotline.switchboard.watchdog import Watch
from tests import scripts
from tests.fakes import NotedCarrier
from tests.integration.desk import Desk, opened

DAY = 86400


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with opened(database_url) as desk:
        yield desk


def slow() -> None:
    raise CarrierTrouble("ReadTimeout")


def messages(desk: Desk, many: int = 1) -> list[TicketId]:
    """So many voice messages, a minute apart, of people who withhold their numbers."""
    for n in range(many):
        leg = LegSid(f"message {n}")
        desk.arrive(leg, "anonymous")
        desk.recorded(leg, f"RE{n}")
        desk.caller_left(leg)
        desk.clock.pass_(60)
    return [desk.ticket_of(LegSid(f"message {n}")).id for n in range(many)]


def forget(desk: Desk, carrier: NotedCarrier, lines: Lines | None = None) -> list[str]:
    here = desk.services
    old_messages.forget(Watch(here.store, carrier, lines or here.lines, desk.jobs, desk.clock))
    return carrier.deleted


def recordings(desk: Desk, keys: list[TicketId]) -> list[list[str]]:
    return [desk.recordings_of(key) for key in keys]


def test_a_message_is_deleted_after_as_long_as_the_line_keeps_it(desk: Desk) -> None:
    keys = messages(desk, 2)
    desk.clock.pass_(30 * DAY - 120)
    assert forget(desk, NotedCarrier()) == []
    desk.clock.pass_(1)
    assert forget(desk, NotedCarrier()) == ["RE0"]
    assert recordings(desk, keys) == [[], ["RE1"]]
    desk.clock.pass_(60)
    assert forget(desk, NotedCarrier()) == ["RE1"]
    assert forget(desk, NotedCarrier()) == []


def test_a_message_that_could_not_be_deleted_is_the_next_time(desk: Desk) -> None:
    keys = messages(desk, 2)
    desk.clock.pass_(31 * DAY)
    carrier = NotedCarrier(trouble=slow)
    assert forget(desk, carrier) == []
    assert recordings(desk, keys) == [["RE0"], ["RE1"]]
    carrier.trouble = lambda: None
    assert forget(desk, carrier) == ["RE0", "RE1"]
    assert recordings(desk, keys) == [[], []]


def test_each_line_keeps_messages_as_long_as_it_says(desk: Desk) -> None:
    """And those of a line that is no longer there are kept no longer than any."""
    keys = messages(desk, 3)
    with desk.services.store.engine.begin() as connection:
        for key, name in zip(keys, ("demo", "night", "gone"), strict=True):
            connection.execute(update(TicketRow).where(TicketRow.id == key).values(line=name))
    days = {"demo": 30, "night": 60}
    lines = [line(name, scripts.body(limits__message_days=many)) for name, many in days.items()]
    carrier, deleted = NotedCarrier(), list[list[str]]()
    for _ in range(3):
        desk.clock.pass_(29 * DAY)
        forget(desk, carrier, Lines(lines, fiction_numbers=True))
        deleted.append(carrier.deleted.copy())
    assert deleted == [[], ["RE0", "RE2"], ["RE0", "RE2", "RE1"]]


def test_whom_nobody_could_call_is_in_the_list_no_longer(desk: Desk) -> None:
    """A withheld number, and a message that was deleted before anybody heard it: nothing could be done."""
    first, second = messages(desk, 2)
    desk.clock.pass_(30 * DAY - 60)
    forget(desk, NotedCarrier())
    assert [one.ticket for one in desk.due()] == [second]
    assert desk.ticket_of(LegSid("message 0")).state is TicketState.CLOSED
    assert "message_too_old" in desk.log_of(LegSid("message 0"))
    assert desk.ticket_of(LegSid("message 0")).id == first


def test_whoever_can_be_called_or_heard_stays_in_the_list(desk: Desk) -> None:
    leg = LegSid("with a number")
    desk.arrive(leg)
    desk.recorded(leg, "RE7")
    desk.caller_left(leg)
    messages(desk)
    again = LegSid("message 0")
    desk.clock.pass_(DAY)
    desk.recorded(again, "RE8")
    desk.clock.pass_(29 * DAY)
    assert forget(desk, NotedCarrier()) == ["RE7", "RE0"]
    assert len(desk.due()) == 2
    assert desk.recordings_of(desk.ticket_of(again).id) == ["RE8"]
