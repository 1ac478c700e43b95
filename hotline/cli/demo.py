"""The command `demo`: the whole hotline on this machine, with a carrier and telephones of its own."""

import fcntl
import json
import os
import secrets
import shutil
import sys
import webbrowser
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

import click

from hotline import settings as settings_file
from hotline import wiring
from hotline.cli import embedded
from hotline.cli.processes import Command
from hotline.cli.readiness import next_free, page_answers
from hotline.cli.seed import end_open_calls, seed_demo
from hotline.cli.serve import address, start_hotline, start_server, supervised
from hotline.store import schema

HOST: Final = "127.0.0.1"
LINE: Final = "+33199001234"
FOLDER: Final = Path("var/demo")
ENVIRONMENT: Final = "environment.json"


@click.command()
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65000), help="Port of the page to open."
)
@click.option("--open/--no-open", "opens", default=True, help="Open the page in a browser.")
@click.option("--fresh", is_flag=True, help="Begin with an empty database.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=FOLDER,
    show_default=True,
    help="Where the database is kept.",
)
def demo(port: int, opens: bool, fresh: bool, folder: Path) -> None:
    """Try everything here: the line, its mediators, and telephones in the browser to call it with."""
    with _alone(folder, fresh):
        carrier = next_free(HOST, port)
        here = Place(folder, next_free(HOST, carrier + 1), carrier)
        environ = _environ(here)
        _run(here, environ, _numbers(environ), opens)
    with suppress(OSError):  # the terminal may be gone
        click.echo("\nTerminé : plus rien ne tourne.\nStopped: nothing is left running.")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the demonstration is: its files, and the ports of its web server and its carrier."""

    folder: Path
    web: int
    carrier: int

    @property
    def hotline(self) -> str:
        return address(HOST, self.web)

    @property
    def page(self) -> str:
        return address(HOST, self.carrier)

    @property
    def accounts(self) -> str:
        """The page that says who one can log in as."""
        return f"{self.hotline}/demo"


@contextmanager
def environment_of_the_demo(folder: Path = FOLDER) -> Iterator[None]:
    """A block that works with the demonstration's database, secret and settings, running or not."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(_of_no_real_line(before) | _kept(folder))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _numbers(environ: Mapping[str, str]) -> list[str]:
    """Make the database ready; the numbers of lines and mediators, as the carrier takes them."""
    services = wiring.from_environment(environ)
    with closing(services.store):
        schema.migrate(environ["DATABASE_URL"])
        end_open_calls(services)
        mediators = seed_demo(services)
    lines = [number for line in services.lines.lines for number in line.script.numbers]
    # the page begins with the line whose topics the demonstration's mediators know
    lines.sort(key=lambda number: number != LINE)
    named = [("--line", f"{number}={environ['HOTLINE_PUBLIC_URL']}") for number in lines]
    named += [("--phone", f"{one.number}={one.name}") for one in mediators]
    return [word for pair in named for word in pair]


def _run(here: Place, environ: dict[str, str], numbers: Sequence[str], opens: bool) -> None:
    with embedded.place() as server, supervised() as processes:
        environ["REDIS_URL"] = start_server(processes, server, environ)
        _keep(here.folder, environ)
        processes.start(_carrier(here, environ, numbers), ready=lambda: page_answers(here.page))
        start_hotline(processes, settings_file.read(environ), environ, HOST, here.web)
        _greet(here)
        if opens:
            _open(here.page)
        processes.watch()


@contextmanager
def _alone(folder: Path, fresh: bool) -> Iterator[None]:
    """Two demonstrations would call each other's mediators: the second is refused."""
    with _lock_of(folder) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise click.ClickException(
                f"a demonstration is running already, in {folder.absolute()}"
            ) from None
        if fresh:
            shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        yield


def _lock_of(folder: Path) -> TextIO:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        return folder.with_suffix(".lock").open("w")
    except OSError as error:
        raise click.ClickException(
            f"{folder.absolute()} cannot be made ({error.strerror}): choose another with --folder"
        ) from error


OURS: Final = ("HOTLINE_", "TWILIO_", "REDIS_URL", "DATABASE_URL", "SECRET_KEY")


def _environ(here: Place) -> dict[str, str]:
    """The settings of the demonstration; of this shell's own only HOTLINE_CONFIG, to try other lines."""
    environ = _of_no_real_line(os.environ) | {
        "DATABASE_URL": f"sqlite:///{here.folder.absolute() / 'hotline.sqlite3'}",
        "SECRET_KEY": _secret(here.folder),
        "HOTLINE_PUBLIC_URL": here.hotline,
        "HOTLINE_FICTION_NUMBERS": "1",
        "HOTLINE_MAIL_FOLDER": str(here.folder.absolute() / "mails"),
        "TWILIO_ACCOUNT_SID": f"AC{secrets.token_hex(16)}",
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "TWILIO_API_BASE": here.page,
    }
    if config := os.environ.get("HOTLINE_CONFIG"):
        environ["HOTLINE_CONFIG"] = str(Path(config).absolute())
    return environ


def _of_no_real_line(environ: Mapping[str, str]) -> dict[str, str]:
    """Without what this shell may be set up with for a real line."""
    return {key: value for key, value in environ.items() if not key.startswith(OURS)}


def _keep(folder: Path, environ: Mapping[str, str]) -> None:
    """Write down our settings, for whoever looks into this demonstration from another terminal."""
    ours = {key: value for key, value in environ.items() if key.startswith(OURS)}
    new = folder / f"{ENVIRONMENT}.new"
    new.touch(mode=0o600)
    new.write_text(json.dumps(ours))
    new.replace(folder / ENVIRONMENT)


def _kept(folder: Path) -> dict[str, str]:
    """The settings that were written down. Without a server that runs, there is no Redis."""
    try:
        kept: dict[str, str] = json.loads((folder / ENVIRONMENT).read_text())
    except FileNotFoundError:
        raise click.ClickException(
            f"there is no demonstration in {folder.absolute()} yet: start it with `make run`"
        ) from None
    except OSError as error:
        raise click.ClickException(f"{folder.absolute()} cannot be read ({error.strerror})") from error
    if not embedded.Server.at(kept["REDIS_URL"]).answers():
        del kept["REDIS_URL"]
    return kept


def _secret(folder: Path) -> str:
    """Kept with the database: without it, the numbers in there could not be read again."""
    path = folder / "secret"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


def _carrier(here: Place, environ: Mapping[str, str], numbers: Sequence[str]) -> Command:
    argv = [
        *(sys.executable, "-m", "hotline.simulator", "--port", str(here.carrier), *numbers),
        *("--link", f"Tableau de bord={here.accounts}"),
        *("--account", environ["TWILIO_ACCOUNT_SID"], "--token", environ["TWILIO_AUTH_TOKEN"]),
    ]
    return Command("carrier", argv, environ)


def _greet(here: Place) -> None:
    command = ".venv/bin/hotline --demo calls"
    log = here.folder == FOLDER  # `--demo` looks nowhere else
    lines = [
        "",
        f"À ouvrir dans un navigateur : {here.page}/",
        "Ce sont les téléphones : appelez la ligne et répondez à la place des médiateurs.",
        f"Le tableau de bord, pour qui répond et coordonne : {here.hotline}/",
        f"Les comptes pour y entrer, leurs mots de passe, et les messages envoyés : {here.accounts}",
        *([f"Le journal des appels, dans un autre terminal : {command}"] if log else []),
        "Pour tout arrêter : Ctrl-C.",
        "",
        f"To open in a browser: {here.page}/",
        "These are the telephones: call the line, and answer in the mediators' place.",
        f"The dashboard, for those who answer and coordinate: {here.hotline}/",
        f"The accounts to log in with, their passwords, and the mails that were sent: {here.accounts}",
        *([f"The call log, in another terminal: {command}"] if log else []),
        "To stop everything: Ctrl-C.",
        "",
    ]
    click.echo("\n".join(lines))


def _open(page: str) -> None:
    """Only on a desktop: elsewhere Python would start a browser in this terminal."""
    if sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        webbrowser.open(f"{page}/")
