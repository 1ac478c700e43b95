"""The commands: `hotline serve`, `hotline demo` and the rest, each in a file of its own."""

from typing import Any, Final

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from hotline.cli.alarms import alarms
from hotline.cli.blocks import blocks
from hotline.cli.call import call
from hotline.cli.callbacks import callbacks
from hotline.cli.calls import calls
from hotline.cli.db import db
from hotline.cli.demo import demo, environment_of_the_demo
from hotline.cli.doctor import doctor
from hotline.cli.invite import invite
from hotline.cli.mediators import mediators
from hotline.cli.seed import seed
from hotline.cli.serve import serve, web, worker
from hotline.cli.shifts import shifts
from hotline.cli.twilio import twilio
from hotline.settings import SettingsError
from hotline.store.engines import BadAddressError

COMMANDS: Final[tuple[click.Command, ...]] = (
    serve,
    web,
    worker,
    demo,
    db,
    seed,
    call,
    calls,
    callbacks,
    blocks,
    invite,
    mediators,
    shifts,
    alarms,
    twilio,
    doctor,
)
"""To add a command, write hotline/cli/<name>.py and name its click command here."""


REMEDY: Final = "Is it running, and DATABASE_URL right? `hotline db upgrade` brings it up to date."


class RefusedError(click.ClickException):
    """Set up wrongly: nothing was started."""

    exit_code = 2


class Commands(click.Group):
    """Says without a traceback what is wrong with a setting or the database."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise RefusedError(str(error)) from error
        except BadAddressError as error:
            raise RefusedError(f"DATABASE_URL is of no use: {error}") from error
        except (OperationalError, ProgrammingError) as error:
            reason = str(error.orig).strip().splitlines()[0]
            raise RefusedError(f"the database cannot be used: {reason}\n{REMEDY}") from error


@click.group(cls=Commands, commands={str(command.name): command for command in COMMANDS})
@click.version_option(package_name="hotline")
@click.option("--demo", "of_the_demo", is_flag=True, help="Look into the demonstration of `make run`.")
@click.pass_context
def main(context: click.Context, of_the_demo: bool) -> None:
    """A telephone line that finds a mediator for who calls."""
    if of_the_demo:
        context.with_resource(environment_of_the_demo())
