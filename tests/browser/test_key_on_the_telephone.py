"""The key of the second factor is copied by a press, and stands there to be selected without a script."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from hotline.dashboard import invitations
from hotline.queue.roles import Role
from tests.browser.desks import Desk, accessible
from tests.browser.first_steps import choose_password
from tests.calls.stage import Stage

pytestmark = pytest.mark.browser
NARROW: Any = {"width": 320, "height": 640}


def key_of(browser: Browser, stage: Stage, *, scripts: bool = True) -> tuple[Page, str]:
    """The page on which a coordinator who was invited sets the second code up, and its key."""
    with stage.app.extensions["pages"].test_request_context():
        made = invitations.invite(stage.services, "c@example.org", "Claude", Role.COORDINATOR, send=False)
    context = browser.new_context(viewport=NARROW, locale="fr-FR", java_script_enabled=scripts)
    page = context.new_page()
    page.goto(made.link)
    choose_password(Desk("Claude", page))
    page.get_by_role("button", name="Commencer").click()
    key = page.locator(".secret")
    expect(key).to_be_visible()
    return page, key.inner_text().replace("-", "")


def test_the_key_is_copied_after_a_press_alone(browser: Browser, stage: Stage) -> None:
    page, key = key_of(browser, stage)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    assert page.evaluate("navigator.clipboard.readText()") != key
    expect(page.get_by_role("link", name="ouvrir l’application")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Copier la clé").click()
    expect(page.get_by_role("status").filter(has_text="La clé est copiée")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == key
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    page.context.close()


def test_without_scripts_the_key_is_there_to_be_selected(browser: Browser, stage: Stage) -> None:
    page, key = key_of(browser, stage, scripts=False)
    assert len(key) >= 16
    expect(page.get_by_role("button", name="Copier la clé")).to_have_count(0)
    page.context.close()
