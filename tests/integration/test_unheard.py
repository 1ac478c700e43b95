"""Ended calls in which a voice message was asked for: the carrier is asked what it has recorded in them."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest

from hotline.queue.alarms import Kind
from hotline.queue.ids import LegSid
from hotline.queue.outcomes import Outcome
from hotline.store import alarms
from hotline.switchboard import old_messages, unheard
from hotline.switchboard.ports import CarrierTrouble, Recording
from hotline.switchboard.unheard import next_look
from hotline.switchboard.watchdog import AT_ONCE, Watch
from tests.factories import CALLER
from tests.fakes import NotedCarrier
from tests.integration.callers import FIRST, SECOND, asked_for_a_message, busy, listed, promised
from tests.integration.desk import Desk
from tests.integration.rounds import at_the_same_time

A_ROUND = 20
DAY = 86400
MESSAGE = Recording("RE1", 12, finished=True)


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with busy(database_url) as desk:
        yield desk


def slow() -> None:
    raise CarrierTrouble("ReadTimeout")


def watch(desk: Desk, carrier: NotedCarrier) -> Watch:
    return Watch(desk.services.store, carrier, desk.services.lines, desk.jobs, desk.clock)


def asked(desk: Desk, carrier: NotedCarrier) -> list[LegSid]:
    """For whose recordings the carrier is asked in one round."""
    unheard.look(watch(desk, carrier))
    told, carrier.asked_for_recordings = carrier.asked_for_recordings, []
    return told


def seen(desk: Desk, carrier: NotedCarrier, seconds: int) -> list[int]:
    """After how many seconds the carrier is asked, by a worker that does its rounds."""
    found = []
    for after in range(0, seconds, A_ROUND):
        if asked(desk, carrier):
            found.append(after)
        desk.clock.pass_(A_ROUND)
    return found


def spoken(desk: Desk, leg: LegSid = FIRST, shown: str = "anonymous") -> None:
    """Invited to speak, and gone: whether they have spoken, we are not told."""
    asked_for_a_message(desk, leg, shown)
    desk.caller_left(leg)


# when


def test_a_call_without_a_message_asked_for_is_not_asked_about(desk: Desk) -> None:
    promised(desk, FIRST)
    assert seen(desk, NotedCarrier(), 4000) == []


def test_nor_is_one_that_goes_on(desk: Desk) -> None:
    asked_for_a_message(desk, FIRST)
    carrier = NotedCarrier(recorded={FIRST: [MESSAGE]})
    assert seen(desk, carrier, 300) == []
    desk.caller_left(FIRST)
    assert seen(desk, carrier, 300) == [40]


def test_a_call_is_asked_about_once_when_all_is_told(desk: Desk) -> None:
    spoken(desk)
    assert seen(desk, NotedCarrier(recorded={FIRST: [MESSAGE]}), 8000) == [40]


def test_that_there_is_nothing_is_believed_after_two_minutes(desk: Desk) -> None:
    """The carrier's lists may be late."""
    spoken(desk)
    carrier = NotedCarrier()
    assert seen(desk, carrier, 60) == [40]
    carrier.recorded = {FIRST: [MESSAGE]}
    assert seen(desk, carrier, 8000) == [60]
    assert desk.became(FIRST) is Outcome.MESSAGE
    spoken(desk, SECOND)
    assert seen(desk, carrier, 8000) == [40, 120]
    assert desk.became(SECOND) is Outcome.INFORMED


def test_while_the_carrier_does_not_answer_it_is_asked_less_and_less_often(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    spoken(desk)
    carrier = NotedCarrier(trouble=slow)
    assert seen(desk, carrier, 9000) == [40, 120, 600, 4200, 7800]
    assert {record.levelno for record in caplog.records} == {logging.WARNING}
    carrier.trouble, carrier.recorded = lambda: None, {FIRST: [MESSAGE]}
    assert seen(desk, carrier, 9000) == [11400 - 9000]
    assert desk.became(FIRST) is Outcome.MESSAGE


@pytest.mark.parametrize("recording", [None, Recording("RE1", 0, finished=False)])
def test_after_two_days_it_is_given_up_and_said_loudly(
    desk: Desk, recording: Recording | None, caplog: pytest.LogCaptureFixture
) -> None:
    spoken(desk)
    carrier = NotedCarrier() if recording else NotedCarrier(trouble=slow)
    carrier.recorded = {FIRST: [recording]} if recording else {}
    for _ in range(60):
        asked(desk, carrier)
        desk.clock.pass_(3600)
    errors = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert ["not asked any more" in one.getMessage() for one in errors] == [True]
    assert asked(desk, carrier) == []


def test_a_worker_that_was_away_for_days_asks_all_the_same(desk: Desk) -> None:
    """And once more, if the network is not there yet as it starts."""
    spoken(desk)
    desk.clock.pass_(5 * DAY)
    carrier = NotedCarrier(recorded={FIRST: [MESSAGE]}, trouble=slow)
    assert asked(desk, carrier) == [FIRST]
    carrier.trouble = lambda: None
    desk.clock.pass_(3600)
    assert asked(desk, carrier) == [FIRST]
    assert desk.became(FIRST) is Outcome.MESSAGE


def test_the_next_look_is_always_later(desk: Desk) -> None:
    """So a worker that dies in the middle of one has others do it again."""
    ended = desk.clock.now()
    for seconds in (30, 119, 120, 599, 600, 10 * DAY):
        now = ended + timedelta(seconds=seconds)
        assert now < next_look(ended, now) <= now + timedelta(hours=1)


def test_several_workers_ask_about_each_call_once_and_at_most_ten_a_round(desk: Desk) -> None:
    legs = [LegSid(f"speaker {n:02}") for n in range(AT_ONCE + 3)]
    for leg in legs:
        spoken(desk, leg)
    desk.clock.pass_(60)
    carrier = NotedCarrier(recorded={leg: [Recording(leg, 5, finished=True)] for leg in legs})
    with ThreadPoolExecutor(4) as pool:
        at_the_same_time(pool, [partial(unheard.look, watch(desk, carrier))] * 4)
    assert sorted(carrier.asked_for_recordings)[:AT_ONCE] == legs[:AT_ONCE]
    asked(desk, carrier)
    assert len(listed(desk)) == len(legs)
    assert asked(desk, carrier) == []


# what it makes of the answer


def test_what_is_still_being_recorded_is_kept_when_it_is_finished(desk: Desk) -> None:
    spoken(desk)
    desk.clock.pass_(30)
    recordings = [MESSAGE, Recording("RE2", 0, finished=False)]
    carrier = NotedCarrier(recorded={FIRST: recordings})
    asked(desk, carrier)
    assert desk.recordings_of(desk.ticket_of(FIRST).id) == ["RE1"]
    carrier.recorded = {FIRST: [MESSAGE, Recording("RE2", 7, finished=True)]}
    desk.clock.pass_(90)
    assert asked(desk, carrier) == [FIRST]
    assert desk.recordings_of(desk.ticket_of(FIRST).id) == ["RE1", "RE2"]
    assert seen(desk, carrier, 8000) == []


def test_one_that_is_kept_already_is_not_kept_twice(desk: Desk) -> None:
    turn = asked_for_a_message(desk, FIRST, CALLER)
    desk.left_message(FIRST, turn, "RE1")
    desk.caller_left(FIRST)
    desk.clock.pass_(30)
    assert asked(desk, NotedCarrier(recorded={FIRST: [MESSAGE]})) == [FIRST]
    assert desk.log_of(FIRST).count("message_left") == 1
    assert desk.recordings_of(desk.ticket_of(FIRST).id) == ["RE1"]


def test_one_that_was_deleted_in_its_time_does_not_come_back(desk: Desk) -> None:
    """The carrier lists it once more, as lists that are late do."""
    spoken(desk)
    desk.recorded(FIRST, "RE1")
    desk.clock.pass_(31 * DAY)
    carrier = NotedCarrier(recorded={FIRST: [MESSAGE]})
    old_messages.forget(watch(desk, carrier))
    assert (carrier.deleted, listed(desk)) == (["RE1"], [])
    assert asked(desk, carrier) == [FIRST]
    assert listed(desk) == []
    assert desk.log_of(FIRST).count("message_left") == 1


def test_a_caller_who_is_there_after_all_is_left_alone_until_they_hang_up(desk: Desk) -> None:
    """They came back between the question and its answer, and wait for a person."""
    spoken(desk)
    desk.clock.pass_(30)
    carrier = NotedCarrier(recorded={FIRST: [MESSAGE]}, trouble=lambda: revived(desk))
    asked(desk, carrier)
    assert desk.log_of(FIRST).count("message_left") == 0
    carrier.trouble = lambda: None
    desk.clock.pass_(100)
    assert asked(desk, carrier) == []
    desk.caller_left(FIRST)
    desk.clock.pass_(30)
    assert asked(desk, carrier) == [FIRST]
    assert desk.log_of(FIRST).count("message_left") == 1


def revived(desk: Desk) -> None:
    desk.revive(FIRST)


def test_a_message_asked_for_anew_is_asked_about_anew(desk: Desk) -> None:
    spoken(desk)
    desk.clock.pass_(30)
    asked(desk, NotedCarrier(recorded={FIRST: [MESSAGE]}))
    turn = asked_for_a_message(desk, SECOND)
    desk.left_message(SECOND, turn, "RE2")
    desk.caller_left(SECOND)
    desk.clock.pass_(30)
    assert asked(desk, NotedCarrier(recorded={SECOND: [Recording("RE2", 3, finished=True)]})) == [SECOND]


# the carrier in trouble


def test_after_the_first_trouble_nobody_else_is_asked_about_and_the_alarm_is_raised(desk: Desk) -> None:
    for leg in (FIRST, SECOND):
        spoken(desk, leg)
    desk.clock.pass_(30)
    carrier = NotedCarrier(trouble=slow)
    assert asked(desk, carrier) == [FIRST]
    with desk.services.store.reading() as tx:
        assert [(one.kind, one.detail) for one in alarms.every(tx)] == [(Kind.REST_FAILING, "ReadTimeout")]
    carrier.trouble = lambda: None
    assert asked(desk, carrier) == [SECOND], "the first again in its time"
