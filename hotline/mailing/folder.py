"""Mails as files in a folder, for the demonstration: each can be read there, and none is sent."""

import os
import secrets
import time
from email.message import EmailMessage
from email.utils import format_datetime, localtime
from pathlib import Path
from typing import Final

from hotline.switchboard.ports import MailTrouble

SENDER: Final = "hotline@localhost"
COORDINATORS: Final = "coordinators@localhost"


class FolderMail:
    """The port Mail. One file `*.eml` a mail; their names sort by the instant."""

    is_set_up: Final = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, subject: str, text: str, to: str | None = None) -> None:
        name = f"{time.time_ns():020}-{secrets.token_hex(4)}.eml"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            new = self._folder / f"{name}.new"
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(bytes(_message(subject, text, to)))
            new.replace(self._folder / name)
        except (OSError, ValueError) as error:
            raise MailTrouble(f"the mail cannot be written down: {type(error).__name__}") from error


def _message(subject: str, text: str, to: str | None) -> EmailMessage:
    message = EmailMessage()
    message["From"] = SENDER
    message["To"] = to or COORDINATORS
    message["Subject"] = subject
    message["Date"] = format_datetime(localtime())
    message.set_content(text, cte="quoted-printable")
    return message
