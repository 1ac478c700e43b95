"""Every route and every role, from the map of addresses: nobody gets where they should not be."""

from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from flask import Flask
from werkzeug.routing import Rule

from hotline.queue.ids import MediatorId
from hotline.queue.roles import Role, includes
from hotline.services import Services
from tests import factories
from tests.dashboard.visitor import Visitor, visitor

OPEN: Final = frozenset({"pages.static", "pages.home", "invitation.page", "invitation.take_up", "demo.page"})
"""For whoever comes: files, the way to the first page, and letters that open an account."""
COORDINATORS: Final = ("people", "shifts", "blocks", "board_admin", "second_factor_reset")


def rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            yield rule, method


def address(rule: Rule, key: int = 999) -> str:
    """An address of the route, with numbers and names that nobody has."""
    built: Any = rule.build(dict.fromkeys(rule.arguments, key), append_unknown=False)
    return str(built[1])


def ours(rule: Rule) -> bool:
    return not rule.endpoint.startswith("security.") and rule.endpoint not in OPEN


@pytest.fixture
def mediator(services: Services) -> MediatorId:
    return factories.mediator(services, "Amina", factories.number(1))


def answer(who: Visitor, rule: Rule, method: str) -> int:
    return who.client.open(address(rule), method=method, headers={"X-CSRFToken": who.token}).status_code


def test_whoever_is_not_logged_in_gets_nowhere(app: Flask, services: Services) -> None:
    nobody = visitor(app, services, page="/account/login")
    seen = [(rule.endpoint, answer(nobody, rule, method)) for rule, method in rules(app) if ours(rule)]
    assert len(seen) > 15
    assert {status for _, status in seen} <= {302, 401, 403}, [one for one in seen if one[1] == 404]


@pytest.mark.parametrize("role", list(Role))
def test_each_role_gets_where_it_should_and_nowhere_else(
    app: Flask, role: Role, mediator: MediatorId, logged_in: Callable[..., Visitor]
) -> None:
    who = logged_in(role, mediator=mediator)
    for rule, method in rules(app):
        if not ours(rule):
            continue
        wanted = Role.COORDINATOR if rule.endpoint.startswith(COORDINATORS) else Role.MEDIATOR
        status = answer(who, rule, method) if rule.endpoint != "live.live" else 200
        if includes(role, wanted):
            assert status not in (401, 403, 500), (rule.rule, method, status)
        else:
            assert status == 403, (rule.rule, method, status)


@pytest.mark.parametrize("digits", ["2147483648", "9" * 19, "9" * 5000], ids=["int", "bigint", "text"])
def test_no_address_holds_a_number_that_no_row_can_have(
    app: Flask, mediator: MediatorId, logged_in: Callable[..., Visitor], digits: str
) -> None:
    who = logged_in(Role.ADMINISTRATOR, mediator=mediator)
    numbered = [(rule, method) for rule, method in rules(app) if ours(rule) and "<int:" in rule.rule]
    assert len(numbered) > 15
    for rule, method in numbered:
        path = address(rule, 7777).replace("7777", digits)
        status = who.client.open(path, method=method, headers={"X-CSRFToken": who.token}).status_code
        # 405 where the same address is also asked for in another way
        assert status in (404, 405), (rule.rule, method)


def test_the_largest_id_is_asked_for(mediator: MediatorId, logged_in: Callable[..., Visitor]) -> None:
    who = logged_in(Role.ADMINISTRATOR, mediator=mediator)
    assert who.get(f"/people/{2**31 - 1}").status_code == 404
    assert who.post(f"/desk/{2**31 - 1}/take").status_code == 200, "somebody else was faster"


def test_every_form_wants_its_token(
    app: Flask, mediator: MediatorId, logged_in: Callable[..., Visitor]
) -> None:
    who = logged_in(Role.ADMINISTRATOR, mediator=mediator)
    who.token = ""
    posts = [rule for rule, method in rules(app) if method == "POST"]
    assert len(posts) > 15
    for rule in posts:
        assert answer(who, rule, "POST") == 400, rule.rule


def test_pages_say_what_browsers_may_do(
    app: Flask, logged_in: Callable[..., Visitor], mediator: MediatorId
) -> None:
    amina = logged_in(Role.MEDIATOR, mediator=mediator)
    page = amina.get("/desk")
    policy = page.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    for path in ("/desk", "/account/change"):
        assert amina.get(path).headers["Cache-Control"] == "no-store"
    assert "style=" not in page.text
    assert "onclick" not in page.text


def test_the_first_load_is_small(app: Flask, logged_in: Callable[..., Visitor], mediator: MediatorId) -> None:
    """Of the page and all that it names, as it goes over the wire."""
    who = logged_in(Role.MEDIATOR, mediator=mediator)
    for path in ("/desk", "/board", "/day"):
        page = who.get(path)
        named = [part.partition('"')[0] for part in page.text.split('="') if part.startswith("/static/")]
        files = [who.client.get(one, headers={"Accept-Encoding": "gzip"}) for one in named]
        assert len(files) >= 4
        size = sum(len(one.data) for one in [page, *files])
        for one in files:
            one.close()
        assert size < 150_000, (path, size)
