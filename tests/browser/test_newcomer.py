"""What a newcomer does after `make run`, in a real browser, with every process real."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.demonstration import IN_TIME, caller, press, telephone


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("request", lambda request: _same_host(request.url, address, problems))
    opened.goto(address)
    yield opened
    opened.close()
    assert problems == []


def _same_host(url: str, address: str, problems: list[str]) -> None:
    if not url.startswith((address, "blob:", "data:")):
        problems.append(f"asked another host: {url}")


@pytest.mark.browser
def test_call_listen_choose_answer_talk_and_hang_up(page: Page) -> None:
    with page.expect_response(re.compile(r"/audio/.*\.wav")) as spoken:
        caller(page).get_by_role("button", name="Appeler").click()
    assert spoken.value.body().startswith(b"RIFF")
    expect(caller(page)).to_contain_text("Bonjour", timeout=IN_TIME)
    press(caller(page), "3")
    ringing = telephone(page, "Chloé")
    expect(ringing).to_contain_text("Affiche le 01 99 00 12 34", timeout=IN_TIME)
    ringing.get_by_role("button", name="Décrocher").click()
    expect(ringing).to_contain_text("Pour répondre, faites le 1", timeout=IN_TIME)
    press(ringing, "1")
    expect(caller(page)).to_contain_text("Vous êtes en communication avec Chloé", timeout=IN_TIME)
    expect(ringing).to_contain_text("Vous êtes en communication", timeout=IN_TIME)
    ringing.get_by_role("button", name="Raccrocher").click()
    expect(caller(page)).to_contain_text("Au revoir", timeout=IN_TIME)
    expect(caller(page).get_by_role("button", name="Appeler")).to_be_visible(timeout=IN_TIME)
    seen = page.get_by_role("region", name="Ce que l’opérateur a vu")
    expect(seen).to_contain_text("Chloé appuie sur 1")
    expect(seen).to_contain_text("se parlent")


@pytest.mark.browser
def test_who_declines_is_followed_by_the_next_telephone(page: Page) -> None:
    caller(page).get_by_role("button", name="Appeler").click()
    expect(caller(page)).to_contain_text("Bonjour", timeout=IN_TIME)
    press(caller(page), "2")
    first = page.locator("[data-state=ringing]").first
    expect(first).to_be_visible(timeout=IN_TIME)
    refused = first.get_attribute("aria-label") or first.get_attribute("aria-labelledby")
    first.get_by_role("button", name="Refuser").click()
    expect(page.locator("[data-state=ringing]")).to_have_count(0, timeout=IN_TIME)
    expect(page.locator("[data-state=ringing]").first).to_be_visible(timeout=IN_TIME)
    second = page.locator("[data-state=ringing]").first
    assert (second.get_attribute("aria-label") or second.get_attribute("aria-labelledby")) != refused
    caller(page).get_by_role("button", name="Raccrocher").click()
    expect(page.locator("[data-state=ringing]")).to_have_count(0, timeout=IN_TIME)


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 640])
def test_nothing_sticks_out_on_a_small_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    expect(caller(page).get_by_role("button", name="Appeler")).to_be_visible(timeout=IN_TIME)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
