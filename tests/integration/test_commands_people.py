"""The commands about mediators, shifts and calls: what they print, and how they refuse."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hotline import wiring
from hotline.cli.seed import end_open_calls
from hotline.ivr.events import Keyed
from hotline.queue.ids import LegSid, MediatorId
from hotline.queue.mediators import Availability, Standing
from hotline.services import Services
from hotline.store import mediators
from hotline.switchboard import duty, leaving, turns
from hotline.switchboard.moment import Moment
from tests import factories
from tests.fakes import SetClock
from tests.integration.shell import AMINA, Run, done, environ, refused, run

__all__ = ["environ", "run"]


@pytest.fixture
def services(environ: dict[str, str]) -> Iterator[Services]:
    built = wiring.from_environment(environ)
    yield built
    built.store.close()


def test_a_mediator_is_added_and_listed_with_the_number_in_full(run: Run) -> None:
    added = done(run("mediators", "add", "Amina", "06 39 98 01 01", "--skill", "taxes", "--skill", "work"))
    assert added == [f"1  Amina  {AMINA}", "Next: hotline shifts add 1 mon 09:00-12:00"]
    (row,) = done(run("mediators", "list"))
    assert row.split() == ["1", "Amina", AMINA, "available", "off", "duty", "fr", "taxes,work"]


def test_nobody_yet(run: Run) -> None:
    (line,) = done(run("mediators", "list"))
    assert line.startswith("Nobody yet. Add one: hotline mediators add")


def test_a_skill_or_language_that_is_named_twice_is_one(run: Run) -> None:
    twice = ("--skill", "taxes", "--skill", "taxes", "--language", "fr", "--language", "fr")
    done(run("mediators", "add", "Amina", AMINA, *twice))
    assert done(run("mediators", "list"))[0].endswith("  fr  taxes")


def test_the_list_keeps_its_columns_whatever_the_names(run: Run) -> None:
    longest = "É" * 120
    done(run("mediators", "add", "Amina", AMINA, "--skill", "taxes", "--language", "fr", "--language", "en"))
    done(run("mediators", "add", longest, "+33639980102", "--skill", "work"))
    done(run("mediators", "pause", "2"))
    amina, other = done(run("mediators", "list"))
    assert amina.index(AMINA) == other.index("+33639980102") == len("   1  ") + 120 + 2
    assert amina.index("off duty") == other.index("off duty")
    assert amina.index("taxes") == other.index("work")


def test_a_mediator_without_a_skill_takes_what_needs_none(run: Run) -> None:
    done(run("mediators", "add", "Amina", AMINA, "--language", "en"))
    assert done(run("mediators", "list"))[0].split()[-2:] == ["en", "-"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("Amina", "123"), "'123' is not a telephone number like +33 1 99 00 12 34"),
        (("", AMINA), "a name is one line with at least one letter"),
        (("A\nB", AMINA), "a name is one line with at least one letter"),
        (("Amina", factories.LINE), "is the number of the line itself"),
        (("Amina", "0800 12 34 56"), "'0800 12 34 56' is nobody's telephone"),
        (("Amina", "+881 6 1234 5678"), "is nobody's telephone"),
        (("A" * 121, AMINA), "a name is one line with at least one letter"),
        (("Amina", AMINA, "--skill", "cooking"), "no topic asks for the skill 'cooking'; known: benefits, "),
        (("Amina", AMINA, "--language", "tlh"), "no line speaks 'tlh'; known: en, fr"),
        (("Amina",), "Missing argument 'NUMBER'"),
    ],
)
def test_a_mediator_that_cannot_be_added(run: Run, words: tuple[str, ...], message: str) -> None:
    refused(run("mediators", "add", *words), message)
    assert done(run("mediators", "list"))[0].startswith("Nobody yet.")


def test_numbers_of_fiction_are_for_the_demo(run: Run) -> None:
    result = run("mediators", "add", "Amina", AMINA, HOTLINE_FICTION_NUMBERS="0")
    refused(result, f"'{AMINA}' is not a telephone number")


def test_a_number_belongs_to_one_mediator(run: Run) -> None:
    done(run("mediators", "add", "Amina", AMINA))
    result = run("mediators", "add", "Bruno", "06 39 98 01 01")
    refused(result, "06 39 98 01 01 is the number of another mediator already", code=1)


def test_a_pause_and_its_end(run: Run) -> None:
    done(run("mediators", "add", "Amina", AMINA))
    assert done(run("mediators", "pause", "1")) == ["Paused."]
    assert "away" in done(run("mediators", "list"))[0]
    assert done(run("mediators", "resume", "1")) == ["Available."]
    assert "available" in done(run("mediators", "list"))[0]


def test_a_pause_may_end_by_itself(run: Run, services: Services) -> None:
    done(run("mediators", "add", "Amina", AMINA))
    before = services.clock.now()
    done(run("mediators", "pause", "1", "--minutes", "30"))
    with services.store.reading() as tx:
        (amina,) = mediators.every(tx)
    assert amina.until is not None
    assert 1800 <= (amina.until - before).total_seconds() < 1860


@pytest.mark.parametrize("command", ["pause", "resume"])
def test_who_is_being_rung_is_left_alone(run: Run, services: Services, command: str) -> None:
    done(run("mediators", "add", "Amina", AMINA))
    key = factories.at_once(services, lambda m: mediators.by_number(m.tx, AMINA))
    assert key is not None
    offered = Standing(Availability.OFFERED)
    factories.at_once(services, lambda m: mediators.claim(m.tx, key, list(Availability), offered, m.now))
    refused(run("mediators", command, "1"), "being rung or talking just now", code=1)
    assert "offered" in done(run("mediators", "list"))[0]


@pytest.mark.parametrize("command", [("mediators", "pause"), ("mediators", "resume"), ("shifts", "add")])
def test_a_mediator_that_is_not_there(run: Run, command: tuple[str, str]) -> None:
    rest = ("mon", "09:00-12:00") if command[0] == "shifts" else ()
    refused(run(*command, "7", *rest), "there is no mediator 7; see: hotline mediators list")
    refused(run(*command, "2147483647", *rest), "there is no mediator 2147483647")
    refused(run(*command, "99999999999999999999", *rest), "is not in the range")
    refused(run(*command, "0", *rest), "is not in the range")
    refused(run(*command, "Amina", *rest), "'Amina' is not a valid integer")


@pytest.mark.parametrize("minutes", ["0", "-1", "soon", "999999999999"])
def test_a_pause_that_cannot_be(run: Run, minutes: str) -> None:
    done(run("mediators", "add", "Amina", AMINA))
    refused(run("mediators", "pause", "1", "--minutes", minutes), "Invalid value for '--minutes'")


def test_shifts_are_added_and_listed(run: Run) -> None:
    done(run("mediators", "add", "Amina", AMINA))
    done(run("mediators", "add", "Bruno", "06 39 98 01 02"))
    assert done(run("shifts", "add", "1", "mon", "09:00-12:00")) == ["every mon  09:00-12:00  Europe/Paris"]
    done(run("shifts", "add", "1", "2096-02-29", "22:00-06:00", "--zone", "Europe/Paris"))
    assert done(run("shifts", "list")) == [
        "   1  Amina",
        "      every mon  09:00-12:00  Europe/Paris  (shift 1)",
        "      2096-02-29  22:00-06:00  Europe/Paris  (shift 2)",
        "   2  Bruno",
        "      no shift: never on duty",
    ]


def test_who_has_a_shift_now_is_on_duty(run: Run) -> None:
    done(run("mediators", "add", "Amina", AMINA))
    for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"):
        done(run("shifts", "add", "1", day, "00:00-24:00"))
    assert "available  on duty" in done(run("mediators", "list"))[0]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("lundi", "09:00-12:00"), "'lundi' is not a day like mon, nor a date like 2027-02-28"),
        (("2027-02-29", "09:00-12:00"), "'2027-02-29' is not a day"),
        (("mon", "9-12"), "'9-12' is not hours like 09:00-12:30"),
        (("mon", "09:00-24:30"), "'09:00-24:30' is not a time of day"),
        (
            ("mon", "09:00-12:00", "--zone", "Indian/Reunion"),
            "no line is in the zone 'Indian/Reunion'; known: ",
        ),
        (("mon",), "Missing argument 'HOURS'"),
    ],
)
def test_a_shift_that_cannot_be(run: Run, words: tuple[str, ...], message: str) -> None:
    done(run("mediators", "add", "Amina", AMINA))
    refused(run("shifts", "add", "1", *words), message)
    assert done(run("shifts", "list"))[-1] == "      no shift: never on duty"


def test_the_demonstration_is_seeded_once(run: Run) -> None:
    first = done(run("seed", "demo"))
    rows = done(run("mediators", "list"))
    shifts = done(run("shifts", "list"))
    assert first[0] == f"Amina  {AMINA}  amina@demo.example.org  benefits, taxes, work"
    assert (len(first), len(rows)) == (7, 6)
    assert first[-1].startswith("Password of every account: ")
    assert all("available  on duty" in row for row in rows)
    assert len(shifts) == 6 * 8
    done(run("mediators", "pause", "1"))
    assert done(run("seed", "demo")) == first
    assert done(run("mediators", "list")) == rows, "the same, and available again"
    assert done(run("shifts", "list")) == shifts


def test_seeding_again_brings_back_the_shifts_that_are_missing(run: Run) -> None:
    done(run("seed", "demo"))
    once = [line.partition("  (shift")[0] for line in done(run("shifts", "list"))]
    for shift in ("1", "2", "3", "4", "5", "6", "7", "10"):  # all of Amina's, and one of Bruno's
        done(run("shifts", "remove", shift))
    assert "      no shift: never on duty" in done(run("shifts", "list"))
    done(run("seed", "demo"))
    again = [line.partition("  (shift")[0] for line in done(run("shifts", "list"))]
    assert sorted(again) == sorted(once)
    assert all("available  on duty" in row for row in done(run("mediators", "list")))


def test_whoever_is_off_comes_back_with_the_next_shift_that_is_left(run: Run, services: Services) -> None:
    done(run("mediators", "add", "Amina", AMINA))
    done(run("shifts", "add", "1", "mon", "09:00-12:00"))
    done(run("shifts", "add", "1", "thu", "09:00-12:00"))
    factories.at_once(services, lambda m: duty.go_off(m, MediatorId(1)))
    ends = []
    for shift in ("1", "2"):
        done(run("shifts", "remove", shift))
        with services.store.reading() as tx:
            here = mediators.get(tx, MediatorId(1))
        assert here is not None
        ends.append(here.until and here.until.weekday())
    assert ends == [3, None]
    refused(run("shifts", "remove", "2"), "there is no shift 2")


def test_no_call_yet(run: Run) -> None:
    assert done(run("calls")) == ["No call yet."]


@pytest.fixture
def three_calls(services: Services) -> None:
    """One that rang off, one whose number is withheld, one still going on."""
    clock = SetClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    there = replace(services, clock=clock)
    for leg, shown in (("CA1", factories.CALLER), ("CA2", "anonymous"), ("CA3", "+33639980002")):
        factories.at_once(there, arrival(leg, shown))
        clock.pass_(3)
    for leg in ("CA1", "CA2"):
        factories.at_once(there, departure(leg))


def arrival(leg: str, shown: str) -> Callable[[Moment], object]:
    return lambda m: turns.arrive(m, LegSid(leg), factories.LINE, shown)


def departure(leg: str) -> Callable[[Moment], object]:
    return lambda m: leaving.caller_left(m, LegSid(leg))


@pytest.mark.usefixtures("three_calls")
def test_calls_are_shown_by_the_lines_own_clock_the_latest_last(run: Run) -> None:
    assert done(run("calls")) == [
        "2026-11-23 10:00:00  demo  +33639980001  abandoned in menu",
        "    10:00:00  the call arrived",
        "    10:00:09  the call ended",
        "2026-11-23 10:00:03  demo  number withheld  abandoned in menu",
        "    10:00:03  the call arrived",
        "    10:00:09  the call ended",
        "2026-11-23 10:00:06  demo  +33639980002  still going on",
        "    10:00:06  the call arrived",
    ]


def test_a_call_tells_who_was_rung_for_what(run: Run, services: Services) -> None:
    factories.mediator(services, "Amina", AMINA)
    factories.at_once(services, arrival("CA1", factories.CALLER))
    factories.at_once(services, lambda m: turns.go_on(m, LegSid("CA1"), 1, lambda _call, _script: Keyed("2")))
    told = [line.split("  ")[-1] for line in done(run("calls"))[1:]]
    assert told == [
        "the call arrived",
        "the caller waits for a mediator (topic taxes, language fr)",
        "a mediator was chosen (Amina)",
        "the mediator's telephone rings (Amina)",
    ]


@pytest.mark.usefixtures("three_calls")
def test_seeding_ends_no_call_but_a_new_demonstration_does(run: Run, services: Services) -> None:
    done(run("seed", "demo"))
    assert any("still going on" in line for line in done(run("calls")))
    end_open_calls(services)
    assert not any("still going on" in line for line in done(run("calls")))


@pytest.mark.usefixtures("three_calls")
def test_only_the_latest_calls(run: Run) -> None:
    assert [line[:30] for line in done(run("calls", "--last", "1"))] == [
        "2026-11-23 10:00:06  demo  +33",
        "    10:00:06  the call arrived",
    ]


@pytest.mark.parametrize("last", ["0", "1001", "all"])
def test_so_many_calls_cannot_be_shown(run: Run, last: str) -> None:
    refused(run("calls", "--last", last), "Invalid value for '--last'")


@pytest.mark.parametrize("command", ["mediators list", "shifts list", "calls", "seed demo"])
def test_a_wrong_setting_is_named(run: Run, command: str) -> None:
    refused(run(*command.split(), SECRET_KEY=""), "SECRET_KEY is missing: set it in the environment")
