"""The periodic jobs, all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from hotline.jobs import log_ins
from hotline.jobs.alarms import watch
from hotline.jobs.outages import beat, forget
from hotline.jobs.reminders import remind
from hotline.jobs.sweep import sweep
from hotline.jobs.watchdog import forget_messages, look, look_for_messages


@dataclass(frozen=True, slots=True)
class Periodic:
    name: str
    every: timedelta
    job: Callable[[], None]


PERIODIC: Final[tuple[Periodic, ...]] = (
    # the first: what became of calls while we were away is asked for after it
    Periodic("pulse", every=timedelta(seconds=1), job=beat),
    Periodic("sweep", every=timedelta(seconds=0.5), job=sweep),
    Periodic("alarms", every=timedelta(seconds=15), job=watch),
    Periodic("watchdog", every=timedelta(seconds=20), job=look),
    Periodic("unheard", every=timedelta(seconds=20), job=look_for_messages),
    Periodic("reminders", every=timedelta(minutes=5), job=remind),
    Periodic("messages", every=timedelta(hours=1), job=forget_messages),
    Periodic("outages", every=timedelta(hours=1), job=forget),
    Periodic("log-ins", every=timedelta(hours=1), job=log_ins.forget),
)
