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
from hotline.store import messages, tickets
from hotline.store.callbacks import Due
from hotline.store.messages import Message
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
    if not note.strip():
        raise click.BadParameter("say why, for whoever asks later", param_hint="--note")
    _attempt(ticket, Attempt.GIVEN_UP, note)
    click.echo("Closed.")


@callbacks.command()
@click.argument("ticket", type=ROW)
@click.option(
    "--to", "file", required=True, type=click.Path(dir_okay=False, path_type=Path), help="A .wav file."
)
def message(ticket: int, file: Path) -> None:
    """Fetch the voice message of TICKET from the carrier. A second one becomes FILE with -2 to its name."""
    services = opened()
    with services.store.reading() as tx:
        found = messages.of_ticket(tx, TicketId(ticket))
    if not found:
        raise click.BadParameter(f"there is no voice message with ticket {ticket}")
    for number, one in enumerate(found, 1):
        target = file if number == 1 else file.with_stem(f"{file.stem}-{number}")
        _fetch(services, one, target)
        click.echo(f"{one.seconds} seconds, in {target}")


def _fetch(services: Services, message: Message, file: Path) -> None:
    try:
        file.write_bytes(services.carrier.message(message.recording))
    except CarrierTrouble as error:
        raise click.ClickException(f"the carrier does not hand it out just now ({error})") from error
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}") from error


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
    code = f"code {ticket.code}" if ticket.told else "no code told"
    click.echo(f"{due.ticket:>4}  {number}  {code}  since {since}  {_about(tx, due, ticket)}")
    if due.not_before is not None:
        click.echo(f"      not before {due.not_before.astimezone(zone).strftime('%Y-%m-%d %H:%M')}")
    for tried in tickets.attempts(tx, due.ticket):
        at = tried.at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
        result = tried.result.replace("_", " ") + (" (taken back)" if tried.undone else "")
        click.echo(f"      {at}  {result}  {tried.note or ''}".rstrip())


def _about(tx: Tx, due: Due, ticket: Ticket) -> str:
    parts = [due.topic or "any topic", due.language, f"best time: {ticket.best}"]
    parts += [f"message of {one.seconds} s" for one in messages.of_ticket(tx, ticket.id)]
    return ", ".join(parts)
