"""Letters to people who have an account, in its language: a template a letter, with the subject first."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import (
    Response,
    after_this_request,
    copy_current_request_context,
    render_template,
    request,
    url_for,
)
from flask_security import MailUtil
from flask_security.forms import ForgotPasswordForm
from flask_security.recoverable import generate_reset_password_token

from hotline.dashboard.users import User
from hotline.queue.ids import AccountId
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
    """Send it once the page has been answered: a mail server that is slow, or away, holds up nobody."""
    _once_answered(partial(_send, services, subject, text, to))


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


def forgotten_form(services: Services, may_write: Callable[[AccountId], bool]) -> type[ForgotPasswordForm]:
    """Who asks for a new password; the library wants a class. `may_write`: another letter to that account?"""

    class Forgotten(ForgotPasswordForm):
        def validate(self, **kwargs: Any) -> bool:
            """Never good: so the library does the same work and says the same, account or not.

            The letter, with the token of its link that takes long to make, is written once the page has been
            answered.
            """
            if super().validate(**kwargs) and isinstance(self.user, User):
                _once_answered(partial(_write_to_forgetful, services, may_write, self.user))
            return False

    return Forgotten


def _write_to_forgetful(services: Services, may_write: Callable[[AccountId], bool], user: User) -> None:
    """Whoever has not taken up their invitation yet is told so, by mail alone.

    The invitation is what shows that it is them; a mail to an address that was mistyped is not.
    """
    if not may_write(user.id):
        return
    if user.password is None:
        written = letter("letters/not_yet.txt", user=user)
    else:
        token = generate_reset_password_token(user)  # type: ignore[no-untyped-call]  # the library's
        written = letter("security/email/reset_instructions.txt", user=user, reset_token=token)
    _send(services, *written, user.email)


def _once_answered(work: Callable[[], None]) -> None:
    """Do it when the page is there: how long that takes tells nobody anything."""
    in_this_request = copy_current_request_context(partial(_try, work))

    def wait(response: Response) -> Response:
        response.call_on_close(in_this_request)
        return response

    after_this_request(wait)


def _try(work: Callable[[], None]) -> None:
    try:
        work()
    except Exception:
        # nobody is there any more who could be told
        log.exception("a letter was not written")


def _parts(body: str) -> tuple[str, str]:
    subject, _, text = spaced(body.strip()).partition("\n")
    return subject.strip(), text.strip() + "\n"


def _send(services: Services, subject: str, text: str, to: str) -> None:
    try:
        services.mail.send(subject, text, to=to)
    except MailTrouble as error:
        log.error("a mail to somebody with an account was not sent: %s", error)
