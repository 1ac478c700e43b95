"""The command `blocks`: numbers whose calls are not taken."""

from datetime import timedelta

import click

from hotline.cli.mediators import at_once
from hotline.cli.opened import opened
from hotline.services import Services
from hotline.store import callers
from hotline.switchboard.blocking import Spared, spared

LONGEST_REASON = 200
WHOSE = {Spared.THE_LINES: "the line's own number", Spared.A_MEDIATORS: "the telephone of a mediator"}


@click.group()
def blocks() -> None:
    """Blocked numbers: add, list, remove. Whoever calls from one hears a polite sentence."""


@blocks.command()
@click.argument("number")
@click.option("--reason", required=True, help="Why; other coordinators read it.")
@click.option("--days", type=click.IntRange(1, 3650), help="For so long; by default until it is removed.")
def add(number: str, reason: str, days: int | None) -> None:
    """Block the telephone NUMBER."""
    services = opened()
    found = _written(services, number)
    if not reason.strip():
        raise click.BadParameter("say why: other coordinators read it", param_hint="--reason")
    if len(reason) > LONGEST_REASON:
        raise click.BadParameter(f"a reason has at most {LONGEST_REASON} letters")
    with services.store.reading() as tx:
        why = spared(tx, services.lines, found)
    if why is not None:
        raise click.BadParameter(f"{found} is {WHOSE[why]}", param_hint="NUMBER")
    now = services.clock.now()
    until = now + timedelta(days=days) if days else None
    at_once(services, lambda m: callers.block(m.tx, found, reason, until, m.now))
    click.echo(f"Blocked: {found}")


@blocks.command("list")
def list_() -> None:
    """List the blocked numbers."""
    services = opened()
    with services.store.reading() as tx:
        found = callers.blocks(tx)
    for one in found:
        until = f"until {one.until:%Y-%m-%d}" if one.until else "until it is removed"
        click.echo(f"{one.number}  since {one.since:%Y-%m-%d}  {until}  {one.reason}")
    if not found:
        click.echo("No number is blocked.")


@blocks.command()
@click.argument("number")
def remove(number: str) -> None:
    """Take calls from NUMBER again."""
    services = opened()
    found = _written(services, number)
    if not services.store.run(lambda tx: callers.unblock(tx, found)):
        raise click.BadParameter(f"{found} is not blocked; see: hotline blocks list")
    click.echo(f"No longer blocked: {found}")


def _written(services: Services, number: str) -> str:
    try:
        return services.lines.number(number)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
