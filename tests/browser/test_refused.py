"""What cannot be done is said; and a page that nobody looks at takes nothing from others."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.desks import Desk, accessible, opened
from tests.browser.together import other_tab
from tests.calls.stage import Stage

OpenDesk = Callable[..., Desk]
pytestmark = pytest.mark.browser


@pytest.fixture
def desk(browser: Browser, stage: Stage) -> Iterator[Desk]:
    """htmx tells refusals on the console: here they are none of a script's errors."""
    stage.mediator("Amina", "taxes")
    made = opened(browser, stage, "Amina", [])
    yield made
    made.page.context.close()


@pytest.mark.parametrize(
    ("status", "words"), [(500, "le service a un souci"), (503, "souci"), (409, "a changé entre-temps")]
)
def test_an_answer_that_refuses_is_told_and_forgotten_when_the_next_one_does_not(
    desk: Desk, status: int, words: str
) -> None:
    desk.page.route("**/desk/off", lambda route: route.fulfill(status=status, body=""), times=1)
    desk.press("J’ai terminé")
    banner = desk.page.locator("#connection")
    expect(banner).to_contain_text(words)
    accessible(desk.page)
    desk.press("J’ai terminé")
    expect(banner).to_be_hidden()
    expect(desk.page.get_by_role("button", name="J’ai terminé")).to_have_count(0)


def test_what_came_of_a_click_is_told_though_the_page_was_fetched_afresh_meanwhile(desk: Desk) -> None:
    """The news of what was done may come before the answer does."""
    held: list[Route] = []
    desk.page.route("**/desk/off", lambda route: held.append(route), times=1)
    with desk.page.expect_request("**/desk/off"):
        desk.page.get_by_role("button", name="J’ai terminé").click()
    held[0].fetch()
    expect(desk.page.get_by_role("button", name="J’ai terminé")).to_have_count(0)
    held[0].fulfill(status=503, body="")
    expect(desk.page.locator("#connection")).to_contain_text("souci")


def test_a_page_from_before_somebody_logged_in_anew_takes_up_the_new_session(desk: Desk) -> None:
    """Its forms hold a word that is good no more."""
    page = desk.page
    page.evaluate(
        """() => {
            const word = JSON.parse(document.body.getAttribute("hx-headers"));
            document.body.setAttribute("hx-headers", JSON.stringify({...word, "X-CSRFToken": "old"}));
        }"""
    )
    with page.expect_navigation():
        page.get_by_role("button", name="J’ai terminé").click()
    desk.press("J’ai terminé")
    expect(page.get_by_role("button", name="J’ai terminé")).to_have_count(0)


@pytest.mark.parametrize(("path", "listens"), [("/board", 0), ("/day", 0), ("/desk", 1)])
def test_a_page_that_nobody_looks_at_rests_but_for_the_desk(
    stage: Stage, open_desk: OpenDesk, path: str, listens: int
) -> None:
    """A browser has six connections for all its windows, and the desk must ring behind them."""
    stage.mediator("Amina", "taxes")
    page = open_desk("Amina", path=path).page
    wait_for(page, stage, 1)
    look(page, "hidden")
    wait_for(page, stage, listens)
    look(page, "visible")
    wait_for(page, stage, 1)
    expect(page.locator("#connection")).to_be_hidden()


def test_of_many_desks_in_one_browser_the_one_that_is_looked_at_works_and_another_rings(
    stage: Stage, open_desk: OpenDesk
) -> None:
    """Seven, and six connections: those behind rest, but for one; the next takes over when it is closed."""
    stage.mediator("Amina", "taxes")
    first = open_desk("Amina")
    problems: list[str] = []
    behind = [first.page]
    for _ in range(6):
        look(behind[-1], "hidden")
        behind.append(other_tab(first, problems))
        wait_for(behind[-1], stage, 2)
    front = behind.pop()
    Desk("Amina", front).press("J’ai terminé")
    expect(front.get_by_role("button", name="J’ai terminé")).to_have_count(0)
    expect(front.locator("#connection")).to_be_hidden()
    expect(first.page.get_by_role("button", name="J’ai terminé")).to_have_count(0)
    behind[1].close()
    first.page.close()
    wait_for(front, stage, 2)
    expect(behind[2].get_by_role("button", name="J’ai terminé")).to_have_count(0)
    stage.resume("Amina")
    stage.asks("2")
    assert stage.rings("Amina")
    expect(behind[2].locator("#desk .scene")).to_contain_text("Votre téléphone sonne")
    expect(front.locator("#desk .scene")).to_contain_text("Votre téléphone sonne")
    look(behind[3], "visible")
    expect(behind[3].locator("#desk .scene")).to_contain_text("Votre téléphone sonne")
    assert problems == []


def test_where_a_browser_has_no_locks_each_desk_rings(stage: Stage, open_desk: OpenDesk) -> None:
    """As without https, on another machine than this one."""
    stage.mediator("Amina", "taxes")
    first = open_desk("Amina", path="/profile")
    first.page.context.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'locks', {value: undefined})"
    )
    pages = [other_tab(first, []) for _ in range(2)]
    for page in pages:
        look(page, "hidden")
    wait_for(pages[0], stage, 2)


def look(page: Page, state: str) -> None:
    page.evaluate(
        """(state) => {
            Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        state,
    )


def wait_for(page: Page, stage: Stage, many: int) -> None:
    """Until so many pages listen. A page that has gone is noticed when it is next told something."""
    hub: Any = stage.app.extensions["pages"].extensions["live"]

    def listening() -> int:
        hub.tell({"mediator:1", "board"})
        return len(hub._present())

    for _ in range(200):
        if listening() == many:
            return
        page.wait_for_timeout(25)
    pytest.fail(f"{listening()} pages listen")
