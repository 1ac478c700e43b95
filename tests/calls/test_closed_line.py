"""A line that is closed: when it opens, in words; the numbers for danger; and a callback from then on."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.simulator.trace import Kind
from tests.calls import kept, words
from tests.calls.stage import Stage

PARIS, REUNION = "Europe/Paris", "Indian/Reunion"
NINE_TO_SIX = ["09:00-18:00"]
OFFICE = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), NINE_TO_SIX)
CHRISTMAS = ["2026-12-24/2027-01-03"]


def at(text: str, zone: str = PARIS) -> datetime:
    """An instant by the clock of a zone."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("calls_at", "hours", "opening", "said"),
    [
        ("2026-11-23 07:12", OFFICE, "2026-11-23 09:00", "aujourd'hui à 9 heures"),
        ("2026-11-23 19:30", OFFICE, "2026-11-24 09:00", "demain mardi à 9 heures"),
        ("2026-11-27 18:00", OFFICE, "2026-11-30 09:00", "lundi à 9 heures"),
        ("2026-11-28 12:00", OFFICE, "2026-11-30 09:00", "lundi à 9 heures"),
        ("2026-11-29 23:59", OFFICE, "2026-11-30 09:00", "demain lundi à 9 heures"),
        ("2026-12-24 18:30", OFFICE | {"holidays": "FR"}, "2026-12-28 09:00", "lundi à 9 heures"),
        ("2026-12-25 10:00", OFFICE | {"holidays": "FR"}, "2026-12-28 09:00", "lundi à 9 heures"),
        ("2027-03-28 20:00", OFFICE | {"holidays": "FR"}, "2027-03-30 09:00", "mardi à 9 heures"),
        (
            "2026-12-23 18:30",
            OFFICE | {"holidays": "FR", "closures": CHRISTMAS},
            "2027-01-04 09:00",
            "le lundi 4 janvier à 9 heures",
        ),
        (
            "2026-11-23 12:30",
            {"mon": ["09:00-12:00", "13:30-18:00"]},
            "2026-11-23 13:30",
            "aujourd'hui à 13 heures 30",
        ),
        ("2026-11-23 21:10", {"mon": ["22:00-06:00"]}, "2026-11-23 22:00", "aujourd'hui à 22 heures"),
        ("2026-11-24 06:00", {"mon": ["22:00-06:00"]}, "2026-11-30 22:00", "lundi à 22 heures"),
        ("2027-03-27 19:00", {"sun": NINE_TO_SIX}, "2027-03-28 09:00", "demain dimanche à 9 heures"),
        ("2027-10-30 19:00", {"sun": NINE_TO_SIX}, "2027-10-31 09:00", "demain dimanche à 9 heures"),
        ("2028-02-28 19:00", OFFICE, "2028-02-29 09:00", "demain mardi à 9 heures"),
        (
            "2028-02-28 19:00",
            OFFICE | {"closures": ["2028-02-29"]},
            "2028-03-01 09:00",
            "mercredi à 9 heures",
        ),
    ],
    ids=[
        *("early", "evening", "at closing", "saturday", "before midnight", "christmas eve", "christmas day"),
        *("easter monday", "closure", "midday", "before the night", "after the night"),
        *("clocks go forward", "clocks go back", "29 february", "closed on 29 february"),
    ],
)
def test_the_next_opening_is_said_in_words_and_is_when_the_callback_is_due(
    make_stage: Callable[..., Stage], calls_at: str, hours: dict[str, object], opening: str, said: str
) -> None:
    stage = make_stage(start=at(calls_at), hours=hours)
    stage.mediator("Amina", "taxes")
    caller = stage.call()
    stage.hears(caller, words.opens(said))
    stage.leaves(caller)
    assert stage.outcome(caller) == "callback"
    assert kept.place(stage, caller).not_before == at(opening)
    until = at(opening) - stage.carrier.now()
    assert not kept.is_due(stage, caller, after=until - timedelta(seconds=1))
    assert kept.is_due(stage, caller, after=until)


@pytest.mark.parametrize(
    ("calls_at", "opening", "said"),
    [
        ("2026-11-23 08:59", "2026-11-23 09:00", "aujourd'hui à 9 heures"),
        # the day on which slavery was abolished there, and a working day in Paris
        ("2027-12-17 19:00", "2027-12-21 09:00", "mardi à 9 heures"),
    ],
)
def test_a_line_at_the_other_end_of_the_world_goes_by_its_own_clock_and_holidays(
    make_stage: Callable[..., Stage], calls_at: str, opening: str, said: str
) -> None:
    stage = make_stage(start=at(calls_at, REUNION), zone=REUNION, hours=OFFICE | {"holidays": "FR-RE"})
    caller = stage.call()
    stage.hears(caller, words.opens(said))
    stage.leaves(caller)
    assert kept.place(stage, caller).not_before == at(opening, REUNION)


def test_it_is_open_there_while_paris_sleeps(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(start=at("2026-11-23 09:00", REUNION), zone=REUNION, hours=OFFICE)
    amina = stage.mediator("Amina", "taxes")
    stage.connect(stage.asks("2"), amina)


@pytest.mark.parametrize(
    ("calls_at", "hours", "is_open"),
    [
        ("2026-11-24 02:00", {"mon": ["22:00-06:00"]}, True),
        ("2026-11-24 05:58", {"mon": ["22:00-06:00"]}, True),
        ("2026-11-24 23:00", {"mon": ["22:00-06:00"]}, False),
        ("2026-12-25 02:00", {"thu": ["22:00-06:00"], "holidays": "FR"}, True),
        ("2026-12-26 02:00", {"fri": ["22:00-06:00"], "holidays": "FR"}, False),
        ("2027-03-28 03:30", {"sun": ["02:30-05:00"]}, True),
        ("2027-03-28 01:59", {"sun": ["02:30-05:00"]}, False),
        ("2027-10-31 02:30", {"sun": ["02:00-03:00"]}, True),
        ("2027-10-31 09:00", {"sun": NINE_TO_SIX}, True),
        ("2028-02-29 10:00", {"tue": NINE_TO_SIX}, True),
    ],
)
def test_open_or_closed_at_night_and_on_the_days_when_the_clocks_change(
    make_stage: Callable[..., Stage], calls_at: str, hours: dict[str, object], is_open: bool
) -> None:
    stage = make_stage(start=at(calls_at), hours=hours)
    caller = stage.call()
    stage.carrier.advance(15)
    assert (words.MENU in caller.heard_text()) is is_open
    assert (words.CLOSED in caller.heard_text()) is not is_open


def test_the_hour_that_is_lived_twice_is_open_twice(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(start=datetime(2027, 10, 31, 1, 30, tzinfo=UTC), hours={"sun": ["02:00-03:00"]})
    caller = stage.call()
    stage.hears(caller, words.MENU)


def test_nobody_is_rung_and_there_is_no_menu_while_it_is_closed(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(start=at("2026-11-28 12:00"), hours=OFFICE)
    amina = stage.mediator("Amina", "taxes")
    caller = stage.call()
    assert stage.is_over(caller)
    heard = caller.heard_text()
    assert words.CLOSED in heard
    assert words.DANGER in heard
    assert words.NOTICE in heard
    assert words.MENU not in heard
    assert "J'appelle une personne" not in heard
    assert heard.count(words.called_from("lundi à 9 heures")) == 1
    assert amina.ringing_leg is None
    assert not any(entry.kind is Kind.RINGING for entry in stage.carrier.trace)


@pytest.mark.parametrize(
    ("key", "not_before", "said"),
    [
        ("1", "2026-11-30 09:00", "lundi à 9 heures"),
        ("2", "2026-11-30 12:00", "lundi à 12 heures"),
        ("3", "2026-11-30 09:00", "lundi à 9 heures"),
    ],
)
def test_the_best_time_is_one_at_which_the_line_is_open(
    make_stage: Callable[..., Stage], key: str, not_before: str, said: str
) -> None:
    stage = make_stage(start=at("2026-11-28 12:00"), hours=OFFICE)
    caller = stage.call()
    stage.hears(caller, words.READ_BACK)
    caller.press("1")
    stage.hears(caller, words.WHEN)
    caller.press(key)
    stage.hears(caller, words.called_from(said))
    stage.leaves(caller)
    assert kept.place(stage, caller).not_before == at(not_before)


def test_who_is_in_hold_when_the_line_closes_is_still_answered(make_stage: Callable[..., Stage]) -> None:
    """Nobody who came in time is sent away."""
    stage = make_stage(start=at("2026-11-23 17:58"), hours=OFFICE, timings__wrap_up=0)
    amina = stage.busy()
    caller = stage.holds()
    stage.carrier.advance(300)
    assert caller.in_queue is not None
    amina.hang_up()
    assert stage.rings("Amina", within=5)
    stage.connect(caller, amina)


def test_a_withheld_number_is_asked_for_while_it_is_closed(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(start=at("2026-11-28 12:00"), hours=OFFICE)
    caller = stage.call("anonymous")
    stage.hears(caller, words.WHICH_NUMBER)
    assert words.opens("lundi à 9 heures") in caller.heard_text()
    caller.press("0639980007#")
    stage.hears(caller, "zéro zéro, zéro sept")
    stage.leaves(caller)
    assert kept.place(stage, caller).not_before == at("2026-11-30 09:00")


def test_english_is_spoken_while_it_is_closed_to_who_chose_it_before(
    make_stage: Callable[..., Stage],
) -> None:
    open_ = make_stage(start=at("2026-11-27 10:00"), hours=OFFICE)
    open_.asks("8")
    stage = make_stage(start=at("2026-11-28 12:00"), hours=OFFICE)
    caller = stage.call()
    stage.hears(caller, "The line opens on Monday at 9 am.")
