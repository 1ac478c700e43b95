"""Checks of `hotline doctor` on this side: settings, scripts, database, Redis, worker."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from redis.exceptions import AuthenticationError, RedisError
from rq import Queue, Worker
from sqlalchemy import make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from hotline.cli.doctor_findings import Check, Finding, Installation, fine, note, wrong
from hotline.jobs.queues import PUSH, connect
from hotline.mailing.smtp import SmtpMail
from hotline.settings import SettingsError
from hotline.store import mediators, schema
from hotline.store.engines import BadAddressError
from hotline.switchboard.ports import MailTrouble
from hotline.worker import LIFE_SIGN

SILENT: Final = timedelta(seconds=2 * LIFE_SIGN)
# words of PostgreSQL's and SQLite's messages, and ours: theirs may repeat what stands in the address
_DATABASE: Final = (
    ("password", "it refuses the user or the password in DATABASE_URL"),
    ("role", "it knows no such user: create it, or correct DATABASE_URL"),
    ("does not exist", "the server has no such database: create it, or correct DATABASE_URL"),
    ("refused", "no server listens there: start it, or correct DATABASE_URL"),
    ("resolve", "its host is not known: correct DATABASE_URL"),
    ("translate", "its host is not known: correct DATABASE_URL"),
    ("timeout", "its server does not answer: is it running, and may this machine reach it?"),
    ("not a database", "the file is no SQLite database: correct DATABASE_URL"),
    ("readonly", "this user may not write it: give it to the user that runs the hotline"),
    ("unable to open", "this user may not open it: give it to the user that runs the hotline"),
    ("locked", "another process keeps it locked: end that process"),
)


def settings(here: Installation) -> Finding:
    try:
        found = here.settings
    except SettingsError as error:
        # what follows repeats the value, and that may be a password
        return wrong(str(error).partition(", not ")[0])
    return fine(f"complete, for {found.public_url}")


def scripts(here: Installation) -> Finding:
    try:
        lines = here.lines.lines
    except SettingsError as error:
        return wrong(str(error))
    return fine(", ".join(line.script.name for line in lines))


def database(here: Installation) -> Finding:
    url = here.settings.database_url
    try:
        missing = _missing_file(url)
        if missing is not None:
            return wrong(
                f"there is no file {missing} yet: `hotline db upgrade` makes it (or correct DATABASE_URL)"
            )
        with here.reading() as tx:
            tx.connection.execute(text("SELECT 1"))
    except (BadAddressError, ArgumentError):
        return wrong("DATABASE_URL must look like postgresql+psycopg://… or sqlite:///file")
    except DBAPIError as error:
        return wrong(database_trouble(error))
    return fine("reachable")


def database_trouble(error: DBAPIError) -> str:
    """The remedy in our words."""
    said = str(error.orig).lower()
    kind = type(error.orig).__name__
    return next((words for sign, words in _DATABASE if sign in said), f"it cannot be used ({kind})")


def migrations(here: Installation) -> Finding:
    with here.reading() as tx:
        if schema.pending(tx.connection):
            return wrong(
                "the tables are not those of this version: run `hotline db upgrade` "
                "(if it refuses, a newer version has been here: install that one)"
            )
    return fine("up to date")


def secret(here: Installation) -> Finding:
    with here.reading() as tx:
        if not mediators.secret_fits(tx):
            return wrong(
                "it is not the one that the numbers in the database were sealed with: put that one back"
            )
    return fine("opens what the database holds")


def mail(here: Installation) -> Finding:
    found, folder = here.settings.mail, here.settings.mail_folder
    if folder is not None:
        return note(f"all mails are written into {folder}, and none is sent")
    if found is None:
        return note(
            "alarms go to the log alone; to have them by mail, set HOTLINE_MAIL_URL, HOTLINE_MAIL_FROM and "
            "HOTLINE_ALARM_TO"
        )
    try:
        SmtpMail(found, here.answer_within).greet()
    except MailTrouble as error:
        return wrong(f"alarms would not arrive ({error}): correct HOTLINE_MAIL_URL, or start that server")
    return fine(f"the server answers; alarms go to {len(found.recipients)} in HOTLINE_ALARM_TO")


def redis(here: Installation) -> Finding:
    url = here.settings.redis_url
    if url is None:
        return fine("`hotline serve` brings its own, as REDIS_URL is not set")
    try:
        with connect(url, here.answer_within) as client:
            client.ping()
    except AuthenticationError:
        return wrong("it refuses the password in REDIS_URL, or wants one")
    except (RedisError, ValueError) as error:
        return wrong(f"no answer at REDIS_URL ({type(error).__name__}): start it, or correct REDIS_URL")
    return fine("reachable")


def worker(here: Installation) -> Finding:
    url = here.settings.redis_url
    if url is None:
        return note(
            "cannot be seen from here: without REDIS_URL it is a part of `hotline serve`, which restarts it; "
            "to have it looked at, set REDIS_URL"
        )
    with connect(url, here.answer_within) as client:
        signs = [one.last_heartbeat for one in Worker.all(queue=Queue(PUSH, connection=client))]
    return _life(max((sign for sign in signs if sign), default=None), here.clock.now())


def _life(latest: datetime | None, now: datetime) -> Finding:
    if latest is None:
        return wrong("none is running: start `hotline serve`, or `hotline worker` beside `hotline web`")
    silent = now - latest
    if silent > SILENT:
        return wrong(f"no sign of life for {silent.total_seconds():.0f} s: restart it")
    return fine("alive")


def _missing_file(database_url: str) -> str | None:
    """The file of SQLite that is not there: to open it would make it."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return None if Path(url.database).exists() else url.database


CHECKS: Final = (
    Check("settings", settings),
    Check("scripts", scripts, ("settings",)),
    Check("database", database, ("settings",)),
    Check("migrations", migrations, ("database",)),
    Check("SECRET_KEY", secret, ("migrations",)),
    Check("Redis", redis, ("settings",)),
    Check("worker", worker, ("Redis",)),
    Check("mail", mail, ("settings",)),
)
