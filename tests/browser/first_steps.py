"""What a newcomer does, page by page."""

import re

from playwright.sync_api import expect

from hotline.simulator.phones import Phone
from tests.browser.desks import Desk, accessible
from tests.calls.stage import Stage
from tests.calls.test_number_check import heard
from tests.dashboard.visitor import PASSWORD

WRITTEN = "06 39 98 01 23"


def reads(me: Desk, title: str) -> None:
    """That page is there; everybody can read it, and nothing sticks out."""
    expect(me.page.locator("h1")).to_contain_text(title)
    accessible(me.page)
    sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert me.page.evaluate(sideways) <= 0


def go(me: Desk, name: str) -> None:
    """By a link that looks like a button."""
    me.page.get_by_role("link", name=name, exact=True).click()


def choose_password(me: Desk, again: str = PASSWORD) -> None:
    me.page.get_by_label("Mot de passe").fill(PASSWORD)
    me.page.get_by_label("Encore une fois").fill(again)
    me.press("Ouvrir mon compte")


def ask_for_a_call(me: Desk, number: str = WRITTEN) -> None:
    me.page.get_by_label("Votre numéro").fill(number)
    me.press("M’appeler maintenant")


def code_heard(stage: Stage, phone: Phone) -> str:
    """The telephone rings, and a voice says four digits."""
    said = re.search(r"\d, \d, \d, \d", heard(stage, phone))
    assert said is not None
    return said[0].replace(", ", "")


def key(me: Desk, code: str) -> None:
    me.page.get_by_label("Les quatre chiffres").fill(code)
    me.press("Continuer")


def go_on_to_the_number(me: Desk) -> None:
    for number, name in enumerate(("Continuer", "Continuer", "Ajouter mon téléphone"), start=1):
        expect(me.page.get_by_text(f"{number} sur 3")).to_be_visible()
        go(me, name)
    expect(me.page.get_by_label("Votre numéro")).to_be_visible()
