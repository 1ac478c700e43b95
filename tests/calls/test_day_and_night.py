"""Shifts by the clock of their zone: overnight, on the days when the clocks change, far away from Paris."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.queue.shifts import Shift, parse_hours
from tests.calls import words
from tests.calls.stage import Stage
from tests.factories import ZONE

REUNION = "Indian/Reunion"
MON, TUE, SUN = 0, 1, 6


def at(text: str, zone: str = ZONE) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("day", "hours", "asks_at", "on_duty"),
    [
        (MON, "22:00-06:00", at("2026-11-23 21:59"), False),
        (MON, "22:00-06:00", at("2026-11-23 22:00"), True),
        (MON, "22:00-06:00", at("2026-11-24 00:00"), True),
        (MON, "22:00-06:00", at("2026-11-24 05:58"), True),
        (MON, "22:00-06:00", at("2026-11-24 06:00"), False),
        (MON, "22:00-06:00", at("2026-11-23 02:00"), False),
        # at two the clocks go forward to three
        (SUN, "01:00-05:00", at("2027-03-28 01:58"), True),
        (SUN, "01:00-05:00", at("2027-03-28 03:00"), True),
        (SUN, "01:00-05:00", at("2027-03-28 04:58"), True),
        (SUN, "01:00-05:00", at("2027-03-28 05:00"), False),
        # at three they go back to two
        (SUN, "01:00-04:00", datetime(2027, 10, 31, 0, 30, tzinfo=UTC), True),
        (SUN, "01:00-04:00", datetime(2027, 10, 31, 1, 30, tzinfo=UTC), True),
        (SUN, "01:00-04:00", datetime(2027, 10, 31, 2, 58, tzinfo=UTC), True),
        (SUN, "01:00-04:00", datetime(2027, 10, 31, 3, 0, tzinfo=UTC), False),
        (TUE, "09:00-12:00", at("2028-02-29 09:00"), True),
        (date(2028, 2, 29), "09:00-12:00", at("2028-02-29 11:00"), True),
        (date(2028, 2, 29), "09:00-12:00", at("2028-03-01 11:00"), False),
    ],
)
def test_a_mediator_is_rung_while_the_shift_lasts_and_not_before_or_after(
    make_stage: Callable[..., Stage], day: int | date, hours: str, asks_at: datetime, on_duty: bool
) -> None:
    stage = make_stage(start=asks_at)
    stage.mediator("Amina", "taxes", shifts=[Shift(day, parse_hours(hours), ZONE)])
    caller = stage.asks("2")
    assert stage.rings("Amina", within=5) is on_duty
    assert (words.NOBODY in caller.heard_text()) is not on_duty


@pytest.mark.parametrize(("asks_at", "on_duty"), [("08:00", True), ("11:58", True), ("12:00", False)])
def test_a_shift_far_away_is_read_by_the_clock_there(
    make_stage: Callable[..., Stage], asks_at: str, on_duty: bool
) -> None:
    stage = make_stage(start=at(f"2026-11-23 {asks_at}", REUNION))
    stage.mediator("Amina", "taxes", shifts=[Shift(MON, parse_hours("08:00-12:00"), REUNION)])
    stage.asks("2")
    assert stage.rings("Amina", within=5) is on_duty


def test_two_zones_at_once(make_stage: Callable[..., Stage]) -> None:
    """Eight in the morning in Saint-Denis is five in Paris."""
    stage = make_stage(start=at("2026-11-23 08:00", REUNION))
    hours = parse_hours("08:00-12:00")
    stage.mediator("Amina", "taxes", shifts=[Shift(MON, hours, ZONE)])
    bruno = stage.mediator("Bruno", "taxes", shifts=[Shift(MON, hours, REUNION)])
    caller = stage.asks("2")
    stage.connect(caller, bruno)


def test_a_talk_goes_on_when_the_shift_ends_and_then_nobody_rings_any_more(
    make_stage: Callable[..., Stage],
) -> None:
    stage = make_stage(start=at("2026-11-23 11:58"), timings__wrap_up=0)
    amina = stage.mediator("Amina", "taxes", shifts=[Shift(MON, parse_hours("08:00-12:00"), ZONE)])
    caller = stage.asks("2")
    stage.connect(caller, amina)
    stage.carrier.advance(600)
    assert caller.talking_to is amina.leg
    stage.leaves(caller)
    late = stage.asks("2", "+33639980003")
    assert not stage.rings("Amina", within=30)
    assert stage.outcome(caller) == "answered"
    assert stage.is_over(late)
    assert stage.outcome(late) == "callback"


def test_a_shift_that_begins_at_midnight_fetches_who_waits(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(start=at("2026-11-23 23:58"))
    stage.busy()
    night = [Shift(TUE, parse_hours("00:00-06:00"), ZONE)]
    bruno = stage.mediator("Bruno", "taxes", shifts=night)
    caller = stage.holds()
    assert stage.rings("Bruno", within=120)
    assert timedelta() <= stage.carrier.now() - at("2026-11-24 00:00") <= timedelta(seconds=2)
    stage.connect(caller, bruno)
