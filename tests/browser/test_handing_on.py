"""A call that is handed on: what becomes of it is shown to whoever handed it on, on the page that is open."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from hotline.simulator.legs import Leg
from tests.browser.desks import Desk, accessible
from tests.browser.spied import beeps_in, notes, spied
from tests.calls.stage import Stage

OpenDesk = Callable[..., Desk]
pytestmark = pytest.mark.browser
WAITS = "Bruno n’a pas pu prendre l’appel\N{NO-BREAK SPACE}: la personne vous attend."
MORE_TIME = "J’ai besoin de cinq minutes de plus"


@pytest.fixture
def talk(stage: Stage, open_desk: OpenDesk) -> tuple[Desk, Leg]:
    """Amina talks with somebody; Bruno knows something else."""
    stage.mediator("Amina", "taxes")
    stage.mediator("Bruno", "work")
    desk = spied(open_desk("Amina"))
    caller = stage.asks("2")
    assert stage.rings("Amina")
    stage.connect(caller, stage.phones["Amina"])
    expect(desk.scene).to_contain_text("En conversation")
    return desk, caller


@pytest.fixture
def handed_on(stage: Stage, talk: tuple[Desk, Leg]) -> tuple[Desk, Leg]:
    """She has handed the call on to Bruno, whose telephone rings, and writes."""
    desk, caller = talk
    hand_on(desk, "Bruno")
    assert stage.rings("Bruno")
    expect(desk.scene).to_contain_text("Comment s’est passé")
    expect(desk.scene).to_contain_text("Le téléphone de Bruno sonne.")
    desk.page.get_by_label("Vos notes").press_sequentially("Avis de 2025")
    return desk, caller


def hand_on(desk: Desk, to: str) -> None:
    desk.page.get_by_text("Passer à quelqu’un d’autre").click()
    desk.page.get_by_label("À qui").select_option(label=to)
    desk.press("Transférer")


def passed_on(desk: Desk) -> Locator:
    return desk.page.get_by_label("Quelqu’un d’autre prend le relais")


def test_a_call_that_comes_back_is_seen_and_heard_where_somebody_writes(
    stage: Stage, handed_on: tuple[Desk, Leg]
) -> None:
    desk, caller = handed_on
    page, title = desk.page, desk.page.title()
    page.get_by_label("Date limite").fill("2026-12-14")
    page.evaluate("beeps = 0")
    stage.phones["Bruno"].reject()
    assert stage.carrier.advance_until(lambda: caller.in_queue is not None, 30)
    expect(desk.scene).to_contain_text(WAITS)
    expect(page.get_by_role("alert")).to_contain_text(WAITS)
    expect(page).to_have_title(re.compile("☎ La personne vous attend"))
    assert page.evaluate("beeps") == 1
    assert notes(page) == ["La personne vous attend"]
    expect(page.get_by_role("button", name=MORE_TIME)).to_have_count(0)
    expect(page.get_by_label("Vos notes")).to_have_value("Avis de 2025")
    expect(page.get_by_label("Vos notes")).not_to_be_focused()
    expect(page.get_by_label("Date limite")).to_have_value("2026-12-14")
    accessible(page)
    stage.leaves(caller)
    expect(desk.scene).not_to_contain_text("la personne vous attend")
    expect(desk.scene).to_contain_text("a raccroché")
    expect(page.get_by_role("button", name=MORE_TIME)).to_be_visible()
    expect(page).to_have_title(title)
    assert notes(page) == []
    expect(page.get_by_label("Date limite")).to_have_value("2026-12-14")


def test_a_call_that_comes_back_is_heard_on_every_page(stage: Stage, handed_on: tuple[Desk, Leg]) -> None:
    desk, caller = handed_on
    page, banner = desk.page, desk.page.locator("#ringing")
    page.goto("/day")
    title = page.title()
    expect(banner.locator("[data-offer]")).to_be_attached()
    expect(banner).to_be_hidden()
    stage.phones["Bruno"].reject()
    assert stage.carrier.advance_until(lambda: caller.in_queue is not None, 30)
    expect(banner).to_contain_text(WAITS)
    expect(page.get_by_role("alert")).to_contain_text(WAITS)
    expect(page).to_have_title(re.compile("☎ La personne vous attend"))
    assert beeps_in(page, 9_500) == 0, "it was heard once"
    assert page.evaluate("beeps") == 1
    accessible(page)
    stage.leaves(caller)
    expect(banner).to_be_hidden()
    expect(page).to_have_title(title)


def test_a_fresh_page_says_aloud_that_somebody_waits(stage: Stage, handed_on: tuple[Desk, Leg]) -> None:
    desk, caller = handed_on
    stage.phones["Bruno"].reject()
    assert stage.carrier.advance_until(lambda: caller.in_queue is not None, 30)
    expect(desk.scene).to_contain_text(WAITS)
    desk.page.reload()
    expect(desk.page.get_by_role("alert")).to_contain_text(WAITS)


def test_whoever_types_when_it_comes_back_types_on(stage: Stage, handed_on: tuple[Desk, Leg]) -> None:
    desk, caller = handed_on
    field = desk.page.get_by_label("Vos notes")
    field.press("End")
    stage.phones["Bruno"].reject()
    assert stage.carrier.advance_until(lambda: caller.in_queue is not None, 30)
    expect(desk.scene).to_contain_text(WAITS)
    desk.page.keyboard.type(", deux pages")
    expect(field).to_be_focused()
    expect(field).to_have_value("Avis de 2025, deux pages")


def test_a_call_that_was_taken_is_written_up_with_one_click(
    stage: Stage, handed_on: tuple[Desk, Leg]
) -> None:
    desk, caller = handed_on
    expect(passed_on(desk)).not_to_be_checked()
    stage.connect(caller, stage.phones["Bruno"])
    expect(desk.scene).to_contain_text("Bruno a pris l’appel.")
    expect(desk.page.locator("#spoken")).to_have_text("Bruno a pris l’appel.")
    expect(passed_on(desk)).to_be_checked()
    expect(desk.page.get_by_label("Qui prend le relais")).to_have_value("Bruno")
    accessible(desk.page)
    desk.press("Enregistrer et reprendre les appels")
    expect(desk.page.locator("#said")).to_contain_text("C’est enregistré")
    desk.page.goto("/day")
    expect(desk.page.locator("#day")).to_contain_text("Quelqu’un d’autre prend le relais")
    expect(desk.page.locator("#day")).to_contain_text("Qui a pris le relais\N{NO-BREAK SPACE}: Bruno")


def test_what_was_chosen_before_it_was_taken_stays(stage: Stage, handed_on: tuple[Desk, Leg]) -> None:
    desk, caller = handed_on
    desk.page.get_by_label("Résolu en partie").check()
    stage.connect(caller, stage.phones["Bruno"])
    expect(desk.scene).to_contain_text("Bruno a pris l’appel.")
    expect(desk.page.get_by_label("Résolu en partie")).to_be_checked()
    desk.page.reload()
    expect(desk.page.get_by_label("Résolu en partie")).to_be_checked()


def test_a_page_that_is_opened_when_it_was_taken_has_the_ending(
    stage: Stage, handed_on: tuple[Desk, Leg]
) -> None:
    desk, caller = handed_on
    desk.page.get_by_label("Date limite").fill("2026-12-14")
    desk.page.goto("/board")
    stage.connect(caller, stage.phones["Bruno"])
    desk.page.goto("/desk")
    expect(passed_on(desk)).to_be_checked()
    expect(desk.page.get_by_label("Date limite")).to_have_value("2026-12-14")


def test_to_a_topic_whoever_takes_it_is_named(stage: Stage, talk: tuple[Desk, Leg]) -> None:
    desk, caller = talk
    hand_on(desk, "emploi")
    assert stage.rings("Bruno")
    expect(desk.scene).to_contain_text("Le téléphone de Bruno sonne.")
    stage.phones["Bruno"].reject()
    expect(desk.scene).to_contain_text("La personne attend qui sera libre en premier.")
    stage.mediator("Chloé", "work")
    assert stage.rings("Chloé")
    stage.connect(caller, stage.phones["Chloé"])
    expect(desk.scene).to_contain_text("Chloé a pris l’appel.")
    expect(desk.page.get_by_label("Qui prend le relais")).to_have_value("Chloé")


def test_the_list_of_who_is_free_follows_them(stage: Stage, talk: tuple[Desk, Leg]) -> None:
    desk, _ = talk
    names, free = desk.page.get_by_label("À qui"), desk.page.locator("#others")
    desk.page.get_by_text("Passer à quelqu’un d’autre").click()
    names.select_option(label="Bruno")
    stage.mediator("Chloé", "work")
    expect(free).to_contain_text("Chloé")
    expect(names).to_have_value(f"mediator:{stage.names['Bruno']}")
    stage.pause("Bruno")
    expect(free).not_to_contain_text("Bruno")
    expect(names).to_have_value("")
    stage.pause("Chloé")
    expect(free).to_be_hidden()
    accessible(desk.page)
