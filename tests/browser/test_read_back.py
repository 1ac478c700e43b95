"""A number that is dictated is read back and corrected on the page; what is being typed outlives all news."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from hotline.ivr import numbers
from hotline.simulator.legs import Leg
from hotline.store import tickets
from tests.browser.desks import Desk, accessible, talking
from tests.browser.together import other_tab
from tests.calls.stage import Stage

OpenDesk = Callable[..., Desk]
pytestmark = pytest.mark.browser
TYPED, RIGHT = "01 99 00 55 45", "01 99 00 55 46"
FIELD = "À quel numéro rappeler cette personne"


def called_at(stage: Stage, caller: Leg) -> str:
    (ticket,) = stage.tickets(caller)
    with stage.services.store.reading() as tx:
        found = tickets.number(tx, ticket.id)
    assert found is not None
    return numbers.readable(found)


def reads(page: Page, number: str) -> None:
    expect(page.locator(".read-back")).to_contain_text(number)


def test_it_is_read_back_and_corrected_in_every_window(stage: Stage, open_desk: OpenDesk) -> None:
    desk, caller = talking(stage, open_desk, "anonymous")
    desk.page.get_by_label("À quel numéro la rappeler").fill(TYPED)
    desk.press("Promettre un rappel")
    reads(desk.page, TYPED)
    problems: list[str] = []
    other = other_tab(desk, problems)
    reads(other, TYPED)
    other.get_by_text("Corriger le numéro").click()
    expect(other.get_by_label(FIELD)).to_have_value(TYPED)
    desk.page.bring_to_front()
    desk.page.get_by_text("Corriger le numéro").click()
    desk.page.get_by_label(FIELD).fill("01 99")
    desk.press("Rappeler à ce numéro")
    expect(desk.page.get_by_label(FIELD)).to_be_focused()
    expect(desk.page.get_by_label(FIELD)).to_have_value("01 99")
    accessible(desk.page)
    desk.page.get_by_label(FIELD).fill(RIGHT)
    stage.carrier.advance(1)
    desk.press("Rappeler à ce numéro")
    reads(desk.page, RIGHT)
    expect(desk.page.get_by_label(FIELD)).to_be_hidden()
    other.bring_to_front()
    reads(other, RIGHT)
    expect(other.get_by_label(FIELD)).to_have_value(RIGHT)
    stage.leaves(caller)
    expect(other.locator("#desk .scene")).to_contain_text("Comment s’est passé")
    reads(other, RIGHT)
    assert called_at(stage, caller) == RIGHT
    assert problems == []


def test_a_correction_that_is_being_typed_outlives_the_call_and_is_saved(
    stage: Stage, open_desk: OpenDesk
) -> None:
    desk, caller = talking(stage, open_desk, "anonymous")
    desk.page.get_by_label("À quel numéro la rappeler").fill(TYPED)
    desk.press("Promettre un rappel")
    desk.page.get_by_text("Corriger le numéro").click()
    desk.page.get_by_label(FIELD).fill(RIGHT)
    stage.leaves(caller)
    expect(desk.scene).to_contain_text("Comment s’est passé")
    expect(desk.page.get_by_label(FIELD)).to_have_value(RIGHT)
    desk.page.get_by_label("C’est résolu").check()
    desk.press("Enregistrer et reprendre les appels")
    expect(desk.page.locator("#said")).to_contain_text("C’est enregistré")
    assert called_at(stage, caller) == RIGHT


@pytest.mark.parametrize("button", ["Rappeler à ce numéro", "Promettre un rappel"])
def test_another_number_is_taken_by_whichever_button(stage: Stage, open_desk: OpenDesk, button: str) -> None:
    desk, caller = talking(stage, open_desk, "+33639980001")
    expect(desk.page.get_by_label(FIELD)).to_be_hidden()
    desk.page.get_by_text("Rappeler à un autre numéro").click()
    desk.page.get_by_label(FIELD).press_sequentially(TYPED)
    desk.page.reload()
    expect(desk.page.get_by_label(FIELD)).to_have_value(TYPED)
    expect(desk.page.get_by_label(FIELD)).to_be_visible()
    accessible(desk.page)
    desk.press(button)
    reads(desk.page, TYPED)
    assert called_at(stage, caller) == TYPED


def test_whoever_calls_back_corrects_it_on_their_day(stage: Stage, open_desk: OpenDesk) -> None:
    desk, caller = talking(stage, open_desk, "anonymous")
    desk.page.get_by_label("À quel numéro la rappeler").fill(TYPED)
    desk.press("Promettre un rappel")
    stage.leaves(caller)
    page = desk.page
    page.goto("/day")
    page.get_by_role("button", name="Je rappelle cette personne").click()
    page.get_by_role("button", name="Voir le numéro").click()
    expect(page.locator("#day")).to_contain_text(TYPED)
    page.get_by_text("Corriger le numéro").click()
    page.get_by_label(FIELD).fill("douze")
    page.get_by_role("button", name="Rappeler à ce numéro").click()
    expect(page.locator("#said")).to_contain_text("pas un numéro")
    expect(page.get_by_label(FIELD)).to_have_value("douze")
    page.get_by_label(FIELD).fill(RIGHT)
    stage.carrier.advance(1)
    page.get_by_role("button", name="Rappeler à ce numéro").click()
    expect(page.locator("#said")).to_contain_text("Le numéro est corrigé")
    expect(page.locator("#day")).not_to_contain_text(TYPED)
    expect(page.get_by_label(FIELD)).to_be_hidden()
    accessible(page)
    page.get_by_role("button", name="Voir le numéro").click()
    expect(page.locator("#day")).to_contain_text(RIGHT)
