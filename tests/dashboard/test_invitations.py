"""Invitations: a link opens an account once, within seven days, and says what is wrong with it otherwise."""

import re
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask

from hotline.dashboard import invitations
from hotline.dashboard.invitations import Invitation, LinkTrouble, NotPossible, Refusal, Trouble
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import accounts
from tests.dashboard.doors import EMAIL, Door, is_in, link_in
from tests.dashboard.visitor import PASSWORD, Visitor
from tests.fakes import KeptMail, SetClock

OTHER = "bruno@example.org"
LOG_IN = '<a href="/account/login">Se connecter</a>'


@pytest.fixture
def invite(app: Flask, services: Services) -> Callable[..., Invitation]:
    def make(
        role: Role = Role.MEDIATOR, email: str = EMAIL, name: str = "Amina", *, send: bool = False
    ) -> Invitation:
        with app.test_request_context():
            return invitations.invite(services, email, name, role, send=send)

    return make


def path(invitation: Invitation) -> str:
    return link_in(invitation.link)


def opened(door: Door, link: str, password: str = PASSWORD) -> tuple[Visitor, str]:
    """Somebody who opens the link and chooses a password; where that leads."""
    visitor = door.browser()
    assert visitor.get(link).status_code == 200
    return visitor, visitor.post(link, password=password, again=password).location


def test_a_mediator_opens_their_account_and_goes_on_to_the_first_minutes(
    door: Door, invite: Callable[..., Invitation]
) -> None:
    visitor, leads_to = opened(door, path(invite()))
    assert leads_to == "/welcome"
    assert "Bonjour Amina" in visitor.get("/welcome").text
    assert door.log_in(door.browser()).location == "/"


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_whoever_sees_more_sets_up_a_second_factor_first(
    door: Door, invite: Callable[..., Invitation], role: Role
) -> None:
    visitor, leads_to = opened(door, path(invite(role)))
    assert leads_to == "/account/tf-setup"
    assert not is_in(visitor)
    assert "Protéger mon compte par un second code" in visitor.get(leads_to).text


def test_the_link_holds_no_address_and_no_name(invite: Callable[..., Invitation], services: Services) -> None:
    token = path(invite()).removeprefix("/invitation/")
    read = invitations._serializer(services).loads(token)
    with services.store.reading() as tx:
        account = accounts.by_email(tx, EMAIL)
    assert account is not None
    assert read == [account.id, account.session]


def test_a_link_works_once(door: Door, invite: Callable[..., Invitation]) -> None:
    link = path(invite())
    opened(door, link)
    late = door.browser()
    for answer in (late.get(link), late.post(link, password="x" * 12, again="x" * 12)):
        assert answer.status_code == 410
        assert "Cette invitation a déjà servi" in answer.text
    assert door.log_in(door.browser()).status_code == 302


def test_of_two_who_come_at_once_one_is_too_late(
    invite: Callable[..., Invitation], services: Services
) -> None:
    token = path(invite()).removeprefix("/invitation/")
    invitations.take_up(services, token, "a hash", "fr")
    with pytest.raises(LinkTrouble) as caught:
        invitations.take_up(services, token, "another hash", "fr")
    assert caught.value.why is Trouble.USED


def test_a_link_is_over_after_seven_days(
    door: Door, invite: Callable[..., Invitation], clock: SetClock
) -> None:
    link = path(invite())
    clock.instant += timedelta(days=7)
    assert door.browser().get(link).status_code == 200
    clock.instant += timedelta(seconds=1)
    answer = door.browser().get(link)
    assert answer.status_code == 410
    assert "Demandez une nouvelle invitation à la personne qui vous a invité" in answer.text
    assert LOG_IN in answer.text


def test_a_newer_invitation_replaces_the_older_one(door: Door, invite: Callable[..., Invitation]) -> None:
    older, newer = path(invite()), path(invite())
    answer = door.browser().get(older)
    assert (answer.status_code, "Une invitation plus récente vous attend" in answer.text) == (410, True)
    assert LOG_IN in answer.text
    assert opened(door, newer)[1] == "/welcome"


def test_a_link_that_is_none(door: Door, invite: Callable[..., Invitation]) -> None:
    link = path(invite())
    tampered = ["/invitation/x", f"{link}x", link[:-4], link.replace("/invitation/", "/invitation/W1")]
    for one in tampered:
        answer = door.browser().get(one)
        assert (answer.status_code, "copiez-le en entier" in answer.text) == (404, True)
        assert LOG_IN in answer.text


def test_an_account_that_was_closed_is_not_opened(
    door: Door, invite: Callable[..., Invitation], services: Services
) -> None:
    link, key = path(invite()), door.known().id
    services.store.run(lambda tx: accounts.change(tx, key, {"active": False}))
    assert door.browser().get(link).status_code == 404


def test_passwords_are_long_enough_and_written_twice(door: Door, invite: Callable[..., Invitation]) -> None:
    link = path(invite())
    visitor = door.browser()
    visitor.get(link)
    for password, again, says in [
        ("neuf sign", "neuf sign", "au moins 10 caractères"),
        (PASSWORD, f"{PASSWORD}!", "pas les mêmes"),
        (" " * 12, " " * 12, "des espaces seuls ne suffisent pas"),
    ]:
        answer = visitor.post(link, password=password, again=again)
        assert (answer.status_code, says in answer.text) == (422, True)
    assert door.known().password is None


def test_a_mistake_is_marked_at_its_field(door: Door, invite: Callable[..., Invitation]) -> None:
    link, marked = path(invite()), re.compile(r'<input id="(\w+)"[^>]*aria-invalid="true"')
    visitor = door.browser()
    visitor.get(link)
    assert marked.findall(visitor.post(link, password="neuf sign", again="neuf").text) == ["password"]
    assert marked.findall(visitor.post(link, password=PASSWORD, again="autre").text) == ["again"]


def test_a_password_is_the_same_however_its_accents_are_typed(
    door: Door, invite: Callable[..., Invitation]
) -> None:
    opened(door, path(invite()), "cafe\u0301 au lait")
    assert door.log_in(door.browser(), "caf\u00e9 au lait").status_code == 302


def test_whoever_was_logged_in_on_this_device_is_not_any_more(
    door: Door, invite: Callable[..., Invitation]
) -> None:
    door.account(email=OTHER)
    visitor = door.browser()
    door.log_in(visitor, email=OTHER)
    link = path(invite())
    visitor.get(link)
    visitor.post(link, password=PASSWORD, again=PASSWORD)
    assert EMAIL in visitor.get("/profile").text


def test_an_invitation_by_mail(door: Door, invite: Callable[..., Invitation], mail: KeptMail) -> None:
    invitation = invite(send=True)
    assert invitation.sent
    ((to, subject, text),) = mail.letters
    assert (to, subject) == (
        EMAIL,
        "Votre invitation à «\N{NO-BREAK SPACE}L’aide au numérique\N{NO-BREAK SPACE}»",
    )
    assert link_in(text) == path(invitation)
    assert opened(door, link_in(text))[1] == "/welcome"


def test_the_name_of_the_latest_invitation_counts(
    door: Door, invite: Callable[..., Invitation], mail: KeptMail
) -> None:
    invite(name="Animna", send=True)
    invite(name=" Amina ", send=True)
    assert [text.splitlines()[0] for _to, _subject, text in mail.letters] == [
        "Bonjour Animna,",
        "Bonjour Amina,",
    ]
    assert door.known().name == "Amina"
    with pytest.raises(NotPossible) as caught:
        invite(name=" ")
    assert caught.value.why is Refusal.NO_NAME


def test_a_mail_that_cannot_be_sent_loses_nothing(
    door: Door, invite: Callable[..., Invitation], mail: KeptMail
) -> None:
    mail.refuses = True
    invitation = invite(send=True)
    assert not invitation.sent
    assert opened(door, path(invitation))[1] == "/welcome"


def test_nobody_takes_over_an_account_by_inviting_its_owner(
    door: Door, invite: Callable[..., Invitation]
) -> None:
    opened(door, path(invite()))
    with pytest.raises(NotPossible) as caught:
        invite()
    assert caught.value.why is Refusal.HERE_ALREADY


@pytest.mark.parametrize("email", ["", "amina", "amina@localhost", "a b@example.org", "a@b@example.org"])
def test_addresses_that_are_none(invite: Callable[..., Invitation], email: str) -> None:
    with pytest.raises(NotPossible) as caught:
        invite(email=email)
    assert caught.value.why is Refusal.NO_ADDRESS


def test_an_address_is_one_whatever_its_capitals(invite: Callable[..., Invitation], door: Door) -> None:
    links = [path(invite(email=email)) for email in ("Amina@Example.ORG", EMAIL)]
    assert all(one != other for one, other in pairwise(links))
    assert door.browser().get(links[0]).status_code == 410


def test_an_invitation_with_another_role_changes_none(invite: Callable[..., Invitation]) -> None:
    invite(Role.MEDIATOR)
    with pytest.raises(NotPossible) as caught:
        invite(Role.ADMINISTRATOR)
    assert caught.value.why is Refusal.OTHER_ROLE


def test_letters_have_a_subject_in_both_languages(app: Flask) -> None:
    templates = Path(app.root_path) / "templates"
    found = [*templates.glob("letters/*.txt"), *templates.glob("security/email/*.txt")]
    assert len(found) == 6
    for one in found:
        assert one.read_text(encoding="utf-8").count('== "en"') == 1, one.name
