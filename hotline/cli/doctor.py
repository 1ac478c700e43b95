"""The command `doctor`: looks at everything a line needs, and says in one line each what is to be done."""

import os
from collections.abc import Iterator

import click

from hotline.cli import doctor_carrier, doctor_here, doctor_public
from hotline.cli.doctor_findings import Check, Installation, State, examine


@click.command()
def doctor() -> None:
    """Check settings, database, worker, public address and carrier; each line says OK or what to do."""
    installation = Installation(os.environ)
    states = []
    for name, finding in examine(installation, all_checks(installation)):
        click.echo(f"{finding.state:<8} {name}: {finding.words}")
        states.append(finding.state)
    if State.WRONG in states or State.SKIPPED in states:
        click.get_current_context().exit(1)


def all_checks(installation: Installation) -> Iterator[Check]:
    """All checks in their order; the last ones are known only when the scripts have been read."""
    yield from (*doctor_here.CHECKS, *doctor_carrier.CHECKS, *doctor_public.CHECKS)
    yield from doctor_carrier.of_numbers(installation)
