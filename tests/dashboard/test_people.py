"""The team: who is listed, who may change what, and what becomes of an account that is closed."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from hotline.queue.ids import AccountId, MediatorId
from hotline.queue.mediators import Availability
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import accounts, mediators, people, shifts
from hotline.store.accounts import Account
from hotline.store.mediators import Mediator
from hotline.store.topics import of_account
from tests import factories
from tests.dashboard.statements import counted
from tests.dashboard.visitor import Visitor, account, visitor
from tests.fakes import KeptEvents, KeptMail, SetClock

LoggedIn = Callable[..., Visitor]


@pytest.fixture
def amina(services: Services) -> MediatorId:
    return factories.mediator(services, "Amina", factories.number(1), ["taxes"], ["fr"])


def of(services: Services, key: AccountId | None) -> Account:
    assert key is not None
    with services.store.reading() as tx:
        found = accounts.get(tx, key)
    assert found is not None
    return found


def opened(services: Services) -> AccountId:
    """The account of somebody who has chosen a password."""
    key = account(services, Role.MEDIATOR)
    services.store.run(lambda tx: accounts.change(tx, key, {"password": "a hash"}))
    return key


def telephone(services: Services, key: MediatorId) -> Mediator:
    with services.store.reading() as tx:
        found = mediators.get(tx, key)
    assert found is not None
    return found


def is_on_duty(services: Services, key: MediatorId) -> bool:
    with services.store.reading() as tx:
        return shifts.is_on_duty(tx, key, services.clock.now())


def then(visitor: Visitor, answer: TestResponse) -> str:
    """The page that a change leads to."""
    assert answer.status_code == 302, answer.text
    return visitor.get(answer.location).text


@pytest.mark.parametrize("path", ["/people", "/people/invite", "/people/1", "/shifts", "/blocks"])
def test_mediators_do_not_see_the_coordinators_pages(path: str, logged_in: LoggedIn) -> None:
    me = logged_in(Role.MEDIATOR)
    assert me.get(path).status_code == 403
    assert "/people" not in me.get("/board").text


def test_everybody_is_listed_with_what_they_do(
    services: Services, amina: MediatorId, coordinator: Visitor
) -> None:
    account(services, Role.MEDIATOR, amina, name="Amina", email="amina@example.org")
    account(services, Role.MEDIATOR, name="Zoé", email="zoe@example.org")
    factories.mediator(services, "Bruno", factories.number(2), ["health"], ["fr", "en"], shifts=())
    page = coordinator.get("/people").text
    for words in ("Amina", "impôts", "00:00–24:00", "disponible", "pas encore venu·e"):
        assert words in page
    for words in ("Bruno", "sans compte", "anglais, français", "hors permanence", "coordinateur·rice"):
        assert words in page
    assert factories.number(1)[-8:] not in page.replace(" ", "")


def test_a_name_is_found_whatever_its_accents(services: Services, coordinator: Visitor) -> None:
    factories.mediator(services, "Élise", factories.number(1))
    factories.mediator(services, "Bruno", factories.number(2))
    page = coordinator.post("/people", q="elise").text
    assert "Élise" in page
    assert "Bruno" not in page
    assert "Une personne trouvée" in page
    assert "Personne ne s’appelle ainsi" in coordinator.post("/people", q="xyz").text


def test_no_name_stands_in_an_address(services: Services, coordinator: Visitor) -> None:
    factories.mediator(services, "Bruno", factories.number(2))
    page = coordinator.get("/people?q=elise").text
    assert "Bruno" in page
    assert re.findall(r'<form class="search" method="(\w+)" action="([^"]+)"', page) == [("post", "/people")]


def test_languages_are_called_in_the_language_of_the_page(
    services: Services, amina: MediatorId, coordinator: Visitor
) -> None:
    key = coordinator.account
    assert key is not None
    assert "français" in coordinator.get("/people").text
    services.store.run(lambda tx: accounts.change(tx, key, {"language": "en"}))
    for path in ("/people", f"/people/mediators/{amina}"):
        page = coordinator.get(path).text
        assert "French" in page
        assert "français" not in page


@pytest.mark.parametrize("many", [3, 30])
def test_the_statements_do_not_grow_with_the_team(services: Services, clock: SetClock, many: int) -> None:
    for number in range(many):
        key = factories.mediator(services, f"M{number}", factories.number(number))
        account(services, Role.MEDIATOR, key, email=f"m{number}@example.org")
    with services.store.reading() as tx, counted(tx.connection.engine) as statements:
        assert len(people.every(tx, clock.now())) == many
    assert len(statements) == 7


def test_what_a_mediator_can_do_is_changed(
    services: Services, amina: MediatorId, coordinator: Visitor
) -> None:
    path = f"/people/mediators/{amina}"
    assert "Peut aider sur" in coordinator.get(path).text
    done = coordinator.post(f"{path}/abilities", skill=["health", "taxes"], language=["fr", "en"])
    assert "C’est enregistré" in then(coordinator, done)
    with services.store.reading() as tx:
        assert mediators.skills(tx, amina) == ["health", "taxes"]
        assert mediators.languages(tx, amina) == ["en", "fr"]
    refused = coordinator.post(f"{path}/abilities", skill=["health"])
    assert refused.status_code == 422
    assert "Cochez au moins une langue" in refused.text


def test_a_closed_account_opens_nothing_and_its_telephone_is_quiet(
    services: Services, app: Flask, amina: MediatorId, coordinator: Visitor
) -> None:
    key = account(services, Role.MEDIATOR, amina)
    me = visitor(app, services, key)
    assert me.get("/board").status_code == 200
    page = then(coordinator, coordinator.post(f"/people/{key}/close"))
    assert "Le compte est fermé" in page
    assert "/account/login" in me.get("/board").location
    here = telephone(services, amina)
    assert (here.availability, here.until, here.manual_until) == (Availability.AWAY, None, None)
    assert isinstance(services.events, KeptEvents)
    assert any(of_account(key) in topics for topics in services.events.published), "its streams end"
    assert "rouvert" in then(coordinator, coordinator.post(f"/people/{key}/reopen"))
    assert of(services, key).active
    assert telephone(services, amina).availability is Availability.AWAY


def test_sessions_are_ended(services: Services, app: Flask, coordinator: Visitor) -> None:
    key = account(services, Role.MEDIATOR)
    me = visitor(app, services, key)
    assert "déconnectée partout" in then(coordinator, coordinator.post(f"/people/{key}/sessions"))
    assert "/account/login" in me.get("/board").location
    assert of(services, key).active


def test_an_administrator_gives_a_role_and_they_log_in_anew(
    services: Services, app: Flask, administrator: Visitor
) -> None:
    key = opened(services)
    me = visitor(app, services, key)
    page = then(administrator, administrator.post(f"/people/{key}/role", role="coordinator"))
    assert "Le rôle est changé. La personne doit se connecter à nouveau" in page
    assert of(services, key).role is Role.COORDINATOR
    assert "/account/login" in me.get("/people").location, "with the second factor, this time"
    assert administrator.post(f"/people/{key}/role", role="king").status_code == 400


@pytest.mark.parametrize("what", ["role", "close", "sessions", "reopen"])
def test_a_coordinator_does_nothing_to_an_administrator(
    services: Services, coordinator: Visitor, what: str
) -> None:
    key = account(services, Role.ADMINISTRATOR)
    before = of(services, key)
    page = then(coordinator, coordinator.post(f"/people/{key}/{what}", role="mediator"))
    assert "Seule une personne qui administre" in page
    assert of(services, key) == before


def test_a_coordinator_gives_no_roles(services: Services, coordinator: Visitor) -> None:
    for key in (opened(services), coordinator.account):
        before = of(services, key)
        for role in ("administrator", "coordinator"):
            coordinator.post(f"/people/{key}/role", role=role)
            assert of(services, key) == before
        assert "Changer le rôle" not in coordinator.get(f"/people/{key}").text


@pytest.mark.parametrize("what", ["role", "close"])
def test_nobody_takes_their_own_rights_away(services: Services, administrator: Visitor, what: str) -> None:
    account(services, Role.ADMINISTRATOR, email="another@example.org")
    me = administrator.account
    before = of(services, me)
    page = then(administrator, administrator.post(f"/people/{me}/{what}", role="mediator"))
    assert "Pour votre propre compte, demandez à quelqu’un d’autre" in page
    assert of(services, me) == before


@pytest.mark.parametrize("what", ["role", "close"])
def test_the_last_administrator_stays(services: Services, administrator: Visitor, what: str) -> None:
    """Two who do it to each other at once: the second one's request arrives when they are no longer one."""
    other = account(services, Role.ADMINISTRATOR, email="another@example.org")
    me = administrator.account
    assert me is not None
    services.store.run(lambda tx: accounts.change(tx, me, {"active": False}))
    administrator.post(f"/people/{other}/{what}", role="mediator")
    assert of(services, other).active
    assert of(services, other).role is Role.ADMINISTRATOR


def test_what_is_not_there(coordinator: Visitor, amina: MediatorId) -> None:
    for path in ("/people/999", "/people/mediators/999"):
        assert coordinator.get(path).status_code == 404
    assert coordinator.post("/people/mediators/999/pause").status_code == 404
    assert "n’existe plus" in then(coordinator, coordinator.post("/people/999/close"))


def test_a_mediator_with_an_account_has_one_page(
    services: Services, amina: MediatorId, coordinator: Visitor
) -> None:
    key = account(services, Role.MEDIATOR, amina)
    assert coordinator.get(f"/people/mediators/{amina}").location == f"/people/{key}"


def test_an_invitation_is_sent(services: Services, coordinator: Visitor, mail: KeptMail) -> None:
    done = coordinator.post("/people/invite", name="Zoé", email="zoe@example.org", role="mediator")
    assert "L’invitation est partie" in done.text
    assert "/invitation/" not in done.text
    ((address, _subject, text),) = mail.letters
    assert address == "zoe@example.org"
    assert "/invitation/" in text


def test_a_link_is_shown_where_no_mail_goes_out(coordinator: Visitor, mail: KeptMail) -> None:
    mail.refuses = True
    done = coordinator.post("/people/invite", name="Zoé", email="zoe@example.org", role="coordinator")
    assert "L’e-mail n’a pas pu partir" in done.text
    assert "/invitation/" in done.text


@pytest.mark.parametrize(
    ("name", "email", "words"),
    [
        ("Zoé", "zoe at home", "Ce n’est pas une adresse"),
        ("", "zoe@example.org", "Écrivez un nom"),
        ("Z" * 121, "zoe@example.org", "de 120 signes au plus"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(coordinator: Visitor, name: str, email: str, words: str) -> None:
    refused = coordinator.post("/people/invite", name=name, email=email, role="mediator")
    assert refused.status_code == 422
    assert words in refused.text
    assert 'aria-invalid="true"' in refused.text
    assert f'value="{name}"' in refused.text


def test_whom_one_may_invite(coordinator: Visitor, administrator: Visitor, mail: KeptMail) -> None:
    assert 'value="administrator"' not in coordinator.get("/people/invite").text
    refused = coordinator.post("/people/invite", name="Zoé", email="z@example.org", role="administrator")
    assert refused.status_code == 403
    assert mail.letters == []
    done = administrator.post("/people/invite", name="Zoé", email="z@example.org", role="administrator")
    assert "L’invitation est partie" in done.text
