"""The command `invite`: a link for whoever is to get in, and for whoever cannot get in any more."""

import re
from collections.abc import Iterator

import pytest

from hotline import wiring
from hotline.dashboard import invitations
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import accounts
from hotline.store.accounts import Account
from tests.integration.shell import Run, done, environ, refused, run

__all__ = ["environ", "run"]

EMAIL = "amina@example.org"
LINK = re.compile(r"https://line\.example\.org/invitation/([\w.-]+)")


@pytest.fixture
def services(environ: dict[str, str]) -> Iterator[Services]:
    built = wiring.from_environment(environ)
    yield built
    built.store.close()


def account(services: Services) -> Account:
    with services.store.reading() as tx:
        found = accounts.by_email(tx, EMAIL)
    assert found is not None
    return found


def token(printed: list[str]) -> str:
    (line,) = printed
    found = LINK.fullmatch(line)
    assert found is not None, line
    return found[1]


@pytest.mark.parametrize(
    ("flag", "role"),
    [
        ("--admin", Role.ADMINISTRATOR),
        ("--coordinator", Role.COORDINATOR),
        ("--mediator", Role.MEDIATOR),
    ],
)
def test_somebody_is_invited(run: Run, services: Services, flag: str, role: Role) -> None:
    printed = done(run("invite", flag, "Amina@example.org", "--name", "Amina B."))
    with services.store.reading() as tx:
        invited = invitations.invited(services, tx, token(printed))
    assert (invited.email, invited.name, invited.role) == (EMAIL, "Amina B.", role)
    assert invited.password is None


def test_a_name_is_made_of_the_address(run: Run, services: Services) -> None:
    done(run("invite", "--admin", EMAIL))
    assert account(services).name == "amina"


def test_a_name_that_is_known_stays_until_another_is_given(run: Run, services: Services) -> None:
    for given, name in ((["--name", "Animna"], "Animna"), ([], "Animna"), (["--name", "Amina"], "Amina")):
        done(run("invite", "--mediator", EMAIL, *given))
        assert account(services).name == name


def test_whoever_has_lost_everything_gets_in_again(run: Run, services: Services) -> None:
    first = token(done(run("invite", "--admin", EMAIL)))
    invitations.take_up(services, first, "a hash", "fr")
    key = account(services).id
    lost = {"totp_secret": "lost", "recovery_codes": ["lost"]}
    services.store.run(lambda tx: accounts.change(tx, key, lost))
    second = token(done(run("invite", "--admin", EMAIL)))
    assert account(services).totp_secret == "lost", "a new password is not a new second factor"
    third = token(done(run("invite", "--admin", EMAIL, "--new-second-factor")))
    invitations.take_up(services, third, "another hash", "fr")
    found = account(services)
    assert (found.password, found.totp_secret, found.recovery_codes) == ("another hash", None, None)
    with services.store.reading() as tx, pytest.raises(invitations.LinkTrouble):
        invitations.invited(services, tx, second)


def test_nobody_is_invited_as_nothing(run: Run) -> None:
    refused(run("invite", EMAIL), "Add --admin, --coordinator or --mediator")
    assert run("invite", "--admin").exit_code == 2


def test_an_account_keeps_its_role(run: Run) -> None:
    done(run("invite", "--admin", EMAIL))
    refused(run("invite", "--mediator", EMAIL), f"{EMAIL} has an account with another role: use --admin", 1)


@pytest.mark.parametrize("email", ["amina", "a b@example.org", "@example.org"])
def test_addresses_that_are_none(run: Run, email: str) -> None:
    refused(run("invite", "--admin", email, "--name", "A"), "no e-mail address like amina@example.org", 1)


@pytest.mark.parametrize("name", [" ", "x" * 121, "two\nlines"])
def test_names_that_are_none(run: Run, name: str) -> None:
    refused(run("invite", "--admin", EMAIL, "--name", name), "a name is one line", 1)
