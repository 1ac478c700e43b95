"""The command `call`: a caller in a terminal, by way of a running local carrier."""

import json
import os
import re
import time
from collections.abc import Iterator, Mapping
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

import click

HTTP: Final = build_opener(ProxyHandler({}))
NEWS_WITHIN: Final = 1.0
KEYS: Final = re.compile(r"[0-9*#]+")
LONGEST: Final = 24 * 3600


def _keys(_context: click.Context, _option: click.Parameter, text: str) -> list[str]:
    """Keys with commas between those that answer different questions."""
    found = [part.strip() for part in text.split(",") if part.strip()]
    for one in found:
        if not KEYS.fullmatch(one):
            raise click.BadParameter(f"{one!r} is not on a telephone: it has the keys 0 to 9, * and #")
    return found


@click.command()
@click.option("--keys", callback=_keys, default="", help="Keys to press, one at each question: 1,2 or 1.")
@click.option(
    "--hang-up-after",
    type=click.FloatRange(0, LONGEST, min_open=True),
    default=60.0,
    show_default=True,
    help="Seconds.",
)
@click.option("--from", "caller", default="+33639980001", show_default=True, help='Or "anonymous".')
@click.option("--to", "line", default="+33199001234", show_default=True)
@click.option("--carrier", help="Address of the local carrier; by default TWILIO_API_BASE or port 8000.")
def call(keys: list[str], hang_up_after: float, caller: str, line: str, carrier: str | None) -> None:
    """Call the line of a running `hotline demo`, press keys, and read what the caller hears."""
    base = carrier or os.environ.get("TWILIO_API_BASE") or "http://127.0.0.1:8000"
    if not base.startswith(("http://", "https://")):
        raise click.BadParameter(f"{base!r} is not an address like http://127.0.0.1:8000")
    telephone = Telephone(base)
    sid = telephone.place(caller, line)
    waiting = iter(keys)
    try:
        for state in telephone.states(sid, hang_up_after):
            if state["gathering"] and (pressed := next(waiting, None)):
                telephone.press(sid, pressed)
    finally:
        telephone.hang_up(sid)


class RefusedError(click.ClickException):
    """The carrier answered, and does not do it."""


class Telephone:
    """A telephone at the local carrier."""

    def __init__(self, base: str) -> None:
        self._base = base.rstrip("/")
        self._told = 0
        self._talking_to: str | None = None

    def states(self, sid: str, seconds: float) -> Iterator[Mapping[str, Any]]:
        """The call at each news of the carrier, for so many seconds; what is heard goes to the terminal."""
        version, begun = -1, time.monotonic()
        while time.monotonic() - begun < seconds:
            version = self.get(f"/control/state?after={version}&wait={NEWS_WITHIN}")["version"]
            state = self.get(f"/control/calls/{sid}")
            self._tell(state)
            if state["ended_by"] is not None:
                return
            yield state

    def place(self, caller: str, line: str) -> str:
        """Call the line; the sid of the call."""
        try:
            return str(self.post("/control/calls", {"from": caller, "to": line})["sid"])
        except RefusedError as error:
            lines = ", ".join(one["number"] for one in self.get("/control/phones")["lines"])
            raise RefusedError(f"{error.message}; its lines are {lines}: name one with --to") from error

    def press(self, sid: str, keys: str) -> None:
        click.echo(f"   [{keys}]")
        self.post(f"/control/legs/{sid}/keys", {"keys": keys})

    def hang_up(self, sid: str) -> None:
        if self.get(f"/control/calls/{sid}")["ended_by"] is None:
            self.post(f"/control/legs/{sid}/hang-up", {})
        click.echo(f"-- the call is over, ended by the {self.get(f'/control/calls/{sid}')['ended_by']}")

    def get(self, path: str) -> Any:
        return _answer(Request(self._base + path))

    def post(self, path: str, body: Mapping[str, str]) -> Any:
        headers = {"Content-Type": "application/json"}
        return _answer(Request(self._base + path, json.dumps(body).encode(), headers, method="POST"))

    def _tell(self, state: Mapping[str, Any]) -> None:
        for heard in state["heard"][self._told :]:
            click.echo("(music)" if heard["by"] == "play" and heard["waiting"] else heard["text"])
        self._told = len(state["heard"])
        talking_to = state["talking_to"]
        if talking_to != self._talking_to:
            self._talking_to = talking_to
            click.echo(f"-- connected with {talking_to}" if talking_to else "-- no longer connected")


def _answer(request: Request) -> Any:
    base = request.full_url.partition("/control")[0]
    try:
        with HTTP.open(request, timeout=30) as response:
            return json.load(response)
    except HTTPError as error:
        with error:
            raise _refusal(base, error) from error
    except (OSError, HTTPException, ValueError) as error:
        raise click.ClickException(
            f"no local carrier at {base}: start it with `make run` ({error})"
        ) from error


def _refusal(base: str, error: HTTPError) -> click.ClickException:
    """What the carrier said; something else may answer at that address."""
    try:
        return RefusedError(f"the local carrier refuses: {json.load(error)['error']}")
    except (ValueError, LookupError, TypeError):
        return click.ClickException(
            f"what answers at {base} is not the local carrier ({error.code}): name its address with --carrier"
        )
