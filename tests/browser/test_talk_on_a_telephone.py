"""The page of a talk, and of what follows it, under a thumb: nothing is pressed by mistake or overlooked."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from hotline.simulator.faults import RestFault
from tests.browser.desks import PHONE, Desk, accessible, talking
from tests.browser.together import other_tab
from tests.calls.stage import Stage

OpenDesk = Callable[..., Desk]
pytestmark = pytest.mark.browser
SMALL = {"width": 320, "height": 568}
A_THUMB = 56
ARROW_STAYS_IN = """(summary) => summary.scrollHeight <= summary.clientHeight
    && getComputedStyle(summary).display === "flex" """


def edges(one: Locator) -> tuple[float, float]:
    box = one.bounding_box()
    assert box is not None
    return box["y"], box["y"] + box["height"]


@pytest.mark.parametrize("viewport", [PHONE, SMALL])
def test_nothing_is_near_the_button_that_ends_the_call(
    stage: Stage, open_desk: OpenDesk, viewport: dict[str, int]
) -> None:
    stage.mediator("Bruno", "work")
    desk, _ = talking(stage, open_desk, viewport=viewport)
    desk.page.get_by_text("Passer à quelqu’un d’autre").click()
    top, bottom = edges(desk.page.get_by_role("button", name="Raccrocher"))
    others = desk.scene.locator(
        "button:visible, summary:visible, a:visible, textarea:visible, select:visible"
    )
    for one in others.all():
        if one.inner_text() != "Raccrocher":
            above, below = edges(one)
            assert below + A_THUMB <= top or above >= bottom + A_THUMB, one.inner_text()
    assert desk.page.get_by_text("Passer à quelqu’un d’autre").evaluate(ARROW_STAYS_IN)
    assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_wish_that_is_not_carried_out_is_seen_and_taken_back_in_every_window(
    stage: Stage, open_desk: OpenDesk
) -> None:
    stage.mediator("Bruno", "work")
    desk, caller = talking(stage, open_desk, viewport=PHONE)
    problems: list[str] = []
    other = other_tab(desk, problems)
    there = other.locator("#desk .scene")
    desk.page.bring_to_front()
    stage.carrier.faults.rest.append(RestFault("500", times=None))
    desk.page.get_by_text("Passer à quelqu’un d’autre").click()
    desk.page.get_by_label("À qui").select_option(label="Bruno")
    desk.press("Transférer")
    stage.carrier.advance(1)
    for scene in (desk.scene, there):
        scene.page.bring_to_front()
        expect(scene).to_contain_text("l’appel passera à Bruno.")
    accessible(other)
    desk.page.reload()
    expect(desk.scene).to_contain_text("l’appel passera à Bruno.")
    other.get_by_role("button", name="Ne plus passer l’appel").click()
    expect(other.locator("#said")).to_contain_text("l’appel reste chez vous")
    desk.page.bring_to_front()
    expect(desk.scene).not_to_contain_text("l’appel passera")
    stage.carrier.advance(1)
    stage.phones["Amina"].hang_up()
    assert stage.is_over(caller, within=20)
    expect(desk.scene).to_contain_text("Comment s’est passé")
    assert problems == []


@pytest.mark.parametrize(
    ("way", "then", "state"),
    [
        ("Enregistrer et commencer la pause", "Vous êtes en pause", "away"),
        ("Enregistrer et arrêter les appels", "Vous avez terminé", "off"),
    ],
)
def test_whoever_has_written_it_up_stops_with_one_more_press(
    stage: Stage, open_desk: OpenDesk, way: str, then: str, state: str
) -> None:
    stage.mediator("Bruno", "work")
    desk, caller = talking(stage, open_desk, viewport=SMALL)
    stage.leaves(caller)
    expect(desk.scene).to_contain_text("Comment s’est passé")
    page = desk.page
    page.get_by_text("Enregistrer et faire une pause").click()
    page.get_by_label("un repas").check()
    page.get_by_label("30 minutes").check()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    accessible(page)
    page.get_by_label("C’est résolu").check()
    desk.press(way)
    expect(desk.scene).to_contain_text(then)
    expect(page.locator("#said")).to_contain_text("C’est enregistré")
    assert stage.state("Amina") == state


def test_return_in_a_field_goes_on_with_the_calls(stage: Stage, open_desk: OpenDesk) -> None:
    stage.mediator("Bruno", "work")
    desk, caller = talking(stage, open_desk, viewport=PHONE)
    stage.leaves(caller)
    desk.page.get_by_label("Quelqu’un d’autre prend le relais").check()
    desk.page.get_by_label("Qui prend le relais").press("Enter")
    expect(desk.page.locator("#said")).to_contain_text("C’est enregistré")
    assert stage.state("Amina") == "available"
