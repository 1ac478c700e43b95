"""What a coordinator changes at the shell: a mediator's number, skills and languages, and the rota."""

from datetime import UTC, date, datetime

import pytest

from hotline import wiring
from hotline.queue.ids import MediatorId
from hotline.queue.shifts import Shift, is_over, parse_hours
from hotline.store import mediators
from tests import factories
from tests.integration.shell import AMINA, Run, done, environ, refused, run

__all__ = ["environ", "run"]


@pytest.fixture(autouse=True)
def _amina(run: Run) -> None:
    done(run("mediators", "add", "Amina", AMINA, "--skill", "taxes", "--skill", "work"))


def row(run: Run) -> list[str]:
    return done(run("mediators", "list"))[0].split()


def test_what_is_named_is_changed_and_the_rest_stays(run: Run) -> None:
    assert done(run("mediators", "change", "1", "--skill", "health")) == ["Changed."]
    assert row(run)[-2:] == ["fr", "health"]
    done(run("mediators", "change", "1", "--language", "en", "--language", "fr"))
    assert row(run)[-2:] == ["en,fr", "health"]
    done(run("mediators", "change", "1", "--number", "06 39 98 01 77"))
    assert row(run)[2] == "+33639980177"


def test_what_cannot_be_changed_to(run: Run) -> None:
    done(run("mediators", "add", "Basile", "+33639980102", "--skill", "taxes"))
    taken = "+33639980102 is the number of another mediator already"
    refused(run("mediators", "change", "1", "--number", "+33639980102"), taken, code=1)
    refused(run("mediators", "change", "1", "--number", "+33199001234"), "the number of the line itself")
    refused(run("mediators", "change", "1", "--skill", "magic"), "no topic asks for the skill 'magic'")
    refused(run("mediators", "change", "7", "--skill", "taxes"), "there is no mediator 7")
    assert done(run("mediators", "list"))[0].split()[2] == AMINA


def test_a_shift_is_removed_by_its_number(run: Run) -> None:
    done(run("shifts", "add", "1", "mon", "09:00-12:00"))
    done(run("shifts", "add", "1", "tue", "09:00-12:00"))
    assert done(run("shifts", "list"))[1:] == [
        "      every mon  09:00-12:00  Europe/Paris  (shift 1)",
        "      every tue  09:00-12:00  Europe/Paris  (shift 2)",
    ]
    assert done(run("shifts", "remove", "1")) == ["Removed."]
    assert done(run("shifts", "list"))[1:] == ["      every tue  09:00-12:00  Europe/Paris  (shift 2)"]
    refused(run("shifts", "remove", "1"), "there is no shift 1")


def test_a_shift_that_is_there_is_not_added_again(run: Run) -> None:
    done(run("mediators", "add", "Basile", "+33639980102", "--skill", "taxes"))
    for day in ("mon", "2096-02-29"):
        done(run("shifts", "add", "1", day, "09:00-12:00"))
    before = done(run("shifts", "list"))
    again = run("shifts", "add", "1", "mon", "09:00-12:00")
    refused(again, "every mon  09:00-12:00  Europe/Paris is in the rota already, as shift 1", code=1)
    again = run("shifts", "add", "1", "2096-02-29", "09:00-12:00")
    refused(again, "2096-02-29  09:00-12:00  Europe/Paris is in the rota already, as shift 2", code=1)
    assert done(run("shifts", "list")) == before
    done(run("shifts", "add", "2", "mon", "09:00-12:00"))
    done(run("shifts", "add", "1", "tue", "09:00-12:00"))
    done(run("shifts", "add", "1", "mon", "09:00-13:00"))


def test_a_shift_that_others_cover_is_not_added(run: Run) -> None:
    for hours in ("09:00-12:00", "12:00-14:00"):
        done(run("shifts", "add", "1", "mon", hours))
    before = done(run("shifts", "list"))
    within = run("shifts", "add", "1", "mon", "10:00-13:00")
    refused(
        within, "every mon  10:00-13:00  Europe/Paris is in the rota already, as shift 1 and shift 2", code=1
    )
    once = run("shifts", "add", "1", "2096-01-30", "09:30-11:00")
    refused(once, "2096-01-30  09:30-11:00  Europe/Paris is in the rota already, as shift 1", code=1)
    assert done(run("shifts", "list")) == before
    longer = done(run("shifts", "add", "1", "mon", "11:00-15:00"))
    assert longer[1:] == ["A part of these hours was in the rota already: they count once."]


def test_whoever_has_a_closed_account_gets_no_shift(run: Run, environ: dict[str, str]) -> None:
    services = wiring.from_environment(environ)
    factories.at_once(services, lambda m: mediators.set_active(m.tx, MediatorId(1), False))
    services.store.close()
    refused(run("shifts", "add", "1", "mon", "09:00-12:00"), "the account of mediator 1 is closed", code=1)
    assert done(run("shifts", "list"))[-1] == "      no shift: never on duty"


def test_a_number_that_nobody_answers_at_is_not_taken(run: Run) -> None:
    refused(run("mediators", "change", "1", "--number", "0800 12 34 56"), "is nobody's telephone")
    assert AMINA in done(run("mediators", "list"))[0]


def test_a_shift_that_is_over_is_not_added(run: Run) -> None:
    over = run("shifts", "add", "1", "2020-02-29", "09:00-12:00")
    refused(over, "2020-02-29  09:00-12:00  Europe/Paris is over already: check the date")
    assert done(run("shifts", "list"))[-1] == "      no shift: never on duty"


def test_a_shift_in_the_hour_that_spring_skips_is_not_added(run: Run) -> None:
    never = run("shifts", "add", "1", "2041-03-31", "02:15-02:45")
    refused(never, "2041-03-31  02:15-02:45  Europe/Paris never is: summer time begins in that night")
    assert done(run("shifts", "list"))[-1] == "      no shift: never on duty"


@pytest.mark.parametrize(
    ("day", "hours", "zone", "over"),
    [
        (date(2026, 11, 22), "09:00-12:00", "Europe/Paris", True),
        (date(2026, 11, 22), "22:00-06:00", "Europe/Paris", False),
        (date(2026, 11, 22), "22:00-05:00", "Europe/Paris", True),
        (date(2026, 11, 21), "22:00-06:00", "Europe/Paris", True),
        (date(2026, 11, 23), "00:00-05:00", "Europe/Paris", True),
        (date(2026, 11, 23), "00:00-05:01", "Europe/Paris", False),
        (date(2026, 11, 23), "00:00-08:00", "Indian/Reunion", True),
        (date(2026, 11, 24), "00:00-05:00", "Europe/Paris", False),
        (0, "00:00-05:00", "Europe/Paris", False),
    ],
)
def test_when_a_shift_is_over(day: int | date, hours: str, zone: str, over: bool) -> None:
    at_five_in_paris = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
    assert is_over(Shift(day, parse_hours(hours), zone), at_five_in_paris) is over
