"""Blocked numbers: listed, added, removed, and decided where mediators proposed them."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.queue.ids import AccountId, ProposalId
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import callers, proposals
from hotline.store.callers import Block
from hotline.store.reveals import RevealRow
from tests import factories
from tests.dashboard.ledger import Ledger
from tests.dashboard.statements import counted
from tests.dashboard.visitor import Visitor, account
from tests.fakes import SetClock

NUMBER, WRITTEN, MASKED = "+33639980777", "06 39 98 07 77", "•• •• •• •• 77"


@pytest.fixture
def me(logged_in: Callable[..., Visitor]) -> Visitor:
    return logged_in(Role.COORDINATOR)


@pytest.fixture
def amina(services: Services) -> AccountId:
    return account(services, Role.MEDIATOR, name="Amina")


def blocked(services: Services) -> list[Block]:
    with services.store.reading() as tx:
        return callers.blocks(tx)


def propose(services: Services, by: AccountId, number: str | None = NUMBER, reason: str = "insultes") -> bool:
    call = Ledger(services).call(number=number)
    now = services.clock.now()
    return services.store.run(lambda tx: proposals.add(tx, call, by, reason, now))


def pending(services: Services) -> list[ProposalId]:
    with services.store.reading() as tx:
        return [one.id for one in proposals.pending(tx)]


def said(me: Visitor, path: str, **form: str) -> str:
    answer = me.post(path, **form)
    assert answer.status_code == 302, answer.text
    return me.get(answer.location).text


def test_an_empty_list_says_what_it_is_for(me: Visitor) -> None:
    page = me.get("/blocks").text
    assert "Aucun numéro n’est bloqué" in page
    assert "Proposés par l’équipe" not in page


def test_a_number_is_blocked_for_a_while(services: Services, me: Visitor, clock: SetClock) -> None:
    page = said(me, "/blocks/add", number=WRITTEN, reason="insultes", days="30")
    assert MASKED in page
    assert "jusqu’au 23 décembre 2026" in page
    now = clock.now()
    assert blocked(services) == [Block(NUMBER, "insultes", now, now + timedelta(days=30))]
    clock.instant += timedelta(days=31)
    assert "terminé" in me.get("/blocks").text


def test_a_number_is_blocked_without_end_and_unblocked(services: Services, me: Visitor) -> None:
    assert "sans fin prévue" in said(me, "/blocks/add", number=NUMBER, reason="insultes", days="")
    page = me.get("/blocks").text
    assert re.findall(r'action="(/blocks/[0-9a-f]{64}/remove)"', page) == [], "asked first"
    (remove,) = re.findall(r'href="(/blocks/[0-9a-f]{64}/remove)"', page)
    asked = me.get(remove).text
    for words in (MASKED, "insultes", "sans fin prévue", "il faudra écrire le numéro en entier"):
        assert words in asked
    assert (WRITTEN in asked, looks(services), len(blocked(services))) == (False, [], 1)
    assert "n’est plus bloqué" in said(me, remove)
    assert blocked(services) == []
    assert "n’était plus bloqué" in said(me, remove)
    assert "n’était plus bloqué" in me.get(me.get(remove).location).text
    assert "n’était plus bloqué" in said(me, remove.replace("remove", "number"))
    assert looks(services) == []


def block(me: Visitor, number: str = WRITTEN, reason: str = "insultes") -> str:
    return said(me, "/blocks/add", number=number, reason=reason, days="30")


def looks(services: Services) -> list[tuple[int, bool, bool]]:
    """Who has looked at numbers: of a call, or at one on the list."""
    found = select(RevealRow.account_id, RevealRow.call_id, RevealRow.number_index).order_by(RevealRow.id)
    with services.store.reading() as tx:
        rows = tx.connection.execute(found).all()
    return [(who, call is not None, index is not None) for who, call, index in rows]


def reveal(me: Visitor, page: str, last: str) -> str:
    """Press the button of the number that ends like this."""
    named = f'aria-label="Voir le numéro qui finit par {last}"'
    forms = re.findall(r'<form [^>]*action="([^"#]+)#[^"]+">(.+?)</form>', page)
    (action,) = [path for path, inside in forms if named in inside]
    answer = me.post(action)
    assert answer.status_code == 200
    return answer.text


def test_blocked_numbers_are_masked_and_each_look_is_noted(services: Services, me: Visitor) -> None:
    block(me)
    page = block(me, "06 39 98 08 88", "menaces")
    for digits in (WRITTEN, NUMBER, "06 39 98 08 88", "39980888", "39980777"):
        assert digits not in page
    assert looks(services) == []
    seen = reveal(me, page, "77")
    assert WRITTEN in seen
    assert "06 39 98 08 88" not in seen
    assert looks(services) == [(me.account, False, True)]
    assert WRITTEN not in me.get("/blocks").text, "the next time it is asked for again"


def test_proposed_numbers_are_masked_and_each_look_is_noted(
    services: Services, me: Visitor, amina: AccountId
) -> None:
    propose(services, amina)
    propose(services, amina, "+33639980888")
    page = me.get("/blocks").text
    assert (WRITTEN in page, "06 39 98 08 88" in page, MASKED in page) == (False, False, True)
    seen = reveal(me, page, "77")
    assert (WRITTEN in seen, "06 39 98 08 88" in seen) == (True, False)
    assert looks(services) == [(me.account, True, False)]


def test_a_number_that_has_been_decided_on_is_not_shown_any_more(
    services: Services, me: Visitor, amina: AccountId
) -> None:
    propose(services, amina)
    (key,) = pending(services)
    said(me, f"/blocks/proposals/{key}/dismiss")
    assert "déjà décidé" in said(me, f"/blocks/proposals/{key}/number")
    assert looks(services) == []


def test_mediators_see_no_number(
    services: Services, logged_in: Callable[..., Visitor], amina: AccountId
) -> None:
    propose(services, amina)
    (key,) = pending(services)
    who = logged_in(Role.MEDIATOR, email="bruno@example.org")
    assert who.post(f"/blocks/proposals/{key}/number").status_code == 403
    assert who.post(f"/blocks/{'0' * 64}/number").status_code == 403
    assert looks(services) == []


def test_a_number_that_is_blocked_already_is_found(services: Services, me: Visitor, clock: SetClock) -> None:
    block(me)
    before = blocked(services)
    clock.instant += timedelta(days=1)
    refused = me.post("/blocks/add", number="+33 6 39 98 07 77", reason="menaces", days="1")
    assert refused.status_code == 422
    assert "Ce numéro est déjà bloqué (insultes)" in refused.text
    (anchor,) = re.findall(r'<a href="#([^"]+)">Le voir dans la liste', refused.text)
    assert f'<li id="{anchor}">' in refused.text
    assert blocked(services) == before
    clock.instant += timedelta(days=30)
    assert "Le numéro est bloqué" in block(me, reason="menaces"), "that block had ended"
    assert [one.reason for one in blocked(services)] == ["menaces"]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"number": "12", "reason": "x"}, "Ce n’est pas un numéro de téléphone"),
        ({"number": factories.LINE, "reason": "x"}, "C’est le numéro de la ligne"),
        ({"number": NUMBER, "reason": " "}, "Dites pourquoi"),
        ({"number": NUMBER, "reason": "x" * 201}, "Dites pourquoi"),
    ],
)
def test_a_mistake_is_said_at_its_field(
    services: Services, me: Visitor, form: dict[str, str], words: str
) -> None:
    refused = me.post("/blocks/add", days="30", **form)
    assert refused.status_code == 422
    assert words in refused.text
    assert 'aria-invalid="true"' in refused.text
    assert blocked(services) == []


def test_a_proposal_is_confirmed(services: Services, me: Visitor, amina: AccountId, clock: SetClock) -> None:
    assert propose(services, amina)
    page = me.get("/blocks").text
    assert MASKED in page
    assert "Proposé par Amina" in page
    (key,) = pending(services)
    assert "Le numéro est bloqué" in said(me, f"/blocks/proposals/{key}/confirm", days="7")
    assert blocked(services) == [Block(NUMBER, "insultes", clock.now(), clock.now() + timedelta(days=7))]
    assert pending(services) == []


def test_a_proposal_is_dismissed(services: Services, me: Visitor, amina: AccountId) -> None:
    propose(services, amina)
    (key,) = pending(services)
    assert "n’est pas bloqué" in said(me, f"/blocks/proposals/{key}/dismiss")
    assert (blocked(services), pending(services)) == ([], [])


def test_all_reasons_for_a_number_are_read_and_decided_together(
    services: Services, me: Visitor, amina: AccountId, clock: SetClock
) -> None:
    bruno = account(services, Role.MEDIATOR, name="Bruno", email="bruno@example.org")
    call = Ledger(services).call(number=NUMBER)
    for reason in ("insultes", "menaces", "insultes"):
        assert services.store.run(lambda tx, why=reason: proposals.add(tx, call, amina, why, clock.now()))  # type: ignore[misc]  # mypy sees no default
    propose(services, bruno, reason="appelle la nuit")
    propose(services, bruno, "+33639980888", "silence")
    page = me.get("/blocks").text
    (first, second) = re.findall(r'<li id="proposed-\d+">.*?</li>', page, re.DOTALL)
    for words in ("insultes", "menaces", "appelle la nuit", "Proposé par Amina", "Proposé par Bruno"):
        assert words in first
    assert first.count("insultes") == 1
    assert "silence" in second
    key, other = pending(services)
    assert "Le numéro est bloqué" in said(me, f"/blocks/proposals/{key}/confirm", days="")
    assert blocked(services)[0].reason == "insultes · menaces · appelle la nuit"
    assert pending(services) == [other]


def test_a_reason_that_nobody_has_read_is_not_dismissed(
    services: Services, me: Visitor, amina: AccountId
) -> None:
    propose(services, amina)
    (read,) = pending(services)
    propose(services, amina, reason="menaces")
    said(me, f"/blocks/proposals/{read}/dismiss")
    page = me.get("/blocks").text
    assert "menaces" in page
    assert "insultes" not in page


def test_the_teams_own_telephones_are_not_blocked(services: Services, me: Visitor, amina: AccountId) -> None:
    factories.mediator(services, "Bruno", NUMBER)
    refused = me.post("/blocks/add", number=WRITTEN, reason="insultes", days="30")
    assert refused.status_code == 422
    assert "C’est le téléphone d’une personne de l’équipe" in refused.text
    for number in (NUMBER, factories.LINE):
        propose(services, amina, number)
        key = pending(services)[-1]
        assert "C’est le" in said(me, f"/blocks/proposals/{key}/confirm", days="7")
        assert "La proposition est écartée" in said(me, f"/blocks/proposals/{key}/dismiss")
    assert blocked(services) == []


@pytest.mark.parametrize("second", ["confirm", "dismiss"])
def test_what_is_decided_stays_decided(
    services: Services, me: Visitor, amina: AccountId, second: str
) -> None:
    propose(services, amina)
    (key,) = pending(services)
    said(me, f"/blocks/proposals/{key}/dismiss")
    assert "déjà décidé" in said(me, f"/blocks/proposals/{key}/{second}", days="7")
    assert blocked(services) == []
    assert "déjà décidé" in said(me, f"/blocks/proposals/999/{second}", days="7")


def test_a_withheld_number_cannot_be_proposed(services: Services, amina: AccountId) -> None:
    assert not propose(services, amina, number=None)
    assert pending(services) == []


def test_a_call_is_proposed_once(services: Services, amina: AccountId, clock: SetClock) -> None:
    call = Ledger(services).call()
    for _ in range(2):
        assert services.store.run(lambda tx: proposals.add(tx, call, amina, "x" * 300, clock.now()))
    assert len(pending(services)) == 1


@pytest.mark.parametrize("many", [3, 30])
def test_the_statements_do_not_grow_with_the_list(
    services: Services, amina: AccountId, clock: SetClock, many: int
) -> None:
    for number in range(many):
        one = factories.number(number)
        services.store.run(lambda tx, one=one: callers.block(tx, one, "x", None, clock.now()))  # type: ignore[misc]  # mypy sees no default
        propose(services, amina, one)
    with services.store.reading() as tx, counted(services.store.engine) as statements:
        assert len(callers.blocks(tx)) == len(proposals.pending(tx)) == many
    assert len(statements) == 2
