"""Mail by SMTP: encrypted unless the settings say otherwise, with a time limit on every step."""

import logging
import smtplib
import ssl
from contextlib import closing, suppress
from email.message import EmailMessage
from email.utils import format_datetime, localtime, make_msgid
from smtplib import (
    SMTPAuthenticationError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)
from typing import Final

from hotline.settings import MailSettings, MailTls
from hotline.switchboard.ports import MailTrouble

log = logging.getLogger(__name__)

TIMEOUT_SECONDS: Final = 10.0


class SmtpMail:
    """The port Mail. Connects for each mail: there are few."""

    is_set_up: Final = True

    def __init__(
        self,
        settings: MailSettings,
        timeout: float = TIMEOUT_SECONDS,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        self._settings = settings
        self._timeout = timeout
        self._trusted = trusted

    def send(self, subject: str, text: str, to: str | None = None) -> None:
        try:
            with closing(self._connected()) as server:
                self._prove(server)
                refused = server.send_message(self._message(subject, text, to))
                with suppress(OSError):  # taken is taken, however the server says goodbye
                    server.quit()
        except (OSError, ValueError) as error:  # all of smtplib's are OSErrors
            raise MailTrouble(_reason(error, to)) from error
        if refused:
            log.error("the mail server refuses %d of the addresses of HOTLINE_ALARM_TO", len(refused))

    def greet(self) -> None:
        """See whether the server would take a mail of ours, and send none. Raises MailTrouble."""
        try:
            with closing(self._connected()) as server:
                self._prove(server)
                server.ehlo_or_helo_if_needed()
                server.quit()
        except (OSError, ValueError) as error:
            raise MailTrouble(_reason(error)) from error

    def _connected(self) -> smtplib.SMTP:
        here = self._settings
        # a name of our own for the greeting: looking up this machine's may take longer than the time limit
        name = _domain(here.sender)
        if here.tls is MailTls.AT_ONCE:
            return smtplib.SMTP_SSL(here.host, here.port, name, timeout=self._timeout, context=self._trust())
        return smtplib.SMTP(here.host, here.port, name, timeout=self._timeout)

    def _prove(self, server: smtplib.SMTP) -> None:
        """See to it that it is the server it should be, and show who we are."""
        if self._settings.tls is MailTls.STARTTLS:
            server.starttls(context=self._trust())
        if self._settings.user is not None and self._settings.password is not None:
            server.login(self._settings.user, self._settings.password)

    def _message(self, subject: str, text: str, to: str | None) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._settings.sender
        message["To"] = to or ", ".join(self._settings.recipients)
        message["Subject"] = subject
        message["Date"] = format_datetime(localtime())
        message["Message-ID"] = make_msgid(domain=_domain(self._settings.sender))
        # no answer by a machine that is on holiday
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text, cte="quoted-printable")
        return message

    def _trust(self) -> ssl.SSLContext:
        return self._trusted or ssl.create_default_context()


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


def _reason(error: Exception, to: str | None = None) -> str:
    """What the log may hold: no address, nothing that the server quotes. `to`: the one whom it is for."""
    match error:
        case SMTPAuthenticationError():
            return f"the mail server refuses the user or the password: {error.smtp_code}"
        case SMTPSenderRefused():
            return f"the mail server refuses HOTLINE_MAIL_FROM: {error.smtp_code}"
        case SMTPRecipientsRefused():
            codes = sorted({code for code, _ in error.recipients.values()})
            whom = "every address of HOTLINE_ALARM_TO" if to is None else "the address of the one it is for"
            return f"the mail server refuses {whom}: {codes}"
        case SMTPNotSupportedError():
            return f"the mail server lacks something: {error}"
        case SMTPResponseException():
            return f"the mail server answers {error.smtp_code}"
        case _:
            return type(error).__name__
