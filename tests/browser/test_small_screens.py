"""A call that rings is read and answered without scrolling, on small telephones and twice as large."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hotline.queue.roles import Role
from tests.browser.desks import Desk, accessible
from tests.calls.stage import Stage

OpenDesk = Callable[..., Desk]
pytestmark = pytest.mark.browser
SIZES = {
    "small telephone": {"width": 320, "height": 568},
    "longer telephone": {"width": 320, "height": 640},
    "laptop at 200 %": {"width": 640, "height": 400},
}
WHAT_DECIDES = ".scene h1, .scene .at-once, .scene .choices > button"
# what of it is outside of the screen, or under something else
HIDDEN = """(what) => [...document.querySelectorAll(what)].filter((one) => {
    const { left, right, top, bottom } = one.getBoundingClientRect();
    if (left < 0 || top < 0 || right > innerWidth || bottom > innerHeight) return true;
    return [top + 2, (top + bottom) / 2, bottom - 2].some((y) => {
        const there = document.elementFromPoint((left + right) / 2, y);
        return there !== one && !one.contains(there);
    });
}).map((one) => one.textContent.trim())"""
STUCK = """() => [...document.querySelectorAll(".scene, .scene *")]
    .filter((one) => ["sticky", "fixed"].includes(getComputedStyle(one).position)).length"""


def hidden(page: Page) -> Any:
    return page.evaluate(HIDDEN, WHAT_DECIDES)


@pytest.mark.parametrize("role", [Role.MEDIATOR, Role.ADMINISTRATOR])
@pytest.mark.parametrize("size", SIZES)
def test_what_decides_is_seen_at_once(stage: Stage, open_desk: OpenDesk, size: str, role: Role) -> None:
    stage.mediator("Amina", "taxes", languages=("fr", "en"))
    desk = open_desk("Amina", role=role, viewport=SIZES[size])
    expect(desk.scene).to_contain_text("Vous êtes disponible")
    desk.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    stage.asks("2", "+33199005678")
    assert stage.rings("Amina")
    expect(desk.scene).to_contain_text("Votre téléphone sonne")
    assert hidden(desk.page) == []
    assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert desk.page.evaluate(STUCK) == 0, "all else can be scrolled to, and nothing covers it"
    accessible(desk.page)
    desk.page.context.set_offline(True)
    expect(desk.page.locator("#connection")).to_contain_text("La connexion est coupée")
    assert hidden(desk.page) == []
    desk.page.context.set_offline(False)
    expect(desk.page.locator("#connection")).to_be_hidden()
    stage.phones["Amina"].answer()
    stage.carrier.advance(1)
    expect(desk.scene).to_contain_text("Prenez-vous cet appel")
    assert hidden(desk.page) == []
