"""The settings: read once from the environment, frozen; what is wrong stops the start and is named."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

MAIL: Final = ("HOTLINE_MAIL_URL", "HOTLINE_MAIL_FROM", "HOTLINE_ALARM_TO")
THREADS: Final = "HOTLINE_THREADS"
FOLDER: Final = "HOTLINE_MAIL_FOLDER"
PROXIES: Final = "HOTLINE_PROXIES"
KNOWN: Final = frozenset(
    {"HOTLINE_PUBLIC_URL", "HOTLINE_CONFIG", "HOTLINE_FICTION_NUMBERS", THREADS, PROXIES, FOLDER, *MAIL}
)
MOST_PROXIES: Final = 9
MOST_THREADS: Final = 900
"""The web server takes 1000 connections a process."""
TWILIO: Final = "https://api.twilio.com"


class SettingsError(Exception):
    """A setting is missing, unknown or unusable; the message names it and says what to do."""


class MailTls(StrEnum):
    """How the connection to the mail server is encrypted."""

    STARTTLS = "starttls"
    AT_ONCE = "at_once"
    NONE = "none"


PORTS: Final = {MailTls.STARTTLS: 587, MailTls.AT_ONCE: 465, MailTls.NONE: 25}


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Where alarms are handed over, and whom they reach."""

    host: str
    port: int
    tls: MailTls
    user: str | None
    password: str | None = field(repr=False)
    sender: str
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says. Secrets are kept out of the representation."""

    database_url: str
    redis_url: str | None
    """None: `hotline serve` brings its own server."""
    config: Path
    public_url: str
    """Scheme, host and path prefix under which the carrier reaches us; no trailing slash."""
    account: str
    tokens: tuple[str, ...]
    api_base: str
    region: str | None
    edge: str | None
    secret_key: str
    fiction_numbers: bool = False
    """Accept the ranges kept for films and books: the demo and the tests only."""
    mail: MailSettings | None = None
    """None: alarms go to the log alone."""
    mail_folder: Path | None = None
    """Where mails are written to instead of being sent: the demo only."""
    proxies: int = 0
    """So many in front of us add to X-Forwarded-For; 0: that header is believed from nobody."""
    threads: int | None = None
    """Of a process of the web server. None: not known, so no page may keep one."""

    def __repr__(self) -> str:
        return f"Settings(public_url={self.public_url!r}, config={str(self.config)!r})"


def read(environ: Mapping[str, str]) -> Settings:
    """Read the settings. Raises SettingsError, naming the key."""
    unknown = sorted(key for key in environ if key.startswith("HOTLINE_") and key not in KNOWN)
    if unknown:
        raise SettingsError(f"unknown setting {', '.join(unknown)}; known are {', '.join(sorted(KNOWN))}")
    region, edge = environ.get("TWILIO_REGION") or None, environ.get("TWILIO_EDGE") or None
    if (region is None) is not (edge is None):
        raise SettingsError("TWILIO_REGION and TWILIO_EDGE go together: set both, or neither")
    return Settings(
        database_url=environ.get("DATABASE_URL") or "sqlite:///var/hotline.sqlite3",
        redis_url=_redis_url(environ),
        config=Path(environ.get("HOTLINE_CONFIG") or "config"),
        public_url=_public_url(_required(environ, "HOTLINE_PUBLIC_URL")),
        account=_required(environ, "TWILIO_ACCOUNT_SID"),
        tokens=_tokens(_required(environ, "TWILIO_AUTH_TOKEN")),
        api_base=_address("TWILIO_API_BASE", environ.get("TWILIO_API_BASE") or TWILIO),
        region=region,
        edge=edge,
        secret_key=_secret(_required(environ, "SECRET_KEY")),
        fiction_numbers=_switch(environ, "HOTLINE_FICTION_NUMBERS"),
        mail=_mail(environ),
        mail_folder=_mail_folder(environ),
        proxies=_proxies(environ),
        threads=threads(environ),
    )


def threads(environ: Mapping[str, str]) -> int | None:
    """How many threads a process of the web server has. Raises SettingsError."""
    value = environ.get(THREADS)
    if not value:
        return None
    if not (value.isascii() and value.isdecimal() and 1 <= int(value) <= MOST_THREADS):
        raise SettingsError(f"{THREADS} must be a number from 1 to {MOST_THREADS}, not {value!r}")
    return int(value)


def _required(environ: Mapping[str, str], key: str) -> str:
    value = environ.get(key, "").strip()
    if not value:
        raise SettingsError(f"{key} is missing: set it in the environment")
    return value


def _redis_url(environ: Mapping[str, str]) -> str | None:
    value = environ.get("REDIS_URL") or None
    if value is not None and not _is_redis(value):
        # the value is not shown: it may hold a password
        raise SettingsError("REDIS_URL must look like redis://127.0.0.1:6379/0 or unix:///folder/socket")
    return value


def _is_redis(value: str) -> bool:
    try:
        parts = urlsplit(value)
        port, database = parts.port, parse_qs(parts.query).get("db", ["0"])
    except ValueError:  # a port that is no number, a bracket left open
        return False
    if parts.scheme == "unix":
        return len(parts.path) > 1 and database[0].isdecimal()
    usable = parts.scheme in ("redis", "rediss") and bool(parts.hostname) and port != 0
    return usable and database[0].isdecimal() and (parts.path.strip("/") or "0").isdecimal()


def _public_url(value: str) -> str:
    address = _address("HOTLINE_PUBLIC_URL", value)
    if urlsplit(address).path.split("/")[1:2] in (["voice"], ["sms"]):
        raise SettingsError("HOTLINE_PUBLIC_URL must not end in /voice or /sms: we add that ourselves")
    return address


def _address(key: str, value: str) -> str:
    if not _is_address(value):
        raise SettingsError(f"{key} must look like https://line.example.org/prefix, not {value!r}")
    if "@" in urlsplit(value).netloc:
        raise SettingsError(f"{key} must not hold a user or a password")
    return value.rstrip("/")


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, a bracket left open
        return False
    return usable and not set("?# ") & set(value)


def _tokens(value: str) -> tuple[str, ...]:
    tokens = tuple(token for token in (part.strip() for part in value.split(",")) if token)
    if not tokens:
        raise SettingsError("TWILIO_AUTH_TOKEN holds no token")
    return tokens


def _secret(value: str) -> str:
    if len(value) < 16:
        raise SettingsError("SECRET_KEY is too short: at least 16 characters, made at random")
    return value


def _switch(environ: Mapping[str, str], key: str) -> bool:
    value = environ.get(key, "0")
    if value not in ("0", "1"):
        raise SettingsError(f"{key} must be 0 or 1, not {value!r}")
    return value == "1"


def _proxies(environ: Mapping[str, str]) -> int:
    value = environ.get(PROXIES, "").strip() or "0"
    if not (value.isascii() and value.isdecimal() and int(value) <= MOST_PROXIES):
        raise SettingsError(f"{PROXIES} must be a number from 0 to {MOST_PROXIES}, not {value!r}")
    return int(value)


def _mail_folder(environ: Mapping[str, str]) -> Path | None:
    value = environ.get(FOLDER, "").strip()
    if value and environ.get(MAIL[0], "").strip():
        raise SettingsError(f"{FOLDER} and {MAIL[0]} exclude each other: mails are written down, or sent")
    return Path(value) if value else None


_MAIL_ADDRESS: Final = re.compile(r"[!-~]+@[A-Za-z0-9.-]+")
_SPECIAL: Final = re.compile(r"[\s,;:<>()\[\]\"\\]")


def _mail(environ: Mapping[str, str]) -> MailSettings | None:
    given = {key: environ.get(key, "").strip() for key in MAIL}
    missing = [key for key in MAIL if not given[key]]
    if len(missing) == len(MAIL):
        return None
    if missing:
        raise SettingsError(f"{', '.join(MAIL)} go together; missing: {', '.join(missing)}")
    url, sender, recipients = (given[key] for key in MAIL)
    parts, port = _mail_url(url)
    host, tls = str(parts.hostname), _mail_tls(parts)
    user, password = _mail_user(parts, tls)
    return MailSettings(
        host=host,
        port=port or PORTS[tls],
        tls=tls,
        user=user,
        password=password,
        sender=_mail_address("HOTLINE_MAIL_FROM", sender),
        recipients=tuple(_mail_address("HOTLINE_ALARM_TO", one) for one in recipients.split(",")),
    )


def _mail_url(value: str) -> tuple[SplitResult, int | None]:
    # the messages do not show the value: it may hold a password
    wrong = SettingsError(
        "HOTLINE_MAIL_URL must look like smtp://user:password@mail.example.org:587, smtps://… or "
        "smtp://127.0.0.1:25 (in user and password, write @ as %40, : as %3A, / as %2F, % as %25)"
    )
    try:
        parts = urlsplit(value)
        port, query = (
            parts.port,
            parse_qs(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)),
        )
    except ValueError as error:
        raise wrong from error
    schemes = {"smtp": ({}, {"tls": ["no"]}), "smtps": ({},)}
    usable = parts.hostname and port != 0 and parts.path in ("", "/") and not set(" #") & set(value)
    if not usable or query not in schemes.get(parts.scheme, ()):
        raise wrong
    return parts, port


def _mail_tls(parts: SplitResult) -> MailTls:
    if parts.scheme == "smtps":
        return MailTls.AT_ONCE
    return MailTls.NONE if parts.query or _is_loopback(str(parts.hostname)) else MailTls.STARTTLS


def _mail_user(parts: SplitResult, tls: MailTls) -> tuple[str | None, str | None]:
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not user and not password:
        return None, None
    if not (user and password):
        raise SettingsError("HOTLINE_MAIL_URL must hold a user and a password, or neither")
    if not (user + password).isascii():
        raise SettingsError("HOTLINE_MAIL_URL must hold a user and a password without accents")
    if tls is MailTls.NONE and not _is_loopback(str(parts.hostname)):
        raise SettingsError("HOTLINE_MAIL_URL must not say tls=no: the password would be sent in clear")
    return user, password


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name
        return host == "localhost"


def _mail_address(key: str, value: str) -> str:
    address = value.strip()
    if not _MAIL_ADDRESS.fullmatch(address) or _SPECIAL.search(address) or address.count("@") > 1:
        raise SettingsError(f"{key} must hold an address like line@example.org, not {address!r}")
    return address
