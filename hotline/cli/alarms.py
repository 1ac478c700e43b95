"""The command `alarms`: tries out whether alarms reach the coordinators."""

import os

import click

from hotline import wiring
from hotline.switchboard.ports import MailTrouble

SUBJECT = "Essai : les alertes de la ligne d'aide arrivent"
TEXT = """\
Ceci est un essai. Si vous lisez ce message, les alertes de la ligne d'aide vous parviennent.
Vous n'avez rien à faire.

In English: this is a test of the hotline's alarms. There is nothing to do.
"""


@click.group()
def alarms() -> None:
    """Alarms to the coordinators, by mail."""


@alarms.command()
def test() -> None:
    """Send a test mail to HOTLINE_ALARM_TO."""
    # not by opened(): alarms matter most when the database is away
    services = wiring.from_environment(os.environ)
    if services.settings.mail is None and services.settings.mail_folder is None:
        raise click.ClickException(
            "no mail is set up, alarms go to the log alone: "
            "set HOTLINE_MAIL_URL, HOTLINE_MAIL_FROM and HOTLINE_ALARM_TO"
        )
    try:
        services.mail.send(SUBJECT, TEXT)
    except MailTrouble as error:
        raise click.ClickException(f"the mail was not sent: {error}") from error
    if services.settings.mail is None:
        click.echo(f"The mail is in {services.settings.mail_folder}.")
    else:
        click.echo(f"The mail server has taken the mail to {', '.join(services.settings.mail.recipients)}.")
