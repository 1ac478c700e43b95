"""Many blocked numbers: fifty on a page, the newest first, and each is found on its page."""

import re
from collections.abc import Callable

import pytest

from hotline.queue.ids import AccountId
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import callers, proposals
from tests import factories
from tests.dashboard.ledger import Ledger
from tests.dashboard.visitor import Visitor
from tests.fakes import SetClock

MANY = 120
OLDEST, WRITTEN = "+33639980100", "06 39 98 01 00"


@pytest.fixture
def me(logged_in: Callable[..., Visitor]) -> Visitor:
    return logged_in(Role.COORDINATOR)


@pytest.fixture
def blocked(services: Services, clock: SetClock) -> None:
    """The oldest two thirds one after the other, the others in one moment."""
    for number in range(MANY):
        one = f"+33639980{100 + number}"
        services.store.run(lambda tx, one=one: callers.block(tx, one, one, None, clock.now()))  # type: ignore[misc]  # mypy sees no default
        clock.pass_(1 if number < 80 else 0)


def listed(page: str) -> list[str]:
    """The reasons, which are the numbers."""
    return re.findall(r"<p>(\+\d+)</p>", page)


def links(page: str) -> dict[str, str]:
    (nav,) = re.findall(r'<nav class="row".*?</nav>', page, re.DOTALL)
    return {name: path for path, name in re.findall(r'href="([^"]+)">([^<]+)</a>', nav)}


@pytest.mark.usefixtures("blocked")
def test_a_page_leads_to_the_next_one_and_none_is_lost(me: Visitor) -> None:
    first = me.get("/blocks").text
    assert links(first) == {"Les suivants": "/blocks/pages/2"}
    assert "1 à 50, sur 120" in first
    second = me.get("/blocks/pages/2").text
    assert links(second) == {"Les précédents": "/blocks", "Les suivants": "/blocks/pages/3"}
    assert "51 à 100, sur 120" in second
    third = me.get("/blocks/pages/3").text
    assert links(third) == {"Les précédents": "/blocks/pages/2"}
    assert [len(listed(page)) for page in (first, second, third)] == [50, 50, 20]
    everyone = [one for page in (first, second, third) for one in listed(page)]
    assert len(set(everyone)) == MANY
    assert everyone[40:] == [f"+33639980{100 + number}" for number in reversed(range(80))]
    assert listed(me.get("/blocks/pages/99").text) == listed(third), "somebody has unblocked many meanwhile"
    assert listed(me.get("/blocks/pages/0").text) == listed(first)


def test_a_short_list_is_one_page(services: Services, me: Visitor, clock: SetClock) -> None:
    services.store.run(lambda tx: callers.block(tx, OLDEST, "insultes", None, clock.now()))
    page = me.get("/blocks").text
    assert "Les suivants" not in page
    assert "sur 1" not in page


@pytest.mark.usefixtures("blocked")
def test_a_number_is_seen_and_kept_and_let_in_where_it_stands(me: Visitor) -> None:
    page = me.get("/blocks/pages/3").text
    see = re.findall(r'action="(/blocks/[0-9a-f]+/number)#', page)[-1]
    seen = me.post(see).text
    assert WRITTEN in seen
    assert listed(seen) == listed(page)
    removal = see.replace("number", "remove")
    assert re.findall(r'href="(/blocks/pages/3#blocked-\w+)"', me.get(removal).text)
    assert me.post(removal).location == "/blocks/pages/3"
    assert OLDEST not in listed(me.get("/blocks/pages/3").text)


@pytest.mark.usefixtures("blocked")
def test_what_is_blocked_already_is_shown_where_it_stands(me: Visitor) -> None:
    refused = me.post("/blocks/add", number=WRITTEN, reason="menaces", days="7")
    assert refused.status_code == 422
    (anchor,) = re.findall(r'<a href="#(blocked-\w+)">Le voir dans la liste', refused.text)
    assert f'<li id="{anchor}">' in refused.text
    assert OLDEST in listed(refused.text)


@pytest.mark.usefixtures("blocked")
def test_what_is_to_be_decided_stands_on_the_first_page(
    services: Services, me: Visitor, clock: SetClock
) -> None:
    call = Ledger(services).call(number=factories.CALLER)
    assert isinstance(me.account, int)
    who = AccountId(me.account)
    services.store.run(lambda tx: proposals.add(tx, call, who, "insultes", clock.now()))
    assert "Proposés par l’équipe" in me.get("/blocks").text
    assert "Proposés par l’équipe" not in me.get("/blocks/pages/2").text
