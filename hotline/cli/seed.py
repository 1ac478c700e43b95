"""The command `seed`: fills a database with something to try."""

import os
import unicodedata
from contextlib import closing
from dataclasses import dataclass
from typing import Final

import click

from hotline import dashboard, settings, wiring
from hotline.cli.opened import opened
from hotline.dashboard import demo_accounts
from hotline.dashboard.demo_accounts import DOMAIN, PASSWORD, DemoAccount
from hotline.queue.ids import MediatorId
from hotline.queue.roles import Role
from hotline.queue.shifts import DAYS, Hours, Shift
from hotline.services import Services
from hotline.store import calls, mediators, outages, schema, shifts
from hotline.switchboard import duty, leaving
from hotline.switchboard.moment import Moment

ZONE: Final = "Europe/Paris"
ALL_DAY: Final = Hours(0, 24 * 60)


@dataclass(frozen=True, slots=True)
class DemoMediator:
    name: str
    number: str
    skills: tuple[str, ...]
    languages: tuple[str, ...] = ("fr",)

    @property
    def email(self) -> str:
        return _email(self.name)


def _email(name: str) -> str:
    """An address without accents: every mail server takes it."""
    plain = unicodedata.normalize("NFD", name.lower()).encode("ascii", "ignore").decode()
    return f"{plain}{DOMAIN}"


DEMO: Final = (
    DemoMediator("Amina", "+33639980101", ("benefits", "taxes", "work"), ("fr", "en")),
    DemoMediator("Bruno", "+33639980102", ("taxes", "equipment")),
    DemoMediator("Chloé", "+33639980103", ("health", "messages")),
    DemoMediator("Driss", "+33639980104", ("work", "benefits", "equipment")),
    DemoMediator("Élise", "+33639980105", ("messages", "health"), ("fr", "en")),
    DemoMediator("Fabien", "+33639980106", ("equipment", "messages", "taxes", "health")),
)


@click.group()
def seed() -> None:
    """Fill the database with something to try."""


@seed.command("demo")
def demo_command() -> None:
    """Six mediators of the demonstration line, on duty around the clock, and accounts for the dashboard."""
    read = settings.read(os.environ)
    if not read.fiction_numbers:
        raise click.ClickException(
            "the demonstration's mediators have numbers that exist in films and books only, and would answer "
            "nobody: set HOTLINE_FICTION_NUMBERS=1 if this is no real line"
        )
    # a mistake in settings or scripts is found before the database is touched
    with closing(wiring.from_environment(os.environ).store):
        schema.migrate(read.database_url)
    for one in seed_demo(opened()):
        click.echo(f"{one.name}  {one.number}  {one.email}  {', '.join(one.skills)}")
    click.echo(f"Password of every account: {PASSWORD}")


def end_open_calls(services: Services) -> None:
    """The carrier that knew these calls is gone with the last demonstration; that it was off is no outage."""
    now = services.clock.now()
    services.store.run(lambda tx: _end_open(Moment(tx, now, services.lines, services.jobs)))


def _end_open(m: Moment) -> None:
    for leg in calls.open_legs(m.tx):
        leaving.caller_left(m, leg)
    outages.forget_beats(m.tx)


def seed_demo(services: Services) -> tuple[DemoMediator, ...]:
    """Write the demonstration's mediators and accounts; mediators who are there are on duty and available."""
    now = services.clock.now()
    services.store.run(lambda tx: _seed(Moment(tx, now, services.lines, services.jobs)))
    demo_accounts.write(dashboard.create(services), services, _accounts(services))
    return DEMO


def _accounts(services: Services) -> list[DemoAccount]:
    """One for each mediator, and those who plan and look after it all."""
    with services.store.reading() as tx:
        found = [
            DemoAccount(one.email, one.name, Role.MEDIATOR, mediators.by_number(tx, one.number))
            for one in DEMO
        ]
    return [
        *found,
        DemoAccount(_email("coordination"), "Coordination", Role.COORDINATOR),
        DemoAccount(_email("administration"), "Administration", Role.ADMINISTRATOR),
    ]


def _seed(m: Moment) -> None:
    for one in DEMO:
        known = mediators.by_number(m.tx, one.number)
        key = known or duty.take_on(m, one.name, one.number, one.languages, one.skills)
        _put_on_duty(m, key)
        duty.come_back(m, key)


def _put_on_duty(m: Moment, mediator: MediatorId) -> None:
    """Around the clock; shifts that are there stay as they are."""
    present = shifts.of(m.tx, mediator).values()
    for shift in (Shift(day, ALL_DAY, ZONE) for day in range(len(DAYS))):
        if shift not in present:
            duty.add_shift(m, mediator, shift)
