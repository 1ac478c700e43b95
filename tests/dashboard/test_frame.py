"""What surrounds every page: the menu says where one is, and a form's answer says where the form stands."""

import re
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import proposals
from tests import factories
from tests.dashboard.doors import Door
from tests.dashboard.ledger import Ledger
from tests.dashboard.visitor import Visitor

HERE = re.compile(r'<a href="([^"]+)" aria-current="(\w+)"')
ASKED = re.compile(r'<span class="asked">(\d+)<span class="hidden"> à décider</span>')
FORM = re.compile(r'<script src="[^"]+/back.js[^"]*" data-page="([^"]+)" defer>')


@pytest.fixture
def me(logged_in: Callable[..., Visitor]) -> Visitor:
    return logged_in(Role.COORDINATOR)


def form_page(answer: TestResponse) -> list[str]:
    return [str(one) for one in FORM.findall(answer.text)]


@pytest.mark.parametrize("path", ["/board", "/people", "/shifts", "/blocks", "/profile"])
def test_the_menu_says_where_one_is(me: Visitor, path: str) -> None:
    answer = me.get(path)
    assert HERE.findall(answer.text) == [(path, "page")]
    assert form_page(answer) == []


def test_it_says_so_below_a_page_and_after_a_mistake_too(me: Visitor) -> None:
    assert HERE.findall(me.get("/people/invite").text) == [("/people", "true")]
    assert HERE.findall(me.post("/blocks/add", days="30").text) == [("/blocks", "true")]
    assert HERE.findall(me.post("/shifts").text) == [("/shifts", "page")]


def test_the_menu_says_how_many_decisions_wait(
    services: Services, me: Visitor, logged_in: Callable[..., Visitor]
) -> None:
    amina = logged_in(Role.MEDIATOR, name="Amina", email="amina@example.org")
    assert amina.account is not None
    assert ASKED.findall(me.get("/board").text) == []
    for number in (factories.number(7), factories.number(8), factories.number(7)):
        call, now = Ledger(services).call(number=number), services.clock.now()
        by = amina.account
        services.store.run(lambda tx, call=call, now=now, by=by: proposals.add(tx, call, by, "insultes", now))  # type: ignore[misc]  # bound now
    assert ASKED.findall(me.get("/board").text) == ["2"], "numbers, however many have proposed one"
    assert ASKED.findall(amina.get("/board").text) == []
    with services.store.reading() as tx:
        first, _second = proposals.pending(tx)
    me.post(f"/blocks/proposals/{first.id}/dismiss")
    assert ASKED.findall(me.get("/people").text) == ["1"]


def test_a_forms_answer_says_where_the_form_stands(services: Services, me: Visitor) -> None:
    """Back and loading again lead there; the browser would show an error of its own."""
    key = factories.mediator(services, "Amina", factories.number(1))
    assert form_page(me.post("/shifts")) == ["/shifts"]
    assert form_page(me.post("/people/invite", role="mediator")) == ["/people/invite"]
    path = f"/people/mediators/{key}"
    answer = me.client.post(
        f"{path}/abilities", headers={"X-CSRFToken": me.token, "Referer": f"http://localhost{path}"}
    )
    assert (answer.status_code, form_page(answer)) == (422, [path])
    assert form_page(me.post("/blocks/add", days="30")) == ["/"], "who says nothing goes home"


def test_who_was_to_see_a_page_still_sees_it_after_a_wrong_password(services: Services, me: Visitor) -> None:
    visitor = Door(me.client.application, services).browser()
    sent = visitor.get("/profile").location
    answer = visitor.post(sent, email="amina@example.org", password="wrong")
    assert form_page(answer) == ["/account/login?next=/profile"]
    assert answer.cache_control.no_store, "nobody else finds it in the browser"
