"""The caller's leg has ended, however we learn of it."""

from hotline.ivr.course import CALLBACK_STEPS, Step, read_state
from hotline.queue import outcomes
from hotline.queue.alarms import Kind
from hotline.queue.ids import LegSid
from hotline.queue.offers import OfferState
from hotline.queue.outages import Outage
from hotline.queue.outcomes import Facts, Outcome
from hotline.queue.places import PlaceEnd
from hotline.store import callbacks, calls, messages, offers, places
from hotline.store.calls import Call
from hotline.store.places import Place
from hotline.switchboard import alarms, offering, outages, promises, talks
from hotline.switchboard.moment import Moment


def caller_left(
    m: Moment, leg: LegSid, *, failed: bool = False, bridged: bool | None = None, untold: bool = False
) -> None:
    """End the call with its one outcome and free whoever was held by it. Once more changes nothing.

    `untold`: the carrier could not tell us, or not in time, that the call had ended.
    """
    call = calls.lock(m.tx, leg)
    if call is None or call.ended_at is not None:
        return
    place = places.open_of(m.tx, call.id)
    outage = outages.dropped_by(m, call, place)
    # while we could not be reached, or failed, they may have been cut off rather than have given up
    owed = place is not None and _leave(
        m, call, place, bridged, cut=untold or call.failed or outage is not None, untold=untold
    )
    script = m.lines.script(m.tx, call.script)
    failed = failed or call.failed or outage is not None
    outcome = outcomes.outcome(_facts(m, call, failed), script.timings.short_call)
    if calls.end(m.tx, call.id, outcome, m.now):
        if outage is not None and outcome in (Outcome.CALLBACK, Outcome.FAILED):
            m.note(call.id, "dropped", {"outage_ended_at": outage.ended_at.isoformat()})
        m.note(call.id, "ended", {"outcome": outcome})
        if outcome is Outcome.FAILED:
            alarms.raise_(m, Kind.CALL_FAILED, call.line)
        elif owed and callbacks.of_call(m.tx, call.id) is not None:
            _alarm(m, call, outage)


def _alarm(m: Moment, call: Call, outage: Outage | None) -> None:
    """Whoever was cut off is to be called back."""
    if outage is not None:
        outages.owed(m, call, outage)
    elif call.failed:
        alarms.raise_(m, Kind.CALL_FAILED, call.line, "une personne coupée est à rappeler")


def _leave(m: Moment, call: Call, place: Place, bridged: bool | None, *, cut: bool, untold: bool) -> bool:
    """Whether the place is a callback now: it was one before, or they were cut off in it."""
    live = offers.live_of(m.tx, place.id)
    if live is not None and live.state is OfferState.ACCEPTED and bridged is not False:
        talks.ended(m, call, place, live, m.lines.script(m.tx, call.script), untold=untold)
        return False
    if live is not None:
        offering.withdraw(m, call, live)
    if place.ticket_id is not None:
        # they were to be called back before this call, and still are
        return callbacks.become(m.tx, place.id, place.ticket_id)
    if cut and promises.owe(m, call, place):
        return True
    places.end(m.tx, place.id, PlaceEnd.LEFT, m.now)
    return False


def _facts(m: Moment, call: Call, failed: bool) -> Facts:
    state = read_state(call.state)
    ticket = promises.settle(m, call)
    ends = places.ends_of(m.tx, call.id)
    return Facts(
        lasted=m.now - call.started_at,
        blocked=state.refused,
        answered=PlaceEnd.ANSWERED in ends,
        callback=ticket is not None and ticket.number_index is not None,
        message=ticket is not None and bool(messages.of_ticket(m.tx, ticket.id)),
        failed=failed,
        informed=state.step in CALLBACK_STEPS | {Step.OVER},
        queued=bool(ends),
    )
