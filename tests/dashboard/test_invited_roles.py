"""The role of somebody who is invited and has not come: it is changed, and their link opens the account."""

from collections.abc import Callable

import pytest

from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import accounts
from hotline.switchboard import people
from hotline.switchboard.moment import Moment
from hotline.switchboard.people import NotAllowed
from tests.dashboard.doors import Door, link_in
from tests.dashboard.visitor import PASSWORD, Visitor
from tests.fakes import KeptMail, SetClock

LoggedIn = Callable[..., Visitor]
EMAIL = "zoe@example.org"


def invite(by: Visitor, mail: KeptMail, role: Role = Role.MEDIATOR) -> str:
    by.post("/people/invite", name="Zoé", email=EMAIL, role=role)
    return link_in(mail.letters[-1][2])


def give(by: Visitor, door: Door, role: Role) -> str:
    """Give Zoé that role; what is said of it."""
    answer = by.post(f"/people/{door.known(EMAIL).id}/role", role=role)
    return by.get(answer.location).text


def open_(door: Door, link: str) -> str:
    """Open the account, and where that leads."""
    someone = door.browser()
    someone.get(link)
    return someone.post(link, password=PASSWORD, again=PASSWORD).location


def test_the_link_goes_on_working_with_the_new_role(
    administrator: Visitor, door: Door, mail: KeptMail
) -> None:
    link = invite(administrator, mail)
    said = give(administrator, door, Role.COORDINATOR)
    assert "L’invitation déjà envoyée sert toujours, avec ce rôle" in said
    assert "se connecter à nouveau" not in said
    assert open_(door, link) == "/account/tf-setup", "what a coordinator sets up first"
    assert door.known(EMAIL).role is Role.COORDINATOR


def test_whoever_invited_with_the_wrong_role_puts_it_right(
    coordinator: Visitor, door: Door, mail: KeptMail
) -> None:
    link = invite(coordinator, mail, Role.COORDINATOR)
    refused = coordinator.post("/people/invite", name="Zoé", email=EMAIL, role="mediator").text
    hers = f"/people/{door.known(EMAIL).id}"
    assert "déjà invitée, avec un autre rôle : changez-le à sa page" in refused
    assert f'<a href="{hers}">Voir cette personne</a>' in refused
    page = coordinator.get(hers).text
    assert ("Changer le rôle" in page, 'value="administrator"' in page) == (True, False)
    assert "sert toujours" in give(coordinator, door, Role.MEDIATOR)
    assert open_(door, link) == "/welcome"


@pytest.mark.parametrize("role", [Role.MEDIATOR, Role.ADMINISTRATOR])
def test_a_coordinator_gives_an_invited_person_no_role_above_their_own(
    coordinator: Visitor, administrator: Visitor, door: Door, mail: KeptMail, role: Role
) -> None:
    invite(administrator, mail, Role.ADMINISTRATOR if role is Role.MEDIATOR else Role.MEDIATOR)
    before = door.known(EMAIL)
    assert "Seule une personne qui administre" in give(coordinator, door, role)
    assert door.known(EMAIL) == before


def test_who_has_opened_the_account_keeps_the_role_that_a_coordinator_would_change(
    coordinator: Visitor, door: Door, mail: KeptMail, services: Services, clock: SetClock
) -> None:
    open_(door, invite(coordinator, mail))
    before, claude = door.known(EMAIL), coordinator.account
    assert claude is not None

    def change(m: Moment) -> bool:
        return people.change_role(m, claude, before.id, Role.COORDINATOR, "another word")

    with pytest.raises(NotAllowed):
        services.store.run(lambda tx: change(Moment(tx, clock.now(), services.lines, services.jobs)))
    assert door.known(EMAIL) == before, "nothing of it is kept"


def test_a_closed_invitation_that_is_reopened_is_to_be_sent_again(
    coordinator: Visitor, door: Door, mail: KeptMail
) -> None:
    link = invite(coordinator, mail)
    key = door.known(EMAIL).id
    coordinator.post(f"/people/{key}/close")
    again = coordinator.post(f"/people/{key}/reopen")
    assert "Renvoyez l’invitation : l’ancien lien ne sert plus" in coordinator.get(again.location).text
    assert door.browser().get(link).status_code == 410
    assert open_(door, invite(coordinator, mail)) == "/welcome"


def test_whoever_is_known_already_is_found_at_once(coordinator: Visitor, door: Door, mail: KeptMail) -> None:
    link = invite(coordinator, mail)
    key = door.known(EMAIL).id
    open_(door, link)
    here = coordinator.post("/people/invite", name="Zoé", email=EMAIL, role="mediator").text
    assert ("a déjà un compte" in here, f'href="/people/{key}"' in here) == (True, True)
    door.services.store.run(lambda tx: accounts.change(tx, key, {"active": False}))
    closed = coordinator.post("/people/invite", name="Zoé", email=EMAIL, role="mediator").text
    assert ("est fermé" in closed, f'href="/people/{key}"' in closed) == (True, True)
