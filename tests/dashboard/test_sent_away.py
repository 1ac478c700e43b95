"""A form that comes after its sender was logged out: they are told, and come back to its page."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from hotline.queue.ids import MediatorId
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import accounts
from tests import factories
from tests.dashboard.doors import EMAIL, Door
from tests.dashboard.visitor import PASSWORD, Visitor

UNDONE = "ce que vous venez d’envoyer n’a pas été fait"
AGAIN = re.compile(r'<a class="button main" href="([^"]+)">([^<]+)</a>')


@pytest.fixture
def amina(services: Services) -> MediatorId:
    return factories.mediator(services, "Amina", factories.number(1))


@pytest.fixture
def door(app: Flask, services: Services, amina: MediatorId) -> Door:
    made = Door(app, services)
    made.account(mediator_id=amina)
    return made


def put_out(door: Door, page: str) -> Visitor:
    """Somebody who has that page before them, and whose sessions somebody has ended."""
    visitor = door.browser()
    door.log_in(visitor)
    assert visitor.get(page).status_code == 200
    key = door.known().id
    door.services.store.run(lambda tx: accounts.change(tx, key, {"session": "another"}))
    return visitor


def send(visitor: Visitor, path: str, page: str, **headers: str) -> str:
    """Send a form of that page; where it leads."""
    more = {"X-CSRFToken": visitor.token, "Referer": f"http://localhost{page}"} | headers
    return visitor.client.post(path, data={"name": "A"}, headers=more).location


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/profile/person", "/profile"),
        ("/profile/topics", "/profile"),
        ("/profile/sessions", "/profile?from=menu"),
        ("/account/change", "/account/change"),
        ("/number", "/number"),
    ],
)
def test_they_are_told_and_come_back_to_its_page(door: Door, path: str, page: str) -> None:
    visitor = put_out(door, page)
    leads_to = send(visitor, path, page)
    shown = visitor.get(leads_to).text
    assert UNDONE in shown
    assert '<p class="notice sorry"' in shown
    assert "Connectez-vous pour voir" not in shown
    answer = visitor.post(leads_to, email=EMAIL, password=PASSWORD)
    assert answer.location == page
    assert visitor.get(answer.location).status_code == 200


@pytest.mark.parametrize("page", ["", "/desk/1/take", "/nowhere", "//example.com/", "/profile/person"])
def test_what_is_no_page_of_ours_is_not_gone_back_to(door: Door, page: str) -> None:
    visitor = put_out(door, "/profile")
    leads_to = send(visitor, "/profile/person", page)
    assert visitor.post(leads_to, email=EMAIL, password=PASSWORD).location == "/"


def test_a_pages_own_script_is_sent_on_as_ever(door: Door) -> None:
    """It loads its page again, which is no form that was sent."""
    visitor = put_out(door, "/desk")
    leads_to = send(visitor, "/desk/off", "/desk", **{"HX-Request": "true"})
    assert UNDONE not in visitor.get(leads_to).text


def test_whoever_only_looks_is_told_nothing_of_a_form(door: Door) -> None:
    visitor = put_out(door, "/profile")
    shown = visitor.get(visitor.get("/profile").location).text
    assert UNDONE not in shown
    assert "Connectez-vous pour voir cette page" in shown


def test_whoever_has_logged_out_elsewhere_comes_back_to_its_page(door: Door) -> None:
    """In another window of the same browser, which leaves the form without the word that it needs."""
    visitor = door.browser()
    door.log_in(visitor)
    visitor.get("/profile")
    form = {"X-CSRFToken": visitor.token, "Referer": "http://localhost/profile"}
    visitor.post("/account/logout")
    answer = visitor.client.post("/profile/person", headers=form)
    assert "n’a pas été fait" in answer.text
    ((leads_to, words),) = AGAIN.findall(answer.text)
    assert (leads_to, words) == ("/account/login?next=/profile", "Me reconnecter")
    visitor.get(leads_to)
    assert visitor.post(leads_to, email=EMAIL, password=PASSWORD).location == "/profile"


def test_whoever_has_logged_in_anew_opens_its_page_again(logged_in: Callable[..., Visitor]) -> None:
    me = logged_in(Role.COORDINATOR)
    headers = {"X-CSRFToken": "of another session", "Referer": "http://localhost/shifts?person=1"}
    answer = me.client.post("/shifts/remove-all", headers=headers)
    assert answer.status_code == 404
    answer = me.client.post("/profile/person", headers=headers)
    assert AGAIN.findall(answer.text) == [("/shifts?person=1", "Rouvrir la page")]
