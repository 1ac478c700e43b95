"""Asks the carrier for voice messages of which it could not tell us: nobody has spoken for nothing."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from hotline.ivr.course import read_state
from hotline.store import call_log, calls, unheard
from hotline.store.unheard import DueCall
from hotline.switchboard import promises
from hotline.switchboard.moment import Moment
from hotline.switchboard.ports import CarrierTrouble, Recording
from hotline.switchboard.watchdog import AT_ONCE, Watch

log = logging.getLogger(__name__)

LOOKS: Final = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))
"""So long after the end of a call the carrier is asked; after the last of them..."""
THEN_EVERY: Final = timedelta(hours=1)
BELIEVED_AFTER: Final = timedelta(minutes=2)
"""Sooner, that there is no recording at all may only mean that the carrier does not list it yet."""
GIVEN_UP_AFTER: Final = timedelta(days=2)
"""A look that was due so late is the last; by when it was due, as a worker may have been away for days."""


def look(watch: Watch) -> None:
    """One round: the carrier is asked outside any transaction, about each call until it has told all."""
    now = watch.clock.now()
    with watch.store.reading() as tx:
        due = unheard.due(tx, now, now - LOOKS[0], AT_ONCE)
    for call in due:
        again = next_look(call.ended_at, now)
        ours = watch.store.run(partial(unheard.claim, call=call, until=again))
        is_last = call.due_at - call.ended_at >= GIVEN_UP_AFTER
        if ours and not _ask_about(watch, replace(call, due_at=again), is_last):
            return


def next_look(ended_at: datetime, now: datetime) -> datetime:
    """When it is due again, should the carrier not tell all now, or should we end before we have kept it."""
    planned = (ended_at + each for each in LOOKS)
    return next((at for at in planned if at > now), now + THEN_EVERY)


def _ask_about(watch: Watch, call: DueCall, is_last: bool) -> bool:
    """False when the carrier does not answer: there is no use in asking about others."""
    try:
        found = watch.carrier.recordings(call.leg)
    except CarrierTrouble as error:
        log.warning("the carrier did not say what it has recorded in call %s: %s", call.id, error)
        watch.alarm(error)
        answered, told_all = False, False
    else:
        answered, told_all = True, watch.store.run(lambda tx: _keep(watch.moment(tx), call, found))
    if is_last and not told_all:
        log.error("call %s: whether a voice message was left is not known, and not asked any more", call.id)
        watch.store.run(partial(unheard.done, call=call))
    return answered


def _keep(m: Moment, due: DueCall, found: Sequence[Recording]) -> bool:
    """Keep what is not kept yet; whether that is all there will be."""
    call = calls.lock_by_id(m.tx, due.id)
    if call.ended_at is None:
        # the caller is there after all: what happens to them goes first, and they will hang up
        return False
    known = _known(m, due)
    for one in found:
        if one.finished and one.name not in known:
            log.warning("call %s: a voice message of which we were not told", due.id)
            promises.keep_message(m, call, read_state(call.state), one.name, one.seconds)
    told_all = all(one.finished for one in found) if found else m.now - due.ended_at >= BELIEVED_AFTER
    if told_all:
        unheard.done(m.tx, due)
    return told_all


def _known(m: Moment, due: DueCall) -> set[str]:
    """The recordings that were kept for this call, also those that were so old that they are deleted."""
    entries = call_log.entries(m.tx, due.id)
    return {str(one.detail.get("recording")) for one in entries if one.what == "message_left"}
