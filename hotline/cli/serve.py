"""The commands that run the hotline: `serve` for all of it, `web` and `worker` for one process each."""

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Final

import click
from sqlalchemy.exc import SQLAlchemyError

from hotline import settings as settings_file
from hotline import wiring
from hotline import worker as worker_process
from hotline.cli import embedded
from hotline.cli.processes import Command, ProcessTroubleError, StopAskedError, Supervisor
from hotline.cli.readiness import LAST_PORT, page_answers, why_not
from hotline.settings import Settings
from hotline.store import schema

log = logging.getLogger(__name__)

HOST: Final = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
PORT: Final = click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, LAST_PORT), help="Port to listen on."
)
EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}


@click.command()
@HOST
@PORT
def serve(host: str, port: int) -> None:
    """Run everything: web server, worker and, without REDIS_URL, a Redis-compatible server.

    Brings the database up to date first.
    """
    settings = settings_file.read(os.environ)
    # a mistake in settings or scripts is found before the database is touched
    with closing(wiring.from_environment(os.environ).store):
        _refuse_what_cannot_be_listened_on(host, port)
        schema.migrate(settings.database_url)
    _check_secret()
    # the server's folder goes last: the others talk to the server to their last moment
    with ExitStack() as kept, supervised() as processes:
        environ = dict(os.environ)
        if settings.redis_url is None:
            server = kept.enter_context(embedded.place())
            environ["REDIS_URL"] = start_server(processes, server, environ)
        start_hotline(processes, settings, environ, host, port)
        click.echo(f"Hotline listens on {address(host, port)} and is reached under {settings.public_url}")
        processes.watch()


@click.command()
@HOST
@PORT
def web(host: str, port: int) -> None:
    """Run the web server alone: the carrier's webhooks and the pages."""
    services = wiring.from_environment(os.environ)
    with closing(services.store):
        _refuse_what_cannot_be_listened_on(host, port)
        wiring.check_secret(services)
    argv = _web_argv(services.settings, host, port)
    os.execv(argv[0], argv)


@click.command()
def worker() -> None:
    """Run the worker alone: fetches callers from hold, and does what falls due."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("hotline").setLevel(logging.INFO)
    try:
        _check_secret()
    except SQLAlchemyError as error:
        # what it does waits for the database; were it to end, the web server would be ended with it
        log.error("starting without the database (%s)", type(error).__name__)
    worker_process.run(wiring.from_environment(os.environ))


@contextmanager
def supervised() -> Iterator[Supervisor]:
    """A block that ends by a signal or by trouble, and ends with it all that was started in it."""
    try:
        with Supervisor(click.echo) as processes:
            yield processes
    except StopAskedError:
        return
    except ProcessTroubleError as error:
        raise click.ClickException(f"{error}; everything is stopped") from error


def start_server(processes: Supervisor, server: embedded.Server, environ: Mapping[str, str]) -> str:
    """Start the embedded server; its address."""
    command = Command("server", server.argv(), environ, needed_by_others=True)
    processes.start(command, ready=server.answers, within=embedded.START_WITHIN)
    return server.url


def start_hotline(
    processes: Supervisor, settings: Settings, environ: Mapping[str, str], host: str, port: int
) -> None:
    """Start web server and worker; return when the web server answers."""
    processes.start(Command("worker", [sys.executable, "-m", "hotline.cli", "worker"], environ))
    processes.start(
        Command("web", _web_argv(settings, host, port), environ),
        ready=lambda: page_answers(address(EVERYWHERE.get(host, host), port)),
    )


def address(host: str, port: int) -> str:
    return f"http://{_place(host, port)}"


def _place(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _web_argv(settings: Settings, host: str, port: int) -> list[str]:
    own = settings.config / "gunicorn.py"
    config = str(own if own.exists() else Path(__file__).with_name("gunicorn_settings.py"))
    return [
        *(sys.executable, "-m", "gunicorn"),
        *("--config", config, "--bind", _place(host, port), "hotline.app:create()"),
    ]


def _check_secret() -> None:
    """Better not to start than to fail in the middle of a call."""
    services = wiring.from_environment(os.environ)
    with closing(services.store):
        wiring.check_secret(services)


def _refuse_what_cannot_be_listened_on(host: str, port: int) -> None:
    reason = why_not(host, port)
    if reason is not None:
        raise click.ClickException(reason)
