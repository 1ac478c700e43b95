"""Forgotten passwords: the letters, whom they reach, and that nothing is skipped by them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from passlib.context import CryptContext

from hotline import dashboard
from hotline.mailing.absent import NoMail
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import accounts
from tests.dashboard.doors import EMAIL, Door, is_in, link_in
from tests.dashboard.statements import counted
from tests.dashboard.visitor import PASSWORD, browser
from tests.fakes import KeptMail

NEW = "un tout autre mot"


@pytest.fixture
def asked(door: Door, mail: KeptMail) -> Callable[..., str]:
    """Ask for a new password; the path of the link in the letter that comes."""

    def ask(email: str = EMAIL) -> str:
        before = len(mail.letters)
        door.browser().post("/account/reset", email=email)
        (letter,) = mail.letters[before:]
        return link_in(letter[2])

    return ask


def reset(door: Door, link: str, password: str = NEW) -> str:
    """Where choosing a password at that link leads."""
    visitor = door.browser()
    visitor.get(link)
    return visitor.post(link, password=password, password_confirm=password).location


def test_whoever_forgot_chooses_another_and_all_sessions_end(
    door: Door, asked: Callable[..., str], mail: KeptMail
) -> None:
    door.account()
    elsewhere = door.browser()
    door.log_in(elsewhere)
    assert reset(door, asked()) == "/account/login"
    assert not is_in(elsewhere)
    door.log_in(visitor := door.browser())
    assert not is_in(visitor)
    door.log_in(visitor, NEW)
    assert is_in(visitor)
    (to, subject, text), notice = mail.letters
    assert (to, subject) == (EMAIL, "Choisir un nouveau mot de passe")
    assert text.startswith("Bonjour Amina,\n\nQuelqu’un, sans doute vous,")
    assert notice[:2] == (EMAIL, "Votre mot de passe a été changé")
    assert link_in(notice[2]) == "/account/reset"


def test_letters_are_in_the_language_of_the_account(
    door: Door, asked: Callable[..., str], mail: KeptMail
) -> None:
    door.account(language="en")
    reset(door, asked())
    assert [subject for _to, subject, _text in mail.letters] == [
        "Choose a new password",
        "Your password has been changed",
    ]
    assert mail.letters[0][2].startswith("Hello Amina,")


def test_a_link_works_once_and_not_for_long(app: Flask, door: Door, asked: Callable[..., str]) -> None:
    door.account()
    link = asked()
    reset(door, link)
    assert reset(door, link) == "/account/reset"
    app.config["SECURITY_RESET_PASSWORD_WITHIN"] = timedelta(seconds=-1)
    visitor = door.browser()
    assert visitor.get(asked()).location == "/account/reset"
    assert "Ce lien ne sert plus" in visitor.get("/account/reset").text


def test_the_same_is_said_whether_there_is_an_account_or_not(door: Door, mail: KeptMail) -> None:
    door.account()
    answers = []
    for email in (EMAIL, "nobody@example.org"):
        visitor = door.browser()
        answer = visitor.post("/account/reset", email=email)
        answers.append((answer.status_code, visitor.get("/account/login").text.count(f"pour {email}")))
        assert f"Si un compte existe pour {email}" in answer.text
    assert answers[0] == answers[1]
    assert [to for to, _subject, _text in mail.letters] == [EMAIL]


def test_where_no_mail_can_be_sent_nobody_waits_for_one(services: Services) -> None:
    app = dashboard.create(replace(services, mail=NoMail()))
    page = browser(app).get("/account/reset").text
    app.extensions["live"].close()
    assert "aucun message ne peut être envoyé. Demandez à la personne" in page
    assert "<form" not in page.partition("<main")[2]


def test_the_same_is_said_when_the_mail_server_is_away(
    door: Door, mail: KeptMail, caplog: pytest.LogCaptureFixture
) -> None:
    door.account()
    mail.refuses = True
    answer = door.browser().post("/account/reset", email=EMAIL)
    assert (answer.status_code, "Si un compte existe" in answer.text) == (200, True)
    assert "was not sent: the mail server answers 451" in caplog.text
    assert EMAIL not in caplog.text


def test_the_letter_waits_until_the_page_is_there(door: Door, mail: KeptMail) -> None:
    """How long the page takes says nothing."""
    door.account()
    visitor = door.browser()
    answer = visitor.client.post(
        "/account/reset", data={"email": EMAIL}, headers={"X-CSRFToken": visitor.token}
    )
    assert mail.asked == 0
    answer.close()
    assert mail.asked == 1


def test_the_link_leads_to_us_whatever_a_request_claims(door: Door, mail: KeptMail) -> None:
    door.account()
    visitor = door.browser()
    visitor.get("/account/reset", base_url="http://example.com")
    headers = {"X-CSRFToken": visitor.token, "X-Forwarded-Host": "example.com"}
    form = {"email": EMAIL}
    visitor.client.post("/account/reset", base_url="http://example.com", data=form, headers=headers).close()
    ((_to, _subject, text),) = mail.letters
    assert link_in(text).startswith("/account/reset/")
    assert "example.com" not in text


def test_the_second_factor_is_still_asked_for(door: Door, asked: Callable[..., str]) -> None:
    door.with_codes(Role.ADMINISTRATOR)
    reset(door, asked())
    visitor = door.browser()
    assert door.log_in(visitor, NEW).location.startswith("/account/tf-validate")
    assert not is_in(visitor)


def test_an_invitation_is_taken_up_by_its_link_alone(door: Door, mail: KeptMail) -> None:
    """The address may have been mistyped: whoever reads mail there gets no way in."""
    door.account(password=None)
    answer = door.browser().post("/account/reset", email=EMAIL)
    assert "Si un compte existe" in answer.text
    ((to, subject, text),) = mail.letters
    assert (to, subject) == (EMAIL, "Votre compte n’est pas encore ouvert")
    assert "http" not in text
    assert door.known().password is None


def test_a_closed_account_gets_no_letter(door: Door, services: Services, mail: KeptMail) -> None:
    key = door.account()
    services.store.run(lambda tx: accounts.change(tx, key, {"active": False}))
    assert "Si un compte existe" in door.browser().post("/account/reset", email=EMAIL).text
    assert mail.letters == []


def test_a_letter_storm_is_stopped(door: Door, mail: KeptMail) -> None:
    """From one place, and from many: the answer stays the same, and the three letters are still good."""
    door.account()
    door.account(email="bruno@example.org")
    visitor = door.browser()
    answers = [visitor.post("/account/reset", email=EMAIL).status_code for _ in range(12)]
    assert answers == [200] * 10 + [429] * 2
    elsewhere = door.browser("192.0.2.7").post("/account/reset", email=EMAIL.upper())
    assert "Si un compte existe pour" in elsewhere.text
    assert [to for to, _subject, _text in mail.letters] == [EMAIL] * 3
    assert door.browser().post("/account/reset", email="bruno@example.org").status_code == 200
    assert [to for to, _subject, _text in mail.letters][3:] == ["bruno@example.org"]
    assert reset(door, link_in(mail.letters[0][2])) == "/account/login"


def test_without_redis_letters_are_counted_here(services: Services, mail: KeptMail) -> None:
    settings = replace(services.settings, redis_url="redis://127.0.0.1:1/0")
    door = Door(dashboard.create(replace(services, settings=settings)), services)
    door.account()
    for n in range(5):
        door.browser(f"192.0.2.{n}").post("/account/reset", email=EMAIL)
    assert len(mail.letters) == 3


def test_what_is_said_of_too_many_letters_leads_on(door: Door) -> None:
    visitor = door.browser()
    page = [visitor.post("/account/reset", email=EMAIL).text for _ in range(11)][-1]
    assert "le lien est déjà parti" in page
    assert 'href="/account/reset"' not in page, "which would only say so again"


@pytest.mark.parametrize("email", ["nobody@example.org", EMAIL, "new@example.org", "closed@example.org"])
def test_the_page_does_the_same_work_whoever_has_an_account(
    door: Door, services: Services, monkeypatch: pytest.MonkeyPatch, email: str
) -> None:
    """What takes long is done once it is there."""
    door.account()
    door.account(email="new@example.org", password=None)
    door.account(email="closed@example.org", active=False)
    visitor = door.browser()
    hashed: list[str] = []
    theirs = CryptContext.hash

    def noted(context: CryptContext, *args: Any, **more: Any) -> Any:
        hashed.append(str(context.default_scheme()))
        return theirs(context, *args, **more)

    monkeypatch.setattr(CryptContext, "hash", noted)
    with counted(services.store.engine) as sent:
        answer = visitor.client.post(
            "/account/reset", data={"email": email}, headers={"X-CSRFToken": visitor.token}
        )
    assert (hashed, len(sent)) == (["argon2"], 1)
    answer.close()


def test_a_changed_password_ends_the_other_sessions_and_is_told(door: Door, mail: KeptMail) -> None:
    door.account()
    here, elsewhere = door.browser(), door.browser()
    for one in (here, elsewhere):
        door.log_in(one)
    here.get("/account/change")
    form = {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
    assert here.post("/account/change", **form).location == "/profile"
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    assert [subject for _to, subject, _text in mail.letters] == ["Votre mot de passe a été changé"]


def test_a_new_password_opens_at_once_wherever_the_old_one_was_tried(
    door: Door, asked: Callable[..., str]
) -> None:
    """As the page of too many tries says; whoever guessed goes on guessing in vain."""
    door.account()
    visitor, elsewhere = door.browser(), door.browser("192.0.2.1")
    for one in (visitor, elsewhere):
        assert [door.log_in(one, "wrong").status_code for _ in range(11)][-1] == 429
    reset(door, asked())
    assert [door.log_in(elsewhere, "wrong").status_code for _ in range(11)] == [200] * 10 + [429]
    visitor.get("/account/login")
    door.log_in(visitor, NEW)
    assert is_in(visitor)


def test_blanks_are_no_password(door: Door, asked: Callable[..., str]) -> None:
    door.account()
    visitor = door.browser()
    link = asked()
    visitor.get(link)
    answer = visitor.post(link, password=" " * 12, password_confirm=" " * 12)
    assert (answer.status_code, "Il manque le mot de passe" in answer.text) == (200, True)
    door.log_in(visitor)
    visitor.get("/account/change")
    form = {"password": PASSWORD, "new_password": "\u200b" * 12, "new_password_confirm": "\u200b" * 12}
    assert "des espaces seuls ne suffisent pas" in visitor.post("/account/change", **form).text
    door.log_in(later := door.browser())
    assert is_in(later)
