"""One call as three people live it, each in a browser of their own, with every process real."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.demonstration import IN_TIME, caller, press, telephone
from tests.browser.desks import LAPTOP, PHONE, accessible

pytestmark = pytest.mark.browser
WRITTEN = "Ne trouve plus son avis d’imposition"


@pytest.fixture
def contexts(browser: Browser) -> Iterator[list[BrowserContext]]:
    sizes: tuple[Any, ...] = (LAPTOP, LAPTOP, PHONE)
    opened = [browser.new_context(viewport=size, locale="fr-FR") for size in sizes]
    yield opened
    for context in opened:
        context.close()


def desk(context: BrowserContext, home: str, name: str) -> Page:
    """The desk of one of the demonstration's mediators, who logs in as the page of its accounts says."""
    page = context.new_page()
    page.goto(f"{home}/demo")
    password = page.get_by_text("Le même mot de passe pour tous").locator("strong").inner_text()
    page.goto(f"{home}/")
    page.get_by_label("Votre adresse e-mail").fill(f"{name}@demo.example.org")
    page.get_by_label("Votre mot de passe", exact=True).fill(password)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.locator("#desk .scene")).to_contain_text("Vous êtes disponible", timeout=IN_TIME)
    return page


def test_one_call_in_three_browsers(contexts: list[BrowserContext], address: str) -> None:
    telephones = contexts[0].new_page()
    telephones.goto(address)
    link = telephones.get_by_role("link", name="Tableau de bord").get_attribute("href")
    assert link is not None
    home = link.removesuffix("/demo")
    amina, bruno = desk(contexts[1], home, "amina"), desk(contexts[2], home, "bruno")

    caller(telephones).get_by_role("button", name="Appeler").click()
    expect(caller(telephones)).to_contain_text("Bonjour", timeout=IN_TIME)
    press(caller(telephones), "2")
    expect(amina.get_by_role("alert")).to_contain_text("impôts", timeout=IN_TIME)
    expect(telephone(telephones, "Amina").get_by_role("button", name="Décrocher")).to_be_visible()
    amina.get_by_role("button", name="Pas maintenant").click()
    expect(bruno.get_by_role("alert")).to_contain_text("impôts", timeout=IN_TIME)
    expect(amina.locator("#desk .scene")).to_contain_text("Vous êtes disponible", timeout=IN_TIME)

    telephone(telephones, "Bruno").get_by_role("button", name="Décrocher").click()
    expect(bruno.locator("#desk .scene")).to_contain_text("Prenez-vous cet appel", timeout=IN_TIME)
    bruno.get_by_role("button", name="Je prends l’appel").click()
    expect(caller(telephones)).to_contain_text("Vous êtes en communication avec Bruno", timeout=IN_TIME)
    expect(bruno.locator("#desk .scene")).to_contain_text("En conversation", timeout=IN_TIME)
    bruno.get_by_label("Vos notes").fill(WRITTEN)
    expect(bruno.locator("#note-state")).to_have_text("Enregistré.", timeout=IN_TIME)
    accessible(bruno)

    caller(telephones).get_by_role("button", name="Raccrocher").click()
    expect(bruno.locator("#desk .scene")).to_contain_text("Comment s’est passé", timeout=IN_TIME)
    expect(bruno.get_by_label("Vos notes")).to_have_value(WRITTEN)
    bruno.get_by_label("C’est résolu").check()
    bruno.get_by_role("button", name="Enregistrer et reprendre les appels").click()
    expect(bruno.locator("#desk .scene")).to_contain_text("Vous êtes disponible", timeout=IN_TIME)
    bruno.goto(f"{home}/day")
    expect(bruno.locator("main")).to_contain_text(WRITTEN)
    amina.goto(f"{home}/day")
    expect(amina.get_by_role("heading", level=1)).to_be_visible()
    expect(amina.locator("main")).not_to_contain_text(WRITTEN)
