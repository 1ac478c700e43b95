"""Logging in with a second code, and what is said when that, or the log-in, is lost: for everybody."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from hotline.queue.roles import Role
from hotline.store import accounts
from tests.browser.desks import IN_TIME, LAPTOP, accessible
from tests.calls.stage import Stage
from tests.dashboard.doors import EMAIL, Door
from tests.dashboard.visitor import PASSWORD

pytestmark = pytest.mark.browser
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SIZES = {"laptop": LAPTOP, "small telephone": {"width": 320, "height": 640}}


@pytest.fixture
def door(stage: Stage) -> Door:
    pages: Flask = stage.app.extensions["pages"]
    made = Door(pages, stage.services)
    key = made.with_codes(Role.COORDINATOR)
    codes = {"recovery_codes": ["0000-0000-0000"]}
    stage.services.store.run(lambda tx: accounts.change(tx, key, codes))
    return made


@pytest.fixture(params=list(SIZES))
def page(browser: Browser, stage: Stage, request: pytest.FixtureRequest) -> Iterator[Page]:
    size: Any = SIZES[request.param]
    base = stage.services.settings.public_url
    context = browser.new_context(viewport=size, base_url=base, locale="fr-FR")
    made = context.new_page()
    made.set_default_timeout(IN_TIME)
    yield made
    context.close()


def for_everybody(page: Page) -> None:
    accessible(page)
    assert page.evaluate(SIDEWAYS) <= 0


def give_password(page: Page) -> None:
    page.get_by_label("Votre adresse e-mail").fill(EMAIL)
    page.get_by_label("Votre mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()


def get_in(page: Page, door: Door) -> None:
    give_password(page)
    page.get_by_label("Les six chiffres").fill(door.six_digits(door.known().totp_secret or ""))
    page.get_by_role("button", name="Continuer").click()


def test_back_after_the_code_leads_home(page: Page, door: Door) -> None:
    page.goto("/profile")
    get_in(page, door)
    page.wait_for_url("**/profile")
    page.go_back()
    page.wait_for_url("**/board")
    expect(page.get_by_role("button", name="Se déconnecter")).to_be_visible()


def test_whoever_has_lost_everything_reads_whom_to_ask(page: Page, door: Door) -> None:
    page.goto("/account/login")
    give_password(page)
    for_everybody(page)
    page.get_by_role("link", name="Je n’ai plus ce téléphone").click()
    expect(page.get_by_text("Demandez de l’aide à une personne qui administre")).to_be_visible()
    for_everybody(page)
    page.get_by_role("link", name="revenir aux six chiffres").click()
    for _ in range(11):
        with page.expect_navigation():
            page.get_by_label("Les six chiffres").fill("000000")
            page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", name="Trop d’essais")).to_be_visible()
    for_everybody(page)
    page.get_by_role("link", name="Revenir au code").click()
    expect(page.get_by_label("Les six chiffres")).to_be_visible()


def test_a_form_that_came_too_late_is_found_again(page: Page, door: Door) -> None:
    page.goto("/profile")
    get_in(page, door)
    page.get_by_label("Le nom que l’équipe voit").fill("Amina B.")
    key = door.known().id
    word = {"session": "another", "totp_counter": None}
    door.services.store.run(lambda tx: accounts.change(tx, key, word))
    page.get_by_role("button", name="Enregistrer").first.click()
    expect(page.get_by_text("n’a pas été fait")).to_be_visible()
    for_everybody(page)
    get_in(page, door)
    page.wait_for_url("**/profile")
    expect(page.get_by_label("Le nom que l’équipe voit")).to_be_visible()
