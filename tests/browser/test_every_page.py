"""Every page as people look at it: laptop and telephone, light and dark, twice as large, with axe beside."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hotline.queue.roles import Role
from hotline.store import callers, proposals
from tests.browser.desks import LAPTOP, PHONE, Desk, accessible
from tests.calls.stage import Stage
from tests.dashboard.ledger import Ledger
from tests.dashboard.visitor import account

OpenDesk = Callable[..., Desk]
pytestmark = pytest.mark.browser
PAGES = ("/desk", "/day", "/board", "/profile", "/people", "/people/invite", "/shifts", "/blocks")
TWICE_AS_LARGE = {"width": LAPTOP["width"] // 2, "height": LAPTOP["height"] // 2}
LOOKS: dict[str, dict[str, Any]] = {
    "laptop": {"viewport": LAPTOP},
    "telephone": {"viewport": PHONE},
    "dark": {"viewport": LAPTOP, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}},
    "at 200 %": {"viewport": TWICE_AS_LARGE, "reduced_motion": "reduce"},
}


def peopled(stage: Stage) -> None:
    """Somebody waits, somebody talks, somebody is to be called back; numbers are blocked, another may be."""
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
    store, now = stage.services.store, stage.services.clock.now()
    long = "menaces répétées, toujours le soir, jusqu’à dix fois de suite"
    store.run(lambda tx: callers.block(tx, "+33639980777", "insultes", now + timedelta(days=30), now))
    store.run(lambda tx: callers.block(tx, "+33639980778", long, None, now))
    proposer = account(stage.services, Role.COORDINATOR, name="Dominique", email="dominique@example.org")
    call = Ledger(stage.services).call(number="+33639980779")
    store.run(lambda tx: proposals.add(tx, call, proposer, "anticonstitutionnellement désagréable", now))


SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
STICKS_OUT = """() => [...document.querySelectorAll(".cards-list > li, .scene")].flatMap((card) => {
    const edge = card.getBoundingClientRect().right;
    return [...card.querySelectorAll("button, .button, [role=button], input, select, p")]
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > edge + 0.5)
        .map((one) => one.outerHTML.slice(0, 120));
})"""
"""What ends beyond the card that it stands in."""


def further(stage: Stage, desk: Desk) -> list[str]:
    """The pages that those of the menu lead to."""
    desk.page.goto("/blocks")
    assert desk.page.locator(".cards-list > li").count() == 3
    removal = desk.page.get_by_role("link", name=re.compile("^Débloquer")).first.get_attribute("href")
    desk.page.goto("/shifts")
    shift = desk.page.locator("a.cross").first.get_attribute("href")
    assert removal is not None
    assert shift is not None
    return [removal, shift, f"/people/mediators/{stage.names['Bruno']}", "/number"]


@pytest.mark.parametrize("look", LOOKS)
def test_pages_are_for_everybody(stage: Stage, open_desk: OpenDesk, look: str) -> None:
    peopled(stage)
    desk = open_desk("Amina", role=Role.ADMINISTRATOR, **LOOKS[look])
    for path in (*PAGES, *further(stage, desk)):
        answer = desk.page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        assert desk.page.locator("h1").count() == 1, path
        accessible(desk.page)
        assert desk.page.evaluate(SIDEWAYS) <= 0, path
        assert desk.page.evaluate(STICKS_OUT) == [], path


@pytest.mark.parametrize("look", LOOKS)
def test_what_is_not_there_is_said_for_everybody(stage: Stage, open_desk: OpenDesk, look: str) -> None:
    stage.mediator("Amina", "taxes")
    desk = open_desk("Amina", **LOOKS[look])
    answer = desk.page.goto("/nowhere")
    assert answer is not None
    assert answer.status == 404
    accessible(desk.page)
    desk.page.get_by_role("link", name="Retour à mon poste").click()
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


FOCUSED = """() => {
    const one = document.activeElement;
    const look = getComputedStyle(one);
    const box = one.getBoundingClientRect();
    return {
        what: one === document.body ? "" : one.outerHTML.slice(0, 120),
        ring: look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2,
        seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
    };
}"""


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "telephone"])
def test_wherever_the_focus_goes_it_is_seen(stage: Stage, open_desk: OpenDesk, size: dict[str, int]) -> None:
    peopled(stage)
    page = open_desk("Amina", role=Role.ADMINISTRATOR, viewport=size).page
    for path in PAGES:
        page.goto(path)
        stops = []
        for _ in range(200):
            page.keyboard.press("Tab")
            stop = page.evaluate(FOCUSED)
            if not stop["what"]:
                break
            stops.append(stop)
        assert len(stops) >= 6, path
        assert not stop["what"], f"{path}: no end of it"
        assert [one["what"] for one in stops if not (one["ring"] and one["seen"])] == [], path


def test_nothing_moves_for_whoever_wants_no_movement(stage: Stage, open_desk: OpenDesk) -> None:
    stage.mediator("Amina", "taxes")
    desk = open_desk("Amina", reduced_motion="reduce")
    desk.page.evaluate("document.documentElement.dataset.moved = ''")
    desk.page.evaluate(
        """for (const kind of ["transitionrun", "animationstart"])
            document.addEventListener(kind, () => document.documentElement.dataset.moved = kind)"""
    )
    stage.asks("2")
    assert stage.rings("Amina")
    desk.page.get_by_role("button", name="Je prends l’appel").hover()
    desk.page.keyboard.press("Tab")
    desk.press("Pas maintenant")
    assert desk.page.locator("html").get_attribute("data-moved") == ""
    assert desk.page.evaluate("document.getAnimations().length") == 0
