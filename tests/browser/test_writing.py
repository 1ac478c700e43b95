"""What is written at the desk is never lost, and no letter of it is taken for an answer to a call."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from hotline.simulator.legs import Leg
from tests.browser.desks import Desk, accessible, forgets, talking
from tests.browser.together import other_tab
from tests.calls.stage import Stage

OpenDesk = Callable[..., Desk]
pytestmark = pytest.mark.browser
ANOTHER = "+33639980002"
WRAP_UP = 125


@pytest.fixture
def talk(stage: Stage, open_desk: OpenDesk) -> tuple[Desk, Leg]:
    """Amina talks with somebody and writes."""
    desk, caller = talking(stage, open_desk)
    notes(desk).press_sequentially("Cherche son avis")
    return desk, caller


@pytest.fixture
def writing_up(stage: Stage, talk: tuple[Desk, Leg]) -> Desk:
    desk, caller = talk
    stage.leaves(caller)
    expect(desk.scene).to_contain_text("Comment s’est passé")
    return desk


def notes(desk: Desk) -> Locator:
    return desk.page.get_by_label("Vos notes")


def test_whoever_types_when_the_caller_hangs_up_types_on(stage: Stage, talk: tuple[Desk, Leg]) -> None:
    desk, caller = talk
    desk.page.keyboard.type(" de")
    stage.leaves(caller)
    expect(desk.scene).to_contain_text("Comment s’est passé")
    desk.page.keyboard.type(" 2025")
    expect(notes(desk)).to_be_focused()
    expect(notes(desk)).to_have_value("Cherche son avis de 2025")
    expect(desk.page.locator("#note-state")).to_have_text("Enregistré.")


def test_no_letter_of_a_late_note_declines_the_call_that_rings(stage: Stage, writing_up: Desk) -> None:
    offer = writing_up.page.locator("[data-finish]").get_attribute("data-finish")
    stage.carrier.advance(WRAP_UP)
    writing_up.page.goto(f"/desk/{offer}/write-up")
    notes(writing_up).press("End")
    notes(writing_up).press_sequentially(" pour")
    caller = stage.asks("2", ANOTHER)
    assert stage.rings("Amina")
    expect(writing_up.scene).to_contain_text("Votre téléphone sonne")
    writing_up.page.keyboard.type(" la caf, rappeler")
    expect(writing_up.scene).to_contain_text("Votre téléphone sonne")
    stage.carrier.advance(2)
    assert stage.state("Amina") == "offered"
    writing_up.page.keyboard.press("Tab")
    expect(writing_up.page.get_by_role("button", name="Je prends l’appel")).to_be_focused()
    stage.leaves(caller)
    writing_up.page.goto(f"/desk/{offer}/write-up")
    expect(notes(writing_up)).to_have_value("Cherche son avis pour")


def test_a_quotation_mark_is_no_key(stage: Stage, open_desk: OpenDesk) -> None:
    stage.mediator("Amina", "taxes")
    desk = open_desk("Amina")
    stage.asks("2")
    assert stage.rings("Amina")
    expect(desk.scene).to_contain_text("Votre téléphone sonne")
    desk.page.keyboard.press('"')
    desk.type("r")
    expect(desk.page.locator("#said")).to_contain_text("la ligne cherche quelqu’un d’autre")


def test_what_was_chosen_stays_when_more_time_is_asked_for(writing_up: Desk) -> None:
    choose(writing_up)
    writing_up.press("J’ai besoin de cinq minutes de plus")
    expect(writing_up.page.locator("#said")).to_contain_text("cinq minutes de plus")
    chosen(writing_up)
    accessible(writing_up.page)


def test_whoever_writes_when_the_time_is_over_goes_on_and_is_told(stage: Stage, writing_up: Desk) -> None:
    choose(writing_up)
    stage.carrier.advance(WRAP_UP)
    writing_up.page.evaluate("htmx.trigger(document.body, 'me')")
    expect(writing_up.page.locator("#said")).to_contain_text("Les appels ont repris")
    assert stage.state("Amina") == "available"
    chosen(writing_up)
    accessible(writing_up.page)
    writing_up.press("Enregistrer et reprendre les appels")
    expect(writing_up.page.locator("#said")).to_contain_text("C’est enregistré")
    expect(writing_up.scene).to_contain_text("Vous êtes disponible")


def test_a_call_that_rings_meanwhile_takes_nothing_away(stage: Stage, writing_up: Desk) -> None:
    choose(writing_up)
    page = writing_up.page
    offer = page.locator("[data-finish]").get_attribute("data-finish")
    stage.carrier.advance(WRAP_UP)
    caller = stage.asks("2", ANOTHER)
    assert stage.rings("Amina")
    expect(writing_up.scene).to_contain_text("Votre téléphone sonne")
    stage.leaves(caller)
    page.goto(f"/desk/{offer}/write-up")
    chosen(writing_up)
    writing_up.press("Enregistrer")
    forgets(page, "form:")


def test_a_talk_that_began_while_the_network_was_away_is_shown(stage: Stage, writing_up: Desk) -> None:
    """What is said now is written down of whoever says it."""
    choose(writing_up)
    writing_up.page.context.set_offline(True)
    expect(writing_up.page.locator("#connection")).to_contain_text("La connexion est coupée")
    stage.carrier.advance(WRAP_UP)
    caller = stage.asks("2", ANOTHER)
    assert stage.rings("Amina")
    stage.connect(caller, stage.phones["Amina"])
    writing_up.page.context.set_offline(False)
    expect(writing_up.scene).to_contain_text("En conversation")
    expect(writing_up.page.locator("#said")).to_be_empty()
    expect(notes(writing_up)).to_have_value("")


def test_a_pause_by_somebody_else_is_told_to_whoever_writes(stage: Stage, writing_up: Desk) -> None:
    choose(writing_up)
    stage.pause("Amina")
    expect(writing_up.page.locator("#said")).to_contain_text("Vous êtes en pause")
    chosen(writing_up)


def test_what_is_deleted_in_another_window_stays_deleted(talk: tuple[Desk, Leg]) -> None:
    desk, _ = talk
    other = other_tab(desk, [])
    there = other.get_by_label("Vos notes")
    notes(desk).press("End")
    notes(desk).press_sequentially(", tel 0612")
    expect(desk.page.locator("#note-state")).to_have_text("Enregistré.")
    expect(there).to_have_value("Cherche son avis, tel 0612")
    with other.expect_response(lambda answer: answer.url.endswith("/note") and answer.status == 200):
        there.fill("Cherche son avis")
    expect(notes(desk)).to_have_value("Cherche son avis")
    desk.page.reload()
    expect(notes(desk)).to_have_value("Cherche son avis")


def test_two_windows_without_a_network_write_one_note(talk: tuple[Desk, Leg]) -> None:
    desk, _ = talk
    problems: list[str] = []
    other = other_tab(desk, problems)
    there = other.get_by_label("Vos notes")
    expect(there).to_have_value("Cherche son avis")
    desk.page.context.set_offline(True)
    notes(desk).press("End")
    notes(desk).press_sequentially(" AAA")
    expect(there).to_have_value("Cherche son avis AAA")
    there.press("End")
    there.press_sequentially(" BBB")
    expect(notes(desk)).to_have_value("Cherche son avis AAA BBB")
    expect(desk.page.locator("#note-state")).to_contain_text("Gardé sur cet appareil")
    desk.page.context.set_offline(False)
    for page in (desk.page, other):
        expect(page.locator("#note-state")).to_have_text("Enregistré.")
    desk.page.reload()
    expect(notes(desk)).to_have_value("Cherche son avis AAA BBB")


def test_a_long_text_is_not_cut_and_it_is_said_that_it_is_too_long(writing_up: Desk) -> None:
    page, long = writing_up.page, "avis " * 2001
    notes(writing_up).fill("")
    page.get_by_label("C’est résolu").check()
    notes(writing_up).focus()
    page.keyboard.insert_text(long)
    expect(page.locator("#note-state")).to_contain_text("gardée en entier sur cet appareil")
    expect(notes(writing_up)).to_have_value(long)
    page.get_by_role("button", name="Enregistrer et reprendre les appels").click()
    expect(notes(writing_up)).to_be_focused()
    page.reload()
    expect(notes(writing_up)).to_have_value(long)
    expect(page.locator("#note-state")).to_contain_text("gardée en entier sur cet appareil")
    notes(writing_up).fill(long[:9999])
    expect(page.locator("#note-state")).to_have_text("Enregistré.")
    writing_up.press("Enregistrer et reprendre les appels")
    expect(page.locator("#said")).to_contain_text("C’est enregistré")


def test_how_much_too_long_a_text_is_is_said_and_it_is_not_sent(talk: tuple[Desk, Leg]) -> None:
    """However long it is: far longer, and the server would not even read it."""
    desk, _ = talk
    page, state = desk.page, desk.page.locator("#note-state")
    expect(state).to_have_text("Enregistré.")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/note") else None)
    notes(desk).fill("x" * 300_000)
    expect(state).to_contain_text("Signes en trop : 290 000.")
    expect(state).to_contain_text("gardée en entier sur cet appareil. Raccourcissez-la")
    expect(page.locator("#note-spoken")).to_contain_text("Signes en trop")
    page.reload()
    expect(state).to_contain_text("Signes en trop : 290 000.")
    assert asked == []
    notes(desk).fill("x" * 10_001)
    expect(state).to_contain_text("Signes en trop : 1.")
    accessible(page)
    notes(desk).fill("x" * 10_000)
    expect(state).to_have_text("Enregistré.")
    assert len(asked) == 1


def choose(desk: Desk) -> None:
    desk.page.get_by_label("Quelqu’un d’autre prend le relais").check()
    desk.page.get_by_label("Qui prend le relais").fill("Maison France Services")
    desk.page.get_by_label("Le thème").select_option("santé")
    desk.page.get_by_label("Date limite").fill("2026-12-14")


def chosen(desk: Desk) -> None:
    expect(desk.page.get_by_label("Quelqu’un d’autre prend le relais")).to_be_checked()
    expect(desk.page.get_by_label("Qui prend le relais")).to_have_value("Maison France Services")
    expect(desk.page.get_by_label("Le thème")).to_have_value("health")
    expect(desk.page.get_by_label("Date limite")).to_have_value("2026-12-14")
