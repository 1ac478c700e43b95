"""Letters to people who have an account, in its language: a template a letter, with the subject first."""

import logging
from functools import partial
from typing import Any

from flask import Response, after_this_request, render_template, request, url_for
from flask_security import MailUtil
from flask_security.forms import ForgotPasswordForm

from hotline.queue.typography import spaced
from hotline.services import Services
from hotline.switchboard.ports import MailTrouble

log = logging.getLogger(__name__)


def letter(template: str, **values: object) -> tuple[str, str]:
    """Subject and text: the template's first line, and what follows."""
    return _parts(render_template(template, **values))


def public(services: Services, endpoint: str, **values: Any) -> str:
    """The address of a page as the world sees it: never the one that a request claims to be sent to."""
    below = url_for(endpoint, **values).removeprefix(request.script_root)
    return f"{services.settings.public_url}{below}"


def send_later(services: Services, subject: str, text: str, to: str) -> None:
    """Send it once the page has been answered.

    How long the page takes does not tell who has an account, nor does a mail server that is away.
    """

    def send(response: Response) -> Response:
        response.call_on_close(partial(_send, services, subject, text, to))
        return response

    after_this_request(send)


def library_mails(services: Services) -> type[MailUtil]:
    """The log-in library's mails go the way of ours; it wants a class."""

    class Mails(MailUtil):
        def send_mail(
            self,
            template: str,
            subject: str,
            recipient: str | tuple[str, str],
            sender: str | tuple[str, str],
            body: str | None,
            html: str | None,
            **kwargs: Any,
        ) -> None:
            address = recipient[1] if isinstance(recipient, tuple) else recipient
            send_later(services, *_parts(body or ""), address)

    return Mails


def forgotten_form(services: Services) -> type[ForgotPasswordForm]:
    """Who asks for a new password; the library wants a class."""

    class Forgotten(ForgotPasswordForm):
        def validate(self, **kwargs: Any) -> bool:
            """Whoever has not taken up their invitation yet is told so, by mail alone.

            The invitation is what shows that it is them; a mail to an address that was mistyped is not.
            """
            found: bool = super().validate(**kwargs)
            if found and self.user is not None and self.user.password is None:
                send_later(services, *letter("letters/not_yet.txt", user=self.user), self.user.email)
                return False
            return found

    return Forgotten


def _parts(body: str) -> tuple[str, str]:
    subject, _, text = spaced(body.strip()).partition("\n")
    return subject.strip(), text.strip() + "\n"


def _send(services: Services, subject: str, text: str, to: str) -> None:
    try:
        services.mail.send(subject, text, to=to)
    except MailTrouble as error:
        log.error("a mail to somebody with an account was not sent: %s", error)
