"""The command `calls`: the call log as a person reads it."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from hotline.cli.opened import opened
from hotline.queue.ids import MediatorId
from hotline.queue.tickets import Attempt
from hotline.services import Services
from hotline.store import call_log, messages, tickets
from hotline.store import calls as stored
from hotline.store import mediators as people
from hotline.store.call_log import Entry
from hotline.store.calls import Summary
from hotline.store.transactions import Tx

WORDS = {
    "arrived": "the call arrived",
    "queued": "the caller waits for a mediator",
    "offer_made": "a mediator was chosen",
    "ringing": "the mediator's telephone rings",
    "accepted": "the mediator accepted: they talk",
    "offer_declined": "the mediator declined",
    "offer_expired": "the mediator did not answer",
    "offer_withdrawn": "the offer was withdrawn",
    "talked": "the talk is over",
    "place_taken_over": "the caller was to be called back, and waits in that place",
    "callback_promised": "a callback was promised",
    "callback_released": "whoever had the caller next says that nobody needs to call back",
    "callback_restored": "that is taken back: the caller is to be called back after all",
    "message_left": "a voice message was left",
    "message_too_old": "the voice message was deleted, as announced: there is nobody to call",
    "carrier_fell_back": "the carrier had to fall back",
    "answer_failed": "an answer of ours failed, by a mistake in our code: see the log",
    "dropped": "we were away, and the caller was cut off",
    "ended": "the call ended",
    "reopened": "the call goes on after all",
}
ATTEMPTS = {
    Attempt.REACHED: "the caller was called back and reached",
    Attempt.NOT_REACHED: "a callback was tried, and the caller was not reached",
    Attempt.GIVEN_UP: "the caller is not to be called back any more",
    Attempt.LEFT: "the callback was left to somebody else",
}
"""Of "called_back", which somebody notes at the desk or at the shell."""


@click.command()
@click.option("--last", default=20, show_default=True, type=click.IntRange(1, 1000), help="How many calls.")
def calls(last: int) -> None:
    """Show the latest calls, each with all that happened in it, by the line's own clock."""
    services = opened()
    with services.store.reading() as tx:
        found = stored.latest(tx, last)
        for summary in reversed(found):
            _show(services, tx, summary)
    if not found:
        click.echo("No call yet.")


def _show(services: Services, tx: Tx, summary: Summary) -> None:
    script = services.lines.script(tx, summary.script)
    zone = ZoneInfo(script.zone)
    who = summary.number or "number withheld"
    outcome = (summary.outcome or "still going on").replace("_", " ")
    click.echo(f"{_at(summary.started_at, zone, '%Y-%m-%d %H:%M:%S')}  {summary.line}  {who}  {outcome}")
    for ticket in tickets.of_call(tx, summary.id):
        topic = ticket.topic or "any"
        number = tickets.number(tx, ticket.id) or "no number"
        left = "".join(f", message of {one.seconds} s" for one in messages.of_ticket(tx, ticket.id))
        state = ticket.state.replace("_", " ")
        code = f"code {ticket.code}" if ticket.told else "no code told"
        click.echo(f"    to call back: {number}, topic {topic}, {code}, {state}{left}")
    for entry in call_log.entries(tx, summary.id):
        words = _words(entry)
        if words is not None:
            click.echo(f"    {_at(entry.at, zone, '%H:%M:%S')}  {words}{_detail(tx, entry.detail)}")


def _words(entry: Entry) -> str | None:
    """None for what only we want to know."""
    if entry.what == "called_back":
        return ATTEMPTS[Attempt(str(entry.detail["result"]))]
    return WORDS.get(entry.what)


def _detail(tx: Tx, detail: Mapping[str, object]) -> str:
    """Who, and what it is about; what the first line says already is left out."""
    parts = [_mediator(tx, detail["mediator"])] if "mediator" in detail else []
    parts += [f"{key} {detail[key]}" for key in ("topic", "language", "why", "code") if detail.get(key)]
    return f" ({', '.join(parts)})" if parts else ""


def _mediator(tx: Tx, key: object) -> str:
    found = people.get(tx, MediatorId(int(str(key))))
    return found.name if found else f"mediator {key}"


def _at(instant: datetime, zone: ZoneInfo, pattern: str) -> str:
    return instant.astimezone(zone).strftime(pattern)
