"""The job that looks for what should alarm the coordinators, and mails what is due."""

from typing import Final

from hotline import jobs
from hotline.switchboard import alarms
from hotline.switchboard.alarms import Away

_AWAY: Final = Away()
"""For the whole life of this process: it outlives each run."""


def watch() -> None:
    here = jobs.services()
    alarms.watch(store=here.store, lines=here.lines, mail=here.mail, clock=here.clock, away=_AWAY)
