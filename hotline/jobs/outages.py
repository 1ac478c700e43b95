"""The jobs that write our pulse, and delete old outages."""

from typing import Final

from hotline import jobs
from hotline.switchboard import outages
from hotline.switchboard.outages import Pulse

_PULSE: Final = Pulse()
"""For the whole life of this process: its first beat is a start."""


def beat() -> None:
    here = jobs.services()
    outages.beat(here.store, here.lines, here.jobs, here.clock, _PULSE)


def forget() -> None:
    here = jobs.services()
    outages.forget(here.store, here.clock)
