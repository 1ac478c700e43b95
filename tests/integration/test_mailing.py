"""Mail to the coordinators over real SMTP: what is sent, to whom one speaks, and what refusals become."""

import socket
import ssl
import time
from pathlib import Path
from typing import Any

import pytest

from hotline import wiring
from hotline.mailing.absent import NoMail
from hotline.mailing.smtp import SmtpMail
from hotline.settings import MailSettings, MailTls
from hotline.switchboard.ports import MailTrouble
from tests import factories
from tests.integration import post_office
from tests.integration.post_office import HOST, Office
from tests.integration.shell import Run, done, environ, refused, run

__all__ = ["environ", "run"]
PASSWORD = "word-of-mine"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return post_office.certificate(tmp_path)


def settings(port: int, **changes: Any) -> MailSettings:
    values: dict[str, Any] = {
        "host": HOST,
        "port": port,
        "tls": MailTls.NONE,
        "user": None,
        "password": None,
        "sender": "line@example.org",
        "recipients": ("amina@example.org", "basile@example.org"),
    }
    return MailSettings(**(values | changes))


def send(office: Office, trusted: Path | None = None, **changes: Any) -> None:
    """One mail through that office, trusting that certificate."""
    trust = ssl.create_default_context(cafile=trusted) if trusted else None
    SmtpMail(settings(office.port, **changes), trusted=trust).send("Alerte : é", "Première ligne\n.\nfin é\n")


def trouble(office: Office, trusted: Path | None = None, **changes: Any) -> str:
    with post_office.opened(office), pytest.raises(MailTrouble) as caught:
        send(office, trusted, **changes)
    return str(caught.value)


def test_a_mail_arrives_whole() -> None:
    with post_office.opened(Office()) as office:
        send(office)
    ((recipients, mail),) = office.mails
    assert recipients == ["amina@example.org", "basile@example.org"]
    assert mail["From"] == "line@example.org"
    assert mail["To"] == "amina@example.org, basile@example.org"
    assert mail["Subject"] == "Alerte : é"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Transfer-Encoding"] == "quoted-printable"
    assert mail["Message-ID"].endswith("@example.org>")
    assert mail["Date"].datetime.tzinfo is not None
    assert mail.get_content().splitlines() == ["Première ligne", ".", "fin é"]
    assert [line.split(" ")[0] for line in office.heard] == ["ehlo", "mail", "rcpt", "rcpt", "data", "quit"]
    assert office.heard[0] == "ehlo example.org"


SECRET: dict[str, Any] = {"user": "line", "password": PASSWORD}


def test_the_password_is_shown_only_to_the_right_server_and_encrypted(certificate: Path) -> None:
    office = Office(certificate=certificate, password="word")
    with post_office.opened(office):
        send(office, certificate, tls=MailTls.STARTTLS, user="line", password="word")
    assert len(office.mails) == 1
    assert [line.split(" ")[0] for line in office.heard][:4] == ["ehlo", "STARTTLS", "*ehlo", "*AUTH"]


def test_encrypted_from_the_start(certificate: Path) -> None:
    office = Office(certificate=certificate, encrypted_at_once=True, password="word")
    with post_office.opened(office):
        send(office, certificate, tls=MailTls.AT_ONCE, user="line", password="word")
    assert len(office.mails) == 1
    assert all(line.startswith("*") for line in office.heard)


@pytest.mark.parametrize("tls", [MailTls.STARTTLS, MailTls.AT_ONCE])
def test_a_server_that_nobody_vouches_for_is_told_nothing(certificate: Path, tls: MailTls) -> None:
    office = Office(certificate=certificate, encrypted_at_once=tls is MailTls.AT_ONCE, password=PASSWORD)
    assert trouble(office, tls=tls, **SECRET) == "SSLCertVerificationError"
    assert not any(line.startswith("*") or "AUTH" in line for line in office.heard)


def test_a_server_that_offers_no_encryption_is_told_nothing() -> None:
    office = Office(password=PASSWORD)
    message = trouble(office, tls=MailTls.STARTTLS, **SECRET)
    assert message == "the mail server lacks something: STARTTLS extension not supported by server."
    assert [line.split(" ")[0] for line in office.heard] == ["ehlo"]


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"mail": "550 no: line@example.org"}, "the mail server refuses HOTLINE_MAIL_FROM: 550"),
        (
            {"rcpt": "550 no: basile@example.org"},
            "the mail server refuses every address of HOTLINE_ALARM_TO: [550]",
        ),
        ({"data": "451 later"}, "the mail server answers 451"),
        ({".": "552 too much"}, "the mail server answers 552"),
        ({"": "421 too many"}, "the mail server answers 421"),
        ({"ehlo": "550 no", "helo": "550 no"}, "the mail server answers 550"),
        ({"mail": ""}, "SMTPServerDisconnected"),
    ],
)
def test_refusals_in_a_few_words_without_addresses(answers: dict[str, str], message: str) -> None:
    assert trouble(Office(answers)) == message


def test_it_is_not_the_coordinators_fault_when_one_persons_address_is_refused() -> None:
    office = Office({"rcpt": "550 no: zoe@example.org"})
    with post_office.opened(office), pytest.raises(MailTrouble) as caught:
        SmtpMail(settings(office.port)).send("a", "b", to="zoe@example.org")
    assert str(caught.value) == "the mail server refuses the address of the one it is for: [550]"


def test_a_refused_password_is_not_repeated() -> None:
    message = trouble(Office({"AUTH": f"535 {PASSWORD}?"}, password="another"), **SECRET)
    assert message == "the mail server refuses the user or the password: 535"


def test_a_server_that_asks_for_no_password_although_there_is_one() -> None:
    assert trouble(Office(), **SECRET).startswith("the mail server lacks something: SMTP AUTH")


def test_whoever_can_be_reached_is_reached(caplog: pytest.LogCaptureFixture) -> None:
    office = Office({"rcpt TO:<amina@example.org>": "550 no"})
    with post_office.opened(office):
        send(office)
    ((recipients, _),) = office.mails
    assert recipients == ["basile@example.org"]
    assert caplog.messages == ["the mail server refuses 1 of the addresses of HOTLINE_ALARM_TO"]


def test_a_mail_that_was_taken_is_not_sent_again_for_want_of_a_goodbye() -> None:
    office = Office({"quit": ""})
    with post_office.opened(office):
        send(office)
    assert len(office.mails) == 1


def test_nobody_there() -> None:
    with socket.create_server((HOST, 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(MailTrouble, match=r"^ConnectionRefusedError$"):
        SmtpMail(settings(port)).send("a", "b")


def test_a_server_that_says_nothing_is_given_up() -> None:
    with socket.create_server((HOST, 0)) as silent:
        begun = time.monotonic()
        with pytest.raises(MailTrouble):
            SmtpMail(settings(silent.getsockname()[1]), timeout=0.2).send("a", "b")
        assert time.monotonic() - begun < 5


def test_without_settings_nothing_is_sent(database_url: str) -> None:
    assert isinstance(wiring.build(factories.settings(database_url)).mail, NoMail)
    NoMail().send("a", "b")
    with pytest.raises(MailTrouble, match="no mail server is set up"):
        NoMail().send("a", "b", to="amina@example.org")


def test_the_command_sends_a_test(run: Run) -> None:
    with post_office.opened(Office()) as office:
        said = done(run("alarms", "test", **mail(office)))
    ((recipients, sent),) = office.mails
    assert said == ["The mail server has taken the mail to amina@example.org, basile@example.org."]
    assert recipients == ["amina@example.org", "basile@example.org"]
    assert sent["Subject"] == "Essai : les alertes de la ligne d'aide arrivent"
    assert "Vous n'avez rien à faire." in sent.get_content()


def test_the_command_needs_no_database(run: Run) -> None:
    with post_office.opened(Office()) as office:
        done(run("alarms", "test", DATABASE_URL="postgresql+psycopg://127.0.0.1:1/none", **mail(office)))
    assert len(office.mails) == 1


def test_the_command_says_why_not(run: Run) -> None:
    with post_office.opened(Office({"data": "451 later"})) as office:
        result = run("alarms", "test", **mail(office))
    refused(result, "Error: the mail was not sent: the mail server answers 451", code=1)
    refused(run("alarms", "test"), "set HOTLINE_MAIL_URL, HOTLINE_MAIL_FROM and HOTLINE_ALARM_TO", code=1)


def mail(office: Office) -> dict[str, str]:
    return {
        "HOTLINE_MAIL_URL": f"smtp://{HOST}:{office.port}",
        "HOTLINE_MAIL_FROM": "line@example.org",
        "HOTLINE_ALARM_TO": "amina@example.org, basile@example.org",
    }
