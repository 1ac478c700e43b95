"""Two who click in one instant: one of them has it, the other one is told so, and nobody sees an error."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from hotline.simulator.legs import Leg
from tests.browser.desks import Desk
from tests.browser.together import both_click, deaf_tab, meet, other_tab
from tests.calls import talks
from tests.calls.stage import Stage

OpenDesk = Callable[..., Desk]
pytestmark = pytest.mark.browser
NUMBER = "06 39 98 00 01"
TAKE, CLAIM = "Je prends l’appel", "Je rappelle cette personne"


def promised(stage: Stage) -> Leg:
    """Somebody who is to be called back about taxes, by Amina or by Bruno."""
    caller = talks.promised(stage)
    stage.mediator("Amina", "taxes")
    stage.mediator("Bruno", "taxes")
    return caller


def looks_at_number(page: Page, ticket: int) -> int:
    """The status of what they get who ask for the number without a button for it."""
    ask = """async (path) => (await fetch(path, {
        method: "POST", headers: JSON.parse(document.body.getAttribute("hx-headers")) })).status"""
    return int(page.evaluate(ask, f"/day/{ticket}/number"))


def test_of_two_who_want_to_call_back_one_does(stage: Stage, open_desk: OpenDesk) -> None:
    (ticket,) = stage.tickets(promised(stage))
    desks = [open_desk(name, path="/day") for name in ("Amina", "Bruno")]
    both_click(stage, desks[0].page, desks[1].page, CLAIM, "/claim")
    for desk in desks:
        expect(desk.page.locator("#said .notice")).to_be_visible()
    code = [desk for desk in desks if ticket.code in desk.page.locator("#day").inner_text()]
    (winner,), (loser,) = code, [desk for desk in desks if desk not in code]
    expect(loser.page.locator("#said")).to_contain_text("Quelqu’un d’autre rappelle déjà cette personne")
    expect(loser.page.locator("#day")).to_contain_text("Quelqu’un d’autre rappelle cette personne")
    expect(loser.page.get_by_role("button", name="Voir le numéro")).to_have_count(0)
    expect(winner.page.locator("#said")).to_contain_text("Vous rappelez cette personne.")
    winner.page.get_by_role("button", name="Voir le numéro").click()
    expect(winner.page.get_by_role("link", name=NUMBER)).to_be_visible()
    assert looks_at_number(loser.page, ticket.id) == 409
    assert NUMBER not in loser.page.content()


def test_two_tabs_of_one_who_calls_back_show_the_same(stage: Stage, open_desk: OpenDesk) -> None:
    (ticket,), problems = stage.tickets(promised(stage)), list[str]()
    amina = open_desk("Amina", path="/day")
    tabs = [amina.page, other_tab(amina, problems, "/day")]
    both_click(stage, tabs[0], tabs[1], CLAIM, "/claim")
    for page in tabs:
        expect(page.locator("#day")).to_contain_text(ticket.code)
        expect(page.locator("#said")).to_contain_text("Vous rappelez cette personne.")
    assert problems == []


def goes_by(stage: Stage, amina: Desk, how: str) -> None:
    """Amina's offer is over, and Bruno's telephone rings for it."""
    if how == "declined":
        amina.press("Pas maintenant")
    assert stage.rings("Bruno", within=60)


@pytest.mark.parametrize("how", ["declined", "expired"])
def test_who_clicks_on_a_call_that_went_on_to_somebody_else_is_told_so(
    stage: Stage, open_desk: OpenDesk, how: str
) -> None:
    stage.mediator("Amina", "taxes")
    stage.mediator("Bruno", "taxes")
    amina, bruno, problems = open_desk("Amina"), open_desk("Bruno"), list[str]()
    caller = stage.asks("2")
    assert stage.rings("Amina")
    expect(amina.scene).to_contain_text("Votre téléphone sonne")
    stale = deaf_tab(amina, problems)
    goes_by(stage, amina, how)
    stage.phones["Bruno"].answer()
    stage.carrier.advance(1)
    expect(bruno.scene).to_contain_text("Prenez-vous cet appel")
    expect(stale.locator(".scene")).to_contain_text("Votre téléphone sonne")
    both_click(stage, stale, bruno.page, TAKE, "/take")
    expect(stale.locator("#said")).to_contain_text("une autre personne l’a pris")
    expect(stale.locator(".scene")).to_contain_text("Vous êtes disponible")
    assert stage.carrier.advance_until(lambda: caller.talking_to is not None, 20)
    assert caller.talking_to is stage.phones["Bruno"].leg
    expect(bruno.scene).to_contain_text("En conversation")
    expect(amina.scene).to_contain_text("Vous êtes disponible")
    assert (stage.state("Amina"), stage.phones["Amina"].state) == ("available", "idle")
    assert problems == []


def test_a_click_and_a_key_at_once_are_one_conversation_in_both_tabs(
    stage: Stage, open_desk: OpenDesk
) -> None:
    phone, problems = stage.mediator("Amina", "taxes"), list[str]()
    desk = open_desk("Amina")
    tabs = [desk.page, other_tab(desk, problems)]
    caller = stage.asks("2")
    assert stage.rings("Amina")
    phone.answer()
    stage.carrier.advance(4)
    for page in tabs:
        expect(page.locator(".scene")).to_contain_text("Prenez-vous cet appel")
    meet(stage, "/take", "/voice/whispered")
    with tabs[0].expect_response("**/take") as taken:
        tabs[0].get_by_role("button", name=TAKE).click()
        phone.press("1")
        stage.carrier.advance(3)
    assert taken.value.status == 200
    assert caller.talking_to is not None
    assert caller.talking_to is phone.leg
    for page in tabs:
        expect(page.locator(".scene")).to_contain_text("En conversation")
    stage.carrier.advance(5)
    assert caller.talking_to is phone.leg
    assert stage.log(caller).count("accepted") == 1
    stage.leaves(caller)
    for page in tabs:
        expect(page.locator(".scene")).to_contain_text("Comment s’est passé")
    assert problems == []
