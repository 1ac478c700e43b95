"""How a call makes itself heard beside the telephone: sound, and a notification of the browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.desks import Desk, accessible
from tests.browser.spied import beeps_in, notes, spied
from tests.calls.stage import Stage

OpenDesk = Callable[..., Desk]
pytestmark = pytest.mark.browser
ANOTHER = "+33639980002"


@pytest.fixture
def open_spied(stage: Stage, open_desk: OpenDesk) -> Callable[..., Desk]:
    def make(*, mute: bool = False, path: str = "/desk") -> Desk:
        stage.mediator("Amina", "taxes")
        return spied(open_desk("Amina", path=path), mute=mute)

    return make


def test_it_rings_until_the_caller_is_talked_with(stage: Stage, open_spied: Callable[..., Desk]) -> None:
    desk = open_spied()
    caller = stage.asks("2")
    assert stage.rings("Amina")
    expect(desk.scene).to_contain_text("Votre téléphone sonne")
    assert beeps_in(desk.page, 9_500) == 3
    assert notes(desk.page) == ["Appel\N{NO-BREAK SPACE}: impôts"]
    stage.connect(caller, stage.phones["Amina"])
    expect(desk.scene).to_contain_text("En conversation")
    assert beeps_in(desk.page, 9_500) == 0
    assert notes(desk.page) == [], "it does not stay when there is nothing to take any more"


def test_a_call_that_was_declined_is_silent_while_the_telephone_rings_on(
    stage: Stage, open_spied: Callable[..., Desk]
) -> None:
    desk = open_spied()
    title = desk.page.title()
    stage.asks("2")
    assert stage.rings("Amina")
    expect(desk.page).to_have_title(re.compile("☎"))
    stage.jobs.out_of_reach = True
    desk.press("Pas maintenant")
    expect(desk.scene).to_contain_text("Votre téléphone va se taire")
    assert beeps_in(desk.page, 9_500) == 0
    assert notes(desk.page) == []
    expect(desk.page).to_have_title(title)


@pytest.mark.parametrize("path", ["/desk", "/day"])
def test_a_telephone_that_was_taken_up_is_heard_no_more(
    stage: Stage, open_spied: Callable[..., Desk], path: str
) -> None:
    page = open_spied(path=path).page
    title = page.title()
    stage.asks("2")
    assert stage.rings("Amina")
    expect(page).to_have_title(re.compile("☎"))
    stage.phones["Amina"].answer()
    stage.carrier.advance(1)
    expect(page.locator("body")).to_contain_text("Votre téléphone est décroché")
    assert beeps_in(page, 9_500) == 0
    expect(page).to_have_title(title)


AT_ONCE = """
window.EventSource = class extends EventTarget {
    static CLOSED = 2;
    constructor() { super(); queueMicrotask(() => this.dispatchEvent(new MessageEvent("hello"))); }
    close() {}
};
"""


def test_a_page_that_is_opened_while_it_rings_says_so_however_fast_the_line_is(
    stage: Stage, open_desk: OpenDesk
) -> None:
    """Here it says hello before the page's last scripts have come."""
    stage.mediator("Amina", "taxes")
    page = open_desk("Amina").page
    stage.asks("2")
    assert stage.rings("Amina")
    page.add_init_script(AT_ONCE)
    page.goto("/board")
    expect(page.locator("#ringing")).to_contain_text("Votre téléphone sonne")


@pytest.mark.parametrize("path", ["/desk", "/day"])
def test_it_is_not_said_to_ring_before_it_does(
    stage: Stage, open_spied: Callable[..., Desk], path: str
) -> None:
    page = open_spied(path=path).page
    stage.pause("Amina")
    stage.busy("Bruno")
    stage.holds()
    # whoever fetches the caller from hold does not come to it
    stage.jobs.out_of_reach = True
    stage.resume("Amina")
    expect(page).to_have_title(re.compile("☎"))
    expect(page.locator("body")).to_contain_text(re.compile("Un appel arrive.*votre téléphone va sonner"))
    expect(page.locator("body")).not_to_contain_text("Votre téléphone sonne")
    accessible(page)


@pytest.mark.parametrize("path", ["/day", "/board"])
def test_whoever_looks_at_another_page_hears_it_and_is_one_click_away(
    stage: Stage, open_spied: Callable[..., Desk], path: str
) -> None:
    desk = open_spied(path=path)
    page, banner = desk.page, desk.page.locator("#ringing")
    title = page.title()
    expect(banner).to_be_empty()
    caller = stage.asks("2")
    assert stage.rings("Amina")
    expect(banner).to_contain_text("Votre téléphone sonne : impôts.")
    expect(page).to_have_title(re.compile("☎.*impôts"))
    expect(page.get_by_role("alert")).to_contain_text("impôts")
    assert beeps_in(page, 9_500) == 3
    accessible(page)
    stage.leaves(caller)
    expect(banner).to_be_empty()
    expect(page).to_have_title(title)
    assert beeps_in(page, 9_500) == 0
    stage.carrier.advance(10)
    stage.asks("2", ANOTHER)
    assert stage.rings("Amina")
    page.get_by_role("link", name="Aller à mon poste").click()
    expect(desk.scene).to_contain_text("Votre téléphone sonne")


def test_after_a_cut_between_two_calls_it_is_silent_again(
    stage: Stage, open_spied: Callable[..., Desk]
) -> None:
    desk = open_spied()
    first = stage.asks("2")
    assert stage.rings("Amina")
    expect(desk.scene).to_contain_text("Votre téléphone sonne")
    desk.page.context.set_offline(True)
    expect(desk.page.locator("#connection")).to_contain_text("La connexion est coupée")
    stage.leaves(first)
    stage.carrier.advance(10)
    second = stage.asks("2", ANOTHER)
    assert stage.rings("Amina")
    with desk.page.expect_response("**/desk/now"):
        desk.page.context.set_offline(False)
    expect(desk.scene).to_contain_text("Votre téléphone sonne")
    stage.leaves(second)
    expect(desk.scene).not_to_contain_text("Votre téléphone sonne")
    assert beeps_in(desk.page, 9_500) == 0


def test_a_browser_that_allows_no_sound_yet_is_asked_by_a_click(open_spied: Callable[..., Desk]) -> None:
    desk = open_spied(mute=True)
    allow = desk.page.get_by_role("button", name="Entendre aussi sonner sur cet appareil")
    expect(allow).to_be_visible()
    allow.click()
    expect(allow).to_be_hidden()
    assert desk.page.evaluate("beeps") == 1, "and one hears how it sounds"
