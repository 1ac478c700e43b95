"""The jobs that ask the carrier: about silent calls, for voice messages, and to delete those that are old."""

from hotline import jobs
from hotline.switchboard import old_messages, unheard, watchdog
from hotline.switchboard.watchdog import Watch


def look() -> None:
    watchdog.look(_watch())


def look_for_messages() -> None:
    unheard.look(_watch())


def forget_messages() -> None:
    old_messages.forget(_watch())


def _watch() -> Watch:
    here = jobs.services()
    return Watch(here.store, here.carrier, here.lines, here.jobs, here.clock)
