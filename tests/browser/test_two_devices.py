"""The same person at a laptop and a telephone: a note is one note, whichever they write on."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from hotline.queue.ids import AccountId
from tests.browser.desks import PHONE, Desk, accessible, again
from tests.calls.stage import Stage

OpenDesk = Callable[..., Desk]
pytestmark = pytest.mark.browser


@pytest.fixture
def both(stage: Stage, open_desk: OpenDesk, browser: Browser) -> Iterator[tuple[Desk, Desk]]:
    """Amina talks with somebody; her laptop and her telephone show it."""
    stage.mediator("Amina", "taxes")
    laptop, problems = open_desk("Amina"), list[str]()
    caller = stage.asks("2")
    assert stage.rings("Amina")
    stage.connect(caller, stage.phones["Amina"])
    telephone = again(browser, stage, AccountId(1), "Amina", problems, viewport=PHONE)
    for desk in (laptop, telephone):
        expect(desk.scene).to_contain_text("En conversation")
    yield laptop, telephone
    telephone.page.context.close()
    assert problems == []


def notes(desk: Desk) -> Locator:
    return desk.page.get_by_label("Vos notes")


def saved(desk: Desk) -> None:
    expect(desk.page.locator("#note-state")).to_have_text("Enregistré.")


def cut(desk: Desk, is_cut: bool) -> None:
    desk.page.context.set_offline(is_cut)
    banner = expect(desk.page.locator("#connection"))
    if is_cut:
        banner.to_contain_text("La connexion est coupée")


def test_what_is_written_on_one_shows_on_the_other(both: tuple[Desk, Desk]) -> None:
    laptop, telephone = both
    notes(telephone).focus()
    notes(laptop).press_sequentially("Cherche son avis")
    expect(notes(telephone)).to_have_value("Cherche son avis")
    expect(notes(telephone)).to_be_focused()
    notes(laptop).press_sequentially(" de 2025")
    expect(notes(telephone)).to_have_value("Cherche son avis de 2025")
    notes(telephone).press("Home")
    notes(telephone).press_sequentially("Amel. ")
    expect(notes(laptop)).to_have_value("Amel. Cherche son avis de 2025")


def test_the_caret_stays_where_somebody_reads(both: tuple[Desk, Desk]) -> None:
    laptop, telephone = both
    notes(laptop).press_sequentially("Cherche son avis")
    expect(notes(telephone)).to_have_value("Cherche son avis")
    notes(telephone).evaluate("(field) => { field.focus(); field.setSelectionRange(7, 7); }")
    notes(laptop).press_sequentially(" de 2025")
    expect(notes(telephone)).to_have_value("Cherche son avis de 2025")
    assert notes(telephone).evaluate("(field) => field.selectionStart") == 7


def test_what_both_wrote_on_is_there_and_what_it_was_made_of_once(both: tuple[Desk, Desk]) -> None:
    laptop, telephone = both
    notes(laptop).press_sequentially("Cherche son avis.")
    saved(laptop)
    expect(notes(telephone)).to_have_value("Cherche son avis.")
    cut(laptop, True)
    notes(laptop).press_sequentially(" Né en 1950.")
    notes(telephone).press("End")
    notes(telephone).press_sequentially(" Rappelle lundi.")
    saved(telephone)
    cut(laptop, False)
    for desk in both:
        expect(notes(desk)).to_have_value("Cherche son avis. Rappelle lundi.\nNé en 1950.")
    saved(laptop)


def test_who_has_written_the_same_and_more_writes_nothing_twice(both: tuple[Desk, Desk]) -> None:
    laptop, telephone = both
    cut(laptop, True)
    notes(laptop).press_sequentially("Cherche son avis")
    notes(telephone).press_sequentially("Cherche son avis de 2025")
    saved(telephone)
    cut(laptop, False)
    saved(laptop)
    for desk in both:
        expect(notes(desk)).to_have_value("Cherche son avis de 2025")


def test_after_a_conflict_every_window_says_that_it_is_saved(both: tuple[Desk, Desk]) -> None:
    laptop, telephone = both
    second = laptop.page.context.new_page()
    second.goto("/desk")
    expect(second.locator(".scene")).to_contain_text("En conversation")
    cut(laptop, True)
    notes(laptop).press_sequentially("Né en 1950.")
    expect(laptop.page.locator("#note-state")).to_contain_text("Gardé sur cet appareil")
    expect(second.get_by_label("Vos notes")).to_have_value("Né en 1950.")
    second.get_by_label("Vos notes").press("End")
    second.get_by_label("Vos notes").press_sequentially(" Seul.")
    notes(telephone).press_sequentially("Rappelle lundi.")
    saved(telephone)
    cut(laptop, False)
    saved(laptop)
    expect(second.locator("#note-state")).to_have_text("Enregistré.")
    for page in (laptop.page, second, telephone.page):
        expect(page.get_by_label("Vos notes")).to_have_value("Rappelle lundi.\nNé en 1950. Seul.")


def test_what_is_written_up_on_one_is_not_asked_for_on_the_other(
    stage: Stage, both: tuple[Desk, Desk]
) -> None:
    laptop, telephone = both
    stage.phones["Amina"].hang_up()
    stage.carrier.advance(3)
    for desk in both:
        expect(desk.scene).to_contain_text("Comment s’est passé")
    notes(laptop).press_sequentially("Cherche son avis")
    saved(laptop)
    telephone.page.get_by_label("C’est résolu").check()
    telephone.press("Enregistrer et reprendre les appels")
    expect(laptop.page.locator("#said")).to_contain_text("Cet appel est déjà noté, sur un autre appareil")
    expect(laptop.page.locator("#said")).not_to_contain_text("Finissez")
    expect(laptop.page.get_by_role("button", name="Enregistrer")).to_have_count(0)
    notes(laptop).press("End")
    notes(laptop).press_sequentially(" de 2025")
    saved(laptop)
    accessible(laptop.page)
    laptop.page.get_by_role("link", name="Revenir à mon poste").click()
    expect(laptop.scene).to_contain_text("Vous êtes disponible")
    laptop.page.goto("/day")
    expect(laptop.page.locator("#day")).to_contain_text("Cherche son avis de 2025")
