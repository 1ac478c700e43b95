"""Callbacks as they are served: an attempt, and what became of it."""

from hotline.ivr.expectation import expect
from hotline.queue.ids import TicketId
from hotline.queue.places import PlaceEnd
from hotline.queue.tickets import Attempt, TicketState
from hotline.store import callbacks, calls, places, tickets
from hotline.switchboard.moment import Moment


def note_attempt(m: Moment, ticket: TicketId, result: Attempt, note: str | None) -> bool:
    """Record an attempt to call back. False when the ticket is not due: somebody else has done it.

    False also to give it up or to postpone it while its caller is on the line, and hears that it is promised.

    Whoever was not reached keeps the place, and is left alone for the line's `attempt_pause`, then until the
    line is open and it is their time of day: never sooner than they were told.
    """
    place = callbacks.of_ticket(m.tx, ticket)
    found = tickets.get(m.tx, ticket)
    if place is None or found is None:
        return False
    if result is not Attempt.REACHED and calls.get(m.tx, places.get(m.tx, place).call_id).ended_at is None:
        return False
    tickets.note_attempt(m.tx, ticket, result, note, m.now)
    m.note(found.call_id, "called_back", {"result": result})
    if result is Attempt.NOT_REACHED:
        script = m.lines.script(m.tx, calls.get(m.tx, found.call_id).script)
        rested = m.now + script.timings.attempt_pause
        promised = callbacks.not_before(m.tx, place) or rested
        again = expect(script.opening, found.best, max(rested, promised)) or max(rested, promised)
        callbacks.postpone(m.tx, place, again)
        return True
    end = PlaceEnd.ANSWERED if result is Attempt.REACHED else PlaceEnd.GIVEN_UP
    places.end(m.tx, place, end, m.now)
    return tickets.move(m.tx, ticket, TicketState.CLOSED, m.now)
