"""The board in a real browser: what happens is seen within a second, and the number never."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.desks import Desk, accessible
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
