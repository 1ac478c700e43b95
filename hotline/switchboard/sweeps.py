"""The sweep: matches whom time alone has brought together."""

from hotline.store import history
from hotline.store.transactions import Store
from hotline.switchboard import leaving, matching
from hotline.switchboard.lines import Lines
from hotline.switchboard.moment import Moment
from hotline.switchboard.ports import Clock, Jobs


def sweep(store: Store, lines: Lines, jobs: Jobs, clock: Clock) -> None:
    """One sweep, one transaction; a look that waits for nobody tells whether it is needed."""
    now = clock.now()
    with store.glancing() as tx:
        if not history.anything_due(tx, now):
            return
    store.run(lambda tx: matching.sweep(Moment(tx, now, lines, jobs)))
    store.run(lambda tx: _close_forgotten(Moment(tx, now, lines, jobs)))


def _close_forgotten(m: Moment) -> None:
    for leg in history.forgotten_legs(m.tx, m.now):
        leaving.caller_left(m, leg)
