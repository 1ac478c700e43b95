"""The settings: what is wrong stops the start and is named."""

from dataclasses import FrozenInstanceError, asdict
from pathlib import Path

import pytest

from hotline.settings import MailSettings, MailTls, Settings, SettingsError, read

ENOUGH = {
    "HOTLINE_PUBLIC_URL": "https://line.example.org/hotline",
    "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000001",
    "TWILIO_AUTH_TOKEN": "token",
    "SECRET_KEY": "0123456789abcdef",
}


MAIL = {
    "HOTLINE_MAIL_URL": "smtp://line:word@mail.example.org:587",
    "HOTLINE_MAIL_FROM": "line@example.org",
    "HOTLINE_ALARM_TO": "amina@example.org",
}
MAIL_URL = (
    "HOTLINE_MAIL_URL must look like smtp://user:password@mail.example.org:587, smtps://… or "
    "smtp://127.0.0.1:25 (in user and password, write @ as %40, : as %3A, / as %2F, % as %25)"
)


def refused(**changes: str) -> str:
    with pytest.raises(SettingsError) as caught:
        read(ENOUGH | changes)
    return str(caught.value)


def test_the_least_that_is_needed() -> None:
    assert read(ENOUGH | {"PATH": "/bin", "LANG": "fr_FR.UTF-8"}) == Settings(
        database_url="sqlite:///var/hotline.sqlite3",
        redis_url=None,
        config=Path("config"),
        public_url="https://line.example.org/hotline",
        account="AC00000000000000000000000000000001",
        tokens=("token",),
        api_base="https://api.twilio.com",
        region=None,
        edge=None,
        secret_key="0123456789abcdef",
        fiction_numbers=False,
        mail=None,
    )


def test_all_that_may_be_set() -> None:
    found = read(
        ENOUGH
        | {
            "DATABASE_URL": "postgresql+psycopg://db/hotline",
            "REDIS_URL": "redis://r/0",
            "HOTLINE_CONFIG": "/etc/hotline",
            "HOTLINE_PUBLIC_URL": " http://127.0.0.1:8000/ ",
            "TWILIO_AUTH_TOKEN": " new , old,, ",
            "TWILIO_API_BASE": "http://127.0.0.1:9000/carrier/",
            "TWILIO_REGION": "ie1",
            "TWILIO_EDGE": "dublin",
            "HOTLINE_FICTION_NUMBERS": "1",
        }
    )
    assert (found.database_url, found.redis_url) == ("postgresql+psycopg://db/hotline", "redis://r/0")
    assert found.config == Path("/etc/hotline")
    assert found.public_url == "http://127.0.0.1:8000"
    assert found.tokens == ("new", "old")
    assert found.api_base == "http://127.0.0.1:9000/carrier"
    assert (found.region, found.edge) == ("ie1", "dublin")
    assert found.fiction_numbers


@pytest.mark.parametrize("key", ENOUGH)
def test_what_is_needed_is_asked_for_by_name(key: str) -> None:
    assert refused(**{key: "  "}) == f"{key} is missing: set it in the environment"
    with pytest.raises(SettingsError, match=f"^{key} is missing"):
        read({name: value for name, value in ENOUGH.items() if name != key})


@pytest.mark.parametrize(
    "key", ["DATABASE_URL", "REDIS_URL", "HOTLINE_CONFIG", "TWILIO_API_BASE", "TWILIO_REGION", "TWILIO_EDGE"]
)
def test_an_empty_setting_is_none_at_all(key: str) -> None:
    assert read(ENOUGH | {key: ""}) == read(ENOUGH)


def test_unknown_settings_of_ours_are_named_with_the_known_ones() -> None:
    message = refused(HOTLINE_PUBLIC_ULR="https://x.org", HOTLINE_COLOUR="blue")
    assert message == (
        "unknown setting HOTLINE_COLOUR, HOTLINE_PUBLIC_ULR; "
        "known are HOTLINE_ALARM_TO, HOTLINE_CONFIG, HOTLINE_FICTION_NUMBERS, HOTLINE_MAIL_FOLDER, "
        "HOTLINE_MAIL_FROM, HOTLINE_MAIL_URL, HOTLINE_PROXIES, HOTLINE_PUBLIC_URL, HOTLINE_THREADS"
    )


@pytest.mark.parametrize("key", ["HOTLINE_PUBLIC_URL", "TWILIO_API_BASE"])
@pytest.mark.parametrize(
    "url",
    [
        "line.example.org",
        "ftp://line.example.org",
        "https://",
        "https:///path",
        "https://line.example.org?",
        "https://line.example.org/?a=1",
        "https://line.example.org/#",
        "https://line.example.org/#rc=1",
        "https://line.example.org/a b",
        "https://line.example.org:port",
        "https://line.example.org:99999",
        "https://[::1",
    ],
)
def test_addresses_that_are_none(key: str, url: str) -> None:
    expected = f"{key} must look like https://line.example.org/prefix, not {url!r}"
    assert refused(**{key: url}) == expected


@pytest.mark.parametrize("key", ["HOTLINE_PUBLIC_URL", "TWILIO_API_BASE"])
@pytest.mark.parametrize("user", ["user:password@", "user@", ":password@", "@"])
def test_addresses_hold_no_password_and_the_message_neither(key: str, user: str) -> None:
    message = refused(**{key: f"https://{user}line.example.org"})
    assert message == f"{key} must not hold a user or a password"


def test_tokens_of_commas_only() -> None:
    assert refused(TWILIO_AUTH_TOKEN=" , ,") == "TWILIO_AUTH_TOKEN holds no token"


def test_a_short_secret() -> None:
    message = refused(SECRET_KEY="0123456789abcde")
    assert message == "SECRET_KEY is too short: at least 16 characters, made at random"


@pytest.mark.parametrize("value", ["", "yes", "true", "2"])
def test_a_switch_is_0_or_1(value: str) -> None:
    assert refused(HOTLINE_FICTION_NUMBERS=value) == f"HOTLINE_FICTION_NUMBERS must be 0 or 1, not {value!r}"


def test_no_secret_is_shown() -> None:
    found = read(
        ENOUGH
        | {
            "TWILIO_AUTH_TOKEN": "a-token-of-mine,another-of-mine",
            "SECRET_KEY": "a-secret-of-mine-too",
            "DATABASE_URL": "postgresql+psycopg://user:of-mine@db/hotline",
            "REDIS_URL": "redis://:of-mine@r/0",
        }
        | MAIL
        | {"HOTLINE_MAIL_URL": "smtp://line:of-mine@mail.example.org"}
    )
    for shown in (repr(found), str(found), f"{found}", repr(found.mail), str(found.mail)):
        assert "of-mine" not in shown


def test_settings_are_frozen() -> None:
    found = read(ENOUGH)
    for name, value in asdict(found).items():
        with pytest.raises(FrozenInstanceError):
            setattr(found, name, value)


@pytest.mark.parametrize("path", ["/voice", "/sms", "/voice/more"])
def test_the_public_address_does_not_name_our_own_paths(path: str) -> None:
    assert "HOTLINE_PUBLIC_URL" in refused(HOTLINE_PUBLIC_URL=f"https://line.example.org{path}")


def mail(url: str, **changes: str) -> MailSettings:
    found = read(ENOUGH | MAIL | {"HOTLINE_MAIL_URL": url} | changes).mail
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("url", "host", "port", "tls"),
    [
        ("smtp://mail.example.org:2525", "mail.example.org", 2525, MailTls.STARTTLS),
        ("smtp://mail.example.org/", "mail.example.org", 587, MailTls.STARTTLS),
        ("smtps://mail.example.org", "mail.example.org", 465, MailTls.AT_ONCE),
        ("smtps://127.0.0.1:4650", "127.0.0.1", 4650, MailTls.AT_ONCE),
        ("smtp://127.0.0.1", "127.0.0.1", 25, MailTls.NONE),
        ("smtp://localhost:1025", "localhost", 1025, MailTls.NONE),
        ("smtp://[::1]:1025", "::1", 1025, MailTls.NONE),
        ("smtp://127.0.0.1.example.org", "127.0.0.1.example.org", 587, MailTls.STARTTLS),
        ("smtp://mail.example.org?tls=no", "mail.example.org", 25, MailTls.NONE),
    ],
)
def test_mail_is_encrypted_unless_it_stays_here_or_says_so(
    url: str, host: str, port: int, tls: MailTls
) -> None:
    found = mail(url)
    assert (found.host, found.port, found.tls) == (host, port, tls)
    assert (found.user, found.password) == (None, None)


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_user_and_password_of_the_mail_server_may_hold_any_sign(scheme: str) -> None:
    found = mail(f"{scheme}://line%40example.org:%2Fp%40ss%3Aword%25@mail.example.org")
    assert (found.user, found.password) == ("line@example.org", "/p@ss:word%")


def test_addresses_of_the_coordinators() -> None:
    found = mail("smtp://localhost", HOTLINE_ALARM_TO=" amina@example.org , b+x@mail.example.org")
    assert found.recipients == ("amina@example.org", "b+x@mail.example.org")
    assert found.sender == "line@example.org"


def test_the_settings_for_mail_go_together() -> None:
    assert read(ENOUGH | dict.fromkeys(MAIL, " ")).mail is None
    together = "HOTLINE_MAIL_URL, HOTLINE_MAIL_FROM, HOTLINE_ALARM_TO go together; missing: "
    for key, value in MAIL.items():
        others = [other for other in MAIL if other != key]
        assert refused(**{key: value}) == f"{together}{', '.join(others)}"


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "smtp:",
        "smtp://",
        "http://mail.example.org",
        "smtp://:25",
        "smtp://mail.example.org:0",
        "smtp://mail.example.org:port",
        "smtp://mail.example.org:99999",
        "smtp://[::1",
        "smtp://mail.example.org/inbox",
        "smtp://line:a/secret@mail.example.org",
        "smtp://line:a#secret@mail.example.org",
        "smtp://line:a secret@mail.example.org",
        "smtp://mail.example.org#top",
        "smtp://mail.example.org?tls=yes",
        "smtp://mail.example.org?tls=no&tls=no",
        "smtp://mail.example.org?tls",
        "smtps://mail.example.org?tls=no",
    ],
)
def test_mail_servers_that_are_none_and_no_password_in_the_message(url: str) -> None:
    assert refused(**MAIL | {"HOTLINE_MAIL_URL": url}) == MAIL_URL


@pytest.mark.parametrize("user", ["line", "line:", ":word"])
def test_user_and_password_of_the_mail_server_go_together(user: str) -> None:
    message = refused(**MAIL | {"HOTLINE_MAIL_URL": f"smtp://{user}@mail.example.org"})
    assert message == "HOTLINE_MAIL_URL must hold a user and a password, or neither"


def test_user_and_password_that_the_protocol_cannot_carry() -> None:
    message = refused(**MAIL | {"HOTLINE_MAIL_URL": "smtps://line:w%C3%B6rd@mail.example.org"})
    assert message == "HOTLINE_MAIL_URL must hold a user and a password without accents"


def test_a_password_is_never_sent_in_clear() -> None:
    message = refused(**MAIL | {"HOTLINE_MAIL_URL": "smtp://line:word@mail.example.org?tls=no"})
    assert message == "HOTLINE_MAIL_URL must not say tls=no: the password would be sent in clear"
    assert mail("smtp://line:word@127.0.0.1").password == "word"


@pytest.mark.parametrize("key", ["HOTLINE_MAIL_FROM", "HOTLINE_ALARM_TO"])
@pytest.mark.parametrize(
    "address", ["amina", "@example.org", "amina@", "a b@x.org", "<amina@x.org>", "a@b@x.org", "é@x.org", ","]
)
def test_addresses_for_mail_that_are_none(key: str, address: str) -> None:
    shown = "" if (key, address) == ("HOTLINE_ALARM_TO", ",") else address
    expected = f"{key} must hold an address like line@example.org, not {shown!r}"
    assert refused(**MAIL | {key: address}) == expected


def test_an_address_brings_no_header_of_its_own() -> None:
    assert "HOTLINE_MAIL_FROM must" in refused(**MAIL | {"HOTLINE_MAIL_FROM": "a@x.org\nBcc: b@x.org"})


def test_the_threads_of_a_web_process() -> None:
    assert read(ENOUGH).threads is None
    assert read(ENOUGH | {"HOTLINE_THREADS": "324"}).threads == 324


@pytest.mark.parametrize("value", ["0", "-1", "many", "901", "٣", "1.5"])
def test_threads_are_a_number(value: str) -> None:
    message = refused(HOTLINE_THREADS=value)
    assert message == f"HOTLINE_THREADS must be a number from 1 to 900, not {value!r}"
