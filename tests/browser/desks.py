"""A mediator's desk in a real browser."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, Response, expect

from hotline.queue.ids import AccountId
from hotline.queue.roles import Role
from hotline.simulator.legs import Leg
from tests import factories
from tests.calls.stage import Stage
from tests.dashboard.visitor import account, visitor

LAPTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
IN_TIME = 20_000
"""Milliseconds: a machine that does much else is slow."""


@dataclass
class Desk:
    name: str
    page: Page

    @property
    def scene(self) -> Locator:
        return self.page.locator("#desk .scene")

    def press(self, name: str) -> None:
        """Press a button, and wait until the hotline has answered."""
        with self.page.expect_response(_is_post):
            self.page.get_by_role("button", name=name, exact=True).click()

    def type(self, key: str) -> None:
        """Press a key that stands for a button, and wait until the hotline has answered."""
        with self.page.expect_response(_is_post):
            self.page.keyboard.press(key)


def _is_post(answer: Response) -> bool:
    return answer.request.method == "POST"


def talking(
    stage: Stage, open_desk: Callable[..., Desk], number: str = factories.CALLER, **options: Any
) -> tuple[Desk, Leg]:
    """Amina, at her desk, talks with whoever calls from that number about taxes."""
    stage.mediator("Amina", "taxes")
    desk = open_desk("Amina", **options)
    caller = stage.asks("2", number)
    assert stage.rings("Amina")
    stage.connect(caller, stage.phones["Amina"])
    expect(desk.scene).to_contain_text("En conversation")
    return desk, caller


def opened(
    browser: Browser,
    stage: Stage,
    name: str,
    problems: list[str],
    *,
    role: Role = Role.MEDIATOR,
    path: str = "/desk",
    viewport: dict[str, int] | None = None,
    **options: Any,
) -> Desk:
    """Open a page as that mediator of the stage, logged in."""
    key = account(stage.services, role, stage.names.get(name), f"{name}@example.org".lower(), name)
    return again(browser, stage, key, name, problems, path=path, viewport=viewport, **options)


def again(
    browser: Browser,
    stage: Stage,
    key: AccountId,
    name: str,
    problems: list[str],
    *,
    path: str = "/desk",
    viewport: dict[str, int] | None = None,
    **options: Any,
) -> Desk:
    """The same person in another browser."""
    base = stage.services.settings.public_url
    size: Any = viewport or LAPTOP
    context = browser.new_context(viewport=size, base_url=base, locale="fr-FR", **options)
    pages: Flask = stage.app.extensions["pages"]
    cookie = visitor(pages, stage.services, key).client.get_cookie("hotline")
    assert cookie is not None
    context.add_cookies([{"name": "hotline", "value": cookie.value, "url": base}])
    page = context.new_page()
    page.set_default_timeout(IN_TIME)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: _note(said.text, problems) if said.type == "error" else None)
    page.goto(path)
    return Desk(name, page)


def _note(text: str, problems: list[str]) -> None:
    # a request that a test cuts off is told on the console too
    if not any(known in text for known in ("ERR_", "net::", "Failed to load resource", "htmx:")):
        problems.append(text)


FORGETS = """(prefix) => new Promise((done) => {
    const look = () => Object.keys(localStorage).some((key) => key.startsWith(prefix))
        ? requestAnimationFrame(look) : done();
    look();
})"""


def forgets(page: Page, prefix: str = "") -> None:
    """Wait until this device keeps nothing any more whose name begins so."""
    page.evaluate(FORGETS, prefix)


def accessible(page: Page) -> None:
    """Fail unless axe-core finds nothing to complain of in what the page shows now."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
