"""The command `shifts`: when mediators are on duty."""

from datetime import date

import click

from hotline.cli.mediators import ROW, at_once, existing
from hotline.cli.opened import opened
from hotline.queue.ids import MediatorId, ShiftId
from hotline.queue.shifts import DAYS, Shift, is_over, is_skipped, parse_day, parse_hours
from hotline.store import mediators as stored
from hotline.store import shifts as rota
from hotline.switchboard import duty
from hotline.switchboard import rota as doings
from hotline.switchboard.moment import Moment
from hotline.switchboard.rota import CoveredAlready, NeverRung


@click.group()
def shifts() -> None:
    """The shifts: add, remove, list."""


@shifts.command()
@click.argument("mediator", type=ROW)
@click.argument("day")
@click.argument("hours")
@click.option("--zone", help="Time zone, such as Europe/Paris; by default the first line's.")
def add(mediator: int, day: str, hours: str, zone: str | None) -> None:
    """Put MEDIATOR on duty every DAY (mon … sun), or on one DAY (2027-02-28), during HOURS (09:00-12:00).

    Hours such as 22:00-06:00 end on the next day.
    """
    services = opened()
    script = services.lines.lines[0].script
    known = {line.script.zone for line in services.lines.lines}
    if zone is not None and zone not in known:
        raise click.BadParameter(f"no line is in the zone {zone!r}; known: {', '.join(sorted(known))}")
    try:
        shift = Shift(parse_day(day), parse_hours(hours), zone or script.zone)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    if is_over(shift, services.clock.now()):
        raise click.BadParameter(f"{_words(shift)} is over already: check the date")
    if is_skipped(shift):
        raise click.BadParameter(f"{_words(shift)} never is: summer time begins in that night")
    key = existing(services, mediator)
    overlaps = at_once(services, lambda m: _plan(m, key, shift))
    click.echo(_words(shift))
    if overlaps:
        click.echo("A part of these hours was in the rota already: they count once.")


def _plan(m: Moment, mediator: MediatorId, shift: Shift) -> bool:
    try:
        return doings.plan(m, mediator, shift)
    except NeverRung as error:
        closed = f"the account of mediator {mediator} is closed: their telephone does not ring"
        raise click.ClickException(closed) from error
    except CoveredAlready as error:
        there = " and ".join(f"shift {key}" for key in error.there)
        raise click.ClickException(f"{_words(shift)} is in the rota already, as {there}") from error


@shifts.command("list")
def list_() -> None:
    """List the shifts of every mediator."""
    services = opened()
    with services.store.reading() as tx:
        rows = [(one, rota.of(tx, one.id)) for one in stored.every(tx)]
    for one, own in rows:
        click.echo(f"{one.id:>4}  {one.name}")
        for shift_id, shift in own.items():
            click.echo(f"      {_words(shift)}  (shift {shift_id})")
        if not own:
            click.echo("      no shift: never on duty")


@shifts.command()
@click.argument("shift", type=ROW)
def remove(shift: int) -> None:
    """Take SHIFT (the number that `list` shows) out of the rota. A call under way goes on."""
    services = opened()
    if not at_once(services, lambda m: duty.remove_shift(m, ShiftId(shift))):
        raise click.BadParameter(f"there is no shift {shift}; see: hotline shifts list")
    click.echo("Removed.")


def _words(shift: Shift) -> str:
    day = shift.day.isoformat() if isinstance(shift.day, date) else f"every {DAYS[shift.day]}"
    return f"{day}  {shift.hours}  {shift.zone}"
