"""Without a mail server: what is wrong is told by the log alone."""


class NoMail:
    """The port Mail of an installation that has set none up."""

    def send(self, subject: str, text: str) -> None:
        """Do nothing: whoever sends has written to the log already."""
