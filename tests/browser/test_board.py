"""The board in a real browser: what happens is seen within a second, and the number never."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from hotline.queue.roles import Role
from hotline.store import accounts
from tests.browser.desks import IN_TIME, Desk, accessible, again
from tests.calls.stage import Stage

OpenDesk = Callable[..., Desk]
pytestmark = pytest.mark.browser


def test_from_what_happens_to_what_is_seen_in_a_second(stage: Stage, open_desk: OpenDesk) -> None:
    stage.mediator("Amina", "taxes")
    desk = open_desk("Amina", path="/board")
    board = desk.page.locator("#board")
    expect(board).to_contain_text("Disponibles")
    took = []
    for _ in range(5):
        began = time.perf_counter()
        stage.pause("Amina")
        expect(board).to_contain_text("En pause")
        took.append(time.perf_counter() - began)
        stage.resume("Amina")
        expect(board).not_to_contain_text("En pause")
    assert sorted(took)[len(took) // 2] < 1.0, took


def test_whoever_waits_is_on_the_board_and_their_number_is_not(stage: Stage, open_desk: OpenDesk) -> None:
    stage.busy("Chloé")
    stage.mediator("Amina", "work")
    desk = open_desk("Amina", path="/board")
    caller = stage.holds()
    expect(desk.page.locator("#board")).to_contain_text("mpôts")
    accessible(desk.page)
    assert "39980001" not in desk.page.content()
    stage.leaves(caller)
    expect(desk.page.locator("#board")).to_contain_text("Personne n’attend")


def test_a_board_that_was_cut_off_is_right_again_by_itself(stage: Stage, open_desk: OpenDesk) -> None:
    stage.mediator("Amina", "taxes")
    desk = open_desk("Amina", path="/board")
    expect(desk.page.locator("#board")).to_contain_text("Disponibles")
    desk.page.context.set_offline(True)
    expect(desk.page.locator("#connection")).to_contain_text("La connexion est coupée")
    stage.pause("Amina")
    desk.page.context.set_offline(False)
    expect(desk.page.locator("#board")).to_contain_text("En pause")
    expect(desk.page.locator("#connection")).to_be_hidden()


def seconds(wait: Locator) -> int:
    minutes, rest = wait.inner_text().split(":")
    return 60 * int(minutes) + int(rest)


def stopped(page: Page, at: datetime) -> None:
    """That device's clock shows this, and goes on only when it is told to; the board has been sent once."""
    page.add_init_script("addEventListener('picture', () => document.body.dataset.sent = '1', true)")
    # until it stands still it goes on
    page.clock.install(time=at - timedelta(minutes=1))
    page.clock.pause_at(at)
    page.reload()
    expect(page.locator("body[data-sent]")).to_be_attached()


def test_waits_tick_by_themselves_whatever_the_clock_of_the_device(stage: Stage, open_desk: OpenDesk) -> None:
    stage.busy("Chloé")
    stage.holds()
    stage.carrier.advance(45)
    page = open_desk("Amina", path="/board").page
    stopped(page, datetime(2011, 1, 1, tzinfo=UTC))
    wait = page.locator("#board .waits span")
    began = seconds(wait)
    assert 45 <= began < 60, "the hotline's clock counts"
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(1_000)
    assert seconds(wait) == began + 1
    page.clock.run_for(19_000)
    assert seconds(wait) == began + 20
    assert asked == []


@pytest.fixture
def elsewhere(browser: Browser, stage: Stage) -> Iterator[Callable[[str], Desk]]:
    """The same person in one more browser."""
    opened: list[Desk] = []
    problems: list[str] = []

    def make(name: str) -> Desk:
        with stage.services.store.reading() as tx:
            found = accounts.by_email(tx, f"{name}@example.org".lower())
        assert found is not None
        opened.append(again(browser, stage, found.id, name, problems, path="/profile"))
        return opened[-1]

    yield make
    for desk in opened:
        desk.page.context.close()
    assert problems == []


def watch_for(page: Page, words: str) -> None:
    """Remember in the tab, whatever page it goes to, if these words are ever shown."""
    page.evaluate(
        """(words) => new MutationObserver(() => {
            if (document.body.textContent.includes(words)) sessionStorage.setItem("shown", words)
        }).observe(document.body, { childList: true, subtree: true, characterData: true })""",
        words,
    )


def sent_to_log_in(page: Page) -> None:
    expect(page).to_have_url(re.compile("/account/login"), timeout=IN_TIME)
    expect(page.get_by_role("heading", name="Se connecter")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "news"), [("/board", "un téléphone sonne"), ("/desk", "Votre téléphone sonne")]
)
def test_who_is_logged_out_elsewhere_sees_it_and_hears_no_more_news(
    stage: Stage, open_desk: OpenDesk, elsewhere: Callable[[str], Desk], path: str, news: str
) -> None:
    stage.mediator("Amina", "taxes")
    here = open_desk("Amina", path=path)
    there = elsewhere("Amina")
    beside = there.page.context.new_page()
    beside.goto(path)
    watch_for(here.page, news)
    there.press("Me déconnecter partout ailleurs")
    stage.asks("2")
    assert stage.rings("Amina")
    sent_to_log_in(here.page)
    assert here.page.evaluate("sessionStorage.getItem('shown')") is None
    expect(beside.get_by_text(news).first).to_be_visible()


def test_whose_account_is_closed_is_sent_to_log_in_from_every_open_page(
    stage: Stage, open_desk: OpenDesk
) -> None:
    stage.mediator("Amina", "taxes")
    amina = open_desk("Amina", path="/board")
    tabs = [amina.page, *(amina.page.context.new_page() for _ in range(2))]
    for page, path in zip(tabs[1:], ("/desk", "/day"), strict=True):
        page.goto(path)
    claude = open_desk("Claude", role=Role.COORDINATOR, path="/people")
    claude.page.get_by_role("link", name="Amina").click()
    claude.page.get_by_role("button", name="Fermer le compte", exact=True).click()
    claude.press("Oui, fermer le compte")
    for page in tabs:
        sent_to_log_in(page)
