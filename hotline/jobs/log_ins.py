"""The job that deletes what is kept of log-ins that would have ended by now."""

from hotline import jobs
from hotline.store import logged_out


def forget() -> None:
    here = jobs.services()
    now = here.clock.now()
    here.store.run(lambda tx: logged_out.forget(tx, now))
