"""What is written is kept on the device until the hotline has it, and no longer; and where none is kept."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.desks import Desk, accessible, forgets
from tests.calls import talks
from tests.calls.stage import Stage

OpenDesk = Callable[..., Desk]
pytestmark = pytest.mark.browser
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"
DENIED = """Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("denied", "SecurityError"); },
});"""
KEPT = "JSON.stringify(localStorage)"
LEFT_HERE = "n’est pas encore enregistré en entier"


@pytest.fixture
def writing_up(stage: Stage, open_desk: OpenDesk) -> Desk:
    """Amina has talked with somebody who withholds their number, and writes."""
    stage.mediator("Amina", "taxes")
    desk = open_desk("Amina")
    caller = stage.asks("2", "anonymous")
    assert stage.rings("Amina")
    stage.connect(caller, stage.phones["Amina"])
    stage.leaves(caller)
    expect(desk.scene).to_contain_text("Comment s’est passé")
    notes(desk).press_sequentially("Cherche son avis")
    expect(state(desk)).to_have_text("Enregistré.")
    return desk


def notes(desk: Desk) -> Locator:
    return desk.page.get_by_label("Vos notes")


def state(desk: Desk) -> Locator:
    return desk.page.locator("#note-state")


def note_of(stage: Stage) -> str:
    return talks.written(stage, 1).note


def aloud(desk: Desk) -> Locator:
    return desk.page.locator("#note-spoken")


def log_out(desk: Desk) -> None:
    desk.page.get_by_role("button", name="Se déconnecter").click()
    expect(desk.page.get_by_role("heading", name="Se connecter")).to_be_visible()


def test_an_answer_of_the_server_in_front_takes_no_note_away(stage: Stage, writing_up: Desk) -> None:
    page = writing_up.page
    page.route("**/note", lambda route: route.fulfill(status=404, body="<h1>nginx</h1>"))
    notes(writing_up).press("End")
    notes(writing_up).press_sequentially(" de 2025")
    expect(state(writing_up)).to_contain_text("Gardé sur cet appareil")
    page.unroute_all(behavior="ignoreErrors")
    page.reload()
    expect(notes(writing_up)).to_have_value("Cherche son avis de 2025")
    expect(state(writing_up)).to_have_text("Enregistré.")
    assert note_of(stage) == "Cherche son avis de 2025"


def test_nothing_is_called_saved_that_the_server_does_not_have(stage: Stage, writing_up: Desk) -> None:
    """It hangs: every request gets there, and none is answered."""
    page = writing_up.page
    page.route("**/note", lambda _route: None)
    page.clock.install()
    notes(writing_up).press("End")
    notes(writing_up).press_sequentially(" de 2025")
    expect(state(writing_up)).to_be_empty()
    with page.expect_request("**/note"):
        page.clock.run_for(700)
    page.clock.run_for(1500)
    expect(state(writing_up)).to_have_text("Enregistrement…")
    expect(aloud(writing_up)).to_have_text("Enregistré.")
    page.clock.run_for(8000)
    expect(state(writing_up)).to_contain_text("Gardé sur cet appareil")
    expect(aloud(writing_up)).to_contain_text("Gardé sur cet appareil")
    accessible(page)
    with page.expect_request("**/note"):
        page.clock.run_for(3000)
    page.clock.run_for(8000)
    expect(state(writing_up)).to_contain_text("Gardé sur cet appareil")
    page.unroute_all(behavior="ignoreErrors")
    page.clock.run_for(3000)
    expect(state(writing_up)).to_have_text("Enregistré.")
    expect(aloud(writing_up)).to_have_text("Enregistré.")
    assert note_of(stage) == "Cherche son avis de 2025"


def test_a_note_that_came_there_without_an_answer_stands_once(stage: Stage, writing_up: Desk) -> None:
    page = writing_up.page
    page.route("**/note", lambda route: (route.fetch(), route.abort()))
    page.clock.install()
    notes(writing_up).fill("Cherche son avis de 2024")
    page.clock.run_for(700)
    expect(state(writing_up)).to_contain_text("Gardé sur cet appareil")
    assert note_of(stage) == "Cherche son avis de 2024"
    notes(writing_up).fill("Cherche ses avis de 2025")
    page.unroute_all(behavior="ignoreErrors")
    page.clock.run_for(3000)
    expect(state(writing_up)).to_have_text("Enregistré.")
    assert note_of(stage) == "Cherche ses avis de 2025"
    expect(notes(writing_up)).to_have_value("Cherche ses avis de 2025")


def test_a_note_of_a_talk_that_is_not_theirs_is_not_sent_for_ever(stage: Stage, open_desk: OpenDesk) -> None:
    stage.mediator("Amina", "taxes")
    desk = open_desk("Amina")
    draft = {"note": "?", "revision": 0, "address": "/desk/9999/note", "made": "", "by": "?"}
    account = desk.page.locator("#desk").get_attribute("data-account")
    desk.page.evaluate(
        "([key, draft]) => localStorage.setItem(key, JSON.stringify(draft))",
        [f"note:{account}:9999", draft],
    )
    desk.page.reload()
    forgets(desk.page, "note:")


@pytest.mark.parametrize("script", [FULL, DENIED], ids=["full", "denied"])
def test_a_device_that_keeps_nothing_loses_nothing(stage: Stage, open_desk: OpenDesk, script: str) -> None:
    stage.mediator("Amina", "taxes")
    desk = open_desk("Amina")
    page = desk.page
    page.add_init_script(script)
    page.reload()
    caller = stage.asks("2", "anonymous")
    assert stage.rings("Amina")
    stage.connect(caller, stage.phones["Amina"])
    expect(desk.scene).to_contain_text("En conversation")
    notes(desk).press_sequentially("Cherche son avis")
    expect(state(desk)).to_have_text("Enregistré.")
    page.get_by_label("À quel numéro la rappeler").press_sequentially("06 39 98")
    stage.leaves(caller)
    expect(desk.scene).to_contain_text("Comment s’est passé")
    expect(page.get_by_label("À quel numéro la rappeler")).to_have_value("06 39 98")
    page.route("**/note", lambda route: route.abort())
    notes(desk).press("End")
    notes(desk).press_sequentially(" de 2025")
    expect(state(desk)).to_contain_text("laissez cette page ouverte")
    accessible(page)
    page.get_by_label("C’est résolu").check()
    page.get_by_label("À quel numéro la rappeler").fill("")
    desk.press("Enregistrer et reprendre les appels")
    expect(page.locator("#said")).to_contain_text("C’est enregistré")
    assert note_of(stage) == "Cherche son avis de 2025"


def test_the_note_goes_with_the_write_up_of_whoever_leaves_at_once(stage: Stage, writing_up: Desk) -> None:
    page = writing_up.page
    page.route("**/note", lambda route: route.abort())
    page.get_by_label("C’est résolu").check()
    notes(writing_up).fill("Deux choses :\nson avis")
    writing_up.press("Enregistrer et reprendre les appels")
    expect(page.locator("#said")).to_contain_text("C’est enregistré")
    assert note_of(stage) == "Deux choses :\nson avis"
    page.unroute_all(behavior="ignoreErrors")
    forgets(page, "note:")
    assert note_of(stage) == "Deux choses :\nson avis"


def test_what_is_saved_is_not_left_on_the_device(writing_up: Desk) -> None:
    page = writing_up.page
    page.evaluate("localStorage.setItem('keys:off', '1')")
    assert "Cherche son avis" in page.evaluate(KEPT)
    log_out(writing_up)
    assert "Cherche" not in page.evaluate(KEPT)
    expect(page.get_by_text(LEFT_HERE)).to_be_hidden()
    assert page.evaluate("localStorage.getItem('keys:off')") == "1"


@pytest.mark.parametrize("label", ["Vos notes", "À quel numéro la rappeler"])
def test_what_is_not_saved_yet_stays_and_that_is_said(writing_up: Desk, label: str) -> None:
    page = writing_up.page
    page.route("**/note", lambda route: route.abort())
    page.get_by_label(label).fill("06 39 98 00 07")
    log_out(writing_up)
    expect(page.get_by_text(LEFT_HERE)).to_be_visible()
    accessible(page)
    assert "06 39 98 00 07" in page.evaluate(KEPT)
    assert "Cherche" not in page.evaluate(KEPT) or label == "Vos notes", "it may be made of that"


def test_a_callback_is_written_about_on_a_device_that_keeps_nothing(
    stage: Stage, open_desk: OpenDesk
) -> None:
    talks.promised(stage)
    stage.mediator("Amina", "taxes")
    desk = open_desk("Amina", path="/day")
    desk.page.add_init_script(DENIED)
    desk.page.reload()
    desk.press("Je rappelle cette personne")
    words = desk.page.get_by_label("Quelques mots pour la suite")
    words.press_sequentially("Sonne dans")
    with desk.page.expect_response("**/day/now"):
        stage.pause("Amina")
    desk.page.keyboard.type(" le vide")
    expect(words).to_have_value("Sonne dans le vide")
    desk.press("Pas de réponse")
    expect(desk.page.locator("#said")).to_contain_text("garde sa place")
    expect(desk.page.locator("#day")).to_contain_text("Sonne dans le vide")
