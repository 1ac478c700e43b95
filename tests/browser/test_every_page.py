"""Every page as people look at it: laptop and telephone, light and dark, twice as large, with axe beside."""

from collections.abc import Callable
from typing import Any

import pytest

from hotline.queue.roles import Role
from tests.browser.desks import LAPTOP, PHONE, Desk, accessible
from tests.calls.stage import Stage

OpenDesk = Callable[..., Desk]
pytestmark = pytest.mark.browser
PAGES = ("/desk", "/day", "/board", "/profile", "/people", "/people/invite", "/shifts", "/blocks")
TWICE_AS_LARGE = {"width": LAPTOP["width"] // 2, "height": LAPTOP["height"] // 2}
LOOKS: dict[str, dict[str, Any]] = {
    "laptop": {"viewport": LAPTOP},
    "telephone": {"viewport": PHONE},
    "dark": {"viewport": LAPTOP, "color_scheme": "dark"},
    "at 200 %": {"viewport": TWICE_AS_LARGE, "reduced_motion": "reduce"},
}


def peopled(stage: Stage) -> None:
    """Somebody waits, somebody talks, somebody is to be called back."""
    stage.busy("Chloé")
    stage.mediator("Amina", "taxes")
    stage.mediator("Bruno", "work")
    stage.connect(stage.asks("2"), stage.phones["Amina"])
    promised = stage.holds("+33639980003")
    stage.carrier.advance(3)
    promised.press("9")
    stage.carrier.advance(3)
    stage.leaves(promised)
    stage.holds("+33639980004")
    stage.phones["Amina"].hang_up()
    stage.carrier.advance(2)


@pytest.mark.parametrize("look", LOOKS)
def test_pages_are_for_everybody(stage: Stage, open_desk: OpenDesk, look: str) -> None:
    peopled(stage)
    desk = open_desk("Amina", role=Role.ADMINISTRATOR, **LOOKS[look])
    for path in PAGES:
        answer = desk.page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        assert desk.page.locator("h1").count() == 1, path
        accessible(desk.page)
        sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert desk.page.evaluate(sideways) <= 0, path


@pytest.mark.parametrize("look", LOOKS)
def test_what_is_not_there_is_said_for_everybody(stage: Stage, open_desk: OpenDesk, look: str) -> None:
    stage.mediator("Amina", "taxes")
    desk = open_desk("Amina", **LOOKS[look])
    answer = desk.page.goto("/nowhere")
    assert answer is not None
    assert answer.status == 404
    accessible(desk.page)
    desk.page.get_by_role("button", name="Retour à mon poste").click()
    desk.page.wait_for_url("**/desk")


def test_no_page_asks_another_host(stage: Stage, open_desk: OpenDesk) -> None:
    stage.mediator("Amina", "taxes")
    desk = open_desk("Amina", role=Role.ADMINISTRATOR)
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))
    for path in PAGES:
        desk.page.goto(path)
    assert len(asked) > len(PAGES)
    base = stage.services.settings.public_url
    assert [url for url in asked if not url.startswith((base, "data:"))] == []
