"""Without a mail server: what is wrong is told by the log alone, and nobody gets a letter."""

from typing import Final

from hotline.switchboard.ports import MailTrouble


class NoMail:
    """The port Mail of an installation that has set none up."""

    is_set_up: Final = False

    def send(self, subject: str, text: str, to: str | None = None) -> None:
        """To the coordinators, do nothing: whoever sends has written to the log already."""
        if to is not None:
            raise MailTrouble("no mail server is set up (HOTLINE_MAIL_URL)")
