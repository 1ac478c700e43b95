"""The command `invite`: opens the dashboard to somebody, by a link that works once."""

from typing import Final

import click

from hotline.cli.opened import opened
from hotline.dashboard import invitations
from hotline.dashboard.invitations import NotPossible, Refusal
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import accounts

WORDS: Final = {
    Refusal.NO_ADDRESS: "that is no e-mail address like amina@example.org",
    Refusal.NO_NAME: f"a name is one line with at least one letter, and at most {invitations.LONGEST_NAME}",
    Refusal.CLOSED: "this account has been closed",
}


@click.command()
@click.argument("email")
@click.option("--admin", "role", flag_value=Role.ADMINISTRATOR.value, help="May do everything.")
@click.option("--coordinator", "role", flag_value=Role.COORDINATOR.value, help="Sees and plans everything.")
@click.option("--mediator", "role", flag_value=Role.MEDIATOR.value, help="Answers calls.")
@click.option("--name", help="How the person is called; by default, what stands before the @.")
@click.option(
    "--new-second-factor", is_flag=True, help="The telephone with the codes is lost: set up another one."
)
def invite(email: str, role: str | None, name: str | None, new_second_factor: bool) -> None:
    """Print a link by which the person with that EMAIL address chooses a password, and is in.

    It works once, within seven days; hand it over yourself. Also for somebody who has an account and
    can no longer get in.
    """
    if role is None:
        raise click.UsageError("who is it? Add --admin, --coordinator or --mediator")
    services = opened()
    try:
        made = invitations.invite_again(services, email, name or None, Role(role))
    except NotPossible as error:
        raise click.ClickException(WORDS.get(error.why) or _other_role(services, email)) from error
    if new_second_factor:
        _forget_second_factor(services, email)
    click.echo(made.link)


def _other_role(services: Services, email: str) -> str:
    account = invitations.account_of(services, email)
    assert account is not None
    flag = "admin" if account.role is Role.ADMINISTRATOR else account.role.value
    return f"{account.email} has an account with another role: use --{flag}"


def _forget_second_factor(services: Services, email: str) -> None:
    account = invitations.account_of(services, email)
    assert account is not None
    key, nothing = account.id, {"totp_secret": None, "recovery_codes": None}
    services.store.run(lambda tx: accounts.change(tx, key, nothing))
