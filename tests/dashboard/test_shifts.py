"""The rota: read as a week and as single days, added to and taken from, with mistakes said at their field."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from hotline.dashboard import rota_view
from hotline.queue.ids import MediatorId
from hotline.queue.roles import Role
from hotline.queue.shifts import Hours, Shift, parse_hours
from hotline.services import Services
from hotline.store import mediators, shifts
from hotline.switchboard import duty
from tests import factories
from tests.dashboard.statements import counted
from tests.dashboard.visitor import Visitor
from tests.fakes import SetClock

ZONE = factories.ZONE
NIGHT = Shift(4, parse_hours("22:00-06:00"), ZONE)
ONCE = Shift(date(2026, 11, 24), parse_hours("09:00-12:00"), ZONE)


@pytest.fixture
def amina(services: Services) -> MediatorId:
    return factories.mediator(services, "Amina", factories.number(1), shifts=())


@pytest.fixture
def me(logged_in: Callable[..., Visitor]) -> Visitor:
    return logged_in(Role.COORDINATOR)


def rota(services: Services) -> list[Shift]:
    with services.store.reading() as tx:
        return [shift for _key, _mediator, shift in shifts.every(tx)]


def add(me: Visitor, person: object, **changes: str) -> str:
    """What the page says to it."""
    form = {"person": str(person), "day": "0", "date": "", "start": "09:00", "end": "12:00"} | changes
    answer = me.post("/shifts", **form)
    if answer.status_code == 302:
        return me.get(answer.location).text
    assert answer.status_code == 422
    return answer.text


def test_an_empty_rota_says_what_to_do(me: Visitor) -> None:
    page = me.get("/shifts").text
    assert "Ajouter la première" not in page, "there is nobody whose it could be"
    assert "Personne ne répond encore au téléphone" in page


def test_a_first_shift_is_added_below(me: Visitor, amina: MediatorId) -> None:
    assert 'href="#add">Ajouter la première' in me.get("/shifts").text


def test_week_and_single_days(services: Services, amina: MediatorId, me: Visitor, clock: SetClock) -> None:
    past = Shift(date(2026, 11, 22), parse_hours("09:00-12:00"), ZONE)
    for shift in (NIGHT, ONCE, past):
        factories.at_once(services, lambda m, one=shift: duty.add_shift(m, amina, one))  # type: ignore[misc]  # mypy sees no default
    page = me.get("/shifts").text
    assert "22:00–06:00" in page
    assert "le lendemain" in page
    assert "Mardi 24 novembre 2026" in page
    assert "22 novembre" not in page.partition("Une seule fois")[2]


def test_a_weekly_shift_is_added(services: Services, amina: MediatorId, me: Visitor) -> None:
    assert "chaque vendredi, 22:00–06:00 le lendemain" in add(me, amina, day="4", start="22:00", end="06:00")
    assert rota(services) == [NIGHT]


def test_a_shift_on_a_date_is_added(services: Services, amina: MediatorId, me: Visitor) -> None:
    assert "mardi 24 novembre, 09:00–12:00" in add(me, amina, day="date", date="2026-11-24")
    assert rota(services) == [ONCE]


def test_a_whole_day(services: Services, amina: MediatorId, me: Visitor) -> None:
    add(me, amina, start="00:00", end="00:00")
    assert rota(services) == [Shift(0, Hours(0, 1440), ZONE)]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"person": ""}, "Choisissez une personne"),
        ({"person": "999"}, "ne répond plus au téléphone"),
        ({"person": "9" * 19}, "Choisissez une personne"),
        ({"day": "date", "date": ""}, "Indiquez une date"),
        ({"day": "date", "date": "24/11/2026"}, "Indiquez une date"),
        ({"day": "date", "date": "2026-11-22"}, "Cette date est passée"),
        ({"day": "date", "date": "2026-11-23", "start": "09:00", "end": "10:30"}, "heures sont déjà passées"),
        (
            {"day": "date", "date": "2027-03-28", "start": "02:15", "end": "02:45"},
            "ces heures n’existent pas",
        ),
        ({"day": "date", "date": "2062-11-22"}, "vérifiez l’année"),
        ({"start": "", "end": ""}, "Indiquez deux heures"),
        ({"start": "25:00"}, "Indiquez deux heures"),
        ({"start": "12:00", "end": "12:00"}, "La fin est la même que le début"),
    ],
)
def test_a_mistake_is_said_at_its_field(
    services: Services, amina: MediatorId, me: Visitor, changes: dict[str, str], words: str
) -> None:
    page = add(me, changes.get("person", amina), **{k: v for k, v in changes.items() if k != "person"})
    assert words in page
    assert 'aria-invalid="true"' in page
    assert rota(services) == []


def test_what_was_written_is_still_there_after_a_mistake(amina: MediatorId, me: Visitor) -> None:
    page = add(me, amina, day="3", start="08:15", end="08:15")
    assert 'value="08:15"' in page
    assert f'<option value="{amina}" selected>' in page
    assert '<option value="3" selected>' in page


def test_the_same_shift_is_not_added_twice(services: Services, amina: MediatorId, me: Visitor) -> None:
    add(me, amina)
    page = add(me, amina)
    assert "Amina est déjà au planning à ces heures (chaque lundi, 09:00–12:00)" in page
    assert "il n’y a rien à ajouter" in page
    assert len(rota(services)) == 1


def test_a_shift_within_others_adds_nothing(services: Services, amina: MediatorId, me: Visitor) -> None:
    add(me, amina)
    add(me, amina, start="12:00", end="14:00")
    assert "chaque lundi, 09:00–12:00, chaque lundi, 12:00–14:00" in add(
        me, amina, start="10:00", end="13:00"
    )
    assert "il n’y a rien à ajouter" in add(
        me, amina, day="date", date="2026-11-30", start="09:30", end="11:00"
    )
    assert len(rota(services)) == 2


def test_a_shift_that_overlaps_another_is_added_and_said_so(
    services: Services, amina: MediatorId, me: Visitor
) -> None:
    bruno = factories.mediator(services, "Bruno", factories.number(2), shifts=())
    said = "Une partie de ces heures était déjà au planning : elles comptent une seule fois"
    assert said not in add(me, amina)
    assert said not in add(me, bruno, start="11:00", end="13:00"), "another person's are their own"
    assert said not in add(me, amina, start="12:00", end="13:00"), "one after the other"
    assert said in add(me, amina, start="08:00", end="10:00")
    assert len(rota(services)) == 4


def follow_cross(me: Visitor, whose_and_when: str) -> str:
    """Where the cross of a shift leads; it is called by whose it is, and when."""
    named = rf'aria-label="Retirer : {whose_and_when}"'
    (path,) = re.findall(rf'<a class="cross" href="([^"]+)"[^>]* {named}', me.get("/shifts").text)
    return str(path)


@pytest.mark.parametrize(
    ("shift", "called", "asks", "how_often"),
    [
        (NIGHT, "Amina, vendredi, 22:00–06:00 le lendemain", "chaque vendredi, 22:00", "chaque semaine"),
        (ONCE, "Amina, mardi 24 novembre, 09:00–12:00", "mardi 24 novembre, 09:00", "qu’une fois"),
    ],
)
def test_a_shift_is_removed_once_somebody_has_said_so(
    services: Services,
    amina: MediatorId,
    me: Visitor,
    shift: Shift,
    called: str,
    asks: str,
    how_often: str,
) -> None:
    factories.at_once(services, lambda m: duty.add_shift(m, amina, shift))
    path = follow_cross(me, called)
    page = me.get(path).text
    assert "Retirer cette permanence ?" in page
    assert f"Amina : {asks}" in page
    assert how_often in page
    assert '<a href="/shifts">Garder</a>' in page
    assert rota(services) == [shift], "looking at the page takes nothing away"
    assert f'method="post" action="{path}"' in page
    assert "La permanence est retirée" in me.get(me.post(path).location).text
    assert rota(services) == []


def test_a_shift_that_somebody_else_has_removed(services: Services, amina: MediatorId, me: Visitor) -> None:
    key = factories.at_once(services, lambda m: duty.add_shift(m, amina, ONCE))
    me.post(f"/shifts/{key}/remove")
    for ask in (me.get, me.post):
        assert "était déjà retirée" in me.get(ask(f"/shifts/{key}/remove").location).text


def test_holes_are_named(services: Services, me: Visitor) -> None:
    all_but_tuesday = [one for one in factories.ALWAYS if one.day != 1]
    factories.mediator(services, "Bruno", factories.number(2), shifts=all_but_tuesday)
    page = me.get("/shifts").text
    assert "de mardi 24 novembre 00:00 à mercredi 25 novembre 00:00" in page
    factories.mediator(services, "Chloé", factories.number(3), shifts=factories.ALWAYS)
    assert "sont couverts" in me.get("/shifts").text


def test_whoever_is_paused_without_end_fills_no_hole(services: Services, me: Visitor) -> None:
    key = factories.mediator(services, "Bruno", factories.number(2))
    assert "sont couverts" in me.get("/shifts").text
    factories.at_once(services, lambda m: duty.pause(m, key, None))
    assert "personne n’est là" in me.get("/shifts").text


def test_whose_account_is_closed_fills_no_hole_and_is_given_no_shift(services: Services, me: Visitor) -> None:
    """In the midst of a talk: then nobody is paused, and they are free again afterwards."""
    key = factories.mediator(services, "Bruno", factories.number(2))
    factories.mediator(services, "Amina", factories.number(1), shifts=())
    factories.at_once(services, lambda m: mediators.set_active(m.tx, key, False))
    page = me.get("/shifts").text
    assert "sont couverts" not in page
    assert "personne n’est là" in page
    assert 'Bruno <span class="tag sorry">compte fermé</span>' in page, "theirs can still be taken out"
    assert (">Bruno</option>" in page, ">Amina</option>" in page) == (False, True)
    before = rota(services)
    assert "ne répond plus au téléphone" in add(me, key, day="date", date="2026-11-24")
    assert rota(services) == before
    factories.at_once(services, lambda m: mediators.set_active(m.tx, key, True))
    assert "sont couverts" in me.get("/shifts").text


@pytest.mark.parametrize("many", [3, 30])
def test_the_statements_do_not_grow_with_the_team(services: Services, clock: SetClock, many: int) -> None:
    for number in range(many):
        factories.mediator(services, f"M{number}", factories.number(number))
    with counted(services.store.engine) as statements:
        assert len(rota_view.rota(services, clock.now()).week) == many
    assert len(statements) == 2
