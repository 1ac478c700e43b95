"""A number that is dictated by whoever withholds theirs is never lost: nobody can call them back without."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from hotline.simulator.legs import Leg
from hotline.store import tickets
from tests.browser.desks import Desk, accessible, forgets
from tests.calls.stage import Stage

OpenDesk = Callable[..., Desk]
pytestmark = pytest.mark.browser
NUMBER = "06 39 98 00 07"


@pytest.fixture
def dictated(stage: Stage, open_desk: OpenDesk) -> tuple[Desk, Leg]:
    """Amina has typed the number that her caller dictates, and has not pressed anything."""
    stage.mediator("Amina", "taxes")
    desk = open_desk("Amina")
    caller = stage.asks("2", "anonymous")
    assert stage.rings("Amina")
    stage.connect(caller, stage.phones["Amina"])
    expect(desk.scene).to_contain_text("En conversation")
    field(desk.page).press_sequentially(NUMBER)
    return desk, caller


def field(page: Page) -> Locator:
    return page.get_by_label("À quel numéro la rappeler")


def is_to_be_called(stage: Stage, caller: Leg) -> str | None:
    (ticket,) = stage.tickets(caller)
    with stage.services.store.reading() as tx:
        return tickets.number(tx, ticket.id)


def test_it_outlives_the_call_and_the_page(stage: Stage, dictated: tuple[Desk, Leg]) -> None:
    desk, caller = dictated
    stage.leaves(caller)
    expect(desk.scene).to_contain_text("Comment s’est passé")
    expect(field(desk.page)).to_have_value(NUMBER)
    accessible(desk.page)
    desk.page.reload()
    expect(field(desk.page)).to_have_value(NUMBER)
    desk.press("Promettre un rappel")
    expect(desk.scene).to_contain_text("Un rappel est promis")
    forgets(desk.page, "number:")
    assert is_to_be_called(stage, caller) == "+33639980007"


def test_it_goes_with_the_write_up_of_whoever_is_to_be_called_back(
    stage: Stage, dictated: tuple[Desk, Leg]
) -> None:
    desk, caller = dictated
    stage.leaves(caller)
    expect(desk.scene).to_contain_text("Comment s’est passé")
    desk.page.get_by_label("À rappeler").check()
    field(desk.page).fill("douze")
    desk.press("Enregistrer et reprendre les appels")
    expect(desk.page.locator("#said")).to_contain_text("n’est pas un numéro")
    expect(field(desk.page)).to_have_value("douze")
    field(desk.page).fill(NUMBER)
    desk.press("Enregistrer et reprendre les appels")
    expect(desk.page.locator("#said")).to_contain_text("Le rappel est dans")
    forgets(desk.page, "number:")
    assert is_to_be_called(stage, caller) == "+33639980007"


def test_it_is_there_on_ones_day_when_it_was_never_sent(stage: Stage, dictated: tuple[Desk, Leg]) -> None:
    desk, caller = dictated
    offer = desk.scene.get_attribute("data-offer")
    stage.leaves(caller)
    # as somebody does on another device, where the number is not
    desk.page.request.post(
        f"/desk/{offer}/finish",
        form={"disposition": "call_back", "topic": "taxes"},
        headers=desk.page.evaluate("JSON.parse(document.body.getAttribute('hx-headers'))"),
    )
    desk.page.goto("/day")
    expect(field(desk.page)).to_have_value(NUMBER)
    desk.press("Promettre un rappel")
    # the answer says so too, until the page has fetched itself afresh
    expect(desk.page.locator("#day")).to_contain_text("C’est vous qui avez promis ce rappel")
    forgets(desk.page, "number:")


def test_an_empty_field_asks_for_nothing_when_the_talk_is_written_up(
    stage: Stage, dictated: tuple[Desk, Leg]
) -> None:
    desk, caller = dictated
    field(desk.page).fill("")
    stage.leaves(caller)
    expect(desk.scene).to_contain_text("Comment s’est passé")
    desk.page.get_by_label("C’est résolu").check()
    desk.press("Enregistrer et reprendre les appels")
    expect(desk.page.locator("#said")).to_contain_text("C’est enregistré")
    assert stage.tickets(caller) == []
