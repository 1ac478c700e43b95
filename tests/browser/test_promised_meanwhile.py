"""What whoever handed a call on writes stands on the open page of whoever has the call by now."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from hotline.simulator.legs import Leg
from tests.browser.desks import Desk, accessible
from tests.calls.stage import Stage
from tests.calls.talks import again, desk_of, offer_of
from tests.dashboard.visitor import Visitor

pytestmark = pytest.mark.browser
REMAINS = "Amina a promis de rappeler cette personne"
NO_MORE = "Ce rappel n’est plus utile"


@pytest.fixture
def handed_on(stage: Stage, open_desk: Callable[..., Desk]) -> tuple[Leg, Visitor, int, Desk]:
    """Bruno talks with whom Amina has handed on to him: her desk and offer, and his page, where he types."""
    stage.mediator("Amina", "taxes")
    amina = desk_of(stage, "Amina")
    caller, _, offer = again(stage, amina, "anonymous")
    stage.mediator("Bruno", "work")
    bruno = open_desk("Bruno", viewport={"width": 320, "height": 800})
    amina.post(f"/desk/{offer}/transfer", to=f"mediator:{stage.names['Bruno']}")
    assert stage.rings("Bruno")
    assert offer_of(stage, "Bruno") != offer
    stage.connect(caller, stage.phones["Bruno"])
    expect(bruno.scene).to_contain_text("En conversation")
    bruno.page.get_by_label("À quel numéro").fill("06 39 98")
    bruno.page.get_by_label("Vos notes").press_sequentially("Deux ")
    return caller, amina, offer, bruno


def test_it_is_seen_and_said_while_they_type_on(
    stage: Stage, handed_on: tuple[Leg, Visitor, int, Desk]
) -> None:
    _, amina, offer, bruno = handed_on
    page, field = bruno.page, bruno.page.get_by_label("Vos notes")
    amina.post_json(f"/desk/{offer}/note", revision=0, note="Parle à son fils Marc")
    expect(bruno.scene).to_contain_text("Parle à son fils Marc")
    amina.post(f"/desk/{offer}/finish", disposition="call_back", topic="taxes", number="06 39 98 00 07")
    expect(bruno.scene).to_contain_text(REMAINS)
    expect(page.locator("#spoken")).to_contain_text(REMAINS)
    expect(page.get_by_label("À quel numéro")).to_have_value("06 39 98")
    expect(field).to_be_focused()
    page.keyboard.type("pages")
    expect(field).to_have_value("Deux pages")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    accessible(page)


def test_whoever_says_that_it_is_needed_no_more_is_told_so_and_keeps_what_is_written(
    stage: Stage, handed_on: tuple[Leg, Visitor, int, Desk]
) -> None:
    caller, amina, offer, bruno = handed_on
    amina.post(f"/desk/{offer}/finish", disposition="call_back", topic="taxes", number="06 39 98 00 07")
    expect(bruno.scene).to_contain_text(REMAINS)
    stage.is_helped(caller)
    expect(bruno.scene).to_contain_text("Comment s’est passé cet appel")
    expect(bruno.scene).to_contain_text(REMAINS)
    bruno.press(NO_MORE)
    expect(bruno.page.locator("#said")).to_contain_text("ce rappel n’est plus à faire")
    expect(bruno.scene).not_to_contain_text(REMAINS)
    expect(bruno.page.get_by_label("À quel numéro")).to_be_focused()
    expect(bruno.page.get_by_label("Vos notes")).to_have_value("Deux ")
    accessible(bruno.page)
