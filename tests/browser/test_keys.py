"""The letters that answer a call, and how somebody does without them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.desks import Desk, accessible
from tests.calls.stage import Stage

OpenDesk = Callable[..., Desk]
pytestmark = pytest.mark.browser
OFF, ON = "Ne plus utiliser ces touches sur cet appareil", "Les utiliser de nouveau"
DECLINED = "la ligne cherche quelqu’un d’autre"


def test_they_are_switched_off_and_on_again_on_this_device(stage: Stage, open_desk: OpenDesk) -> None:
    stage.mediator("Amina", "taxes")
    desk = open_desk("Amina")
    page = desk.page
    page.get_by_role("button", name=OFF).click()
    expect(page.get_by_role("button", name=ON)).to_be_focused()
    page.reload()
    stage.asks("2")
    assert stage.rings("Amina")
    expect(desk.scene).to_contain_text("Votre téléphone sonne")
    leave = page.get_by_role("button", name="Pas maintenant")
    expect(leave).not_to_have_attribute("aria-keyshortcuts", "r")
    expect(desk.scene).to_contain_text("Les touches A et R ne font rien sur cet appareil.")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method))
    page.keyboard.press("r")
    page.keyboard.press("a")
    accessible(page)
    assert "POST" not in asked
    page.get_by_role("button", name=ON).click()
    expect(leave).to_have_attribute("aria-keyshortcuts", "r")
    desk.type("r")
    expect(page.locator("#said")).to_contain_text(DECLINED)


def test_where_they_are_not_told_they_do_nothing(stage: Stage, open_desk: OpenDesk) -> None:
    stage.mediator("Amina", "taxes")
    desk = open_desk("Amina", has_touch=True, is_mobile=True)
    stage.asks("2")
    assert stage.rings("Amina")
    expect(desk.scene).to_contain_text("Votre téléphone sonne")
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.method))
    desk.page.keyboard.press("r")
    accessible(desk.page)
    assert "POST" not in asked
