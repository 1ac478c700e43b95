"""A mediator's day in a real browser: what somebody is in the middle of stays when there is news."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from hotline.queue.ids import TicketId
from hotline.queue.tickets import Attempt
from hotline.store import accounts
from hotline.switchboard import callbacks
from tests import factories
from tests.browser.desks import Desk, accessible, again, forgets
from tests.browser.together import other_tab
from tests.calls import talks
from tests.calls.stage import Stage

OpenDesk = Callable[..., Desk]
pytestmark = pytest.mark.browser
NUMBER = "06 39 98 00 01"


@pytest.fixture
def calls_back(stage: Stage, open_desk: OpenDesk) -> Desk:
    """Amina, who has looked at the number of somebody to call back, and writes a note."""
    talks.promised(stage)
    stage.mediator("Amina", "taxes")
    desk = open_desk("Amina", path="/day")
    desk.press("Je rappelle cette personne")
    desk.press("Voir le numéro (chaque consultation est notée)")
    desk.page.get_by_label("Quelques mots pour la suite").press_sequentially("Sonne dans")
    return desk


def test_a_note_and_a_number_stay_when_the_page_hears_news(stage: Stage, calls_back: Desk) -> None:
    page = calls_back.page
    note = page.get_by_label("Quelques mots pour la suite")
    with page.expect_response("**/day/now"):
        stage.pause("Amina")
    page.keyboard.type(" le vide")
    expect(note).to_be_focused()
    expect(note).to_have_value("Sonne dans le vide")
    expect(page.get_by_role("link", name=NUMBER)).to_be_visible()
    accessible(page)
    calls_back.press("Pas de réponse")
    expect(page.locator("#said")).to_contain_text("garde sa place")
    stage.carrier.advance(3700)
    page.reload()
    expect(page.locator("#day")).to_contain_text("Sonne dans le vide")


def test_what_was_written_stays_when_somebody_else_has_helped(stage: Stage, calls_back: Desk) -> None:
    """Their card goes; the words do not."""
    page = calls_back.page
    factories.at_once(stage.services, lambda m: callbacks.note_attempt(m, TicketId(1), Attempt.REACHED, None))
    left = page.locator("#left")
    expect(left).to_contain_text("Sonne dans")
    accessible(page)
    page.reload()
    expect(left).to_contain_text("Sonne dans")
    page.get_by_role("button", name="Je n’en ai plus besoin").click()
    expect(left).to_be_empty()


def test_a_note_is_there_again_after_the_page_was_closed(calls_back: Desk) -> None:
    calls_back.page.reload()
    note = calls_back.page.get_by_label("Quelques mots pour la suite")
    expect(note).to_have_value("Sonne dans")
    calls_back.press("Pas de réponse")
    forgets(calls_back.page)


def test_what_is_done_in_one_window_is_true_in_the_other(calls_back: Desk) -> None:
    """Nothing is said of somebody who has rung, or been helped: the words were sent, and the rest waits."""
    problems: list[str] = []
    other = other_tab(calls_back, problems, "/day")
    expect(other.get_by_label("Quelques mots pour la suite")).to_have_value("Sonne dans")
    calls_back.press("Pas de réponse")
    for page in (calls_back.page, other):
        expect(page.locator("#day")).to_contain_text("Plus tard")
        expect(page.locator("#day")).to_contain_text("À rappeler à partir de")
        expect(page.locator("#day")).to_contain_text("Vous n’avez personne à rappeler maintenant.")
        expect(page.locator("#left")).to_be_empty()
    accessible(other)
    assert problems == []


def test_a_callback_is_given_up_with_a_reason_and_may_be_restored(calls_back: Desk) -> None:
    page = calls_back.page
    page.get_by_text("Ne plus rappeler", exact=True).click()
    page.get_by_label("Pour quelle raison").press("Enter")
    expect(page.locator("#day")).to_contain_text("Ne plus rappeler")
    accessible(page)
    page.get_by_label("Pour quelle raison").fill("Faux numéro")
    calls_back.press("Ne plus rappeler cette personne")
    expect(page.locator("#day")).to_contain_text("Faux numéro\nSonne dans")
    expect(page.locator("#left")).to_be_empty()
    accessible(page)
    calls_back.press("Rétablir le rappel")
    expect(page.locator("#said")).to_contain_text("de nouveau à rappeler")
    expect(page.get_by_role("button", name="Je rappelle cette personne")).to_be_visible()


def test_who_claims_again_begins_with_an_empty_note_and_no_number(stage: Stage, calls_back: Desk) -> None:
    page = calls_back.page
    calls_back.press("Laisser à quelqu’un d’autre")
    expect(page.locator("#day")).not_to_contain_text(NUMBER)
    expect(page.locator("#said")).to_contain_text("quelqu’un d’autre peut rappeler")
    calls_back.press("Je rappelle cette personne")
    expect(page.locator("#said")).not_to_contain_text("quelqu’un d’autre peut rappeler")
    expect(page.locator("#day")).to_contain_text("laissé à quelqu’un d’autre — Sonne dans")
    expect(page.get_by_label("Quelques mots pour la suite")).to_have_value("")
    expect(page.get_by_role("link", name=NUMBER)).to_have_count(0)


def test_what_was_written_on_another_device_is_shown_when_it_is_over(
    browser: Browser, stage: Stage, calls_back: Desk
) -> None:
    """Both write; one of them has saved, and the callback is over."""
    (amina,) = stage.services.store.run(lambda tx: accounts.every(tx))
    problems: list[str] = []
    other = again(browser, stage, amina.id, "Amina", problems, path="/day")
    other.page.get_by_label("Quelques mots pour la suite").press_sequentially("Son fils a un ordinateur")
    calls_back.press("Nous avons parlé, c’est fait")
    left = other.page.locator("#left")
    expect(left).to_contain_text("Ce rappel est terminé")
    expect(left).to_contain_text("Son fils a un ordinateur")
    accessible(other.page)
    other.press("Rétablir le rappel")
    other.press("Je rappelle cette personne")
    note = other.page.get_by_label("Quelques mots pour la suite")
    expect(note).to_have_value("Son fils a un ordinateur")
    expect(left).to_be_empty()
    other.page.context.close()
    assert problems == []


def test_what_was_refused_is_said_until_it_is_not_so_any_more(
    stage: Stage, open_desk: OpenDesk, calls_back: Desk
) -> None:
    """Bruno presses before his page hears that Amina calls back."""
    stage.mediator("Bruno", "taxes")
    calls_back.press("Laisser à quelqu’un d’autre")
    bruno = open_desk("Bruno", path="/day")
    said, page = bruno.page.locator("#said"), bruno.page
    expect(page.get_by_role("button", name="Je rappelle cette personne")).to_be_visible()
    page.route("**/day/now", lambda route: route.fulfill(status=204))
    calls_back.press("Je rappelle cette personne")
    bruno.press("Je rappelle cette personne")
    expect(said).to_contain_text("Quelqu’un d’autre rappelle déjà cette personne")
    page.unroute_all(behavior="ignoreErrors")
    with page.expect_response("**/day/now"):
        stage.pause("Bruno")
    expect(said).to_contain_text("Quelqu’un d’autre rappelle déjà cette personne")
    calls_back.press("Pas de réponse")
    expect(page.locator("#day")).to_contain_text("Vous n’avez personne à rappeler maintenant.")
    expect(said).to_be_empty()
    expect(calls_back.page.locator("#said")).to_contain_text("garde sa place")
    stage.carrier.advance(3700)
    calls_back.page.evaluate("htmx.trigger(document.body, 'callbacks')")
    expect(calls_back.page.get_by_role("button", name="Je rappelle cette personne")).to_be_visible()
    expect(calls_back.page.locator("#said")).to_be_empty()


def test_words_whose_card_is_gone_are_copied(stage: Stage, calls_back: Desk) -> None:
    page, left = calls_back.page, calls_back.page.locator("#left")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    factories.at_once(stage.services, lambda m: callbacks.note_attempt(m, TicketId(1), Attempt.REACHED, None))
    copies = page.get_by_role("button", name="Copier le texte")
    copies.click()
    expect(left).to_contain_text("Le texte est copié.")
    assert page.evaluate("navigator.clipboard.readText()") == "Sonne dans"
    with page.expect_response("**/day/now"):
        stage.pause("Amina")
    expect(left).to_contain_text("Le texte est copié.")
    expect(copies).to_be_focused()
    accessible(page)
    page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject())")
    copies.click()
    expect(left).to_contain_text("La copie n’a pas marché")
    assert page.evaluate("String(getSelection())") == "Sonne dans"
    page.get_by_role("button", name="Je n’en ai plus besoin").click()
    expect(left).to_be_empty()
    expect(page.get_by_role("heading", name="À rappeler")).to_be_focused()


def test_words_whose_card_is_gone_are_added_to_what_is_still_to_be_done(
    browser: Browser, stage: Stage, calls_back: Desk
) -> None:
    """They write on two devices, and have called in vain from the other."""
    (amina,) = stage.services.store.run(lambda tx: accounts.every(tx))
    problems: list[str] = []
    other = again(browser, stage, amina.id, "Amina", problems, path="/day")
    other.press("Pas de réponse")
    left = calls_back.page.locator("#left")
    expect(left).to_contain_text("sera rappelée plus tard")
    calls_back.press("L’ajouter à ce rappel")
    expect(calls_back.page.locator("#said")).to_contain_text("le lira")
    expect(left).to_be_empty()
    expect(calls_back.page.locator("#day")).to_contain_text("laissé à quelqu’un d’autre — Sonne dans")
    expect(calls_back.page.get_by_role("button", name="Je rappelle sans attendre")).to_be_visible()
    forgets(calls_back.page, "day:")
    other.page.context.close()
    assert problems == []
