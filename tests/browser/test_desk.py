"""The desk in a real browser: a call comes, is taken, talked through and written down."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.browser.desks import Desk, accessible, talking
from tests.calls.stage import Stage

OpenDesk = Callable[..., Desk]
pytestmark = pytest.mark.browser
SMALL = {"width": 375, "height": 667}


def test_the_whole_story_with_two_mediators(stage: Stage, open_desk: OpenDesk) -> None:
    stage.mediator("Amina", "taxes")
    stage.mediator("Bruno", "taxes")
    amina, bruno = open_desk("Amina"), open_desk("Bruno", viewport=SMALL)
    for desk in (amina, bruno):
        expect(desk.scene).to_contain_text("Vous êtes disponible")
        accessible(desk.page)
    caller = stage.asks("2")
    assert stage.rings("Amina")
    expect(amina.scene).to_contain_text("Votre téléphone sonne")
    expect(amina.page).to_have_title(re.compile("impôts"))
    expect(amina.page.get_by_role("alert")).to_contain_text("impôts")
    accessible(amina.page)
    amina.press("Pas maintenant")
    expect(amina.page.locator("#said")).to_contain_text("la ligne cherche quelqu’un d’autre")
    accessible(amina.page)
    assert stage.rings("Bruno")
    expect(bruno.scene).to_contain_text("Votre téléphone sonne")
    expect(bruno.page.get_by_role("button", name="Je prends l’appel")).to_be_in_viewport(ratio=1)
    accessible(bruno.page)
    stage.phones["Bruno"].answer()
    stage.carrier.advance(1)
    expect(bruno.scene).to_contain_text("Prenez-vous cet appel")
    accessible(bruno.page)
    bruno.press("Je prends l’appel")
    assert stage.carrier.advance_until(lambda: caller.talking_to is stage.phones["Bruno"].leg, 20)
    expect(bruno.scene).to_contain_text("En conversation")
    accessible(bruno.page)
    bruno.page.get_by_label("Vos notes").fill("Ne trouve plus son avis d’imposition")
    expect(bruno.page.locator("#note-state")).to_have_text("Enregistré.")
    stage.leaves(caller)
    expect(bruno.scene).to_contain_text("Comment s’est passé cet appel")
    expect(bruno.page.get_by_label("Vos notes")).to_have_value("Ne trouve plus son avis d’imposition")
    accessible(bruno.page)
    bruno.page.get_by_label("C’est résolu").check()
    bruno.press("Enregistrer et reprendre les appels")
    expect(bruno.page.locator("#said")).to_contain_text("C’est enregistré")
    assert stage.state("Bruno") == "available"


def test_by_keyboard_alone(stage: Stage, open_desk: OpenDesk) -> None:
    stage.mediator("Amina", "taxes")
    desk = open_desk("Amina")
    caller = stage.asks("2")
    assert stage.rings("Amina")
    expect(desk.scene).to_contain_text("Votre téléphone sonne")
    stage.phones["Amina"].answer()
    stage.carrier.advance(1)
    expect(desk.scene).to_contain_text("Prenez-vous cet appel")
    desk.type("a")
    assert stage.carrier.advance_until(lambda: caller.talking_to is stage.phones["Amina"].leg, 20)
    expect(desk.scene).to_contain_text("En conversation")
    stage.leaves(caller)
    expect(desk.scene).to_contain_text("Comment s’est passé")
    for _ in range(40):
        desk.page.keyboard.press("Tab")
        if desk.page.evaluate("document.activeElement.name") == "disposition":
            break
    desk.page.keyboard.press("ArrowDown")
    desk.type("Enter")
    expect(desk.page.locator("#said")).to_contain_text("C’est enregistré")


def test_a_key_takes_the_call_wherever_the_focus_is(stage: Stage, open_desk: OpenDesk) -> None:
    stage.mediator("Amina", "taxes")
    desk = open_desk("Amina")
    stage.asks("2")
    assert stage.rings("Amina")
    expect(desk.scene).to_contain_text("Votre téléphone sonne")
    desk.page.mouse.click(60, 700)
    desk.type("a")
    expect(desk.scene).to_contain_text("Cet appel est pour vous")
    desk.page.get_by_role("link", name="Mon compte").focus()
    desk.type("r")
    expect(desk.page.locator("#said")).to_contain_text("la ligne cherche quelqu’un d’autre")


@pytest.mark.parametrize("touches", [False, True])
def test_keys_are_told_to_whoever_has_some_and_the_two_answers_line_up(
    stage: Stage, open_desk: OpenDesk, touches: bool
) -> None:
    stage.mediator("Amina", "taxes")
    desk = open_desk("Amina", has_touch=touches, is_mobile=touches)
    stage.asks("2")
    assert stage.rings("Amina")
    expect(desk.scene).to_contain_text("Votre téléphone sonne")
    expect(desk.page.get_by_text("Au clavier")).to_be_visible(visible=not touches)
    # both at one instant: the page may fetch itself afresh between two questions
    desk.page.wait_for_function(
        """() => {
            const [take, leave] = [...document.querySelectorAll("#desk .row > button")]
                .map((one) => one.getBoundingClientRect());
            return leave && take.y === leave.y && take.height === leave.height && take.height > 0;
        }"""
    )


def test_a_reload_in_the_middle_of_a_call_shows_where_it_is(stage: Stage, open_desk: OpenDesk) -> None:
    desk, caller = talking(stage, open_desk)
    desk.page.get_by_label("Vos notes").fill("Deuxième identifiant")
    expect(desk.page.locator("#note-state")).to_have_text("Enregistré.")
    stage.carrier.advance(65)
    desk.page.reload()
    expect(desk.scene).to_contain_text("En conversation")
    # by the hotline's clock: the one of this device shows quite another time
    expect(desk.page.locator(".timer")).to_have_text(re.compile(r"^01:\d\d$"))
    expect(desk.page.get_by_label("Vos notes")).to_have_value("Deuxième identifiant")
    stage.leaves(caller)


def test_notes_survive_a_closed_tab_and_a_server_that_was_away(stage: Stage, open_desk: OpenDesk) -> None:
    desk, _ = talking(stage, open_desk)
    desk.page.context.set_offline(True)
    desk.page.get_by_label("Vos notes").fill("Écrit sans réseau")
    expect(desk.page.locator("#note-state")).to_contain_text("Gardé sur cet appareil")
    expect(desk.page.locator("#connection")).to_contain_text("La connexion est coupée")
    accessible(desk.page)
    context = desk.page.context
    desk.page.close()
    stage.restart()
    context.set_offline(False)
    page = context.new_page()
    page.goto("/desk")
    expect(page.get_by_label("Vos notes")).to_have_value("Écrit sans réseau")
    expect(page.locator("#note-state")).to_have_text("Enregistré.")


def test_a_cut_network_is_shown_and_everything_is_there_when_it_is_back(
    stage: Stage, open_desk: OpenDesk
) -> None:
    stage.mediator("Amina", "taxes")
    desk = open_desk("Amina")
    expect(desk.scene).to_contain_text("Vous êtes disponible")
    desk.page.context.set_offline(True)
    expect(desk.page.locator("#connection")).to_contain_text("La connexion est coupée")
    stage.asks("2")
    assert stage.rings("Amina")
    expect(desk.scene).to_contain_text("Vous êtes disponible")
    desk.page.context.set_offline(False)
    expect(desk.scene).to_contain_text("Votre téléphone sonne")
    expect(desk.page.locator("#connection")).to_be_hidden()


def test_a_button_that_is_pressed_without_a_network_says_that_nothing_was_done(
    stage: Stage, open_desk: OpenDesk
) -> None:
    desk, caller = talking(stage, open_desk)
    stage.leaves(caller)
    expect(desk.scene).to_contain_text("Comment s’est passé")
    page, banner = desk.page, desk.page.locator("#connection")
    page.context.set_offline(True)
    expect(banner).to_contain_text("La connexion est coupée")
    page.get_by_label("Résolu en partie").check()
    page.get_by_label("Vos notes").fill("Écrit sans réseau")
    page.get_by_role("button", name="Enregistrer et reprendre").click()
    expect(banner).to_contain_text("Cela n’a pas pu se faire")
    expect(page.get_by_label("Résolu en partie")).to_be_checked()
    accessible(page)
    page.context.set_offline(False)
    expect(banner).to_contain_text("La connexion est revenue")
    expect(page.locator("#note-state")).to_have_text("Enregistré.")
    expect(page.get_by_label("Résolu en partie")).to_be_checked()
    assert stage.state("Amina") == "wrap_up"
    desk.press("Enregistrer et reprendre les appels")
    expect(page.locator("#said")).to_contain_text("C’est enregistré")
    expect(banner).to_be_hidden()


def test_two_tabs_show_the_same(stage: Stage, open_desk: OpenDesk) -> None:
    stage.mediator("Amina", "taxes")
    desk = open_desk("Amina")
    other = desk.page.context.new_page()
    other.goto("/desk")
    desk.press("J’ai terminé")
    expect(other.locator(".scene")).to_contain_text("Vous avez terminé")


def test_a_call_that_cannot_be_handed_on_stays_and_the_list_is_fresh(
    stage: Stage, open_desk: OpenDesk
) -> None:
    stage.mediator("Bruno", "work")
    desk, _ = talking(stage, open_desk)
    desk.page.get_by_text("Passer à quelqu’un d’autre").click()
    desk.page.get_by_label("À qui").select_option(label="Bruno")

    def pause_first(route: Route) -> None:
        stage.pause("Bruno")
        route.continue_()

    # while it is on its way to the server: the page is not told in time
    desk.page.route("**/transfer", pause_first)
    desk.press("Transférer")
    expect(desk.page.locator("#said")).to_contain_text("n’est plus disponible")
    expect(desk.scene).to_contain_text("En conversation")
    expect(desk.page.get_by_label("À qui")).to_be_visible()
    # a look that was on its way already may still show him, for as long as the next one takes
    expect(desk.page.get_by_label("À qui")).not_to_contain_text("Bruno")
    accessible(desk.page)


def test_whoever_was_chosen_and_goes_is_said_to_be_gone(stage: Stage, open_desk: OpenDesk) -> None:
    stage.mediator("Bruno", "work")
    desk, _ = talking(stage, open_desk)
    desk.page.get_by_text("Passer à quelqu’un d’autre").click()
    chosen = desk.page.get_by_label("À qui")
    chosen.select_option(label="Bruno")
    stage.pause("Bruno")
    gone = desk.page.get_by_text("Cette personne n’est plus disponible")
    expect(gone).to_be_visible()
    expect(chosen).to_have_value("")
    accessible(desk.page)
    chosen.select_option(label="emploi")
    expect(gone).to_be_hidden()
