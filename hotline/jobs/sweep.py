"""The job that does what falls due by time alone: overdue offers, shifts that begin, callers unmatched."""

from hotline import jobs
from hotline.switchboard import sweeps


def sweep() -> None:
    here = jobs.services()
    sweeps.sweep(store=here.store, lines=here.lines, jobs=here.jobs, clock=here.clock)
