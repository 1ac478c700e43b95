"""Callbacks as they are served: an attempt, what became of it, and that somebody takes it back."""

from dataclasses import replace

from hotline.ivr.expectation import expect
from hotline.queue.ids import AccountId, PlaceId, TicketId
from hotline.queue.places import PlaceEnd, PlaceState
from hotline.queue.tickets import Attempt, TicketState
from hotline.store import callbacks, calls, claims, closed, places, reveals, tickets
from hotline.store.tickets import Ticket
from hotline.switchboard import claiming, follow_ups, matching
from hotline.switchboard.moment import Moment


def note_attempt(
    m: Moment, ticket: TicketId, result: Attempt, note: str | None, by: AccountId | None = None
) -> bool:
    """Record an attempt to call back. False when the ticket is not due: somebody else has done it.

    False also to give it up or to postpone it while its caller is on the line, and hears that it is promised.

    Whoever had claimed it is free. One that is left to somebody else stays as it is. Whoever was not reached
    keeps the place, and is left alone for the line's `attempt_pause`, then until the line is open and it is
    their time of day: never sooner than they were told.
    """
    place = callbacks.of_ticket(m.tx, ticket)
    found = tickets.get(m.tx, ticket)
    if place is None or found is None:
        return False
    if result is not Attempt.REACHED and calls.get(m.tx, places.get(m.tx, place).call_id).ended_at is None:
        return False
    tickets.note_attempt(m.tx, ticket, result, note, by, m.now)
    m.note(found.call_id, "called_back", {"result": result})
    _become(m, place, found, result)
    _let_go(m, ticket, by)
    return True


def _become(m: Moment, place: PlaceId, found: Ticket, result: Attempt) -> None:
    """What an attempt does to the callback."""
    if result is Attempt.LEFT:
        return
    if result is Attempt.NOT_REACHED:
        script = m.lines.script(m.tx, calls.get(m.tx, found.call_id).script)
        rested = m.now + script.timings.attempt_pause
        promised = callbacks.not_before(m.tx, place) or rested
        again = expect(script.opening, found.best, max(rested, promised)) or max(rested, promised)
        callbacks.postpone(m.tx, place, again)
        return
    end = PlaceEnd.ANSWERED if result is Attempt.REACHED else PlaceEnd.GIVEN_UP
    places.end(m.tx, place, end, m.now)
    tickets.move(m.tx, found.id, TicketState.CLOSED, m.now)


def note_theirs(m: Moment, ticket: TicketId, result: Attempt, note: str | None, by: AccountId) -> bool | None:
    """`note_attempt` for whoever has claimed it; None for anybody else, and when nobody needs to any more.

    A long talk outlasts a claim: what became of it is written down as long as nobody else has begun. False
    for whoever has rung again by now: then only the note is kept.
    """
    found, holder = tickets.get(m.tx, ticket), claims.of(m.tx, ticket, m.now)
    if found is None or found.state is not TicketState.CALLBACK_DUE or holder not in (None, by):
        return None
    noted = note_attempt(m, ticket, result, note, by)
    if not noted and note is not None:
        tickets.note_attempt(m.tx, ticket, Attempt.LEFT, note, by, m.now)
    return noted


def add_words(m: Moment, ticket: TicketId, words: str, by: AccountId) -> bool:
    """What somebody wrote who was about to call, for whoever calls next; once more adds nothing.

    It changes nothing else, whoever has claimed it by now. False when it is closed, and for anybody who has
    neither looked at the number nor tried: only who had claimed it could.
    """
    found = tickets.get(m.tx, ticket)
    if found is None or found.state is not TicketState.CALLBACK_DUE:
        return False
    theirs = [one for one in tickets.attempts(m.tx, ticket) if one.by == by]
    if not theirs and not reveals.has_looked(m.tx, by, found.call_id):
        return False
    if not any(one.note == words for one in theirs):
        tickets.note_attempt(m.tx, ticket, Attempt.LEFT, words, by, m.now)
    return True


def give_back(m: Moment, ticket: TicketId, by: AccountId, note: str | None) -> bool:
    """Somebody else may call; whoever had claimed it is available. False when somebody else has it by now.

    What they have noted is there for whoever calls next.
    """
    if claims.of(m.tx, ticket, m.now) != by:
        return False
    if note is None or not note_attempt(m, ticket, Attempt.LEFT, note, by):
        _let_go(m, ticket, by)
    return True


def correct_number(m: Moment, ticket: TicketId, by: AccountId, number: str) -> bool:
    """Whoever has claimed it calls another number than one of us had typed.

    False for anybody else, and for a number that the carrier told us or the caller keyed: that one is theirs.
    """
    place, found = callbacks.of_ticket(m.tx, ticket), tickets.get(m.tx, ticket)
    if place is None or found is None or found.typed_at is None or claims.of(m.tx, ticket, m.now) != by:
        return False
    follow_ups.typed(m, ticket, number, None)
    return True


def _let_go(m: Moment, ticket: TicketId, by: AccountId | None) -> None:
    holder = claims.holder(m.tx, ticket)
    if holder is not None and holder[0] != by:
        claiming.settled(m, ticket)
        return
    free = claiming.let_go(m, ticket)
    if free is not None:
        matching.for_mediator(m, free)


def restore(m: Moment, ticket: TicketId, by: AccountId) -> bool:
    """Take back that this account has closed a callback: it is due again where it stood.

    Once more changes nothing, and is true as long as it is due. False when anything else has happened to it,
    also that the caller has rung again: they have been helped, wait, or are to be called back anew.
    """
    closing = closed.by(m.tx, by, ticket)
    if closing is not None:
        # the call before its places, as whoever promises anew
        calls.lock_by_id(m.tx, closing.call)
        stands = callbacks.of_call(m.tx, closing.call) is not None or closed.rang_since(m.tx, closing)
        if not stands and tickets.due_again(m.tx, ticket, closing.at):
            closed.undo(m.tx, closing, m.now)
            _stand_again(m, closing.place, ticket)
    return callbacks.of_ticket(m.tx, ticket) is not None


def _stand_again(m: Moment, ended: PlaceId, ticket: TicketId) -> None:
    """A new place with all that the old one had: nobody waits twice."""
    before = places.get(m.tx, ended)
    places.add(m.tx, replace(before, id=PlaceId(0), state=PlaceState.WAITING))
    found = tickets.get(m.tx, ticket)
    assert found is not None
    m.note(found.call_id, "callback_restored")
