"""The command `callbacks`: who is to be called back, in the order of the places, and what became of it."""

from pathlib import Path
from zoneinfo import ZoneInfo

import click

from hotline.cli.mediators import ROW, at_once
from hotline.cli.opened import opened
from hotline.queue.ids import TicketId
from hotline.queue.tickets import Attempt
from hotline.services import Services
from hotline.store import callbacks as stored
from hotline.store import tickets
from hotline.store.callbacks import Due
from hotline.store.tickets import Ticket
from hotline.store.transactions import Tx
from hotline.switchboard import callbacks as served
from hotline.switchboard.ports import CarrierTrouble


@click.group(invoke_without_command=True)
@click.pass_context
def callbacks(context: click.Context) -> None:
    """Who is to be called back: by itself, the list, first come first served."""
    if context.invoked_subcommand is None:
        _list(opened())


@callbacks.command()
@click.argument("ticket", type=ROW)
@click.option("--note", help="For whoever comes next.")
def reached(ticket: int, note: str | None) -> None:
    """TICKET (the number in the list) has been called back and helped."""
    _attempt(ticket, Attempt.REACHED, note)
    click.echo("Done: they are no longer in the list.")


@callbacks.command("not-reached")
@click.argument("ticket", type=ROW)
@click.option("--note", help="For whoever comes next.")
def not_reached(ticket: int, note: str | None) -> None:
    """Nobody answered: TICKET keeps the place, and comes up again after a pause."""
    _attempt(ticket, Attempt.NOT_REACHED, note)
    click.echo("Noted: they stay in the list, after a pause.")


@callbacks.command()
@click.argument("ticket", type=ROW)
@click.option("--note", required=True, help="Why nobody has to be called any more.")
def close(ticket: int, note: str) -> None:
    """TICKET is not to be called back: a wrong number, or somebody who is helped already."""
    _attempt(ticket, Attempt.GIVEN_UP, note)
    click.echo("Closed.")


@callbacks.command()
@click.argument("ticket", type=ROW)
@click.option(
    "--to", "file", required=True, type=click.Path(dir_okay=False, path_type=Path), help="A .wav file."
)
def message(ticket: int, file: Path) -> None:
    """Fetch the voice message of TICKET from the carrier."""
    services = opened()
    with services.store.reading() as tx:
        found = tickets.get(tx, TicketId(ticket))
    if found is None or found.recording is None:
        raise click.BadParameter(f"there is no voice message with ticket {ticket}")
    try:
        file.write_bytes(services.carrier.message(found.recording))
    except CarrierTrouble as error:
        raise click.ClickException(f"the carrier does not hand it out just now ({error})") from error
    click.echo(f"{found.recording_seconds} seconds, in {file}")


def _attempt(ticket: int, result: Attempt, note: str | None) -> None:
    services = opened()
    if not at_once(services, lambda m: served.note_attempt(m, TicketId(ticket), result, note)):
        raise click.BadParameter(f"ticket {ticket} is not to be called back; see: hotline callbacks")


def _list(services: Services) -> None:
    now = services.clock.now()
    with services.store.reading() as tx:
        due, later = stored.due(tx, now), stored.later(tx, now)
        for one in due:
            _show(services, tx, one)
        if later:
            click.echo("Later:")
        for one in later:
            _show(services, tx, one)
    if not due and not later:
        click.echo("Nobody is to be called back.")


def _show(services: Services, tx: Tx, due: Due) -> None:
    ticket = tickets.get(tx, due.ticket)
    assert ticket is not None
    script = services.lines.script(tx, due.script)
    zone = ZoneInfo(script.zone)
    number = tickets.number(tx, due.ticket) or "no number: listen to the message"
    since = due.queued_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    click.echo(f"{due.ticket:>4}  {number}  code {ticket.code}  since {since}  {_about(due, ticket)}")
    if due.not_before is not None:
        click.echo(f"      not before {due.not_before.astimezone(zone).strftime('%Y-%m-%d %H:%M')}")
    for tried in tickets.attempts(tx, due.ticket):
        at = tried.at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
        click.echo(f"      {at}  {tried.result.replace('_', ' ')}  {tried.note or ''}".rstrip())


def _about(due: Due, ticket: Ticket) -> str:
    parts = [due.topic or "any topic", due.language, f"best time: {ticket.best}"]
    if ticket.recording is not None:
        parts.append(f"message of {ticket.recording_seconds} s")
    return ", ".join(parts)
