"""The command `mediators`: who answers. The operator at the shell sees numbers in full."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Final, TypeVar

import click
from sqlalchemy.exc import IntegrityError

from hotline.cli.opened import opened
from hotline.queue.ids import MediatorId
from hotline.services import Services
from hotline.store import mediators as stored
from hotline.store import shifts
from hotline.store.mediators import Mediator
from hotline.store.transactions import Tx
from hotline.switchboard import duty
from hotline.switchboard.moment import Moment

T = TypeVar("T")
# beyond it no database could look for one
ROW: Final = click.IntRange(1, 2**31 - 1)
LONGEST_NAME: Final = 120
LONGEST_PAUSE: Final = 366 * 24 * 60


@click.group()
def mediators() -> None:
    """The mediators: add, change, list, pause, resume."""


@mediators.command()
@click.argument("name")
@click.argument("number")
@click.option("--skill", "skills", multiple=True, help="A skill that topics ask for; once for each.")
@click.option("--language", "languages", multiple=True, default=["fr"], show_default=True)
def add(name: str, number: str, skills: tuple[str, ...], languages: tuple[str, ...]) -> None:
    """Add the mediator NAME, reached under the telephone NUMBER. Then add shifts."""
    services = opened()
    _check(services, skills, languages)
    if not 0 < len(name.strip()) <= LONGEST_NAME or not name.isprintable():
        raise click.BadParameter(f"a name is one line with at least one letter, and at most {LONGEST_NAME}")
    known, spoken = dict.fromkeys(skills), dict.fromkeys(languages)
    try:
        reached = _reached(services, number)
        key = at_once(services, lambda m: duty.take_on(m, name, reached, spoken, known))
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    except IntegrityError as error:
        raise click.ClickException(f"{number} is the number of another mediator already") from error
    click.echo(f"{key}  {name}  {reached}")
    click.echo(f"Next: hotline shifts add {key} mon 09:00-12:00")


@mediators.command()
@click.argument("mediator", type=ROW)
@click.option("--number", help="The new telephone number.")
@click.option("--skill", "skills", multiple=True, help="All skills from now on; once for each.")
@click.option("--language", "languages", multiple=True, help="All languages from now on; once for each.")
def change(mediator: int, number: str | None, skills: tuple[str, ...], languages: tuple[str, ...]) -> None:
    """Change MEDIATOR (the number that `list` shows); what is not named stays. No more calls: pause."""
    services = opened()
    _check(services, skills, languages)
    key = existing(services, mediator)
    try:
        reached = _reached(services, number) if number else None
        at_once(services, lambda m: duty.change(m, key, reached, set(languages), set(skills)))
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    except IntegrityError as error:
        raise click.ClickException(f"{number} is the number of another mediator already") from error
    click.echo("Changed.")


@mediators.command("list")
def list_() -> None:
    """List all mediators: state, number, skills, languages."""
    services = opened()
    with services.store.reading() as tx:
        rows = [_row(tx, one, services) for one in stored.every(tx)]
    for line in _in_columns(rows):
        click.echo(line)
    if not rows:
        click.echo('Nobody yet. Add one: hotline mediators add "Name" +33… --skill taxes')


@mediators.command()
@click.argument("mediator", type=ROW)
@click.option("--minutes", type=click.IntRange(1, LONGEST_PAUSE), help="Back by themselves after so long.")
def pause(mediator: int, minutes: int | None) -> None:
    """No more calls for MEDIATOR (the number that `list` shows)."""
    services = opened()
    until = services.clock.now() + timedelta(minutes=minutes) if minutes else None
    key = existing(services, mediator)
    if not at_once(services, lambda m: duty.pause(m, key, until)):
        raise click.ClickException("being rung or talking just now: try again when that is over")
    click.echo("Paused.")


@mediators.command()
@click.argument("mediator", type=ROW)
def resume(mediator: int) -> None:
    """Calls again for MEDIATOR (the number that `list` shows)."""
    services = opened()
    key = existing(services, mediator)
    if not at_once(services, lambda m: duty.come_back(m, key)):
        raise click.ClickException("being rung or talking just now")
    click.echo("Available.")


def at_once(services: Services, work: Callable[[Moment], T]) -> T:
    """Do one thing in one transaction, now."""
    now = services.clock.now()
    return services.store.run(lambda tx: work(Moment(tx, now, services.lines, services.jobs)))


def existing(services: Services, mediator: int) -> MediatorId:
    """The mediator's id. Raises BadParameter when there is none."""
    with services.store.reading() as tx:
        found = stored.get(tx, MediatorId(mediator))
    if found is None:
        raise click.BadParameter(f"there is no mediator {mediator}; see: hotline mediators list")
    return found.id


def _check(services: Services, skills: tuple[str, ...], languages: tuple[str, ...]) -> None:
    scripts = [line.script for line in services.lines.lines]
    known = {topic.skill for script in scripts for topic in script.topics if topic.skill}
    spoken = {language.code for script in scripts for language in script.languages}
    for skill in set(skills) - known:
        raise click.BadParameter(f"no topic asks for the skill {skill!r}; known: {', '.join(sorted(known))}")
    for language in set(languages) - spoken:
        raise click.BadParameter(f"no line speaks {language!r}; known: {', '.join(sorted(spoken))}")


def _reached(services: Services, number: str) -> str:
    found = services.lines.volunteers(number)
    if services.lines.are_called_at(found):
        raise ValueError(f"{found} is the number of the line itself: it would call itself")
    return found


def _row(tx: Tx, one: Mediator, services: Services) -> tuple[str, ...]:
    duty_now = "on duty" if shifts.is_on_duty(tx, one.id, services.clock.now()) else "off duty"
    skills = ",".join(stored.skills(tx, one.id)) or "-"
    languages = ",".join(stored.languages(tx, one.id))
    number = stored.number(tx, one.id) or "no number"
    return (f"{one.id:>4}", one.name, number, str(one.availability), duty_now, languages, skills)


def _in_columns(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Each column as wide as what stands in it."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
