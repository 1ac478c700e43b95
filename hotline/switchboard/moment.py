"""One transaction at one instant: what every happening is given."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotline.queue.ids import CallId, OfferId
from hotline.store import call_log
from hotline.store.transactions import Tx
from hotline.switchboard.lines import Lines
from hotline.switchboard.ports import Jobs

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Moment:
    """`now` is read once, at the edge."""

    tx: Tx
    now: datetime
    lines: Lines
    jobs: Jobs

    def note(self, call: CallId, what: str, detail: Mapping[str, Any] | None = None) -> None:
        """Append to the call log."""
        call_log.add(self.tx, call, self.now, what, detail)

    def fetch(self, offer: OfferId) -> None:
        """Once committed, have the waiting caller of the offer fetched from hold."""
        self.tx.after_commit(lambda: _push(self.jobs, offer))


def _push(jobs: Jobs, offer: OfferId) -> None:
    try:
        jobs.push(offer)
    except Exception:
        # the caller's next wait turn does the same, a few seconds later
        log.warning("push of offer %s could not be handed over", offer, exc_info=True)
