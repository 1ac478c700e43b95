"""A newcomer with a telephone in the hand: from the link in a mail to the first call, and what goes wrong."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from hotline.dashboard import invitations
from hotline.queue.roles import Role
from hotline.simulator.phones import Phone
from hotline.switchboard.number_checks import RINGS
from tests.browser.desks import IN_TIME, PHONE, Desk
from tests.browser.first_steps import (
    ask_for_a_call,
    choose_password,
    code_heard,
    go,
    go_on_to_the_number,
    key,
    reads,
)
from tests.calls.stage import Stage
from tests.dashboard.visitor import PASSWORD
from tests.fakes import KeptMail

pytestmark = pytest.mark.browser
NUMBER = "+33639980123"


@pytest.fixture
def link(stage: Stage) -> str:
    """The link in the letter to Amina."""
    build, mail = stage.build, KeptMail()
    stage.build = lambda: replace(build(), mail=mail)
    stage.restart()
    with stage.app.extensions["pages"].test_request_context():
        invitations.invite(stage.services, "amina@example.org", "Amina", Role.MEDIATOR, send=True)
    ((_to, _subject, text),) = mail.letters
    return next(word for word in text.split() if word.startswith("http"))


@pytest.fixture
def phone(stage: Stage) -> Phone:
    return stage.carrier.register_phone(NUMBER, "Amina")


@pytest.fixture
def me(browser: Browser, stage: Stage, link: str) -> Iterator[Desk]:
    """A telephone's browser that has opened the link."""
    size: Any = PHONE
    context = browser.new_context(viewport=size, locale="fr-FR")
    opened, problems = context.new_page(), list[str]()
    opened.set_default_timeout(IN_TIME)
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.goto(link)
    yield Desk("Amina", opened)
    context.close()
    assert problems == []


def another(code: str) -> str:
    return f"{(int(code) + 1) % 10_000:04}"


def test_from_the_invitation_to_the_first_call(stage: Stage, me: Desk, phone: Phone) -> None:
    reads(me, "Bienvenue, Amina")
    choose_password(me)
    reads(me, "votre téléphone sonne")
    go(me, "Continuer")
    reads(me, "vous appuyez sur le 1")
    go(me, "Continuer")
    reads(me, "Votre numéro reste caché")
    go(me, "Ajouter mon téléphone")
    reads(me, "Quel est votre numéro")
    ask_for_a_call(me)
    reads(me, "Votre téléphone va sonner")
    key(me, code_heard(stage, phone))
    reads(me, "Votre numéro est le bon")
    for one in ("impôts", "allocations et RSA"):
        me.page.get_by_label(one).check()
    me.press("Terminer")
    expect(me.page.get_by_text("Tout est prêt")).to_be_visible()
    reads(me, "Vous n’êtes pas de permanence")
    me.press("Je suis disponible")
    reads(me, "Vous êtes disponible")
    stage.asks("2")
    assert stage.carrier.advance_until(lambda: phone.ringing_leg is not None, 30)
    reads(me, "Votre téléphone sonne")


def test_a_wrong_code_is_said_and_tried_again(stage: Stage, me: Desk, phone: Phone) -> None:
    choose_password(me)
    go_on_to_the_number(me)
    ask_for_a_call(me)
    code = code_heard(stage, phone)
    key(me, another(code))
    expect(me.page.get_by_role("alert")).to_have_text(re.compile("Ce n’est pas ce code-là. Écoutez encore"))
    reads(me, "Votre téléphone va sonner")
    key(me, code)
    expect(me.page.locator("h1")).to_contain_text("Votre numéro est le bon")


def test_back_leads_to_pages_also_where_a_mistake_was_made(stage: Stage, me: Desk, phone: Phone) -> None:
    """The browser has an error page of its own for answers to a form that it was not to keep."""
    choose_password(me)
    go_on_to_the_number(me)
    ask_for_a_call(me, "01 99")
    ask_for_a_call(me)
    code = code_heard(stage, phone)
    key(me, another(code))
    expect(me.page.get_by_role("alert")).to_contain_text("Ce n’est pas ce code-là")
    me.page.go_back()
    reads(me, "Votre téléphone va sonner")
    me.page.go_forward()
    reads(me, "Votre téléphone va sonner")
    key(me, code)
    me.press("Terminer")
    expect(me.page.get_by_role("alert")).to_contain_text("au moins un thème")
    me.page.reload()
    reads(me, "Votre numéro est le bon")
    expect(me.page.get_by_role("alert")).to_have_count(0)
    me.page.get_by_label("impôts").check()
    me.press("Terminer")
    expect(me.page.get_by_text("Tout est prêt")).to_be_visible()
    for _ in range(3):
        me.page.go_back()
        expect(me.page.locator("h1")).to_be_visible()


def test_another_call_has_another_code(stage: Stage, me: Desk, phone: Phone) -> None:
    choose_password(me)
    go_on_to_the_number(me)
    ask_for_a_call(me)
    older = code_heard(stage, phone)
    stage.carrier.advance(RINGS.total_seconds())
    me.press("M’appeler encore")
    newer = code_heard(stage, phone)
    if newer != older:
        key(me, older)
        expect(me.page.get_by_role("alert")).to_contain_text("Ce n’est pas ce code-là")
    key(me, newer)
    expect(me.page.locator("h1")).to_contain_text("Votre numéro est le bon")


def test_mistakes_are_said_where_they_were_made(stage: Stage, me: Desk, phone: Phone) -> None:
    choose_password(me, again=f"{PASSWORD} !")
    expect(me.page.get_by_role("alert")).to_contain_text("pas les mêmes")
    reads(me, "Bienvenue, Amina")
    choose_password(me)
    go_on_to_the_number(me)
    ask_for_a_call(me, "01 99")
    expect(me.page.get_by_role("alert")).to_contain_text("pas un numéro de téléphone")
    reads(me, "Quel est votre numéro")
    ask_for_a_call(me)
    key(me, code_heard(stage, phone))
    me.press("Terminer")
    expect(me.page.get_by_role("alert")).to_contain_text("au moins un thème")
    reads(me, "Votre numéro est le bon")
    me.page.get_by_label("impôts").check()
    me.press("Terminer")
    expect(me.page.get_by_text("Tout est prêt")).to_be_visible()
