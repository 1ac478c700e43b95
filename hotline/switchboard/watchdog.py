"""Asks the carrier about calls of which it has said nothing for a while."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from hotline.queue.alarms import Kind
from hotline.queue.ids import LegSid, OfferId
from hotline.store import silence
from hotline.store.transactions import Store, Tx
from hotline.switchboard import alarms, leaving, rings
from hotline.switchboard.lines import Lines
from hotline.switchboard.moment import Moment
from hotline.switchboard.ports import Carrier, CarrierTrouble, Clock, Jobs, LegEnded

log = logging.getLogger(__name__)

SILENT_FOR: Final = timedelta(minutes=2)
"""So long after a call's start, or after the last time, the carrier is asked whether it is still there."""
AT_ONCE: Final = 10
"""So many are asked in one round: each question may take as long as the carrier's time limit."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What those who ask the carrier work with."""

    store: Store
    carrier: Carrier
    lines: Lines
    jobs: Jobs
    clock: Clock

    def moment(self, tx: Tx) -> Moment:
        return Moment(tx, self.clock.now(), self.lines, self.jobs)

    def alarm(self, trouble: Exception) -> None:
        """The carrier does not answer our questions: the coordinators are told."""
        reason = str(trouble)[:200]
        self.store.run(lambda tx: alarms.raise_(self.moment(tx), Kind.REST_FAILING, "", reason))


def look(watch: Watch) -> None:
    """One round: each call is asked about outside any transaction, and closed only on a terminal answer."""
    now = watch.clock.now()
    before = now - SILENT_FOR
    with watch.store.reading() as tx:
        silent = silence.open_calls(tx, before, AT_ONCE)
    for call in silent:
        ours = watch.store.run(partial(silence.claim, call=call.id, before=before, now=now))
        if ours and not _ask_about(watch, call):
            return


def _ask_about(watch: Watch, call: silence.SilentCall) -> bool:
    """False when the carrier does not answer: there is no use in going on."""
    try:
        if watch.carrier.is_over(call.leg):
            log.warning("call %s had ended without our being told", call.id)
            watch.store.run(lambda tx: leaving.caller_left(watch.moment(tx), call.leg, untold=True))
        elif call.mediator_leg is not None and watch.carrier.is_over(call.mediator_leg):
            _mediator_gone(watch, call.offer, call.mediator_leg)
    except (CarrierTrouble, LegEnded) as error:
        log.warning("the carrier did not say whether call %s is over: %s", call.id, error)
        watch.alarm(error)
        return False
    return True


def _mediator_gone(watch: Watch, offer: OfferId | None, leg: LegSid) -> None:
    assert offer is not None, "a mediator's leg is an offer's"
    watch.store.run(lambda tx: rings.leg_over(watch.moment(tx), offer, leg))
