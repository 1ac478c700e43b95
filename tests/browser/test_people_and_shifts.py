"""A coordinator's pages in a real browser, by what can be seen and pressed there, with axe beside."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, expect

from hotline.queue.roles import Role
from hotline.queue.shifts import Shift, parse_hours
from tests import factories
from tests.browser.desks import LAPTOP, PHONE, Desk, accessible
from tests.calls.stage import Stage

OpenDesk = Callable[..., Desk]
pytestmark = pytest.mark.browser
ABUSER, WRITTEN, MASKED = "+33639980001", "06 39 98 00 01", "•• •• •• •• 01"


@pytest.fixture
def claude(stage: Stage, open_desk: OpenDesk) -> Desk:
    """Coordinates, beside Amina and Bruno who take calls."""
    stage.mediator("Amina", "taxes")
    stage.mediator("Bruno", "work")
    return open_desk("Claude", role=Role.COORDINATOR, path="/people")


def does(desk: Desk, button: str, said: str) -> None:
    """Press a button, and read what has been done."""
    desk.press(button)
    expect(desk.page.locator("main > .notice[role=status]")).to_contain_text(said)
    accessible(desk.page)


def goes(desk: Desk, link: str, title: str) -> None:
    """Follow a link, and read the page that it leads to."""
    desk.page.get_by_role("link", name=link, exact=True).click()
    expect(desk.page.locator("h1")).to_have_text(title)
    accessible(desk.page)


def line_of(desk: Desk, name: str) -> Locator:
    return desk.page.get_by_role("row").filter(has_text=name)


def test_somebody_is_invited_and_stands_in_the_team(claude: Desk, browser: Browser) -> None:
    accessible(claude.page)
    claude.page.get_by_role("link", name="Inviter quelqu’un").click()
    claude.page.get_by_label("Prénom et nom").fill("Zoé")
    accessible(claude.page)
    claude.page.get_by_label("Adresse e-mail").fill("zoe@example.org")
    claude.page.get_by_label("médiateur·rice").check()
    claude.press("Envoyer l’invitation")
    link = claude.page.locator(".secret code").inner_text()
    expect(claude.page.get_by_text("L’e-mail n’a pas pu partir")).to_be_visible()
    accessible(claude.page)
    hers = browser.new_page(locale="fr-FR")
    hers.goto(link)
    expect(hers.get_by_role("heading")).to_have_text("Bienvenue, Zoé")
    hers.close()
    goes(claude, "L’équipe", "L’équipe")
    expect(line_of(claude, "Zoé")).to_contain_text("pas encore venu·e")


def test_topics_are_changed_and_a_pause_begins_and_ends(stage: Stage, claude: Desk) -> None:
    expect(line_of(claude, "Amina")).to_contain_text("impôts")
    goes(claude, "Amina", "Amina")
    claude.page.get_by_label("impôts").uncheck()
    claude.page.get_by_label("santé").check()
    claude.page.get_by_label("anglais").check()
    does(claude, "Enregistrer", "C’est enregistré")
    claude.page.get_by_label("Ne plus lui passer d’appels pendant").select_option("2 heures")
    does(claude, "Mettre en pause", "Amina ne recevra plus d’appels pendant la pause")
    expect(claude.page.get_by_text("jusqu’à 12:00")).to_be_visible()
    assert stage.state("Amina") == "away"
    goes(claude, "L’équipe", "L’équipe")
    expect(line_of(claude, "Amina")).to_contain_text("en pause")
    expect(line_of(claude, "Amina")).not_to_contain_text("impôts")
    goes(claude, "Amina", "Amina")
    does(claude, "Mettre fin à la pause", "La pause est finie")
    stage.asks("3")
    assert stage.rings("Amina"), "for the topic that she has now"


def test_a_name_is_sought_as_it_is_written_and_stands_in_no_address(claude: Desk) -> None:
    page = claude.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_label("Chercher un nom").press_sequentially("ami")
    expect(page.get_by_role("status").filter(has_text="Une personne trouvée")).to_be_visible()
    expect(line_of(claude, "Bruno")).to_have_count(0)
    accessible(page)
    goes(claude, "Amina", "Amina")
    page.go_back()
    expect(line_of(claude, "Bruno")).to_be_visible()
    page.get_by_label("Chercher un nom").fill("zzz")
    claude.press("Chercher")
    expect(page.get_by_text("Personne ne s’appelle ainsi")).to_be_visible()
    assert [url for url in asked if "ami" in url or "zzz" in url or "q=" in url] == []


def test_a_name_is_sought_in_the_rota(claude: Desk) -> None:
    page = claude.page
    goes(claude, "Permanences", "Les permanences")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_label("Qui ?").select_option("Bruno")
    page.get_by_label("Chercher un nom").press_sequentially("ami")
    expect(page.get_by_role("status").filter(has_text="Une personne trouvée")).to_be_visible()
    expect(line_of(claude, "Amina")).to_be_visible()
    expect(line_of(claude, "Bruno")).to_have_count(0)
    expect(page.get_by_label("Qui ?").locator("option:checked")).to_have_text("Bruno")
    accessible(page)
    assert [url for url in asked if "ami" in url or "q=" in url] == []


def test_of_a_large_team_whoever_is_sought_is_chosen_by_nobody_else(stage: Stage, claude: Desk) -> None:
    for number in range(51):
        factories.mediator(stage.services, f"M{number:02}", f"+336399802{number:02}", shifts=())
    page, who = claude.page, claude.page.get_by_label("Qui ?")
    goes(claude, "Permanences", "Les permanences")
    page.locator("#add").get_by_role("link", name="Chercher un nom").click()
    expect(page.get_by_label("Chercher un nom")).to_be_focused()
    page.get_by_label("Chercher un nom").fill("m50")
    expect(who.locator("option")).to_have_text(["Choisissez…", "M50"])
    expect(who).to_have_value("")
    who.select_option("M50")
    page.get_by_label("Chercher un nom").fill("bruno")
    expect(who.locator("option")).to_have_text(["Choisissez…", "Bruno", "M50"])
    expect(who.locator("option:checked")).to_have_text("M50")
    accessible(page)
    does(claude, "Ajouter", "C’est ajouté : chaque lundi, 09:00–12:00")
    expect(line_of(claude, "M50")).to_contain_text("09:00–12:00")


def test_a_name_is_sought_without_scripts(stage: Stage, open_desk: OpenDesk) -> None:
    stage.mediator("Amina", "taxes")
    stage.mediator("Bruno", "work")
    desk = open_desk("Claude", role=Role.COORDINATOR, path="/people", java_script_enabled=False)
    desk.page.get_by_label("Chercher un nom").fill("ami")
    desk.page.get_by_role("button", name="Chercher").click()
    expect(desk.page.get_by_text("Une personne trouvée")).to_be_visible()
    expect(line_of(desk, "Bruno")).to_have_count(0)
    assert desk.page.url.endswith("/people")


BROKEN = """() => {
  const found = [];
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    for (const word of texts.currentNode.data.matchAll(/[\\p{L}·]+/gu)) {
      const range = document.createRange();
      range.setStart(texts.currentNode, word.index);
      range.setEnd(texts.currentNode, word.index + word[0].length);
      const lines = [...range.getClientRects()].map((one) => Math.round(one.top));
      if (new Set(lines).size > 1) found.push(word[0]);
    }
  }
  return found;
}"""
"""Words that begin on one line and end on another."""


@pytest.mark.parametrize(
    "viewport", [LAPTOP, {"width": 1220, "height": 900}, {"width": 800, "height": 900}, PHONE]
)
def test_no_word_is_broken_and_the_whole_week_is_seen(
    stage: Stage, open_desk: OpenDesk, viewport: dict[str, int]
) -> None:
    for name in ("Amina", "Marie-Christine Beauchampagnolles"):
        stage.mediator(name, "taxes", "work", "health", "benefits", "messages", "device")
    desk = open_desk("Odile", role=Role.ADMINISTRATOR, path="/people", viewport=viewport)
    assert desk.page.evaluate(BROKEN) == []
    goes(desk, "Permanences", "Les permanences")
    assert desk.page.evaluate(BROKEN) == []
    crosses = desk.page.get_by_role("link", name="Retirer : Marie-Christine Beauchampagnolles")
    expect(crosses).to_have_count(7)
    for cross_ in crosses.all():
        box = cross_.bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= viewport["width"] - box["width"]


def add_shift(desk: Desk, when: str, start: str, end: str, said: str) -> None:
    desk.page.get_by_label("Qui ?").select_option("Dora")
    desk.page.get_by_label("Quand ?").select_option(when)
    desk.page.get_by_label("De", exact=True).fill(start)
    desk.page.get_by_label("À", exact=True).fill(end)
    does(desk, "Ajouter", said)


def cross(desk: Desk, shift: str) -> None:
    """By the keyboard, to the page that asks whether this shift is to go."""
    desk.page.get_by_role("link", name=f"Retirer : {shift}", exact=True).press("Enter")
    expect(desk.page.locator("h1")).to_have_text("Retirer cette permanence ?")
    accessible(desk.page)


def remove(desk: Desk, shift: str, asks: str) -> None:
    cross(desk, shift)
    expect(desk.page.locator("main")).to_contain_text(asks)
    does(desk, "Retirer", "La permanence est retirée")


def test_shifts_come_and_go(stage: Stage, claude: Desk) -> None:
    stage.mediator("Dora", shifts=[Shift(1, parse_hours("09:00-10:00"), factories.ZONE)])
    page = claude.page
    goes(claude, "Permanences", "Les permanences")
    page.get_by_role("link", name="Ajouter une permanence").click()
    expect(page.get_by_label("Qui ?")).to_be_in_viewport()
    week = page.get_by_role("region", name="Le planning de la semaine").get_by_role("row", name="Dora")
    expect(page.get_by_label("À quelle date ?")).to_be_hidden()
    add_shift(claude, "Chaque vendredi", "22:00", "06:00", "chaque vendredi, 22:00–06:00 le lendemain")
    expect(week).to_contain_text("22:00–06:00")
    page.get_by_label("Quand ?").select_option("Une seule fois, à une date")
    page.get_by_label("À quelle date ?").fill("2026-11-24")
    add_shift(claude, "Une seule fois, à une date", "09:00", "12:00", "mardi 24 novembre, 09:00–12:00")
    once = page.get_by_role("listitem").filter(has_text="Mardi 24 novembre")
    expect(once).to_contain_text("09:00–12:00 · Dora")
    remove(claude, "Dora, vendredi, 22:00–06:00 le lendemain", "elle sera retirée de toutes les semaines")
    expect(week).not_to_contain_text("22:00–06:00")
    expect(once).to_be_visible()
    cross(claude, "Dora, mardi 24 novembre, 09:00–12:00")
    goes(claude, "Garder", "Les permanences")
    expect(once).to_be_visible()
    remove(claude, "Dora, mardi 24 novembre, 09:00–12:00", "Elle n’a lieu qu’une fois")
    expect(once).to_have_count(0)


def is_refused(stage: Stage) -> bool:
    """Whether the abuser's call ends without anybody being rung."""
    call = stage.call(ABUSER)
    assert stage.is_over(call)
    return stage.outcome(call) == "blocked"


def proposes(stage: Stage, amina: Desk) -> None:
    """Amina proposes, after a talk, to block whoever has called."""
    caller = stage.asks("2")
    assert stage.rings("Amina")
    stage.connect(caller, stage.phones["Amina"])
    stage.leaves(caller)
    amina.page.get_by_text("Proposer de bloquer ce numéro").click()
    amina.page.get_by_label("Pourquoi ?").fill("insultes")
    amina.press("Proposer le blocage")
    expect(amina.page.locator("#said")).to_contain_text("Une personne de la coordination décidera")


def sees_number(desk: Desk) -> None:
    desk.press("Voir le numéro qui finit par 01")
    expect(desk.page.get_by_text(WRITTEN)).to_be_visible()
    accessible(desk.page)


def test_numbers_are_blocked_and_unblocked(stage: Stage, claude: Desk, open_desk: OpenDesk) -> None:
    page = claude.page
    proposes(stage, open_desk("Amina"))
    goes(claude, "Blocages", "Numéros bloqués")
    expect(page.get_by_text("Proposé par Amina")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text(WRITTEN)
    sees_number(claude)
    does(claude, "Bloquer ce numéro", "Le numéro est bloqué")
    blocked = page.get_by_role("listitem").filter(has_text=MASKED)
    expect(blocked).to_contain_text("insultes")
    sees_number(claude)
    assert is_refused(stage)
    page.get_by_label("Numéro de téléphone").fill(WRITTEN)
    page.get_by_label("Pourquoi ?").fill("menaces")
    claude.press("Bloquer")
    expect(page.get_by_text("Ce numéro est déjà bloqué (insultes)")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="Débloquer le numéro qui finit par 01").click()
    expect(page.locator("h1")).to_have_text("Débloquer ce numéro ?")
    expect(page.locator("main")).to_contain_text("insultes")
    accessible(page)
    goes(claude, "Garder bloqué", "Numéros bloqués")
    expect(blocked).to_contain_text("insultes")
    page.get_by_role("link", name="Débloquer le numéro qui finit par 01").click()
    does(claude, "Débloquer", "n’est plus bloqué")
    expect(blocked).to_have_count(0)
    page.get_by_label("Numéro de téléphone").fill(WRITTEN)
    page.get_by_label("Pourquoi ?").fill("menaces")
    page.get_by_label("Pour combien de temps ?").select_option("une semaine")
    does(claude, "Bloquer", "Le numéro est bloqué")
    expect(blocked).to_contain_text("jusqu’au 30 novembre 2026")
    assert is_refused(stage)
