"""My account: name, languages, topics, another number, and ending all sessions elsewhere."""

import pytest
from flask import Flask

from hotline.queue.ids import MediatorId
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import accounts, mediators, number_checks
from tests import factories
from tests.dashboard.doors import EMAIL, Door, is_in
from tests.dashboard.visitor import PASSWORD, Visitor, account, visitor

NEW_NUMBER = "+33639980123"


@pytest.fixture
def amina(services: Services) -> MediatorId:
    return factories.mediator(services, "Amina", factories.number(1), ("taxes", "work"))


@pytest.fixture
def me(app: Flask, services: Services, amina: MediatorId) -> Visitor:
    return visitor(app, services, account(services, mediator=amina, email=EMAIL), "/profile")


def test_the_page_says_what_we_know_and_masks_the_number(me: Visitor) -> None:
    page = me.get("/profile").text
    assert all(known in page for known in (EMAIL, 'value="Amina"', 'value="taxes" checked', "•• 01"))
    assert factories.number(1) not in page
    assert "Mon compte</a></li>\n    </ul>" in page.replace("      ", "    "), "last in the menu"


def test_another_name_is_seen_everywhere(me: Visitor, services: Services, amina: MediatorId) -> None:
    assert me.post("/profile/person", name="  Amina B. ", language="fr", reminders="on").status_code == 302
    assert "C’est enregistré." in me.get("/profile").text
    with services.store.reading() as tx:
        account, mediator = accounts.by_email(tx, EMAIL), mediators.get(tx, amina)
    assert account is not None
    assert mediator is not None
    assert (account.name, mediator.name) == ("Amina B.", "Amina B.")


def test_another_language_of_the_pages(me: Visitor) -> None:
    me.post("/profile/person", name="Amina", language="en")
    assert '<html lang="en">' in me.get("/profile").text


@pytest.mark.parametrize(("name", "language"), [("", "fr"), (" ", "fr"), ("x" * 121, "fr"), ("A", "xx")])
def test_names_and_languages_that_are_none(me: Visitor, name: str, language: str) -> None:
    assert me.post("/profile/person", name=name, language=language).status_code == 422


def test_other_topics_and_languages(me: Visitor, services: Services, amina: MediatorId) -> None:
    me.post("/profile/topics", skill=["health", "health"], language=["fr", "en"])
    with services.store.reading() as tx:
        assert mediators.skills(tx, amina) == ["health"]
        assert mediators.languages(tx, amina) == ["en", "fr"]
    answer = me.post("/profile/topics", language=["fr"])
    assert (answer.status_code, "au moins un thème" in answer.text) == (422, True)


def test_another_number_is_checked_like_the_first(me: Visitor, services: Services, amina: MediatorId) -> None:
    assert "C’est déjà votre numéro" in me.post("/number", number=factories.number(1)).text
    me.post("/number", number=NEW_NUMBER)
    with services.store.reading() as tx:
        assert mediators.number(tx, amina) == factories.number(1), "until the code is keyed"
        assert me.account is not None
        check = number_checks.of(tx, me.account)
    assert check is not None
    assert me.post("/number/code", code=check.code).location == "/profile"
    with services.store.reading() as tx:
        assert mediators.number(tx, amina) == NEW_NUMBER
    assert "c’est lui qui sonnera" in me.get("/profile").text


def test_all_other_sessions_end(app: Flask, services: Services) -> None:
    door = Door(app, services)
    door.account()
    here, elsewhere = door.browser(), door.browser()
    for one in (here, elsewhere):
        door.log_in(one)
        assert is_in(one)
    here.post("/profile/sessions")
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    here.post("/profile/person", name="Amina", language="fr")
    assert is_in(here)


def test_whoever_asked_to_stay_logged_in_here_stays_so(app: Flask, services: Services) -> None:
    door = Door(app, services)
    door.account()
    here, today = door.browser(), door.browser()
    here.post("/account/login", email=EMAIL, password=PASSWORD, remember="y")
    door.log_in(today)
    for one, stays in ((here, True), (today, False)):
        one.get("/profile")
        one.post("/profile/sessions")
        # the browser is closed
        one.client.delete_cookie("hotline")
        assert is_in(one) is stays


def test_a_coordinator_without_a_telephone(app: Flask, services: Services) -> None:
    someone = visitor(app, services, account(services, Role.COORDINATOR), "/profile")
    page = someone.get("/profile").text
    assert "Vous ne prenez pas encore d’appels" in page
    assert someone.post("/profile/topics", skill=["taxes"], language=["fr"]).location == "/welcome"


def test_whoever_has_a_second_factor_is_told_of_recovery_codes(app: Flask, services: Services) -> None:
    key = Door(app, services).with_codes()
    assert "Vous n’en avez pas" in visitor(app, services, key).get("/profile").text
    services.store.run(lambda tx: accounts.change(tx, key, {"recovery_codes": ["a", "b"]}))
    assert "Il vous en reste 2" in visitor(app, services, key).get("/profile").text


def test_what_protects_the_account_can_be_changed(app: Flask, services: Services) -> None:
    door = Door(app, services)
    door.account()
    here = door.browser()
    door.log_in(here)
    for path in ("/account/change", "/account/tf-setup", "/account/mf-recovery-codes"):
        assert here.get(path).status_code == 200, path
