"""The command `db`: brings the database up to date."""

import os

import click

from hotline import settings
from hotline.store import schema


@click.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Bring the database of DATABASE_URL to the present schema (`hotline serve` does it by itself)."""
    try:
        schema.migrate(settings.read(os.environ).database_url)
    except OSError as error:
        raise click.ClickException(f"the database's folder cannot be made: {error}") from error
    click.echo("The database is up to date.")
