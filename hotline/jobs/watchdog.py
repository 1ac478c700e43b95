"""The jobs that ask the carrier about silent calls, and delete old voice messages."""

from hotline import jobs
from hotline.switchboard import old_messages, watchdog
from hotline.switchboard.watchdog import Watch


def look() -> None:
    watchdog.look(_watch())


def forget_messages() -> None:
    old_messages.forget(_watch())


def _watch() -> Watch:
    here = jobs.services()
    return Watch(here.store, here.carrier, here.lines, here.jobs, here.clock)
