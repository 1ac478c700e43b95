"""By keyboard alone: after each step the focus is on what came of it, and it is said."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from hotline.queue.ids import TicketId
from hotline.queue.tickets import Attempt
from hotline.switchboard import callbacks
from tests import factories
from tests.browser.desks import Desk, accessible, talking
from tests.calls import talks, words
from tests.calls.stage import Stage

OpenDesk = Callable[..., Desk]
pytestmark = pytest.mark.browser
NUMBER = "06 39 98 00 01"
ANOTHER = "+33639980002"
MOST = 40
"""So many steps lead anywhere on a page."""


@pytest.fixture
def page(stage: Stage, open_desk: OpenDesk) -> Page:
    """Amina's day: two people are to be called back."""
    talks.promised(stage)
    second = stage.holds(ANOTHER)
    stage.carrier.advance(3)
    second.press("9")
    stage.hears(second, words.CODE, within=120)
    stage.leaves(second)
    stage.mediator("Amina", "taxes")
    return open_desk("Amina", path="/day").page


def go_to(page: Page, name: str) -> None:
    """Tab on until something of that name has the focus."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()").startswith(name):
            return
    pytest.fail(f"no step leads to {name!r}")


def press(page: Page, name: str) -> None:
    go_to(page, name)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.keyboard.press("Enter")


def is_at(page: Page, selector: str) -> None:
    expect(page.locator(selector)).to_be_focused()


def says(page: Page, text: str) -> None:
    expect(page.locator("#said")).to_contain_text(text)


def test_a_whole_callback(stage: Stage, page: Page) -> None:
    press(page, "Je rappelle cette personne")
    is_at(page, "#callback-1")
    says(page, "Vous rappelez cette personne. Votre téléphone ne sonnera pas pendant ce temps")
    code = page.locator("#callback-1").get_attribute("aria-describedby")
    expect(page.locator(f"#{code}")).to_contain_text("Commencez par dire son code")
    accessible(page)
    press(page, "Voir le numéro")
    expect(page.get_by_role("link", name=NUMBER)).to_be_focused()
    expect(page.locator("#said")).to_be_empty()
    go_to(page, "Pas de réponse")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("Sonne dans le vide")
    press(page, "Pas de réponse")
    is_at(page, "#callback-2")
    says(page, "garde sa place")
    accessible(page)
    press(page, "Je rappelle sans attendre")
    says(page, "Vous rappelez cette personne.")
    expect(page.locator("#day")).to_contain_text("Sonne dans le vide")
    page.locator("#callback-1").focus()
    press(page, "Nous avons parlé")
    is_at(page, "#callback-2")
    says(page, "Merci")
    press(page, "Je rappelle cette personne")
    is_at(page, "#callback-2")
    press(page, "Laisser à quelqu’un d’autre")
    is_at(page, "#callback-2")
    says(page, "quelqu’un d’autre peut rappeler")
    press(page, "Rétablir le rappel")
    says(page, "de nouveau à rappeler")
    is_at(page, "#due")
    accessible(page)


def test_the_focus_stays_when_there_is_news_and_goes_to_the_next_when_its_card_is_gone(
    stage: Stage, page: Page
) -> None:
    go_to(page, "Je rappelle cette personne")
    with page.expect_response("**/day/now"):
        stage.pause("Amina")
    expect(page.get_by_role("button", name="Je rappelle cette personne").first).to_be_focused()
    factories.at_once(stage.services, lambda m: callbacks.note_attempt(m, TicketId(1), Attempt.REACHED, None))
    is_at(page, "#callback-2")


def test_what_is_shown_during_a_talk_has_the_focus(stage: Stage, open_desk: OpenDesk) -> None:
    page = talking(stage, open_desk)[0].page
    press(page, "Voir le numéro en entier")
    expect(page.get_by_role("link", name=NUMBER)).to_be_focused()
    press(page, "Promettre un rappel")
    expect(page.locator("#callback .code")).to_be_focused()
    accessible(page)


def test_a_number_that_is_none_is_read_out_where_it_is_mended(stage: Stage, open_desk: OpenDesk) -> None:
    page = talking(stage, open_desk, "anonymous")[0].page
    page.get_by_label("À quel numéro").fill("12")
    press(page, "Promettre un rappel")
    field = page.get_by_label("À quel numéro")
    expect(field).to_be_focused()
    wrong = "Ce n’est pas un numéro de téléphone. Exemple : 01 99 00 12 34."
    expect(field).to_have_accessible_description(wrong)
    accessible(page)
