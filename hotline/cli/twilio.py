"""The command `twilio`: sets whom the carrier asks, and prints what it is to say while we are down."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import click

from hotline import settings as settings_file
from hotline import wiring
from hotline.cli.doctor_public import doubts_about
from hotline.ivr.script import Script
from hotline.settings import Settings
from hotline.telephony import account, fallback_document
from hotline.telephony.account import APPLICATION, IN_OUR_PLACE, Account, AccountTrouble, Change, Number

OURS: Final = (
    "The fallback is ours: it goes on with the call where it can, but is silent when this machine is down. "
    "Better: `hotline twilio fallback`."
)
STATIC: Final = "The fallback is hosted elsewhere: callers hear it even when this machine is down."
HOST_IT: Final = (
    "Read it, host it at the carrier (its console: TwiML Bins), then: hotline twilio connect --fallback URL"
)


@click.group()
def twilio() -> None:
    """The carrier's side of the lines."""


@twilio.command()
@click.option("--fallback", metavar="URL", help="A document hosted elsewhere, asked for when we fail.")
@click.option("--clear-application", is_flag=True, help="Take the numbers from a TwiML App that has them.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def connect(fallback: str | None, clear_application: bool, dry_run: bool, yes: bool) -> None:
    """Have the carrier ask us about calls and messages to the lines' numbers; shows the difference first."""
    settings = settings_file.read(os.environ)
    wanted = account.webhooks(settings.public_url, _address(fallback))
    if clear_application:
        wanted |= {APPLICATION: ""}
    at = Account(settings)
    try:
        plans = _plans(at, _numbers(settings), wanted)
        _announce(settings, plans, wanted, ours=fallback is None)
        _carry_out(at, plans, dry_run, yes)
    except AccountTrouble as error:
        raise click.ClickException(str(error)) from error


@twilio.command()
@click.argument("line", required=False)
def fallback(line: str | None) -> None:
    """Print the document that the carrier is to host for when we are down; LINE where there are several."""
    script = _script(settings_file.read(os.environ), line)
    said = [language.code for language in fallback_document.languages(script)]
    unsaid = [language.code for language in script.languages if language.code not in said]
    if not said:
        known = ", ".join(fallback_document.TEXTS)
        raise click.ClickException(f"there are sentences in {known} only: write the document by hand")
    click.echo(fallback_document.document(script))
    if unsaid:
        click.echo(f"There are no sentences in {', '.join(unsaid)} yet: left out.", err=True)
    click.echo(HOST_IT, err=True)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A number of a line, what the account has for it, and what is to change."""

    number: str
    found: Number | None
    changes: tuple[Change, ...]

    @property
    def taken_by(self) -> tuple[str, ...]:
        """What answers in our place, even after the changes."""
        if self.found is None:
            return ()
        cleared = {change.parameter for change in self.changes}
        return tuple(name for name in IN_OUR_PLACE if self.found.values[name] and name not in cleared)


def _address(fallback: str | None) -> str | None:
    if fallback is None:
        return None
    parts = urlsplit(fallback)
    if any(one.isspace() for one in fallback) or parts.scheme not in ("http", "https") or not parts.hostname:
        raise click.BadParameter(f"{fallback!r} is no address like https://…", param_hint="--fallback")
    return fallback


def _numbers(settings: Settings) -> list[str]:
    return [number for line in wiring.read_lines(settings).lines for number in line.script.numbers]


def _plans(at: Account, numbers: Iterable[str], wanted: Mapping[str, str]) -> list[_Plan]:
    found = [(number, at.find(number)) for number in numbers]
    return [_Plan(number, one, account.changes(one, wanted) if one else ()) for number, one in found]


def _announce(settings: Settings, plans: Iterable[_Plan], wanted: Mapping[str, str], *, ours: bool) -> None:
    for doubt in doubts_about(settings.public_url):
        _warn(doubt)
    if settings.region:
        click.echo(f"In the region {settings.region}: it counts once calls to the numbers are routed there.")
    for plan in plans:
        click.echo(plan.number)
        _show(plan)
        if ours and _loses_a_document(plan, wanted):
            _warn("this gives up a fallback hosted elsewhere; to keep it: --fallback URL")
    click.echo(OURS if ours else STATIC)


def _show(plan: _Plan) -> None:
    if plan.found is None:
        _warn("not in this account: buy it there, or correct `numbers` in the line's script")
    elif not plan.changes:
        click.echo("  already right")
    for change in plan.changes:
        click.echo(f"  {change.parameter}: {change.was or '(nothing)'} -> {change.becomes or '(nothing)'}")
    for name in plan.taken_by:
        remedy = "remove the number from it in the carrier's console"
        if name == APPLICATION:
            remedy = "add --clear-application to take the number from it"
        _warn(f"{name} is set, so the carrier ignores the addresses: {remedy}")


def _loses_a_document(plan: _Plan, wanted: Mapping[str, str]) -> bool:
    """A fallback of ours under an earlier address is no loss."""
    before = [change.was for change in plan.changes if change.parameter == "VoiceFallbackUrl"]
    return any(was and "/voice/fallback" not in was for was in before)


def _carry_out(at: Account, plans: Iterable[_Plan], dry_run: bool, yes: bool) -> None:
    """Ends with code 1 when a number of ours is not connected afterwards."""
    todo = [(plan.found, plan.changes) for plan in plans if plan.found and plan.changes]
    if dry_run:
        click.echo("Nothing was changed.")
        return
    if todo and not yes and not click.confirm("Change this at the carrier?"):
        raise click.ClickException("nothing was changed")
    for number, changes in todo:
        _set(at, number, changes)
    left = [plan.number for plan in plans if plan.found is None or plan.taken_by]
    if left:
        raise click.ClickException(f"not connected: {', '.join(left)}")
    click.echo("The lines are connected. Now: hotline doctor")


def _set(at: Account, number: Number, changes: tuple[Change, ...]) -> None:
    after = at.change(number, changes)
    refused = [change.parameter for change in changes if after.values[change.parameter] != change.becomes]
    if refused:
        raise click.ClickException(
            f"{number.number}: the carrier did not take {', '.join(refused)}; set it in its console"
        )


def _script(settings: Settings, name: str | None) -> Script:
    scripts = {line.script.name: line.script for line in wiring.read_lines(settings).lines}
    if name is None and len(scripts) == 1:
        return next(iter(scripts.values()))
    if name not in scripts:
        raise click.BadParameter(f"name one of the lines: {', '.join(scripts)}", param_hint="LINE")
    return scripts[name]


def _warn(words: str) -> None:
    click.echo(f"  WARNING: {words}", err=True)
