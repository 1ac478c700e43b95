"""The jobs that ask the carrier about silent calls, and delete old voice messages."""

from hotline import jobs
from hotline.switchboard import watchdog
from hotline.switchboard.watchdog import Watch


def look() -> None:
    watchdog.look(_watch())


def forget_messages() -> None:
    watchdog.forget_messages(_watch())


def _watch() -> Watch:
    here = jobs.services()
    return Watch(here.store, here.carrier, here.lines, here.jobs, here.clock)
