"""Blocked numbers: listed, added, removed, and decided where mediators proposed them."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from hotline.queue.ids import AccountId, ProposalId
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import callers, proposals
from hotline.store.callers import Block
from tests import factories
from tests.dashboard.ledger import Ledger
from tests.dashboard.statements import counted
from tests.dashboard.visitor import Visitor, account
from tests.fakes import SetClock

NUMBER = "+33639980777"


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
    page = said(me, "/blocks/add", number="06 39 98 07 77", reason="insultes", days="30")
    assert "06 39 98 07 77" in page
    assert "jusqu’au 23 décembre 2026" in page
    now = clock.now()
    assert blocked(services) == [Block(NUMBER, "insultes", now, now + timedelta(days=30))]
    clock.instant += timedelta(days=31)
    assert "terminé" in me.get("/blocks").text


def test_a_number_is_blocked_without_end_and_unblocked(services: Services, me: Visitor) -> None:
    assert "sans fin prévue" in said(me, "/blocks/add", number=NUMBER, reason="insultes", days="")
    assert "n’est plus bloqué" in said(me, "/blocks/remove", number=NUMBER)
    assert blocked(services) == []
    assert "n’était plus bloqué" in said(me, "/blocks/remove", number=NUMBER)


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
    assert "06 39 98 07 77" in page
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
