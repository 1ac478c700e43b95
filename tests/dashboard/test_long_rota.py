"""The rota of a large team: at most fifty people at once, sought by name, or one alone."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from hotline.queue.ids import MediatorId
from hotline.queue.roles import Role
from hotline.queue.shifts import Shift, parse_hours
from hotline.services import Services
from tests import factories
from tests.dashboard.visitor import Visitor

MORNING = Shift(0, parse_hours("09:00-12:00"), factories.ZONE)
ONCE = Shift(date(2026, 11, 24), parse_hours("09:00-12:00"), factories.ZONE)


@pytest.fixture
def me(logged_in: Callable[..., Visitor]) -> Visitor:
    return logged_in(Role.COORDINATOR)


def on_the_rota(services: Services, name: str, number: int) -> MediatorId:
    return factories.mediator(services, name, factories.number(number), shifts=[MORNING, ONCE])


def week(page: str) -> list[str]:
    """Who stands in the week."""
    return re.findall(r'<th scope="row">([^<]+)</th>', page)


def once(page: str) -> list[str]:
    """Who is there on a single day."""
    return re.findall(r"09:00–12:00 · ([^<]+)</span>", page)


def test_fifty_people_are_enough_to_read(services: Services, me: Visitor) -> None:
    for number in range(52):
        on_the_rota(services, f"M{number:02}", number)
    page = me.get("/shifts").text
    assert (len(week(page)), len(once(page))) == (50, 50)
    assert "Il y a 2 personnes de plus : cherchez un nom" in page
    assert "Il y a 2 permanences de plus : cherchez un nom" in page
    assert week(me.post("/shifts/search", q="m51").text) == ["M51"]


def to_choose(page: str) -> list[str]:
    """To whom the form gives a shift."""
    (select,) = re.findall(r'<select id="person".*?</select>', page, re.DOTALL)
    return re.findall(r'<option value="\d+"(?: selected)?>([^<]+)<', select)


def test_of_a_large_team_those_that_were_found_are_to_choose_from(services: Services, me: Visitor) -> None:
    keys = [on_the_rota(services, f"M{number:02}", number) for number in range(52)]
    page = me.get("/shifts").text
    assert len(to_choose(page)) == 50
    assert "cette liste n’en montre qu’une partie" in page
    assert 'aria-describedby="not-everybody"' in page
    assert to_choose(me.post("/shifts/search", q="m51").text) == ["M51"]
    page = me.post("/shifts/search", q="m5", person=str(keys[3])).text
    assert to_choose(page) == ["M03", "M50", "M51"], "whoever was chosen before still is"
    assert f'<option value="{keys[3]}" selected>' in page
    assert to_choose(me.get(f"/shifts?person={keys[51]}").text) == ["M51"]
    refused = me.post("/shifts", person=str(keys[51]), day="0", start="12:00", end="12:00", date="")
    assert f'<option value="{keys[51]}" selected>' in refused.text


def test_of_a_small_team_everybody_is_to_choose_from(services: Services, me: Visitor) -> None:
    for number, name in enumerate(("Zoé", "Élise", "Bruno")):
        on_the_rota(services, name, number)
    page = me.post("/shifts/search", q="bru").text
    assert to_choose(page) == ["Bruno", "Élise", "Zoé"]
    assert "qu’une partie" not in page


def test_a_name_is_sought_and_stands_in_no_address(services: Services, me: Visitor) -> None:
    for number, name in enumerate(("Élise", "Bruno")):
        on_the_rota(services, name, number)
    page = me.post("/shifts/search", q=" elise ").text
    assert (week(page), once(page)) == (["Élise"], ["Élise"])
    assert "Une personne trouvée" in page
    assert 'method="post" action="/shifts/search"' in page
    assert "Personne ne s’appelle ainsi" in me.post("/shifts/search", q="xyz").text
    assert week(me.get("/shifts?q=elise").text) == ["Bruno", "Élise"]


def test_whose_page_one_comes_from_is_shown_alone(services: Services, me: Visitor) -> None:
    amina, _bruno = (on_the_rota(services, name, number) for number, name in enumerate(("Amina", "Bruno")))
    chloe = factories.mediator(services, "Chloé", factories.number(9), shifts=())
    page = me.get(f"/shifts?person={amina}").text
    assert (week(page), once(page)) == (["Amina"], ["Amina"])
    assert "Les permanences d’une seule personne : Amina" in page
    assert f'<option value="{amina}" selected>' in page
    assert "Aucune permanence qui revient chaque semaine" in me.get(f"/shifts?person={chloe}").text
    for nobody in ("999", "x", "9" * 30):
        assert week(me.get(f"/shifts?person={nobody}").text) == ["Amina", "Bruno"]


def test_the_form_is_a_click_away(services: Services, me: Visitor) -> None:
    on_the_rota(services, "Amina", 1)
    page = me.get("/shifts").text
    assert page.index('href="#add"') < page.index("Chaque semaine") < page.index('id="add"')
