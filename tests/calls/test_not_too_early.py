"""A callback never comes sooner than the caller was told, nor in the night, whatever happens meanwhile."""

from collections.abc import Callable
from datetime import timedelta

from hotline.queue.ids import TicketId
from hotline.queue.tickets import Attempt
from hotline.simulator.legs import Leg
from hotline.switchboard import callbacks
from tests import factories
from tests.calls import kept, words
from tests.calls.stage import MONDAY, Stage

WORKING_DAYS = {day: ["09:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}


def asks_for_the_morning(stage: Stage) -> Leg:
    """It is Monday, ten o'clock in Paris: the next morning is this one."""
    leg = stage.asks("2")
    stage.hears(leg, words.READ_BACK)
    stage.leaves(leg)
    return leg


def not_reached(stage: Stage, key: TicketId) -> None:
    assert factories.at_once(
        stage.services, lambda m: callbacks.note_attempt(m, key, Attempt.NOT_REACHED, None)
    )


def test_an_attempt_in_the_evening_waits_for_the_next_opening(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(hours=WORKING_DAYS)
    leg = asks_for_the_morning(stage)
    evening = make_stage(start=MONDAY + timedelta(hours=7, minutes=55), hours=WORKING_DAYS)
    key = kept.ticket(stage, leg).id
    not_reached(evening, key)
    again = kept.place(stage, leg).not_before
    assert again is not None
    assert again.isoformat() == "2026-11-24T08:00:00+00:00"


def test_an_attempt_that_was_too_early_does_not_bring_it_forward(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(hours={"sun": ["09:00-12:00"]})
    leg = stage.call()
    assert stage.is_over(leg)
    promised = kept.place(stage, leg).not_before
    not_reached(stage, kept.ticket(stage, leg).id)
    assert promised is not None
    assert kept.place(stage, leg).not_before == promised


def test_who_rings_again_and_hangs_up_keeps_the_pause(stage: Stage) -> None:
    leg = asks_for_the_morning(stage)
    not_reached(stage, kept.ticket(stage, leg).id)
    pause = kept.place(stage, leg).not_before
    stage.busy()
    again = stage.holds()
    assert kept.place(stage, again).kind == "call"
    stage.leaves(again)
    assert kept.place(stage, again).not_before == pause
    assert kept.due(stage) == []
    assert len(kept.due(stage, after=timedelta(hours=2))) == 1


def test_who_had_another_number_noted_is_known_again(stage: Stage) -> None:
    first = stage.asks("2")
    stage.hears(first, words.READ_BACK)
    first.press("2")
    stage.hears(first, words.WHICH_NUMBER)
    first.press("0639980083#")
    stage.hears(first, "neuf huit, zéro zéro, huit trois")
    stage.leaves(first)
    second = stage.asks("2")
    stage.hears(second, "neuf huit, zéro zéro, huit trois")
    stage.leaves(second)
    assert kept.due(stage) == [kept.ticket(stage, second).id]
    assert kept.ticket(stage, second).call_id == stage.summary(first)[0]
