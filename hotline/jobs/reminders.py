"""The job that reminds mediators of their shifts."""

from hotline import jobs
from hotline.switchboard import reminders


def remind() -> None:
    """Does nothing where no mail is set up: whoever looks after the rota has other ways then."""
    here = jobs.services()
    if here.settings.mail or here.settings.mail_folder:
        reminders.remind(here.store, here.lines, here.mail, here.clock, here.settings.public_url)
