"""A promise to call back: its code stays on the page, in every window, and is said once."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desks import Desk, accessible, talking
from tests.browser.together import other_tab
from tests.calls.stage import Stage

OpenDesk = Callable[..., Desk]
pytestmark = pytest.mark.browser
PROMISE = "Promettre un rappel"


def shows_the_code_and_no_button(page: Page, code: str) -> None:
    expect(page.locator("#callback")).to_contain_text(code)
    expect(page.locator("#callback")).to_contain_text("Un rappel est promis")
    expect(page.get_by_text(code)).to_have_count(1)
    expect(page.get_by_role("button", name="rappel")).to_have_count(0)


@pytest.mark.parametrize("number", ["anonymous", "+33639980001"])
def test_the_code_stays_through_a_reload_in_other_windows_and_after_the_call(
    stage: Stage, open_desk: OpenDesk, number: str
) -> None:
    (desk, caller), problems = talking(stage, open_desk, number), list[str]()
    other = other_tab(desk, problems)
    field = desk.page.get_by_label("À quel numéro la rappeler")
    if number == "anonymous":
        field.fill("06 39 98 00 07")
    desk.press(PROMISE)
    (ticket,) = stage.tickets(caller)
    expect(desk.page.get_by_label("Rappels promis")).to_be_focused()
    for page in (desk.page, other):
        shows_the_code_and_no_button(page, ticket.code)
        accessible(page)
    desk.page.reload()
    expect(desk.scene).to_contain_text("En conversation")
    shows_the_code_and_no_button(desk.page, ticket.code)
    stage.leaves(caller)
    for page in (desk.page, other):
        expect(page.locator(".scene")).to_contain_text("Comment s’est passé")
        shows_the_code_and_no_button(page, ticket.code)
    assert problems == []


def test_what_is_written_stays_when_another_window_promises(stage: Stage, open_desk: OpenDesk) -> None:
    (desk, caller), problems = talking(stage, open_desk, "anonymous"), list[str]()
    other = other_tab(desk, problems)
    there = other.get_by_label("Vos notes")
    there.press_sequentially("Né en 1950")
    there.evaluate("(field) => field.setSelectionRange(2, 2)")
    desk.page.get_by_label("À quel numéro la rappeler").fill("06 39 98 00 07")
    desk.press(PROMISE)
    expect(other.locator("#callback")).to_contain_text(stage.tickets(caller)[0].code)
    expect(there).to_be_focused()
    other.keyboard.type("e")
    expect(there).to_have_value("Née en 1950")
    assert problems == []


def test_more_time_in_one_window_is_shown_in_the_other(stage: Stage, open_desk: OpenDesk) -> None:
    (desk, caller), problems = talking(stage, open_desk, "+33639980001"), list[str]()
    other = other_tab(desk, problems)
    stage.leaves(caller)
    ends = other.locator("[data-resumed]")
    expect(ends).to_contain_text("Les appels reprennent à")
    before = ends.inner_text()
    other.get_by_label("Résolu en partie").check()
    other.get_by_label("Vos notes").press_sequentially("Avis")
    desk.press("J’ai besoin de cinq minutes de plus")
    expect(ends).not_to_have_text(before)
    expect(ends).to_have_text(desk.page.locator("[data-resumed]").inner_text())
    expect(other.get_by_label("Résolu en partie")).to_be_checked()
    expect(other.get_by_label("Vos notes")).to_have_value("Avis")
    expect(other.get_by_label("Vos notes")).to_be_focused()
    assert problems == []


def test_a_number_that_is_proposed_for_blocking_in_one_window_is_so_in_the_other(
    stage: Stage, open_desk: OpenDesk
) -> None:
    (desk, caller), problems = talking(stage, open_desk, "+33639980001"), list[str]()
    other = other_tab(desk, problems)
    stage.leaves(caller)
    other.get_by_text("Proposer de bloquer ce numéro").click()
    other.get_by_label("Pourquoi").fill("insultes")
    desk.press("J’ai besoin de cinq minutes de plus")
    expect(other.get_by_label("Pourquoi")).to_have_value("insultes")
    desk.page.get_by_text("Proposer de bloquer ce numéro").click()
    desk.page.get_by_label("Pourquoi").fill("menaces")
    desk.press("Proposer le blocage")
    for page in (desk.page, other):
        expect(page.locator(".scene")).to_contain_text("Il est proposé de bloquer ce numéro")
    assert problems == []


def test_without_a_number_it_is_said_at_the_field_what_is_needed(stage: Stage, open_desk: OpenDesk) -> None:
    desk, _ = talking(stage, open_desk, "anonymous")
    field = desk.page.get_by_label("À quel numéro la rappeler")
    desk.press(PROMISE)
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(
        "Écrivez d’abord le numéro\N{NO-BREAK SPACE}: sans lui, personne ne pourra rappeler."
    )
    accessible(desk.page)
    field.fill("douze")
    desk.press(PROMISE)
    expect(field).to_be_focused()
    expect(field).to_have_value("douze")
    expect(desk.scene).to_contain_text("Ce n’est pas un numéro de téléphone")
