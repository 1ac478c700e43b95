"""Answers in another order than they were asked for: the page shows how it is, and says what was done."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.desks import IN_TIME, Desk
from tests.calls import talks
from tests.calls.stage import Stage

OpenDesk = Callable[..., Desk]
pytestmark = pytest.mark.browser
EVERY = 20
HEADINGS = """window.headings = [];
document.addEventListener("scene", ({ detail: { here } }) => {
    headings.push(here.querySelector("h1").textContent);
});"""
ANSWERED = """document.getElementById("day").addEventListener("htmx:afterRequest", ({ currentTarget }) => {
    currentTarget.className = "answered";
});"""
RINGS, DECLINED = "Votre téléphone sonne", "La ligne cherche quelqu’un d’autre"


class Held:
    """The next answer to that path, which the hotline gives and the page does not get yet."""

    def __init__(self, page: Page, path: str) -> None:
        self._page, self._path = page, path
        self._held: list[Callable[[], None]] = []
        self._is_over = False
        page.route(path, self._hold)

    def _hold(self, route: Route) -> None:
        if self._is_over:
            route.fallback()
            return
        self._is_over, answer = True, route.fetch()
        self._held.append(lambda: route.fulfill(response=answer))

    def wait(self) -> None:
        for _ in range(IN_TIME // EVERY):
            if self._held:
                return
            self._page.wait_for_timeout(
                EVERY
            )  # meanwhile Playwright calls `_hold`: nothing else waits for that
        pytest.fail(f"nobody asked for {self._path}")

    def let_go(self) -> None:
        with self._page.expect_response(self._path):
            self._held.pop()()


def test_a_list_from_before_is_not_put_in_after_what_was_done(stage: Stage, open_desk: OpenDesk) -> None:
    (ticket,) = stage.tickets(talks.promised(stage))
    stage.mediator("Amina", "taxes")
    desk = open_desk("Amina", path="/day")
    before = Held(desk.page, "**/day/now")
    stage.pause("Amina")
    before.wait()
    desk.press("Je rappelle cette personne")
    day = desk.page.locator("#day")
    expect(day).to_contain_text(ticket.code)
    with desk.page.expect_response("**/day/now"):
        before.let_go()
    expect(day).to_contain_text(ticket.code)
    expect(desk.page.locator("#said")).to_contain_text("Vous rappelez cette personne.")


def test_a_call_that_was_declined_does_not_ring_once_more(stage: Stage, open_desk: OpenDesk) -> None:
    stage.mediator("Amina", "taxes")
    desk = open_desk("Amina")
    stage.asks("2")
    assert stage.rings("Amina")
    expect(desk.scene).to_contain_text(RINGS)
    desk.page.evaluate(HEADINGS)
    before = Held(desk.page, "**/desk/now")
    desk.page.evaluate("htmx.trigger(document.body, 'me')")
    before.wait()
    desk.press("Pas maintenant")
    expect(desk.scene).to_contain_text(DECLINED)
    with desk.page.expect_response("**/desk/now"):
        before.let_go()
    assert [one for one in desk.page.evaluate("headings") if DECLINED not in one] == []


def test_an_answer_that_comes_late_does_not_hide_what_happened_since(
    stage: Stage, open_desk: OpenDesk
) -> None:
    """The click was answered when nothing rang yet; its answer comes when the telephone rings."""
    stage.mediator("Amina", "taxes")
    stage.pause("Amina")
    desk = open_desk("Amina")
    answer = Held(desk.page, "**/desk/available")
    desk.page.get_by_role("button", name="Je suis de retour").click()
    answer.wait()
    stage.asks("2")
    assert stage.rings("Amina")
    expect(desk.scene).to_contain_text(RINGS)
    with desk.page.expect_response("**/desk/now"):
        answer.let_go()
    expect(desk.scene).to_contain_text(RINGS)


def test_what_was_done_last_is_said_though_the_answer_before_it_came_late(
    stage: Stage, open_desk: OpenDesk
) -> None:
    talks.promised(stage)
    stage.mediator("Amina", "taxes")
    desk = open_desk("Amina", path="/day")
    desk.press("Je rappelle cette personne")
    number, given_back = Held(desk.page, "**/number"), Held(desk.page, "**/give-back")
    desk.page.get_by_role("button", name="Voir le numéro").click()
    number.wait()
    desk.page.get_by_role("button", name="Laisser à quelqu’un d’autre").click()
    given_back.wait()
    number.let_go()
    given_back.let_go()
    expect(desk.page.locator("#said")).to_contain_text("quelqu’un d’autre peut rappeler")
    expect(desk.page.locator("#day")).not_to_contain_text("06 39 98 00 01")


def test_a_button_that_is_pressed_as_there_is_news_does_what_it_says(
    stage: Stage, open_desk: OpenDesk
) -> None:
    (ticket,) = stage.tickets(talks.promised(stage))
    stage.mediator("Amina", "taxes")
    desk = open_desk("Amina", path="/day")
    page = desk.page
    page.get_by_role("button", name="Je rappelle cette personne").hover()
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    page.mouse.down()
    page.evaluate(ANSWERED)
    stage.pause("Amina")
    expect(page.locator("#day")).to_have_class("answered")
    page.mouse.up()
    expect(page.locator("#day")).to_contain_text(ticket.code)


@pytest.mark.parametrize("held_for", ["a moment", "long"])
def test_news_are_seen_when_the_finger_is_away(stage: Stage, open_desk: OpenDesk, held_for: str) -> None:
    stage.mediator("Amina", "taxes")
    desk = open_desk("Amina")
    desk.page.get_by_role("heading", level=1).hover()
    desk.page.mouse.down()
    with desk.page.expect_response("**/desk/now"):
        stage.asks("2")
        assert stage.rings("Amina")
    if held_for == "a moment":
        desk.page.mouse.up()
    expect(desk.scene).to_contain_text(RINGS)
