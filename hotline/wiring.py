"""Settings and files to services: the only place that reads config/ and picks adapters."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from hotline import settings as settings_
from hotline.events.absent import NoEvents
from hotline.events.by_redis import RedisEvents
from hotline.ivr.reading import ScriptError, is_word
from hotline.jobs.absent import NoJobs
from hotline.jobs.queues import RqJobs
from hotline.mailing.absent import NoMail
from hotline.mailing.folder import FolderMail
from hotline.mailing.smtp import SmtpMail
from hotline.services import Services
from hotline.settings import Settings, SettingsError
from hotline.store import mediators
from hotline.store.engines import CALLERS, PAGES, BadAddressError, Room
from hotline.store.transactions import Store
from hotline.switchboard.lines import Line, Lines, line
from hotline.switchboard.ports import Clock, Events, Jobs, Mail
from hotline.telephony.rest import TwilioCarrier
from hotline.telephony.signature import TwilioSignature
from hotline.telephony.voices import VOICES


@dataclass(frozen=True, slots=True)
class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def from_environment(environ: Mapping[str, str]) -> Services:
    """The services of a process. Raises SettingsError, which names the key or the file."""
    return build(settings_.read(environ))


def build(settings: Settings, *, clock: Clock | None = None, jobs: Jobs | None = None) -> Services:
    """The services for these settings. Opens no connection. Raises SettingsError."""
    events = RedisEvents(settings.redis_url) if settings.redis_url else NoEvents()
    return Services(
        settings=settings,
        store=_store(settings, events),
        lines=read_lines(settings),
        clock=clock or SystemClock(),
        carrier=TwilioCarrier(settings),
        events=events,
        jobs=jobs or (RqJobs(settings.redis_url) if settings.redis_url else NoJobs()),
        webhooks=TwilioSignature(settings.public_url, settings.tokens),
        mail=_mail(settings),
    )


def for_pages(services: Services) -> Services:
    """The same for the pages, with connections to the database of their own: no caller waits for one."""
    return replace(services, store=_store(services.settings, services.events, PAGES))


def _mail(settings: Settings) -> Mail:
    if settings.mail_folder is not None:
        return FolderMail(settings.mail_folder)
    return SmtpMail(settings.mail) if settings.mail else NoMail()


def check_secret(services: Services) -> None:
    """Refuse a secret that cannot open what the database holds. Raises SettingsError."""
    with services.store.reading() as tx:
        if not mediators.secret_fits(tx):
            raise SettingsError(
                "SECRET_KEY is not the one that the numbers in this database were sealed with"
            )


def _store(settings: Settings, events: Events, room: Room = CALLERS) -> Store:
    try:
        return Store(settings.database_url, settings.secret_key, events.publish, room)
    except BadAddressError as error:
        raise SettingsError(f"DATABASE_URL is of no use: {error}") from error
    except OSError as error:
        raise SettingsError(
            f"DATABASE_URL is of no use: its folder cannot be made ({error.strerror}: {error.filename})"
        ) from error


def read_lines(settings: Settings) -> Lines:
    """Every line's script, all of them or none. Raises SettingsError with file, key and reason."""
    folder = settings.config / "lines"
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise SettingsError(f"no line: {folder} holds no file *.toml (HOTLINE_CONFIG names the folder above)")
    lines = [_read(file, settings) for file in files]
    _check_numbers(files, lines)
    return Lines(lines, settings.fiction_numbers)


def _read(file: Path, settings: Settings) -> Line:
    if not is_word(file.stem):
        raise SettingsError(
            f"{file}: the file's name is the line's: at most 64 plain letters, digits, - and _"
        )
    try:
        # -sig: some editors begin a file with a byte order mark
        body = tomllib.loads(file.read_text(encoding="utf-8-sig"))
        found = line(file.stem, body, fiction_numbers=settings.fiction_numbers)
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file}: is not UTF-8 text: save it with the encoding UTF-8") from error
    except (ScriptError, tomllib.TOMLDecodeError, OSError) as error:
        raise SettingsError(f"{file}: {error}") from error
    for language in found.script.languages:
        if language.code not in VOICES:
            raise SettingsError(f"{file}: languages.code: there is no voice for {language.code!r}")
    return found


def _check_numbers(files: list[Path], lines: list[Line]) -> None:
    owner: dict[str, Path] = {}
    for file, found in zip(files, lines, strict=True):
        for number in found.script.numbers:
            if number in owner:
                raise SettingsError(f"{file}: numbers: {number} is a number of {owner[number]} too")
            owner[number] = file
