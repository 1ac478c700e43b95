"""Promises to call back: made of the call's place, refined by the dialogue, kept when the caller hangs up."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hotline.ivr.actions import Promise
from hotline.ivr.events import Promised
from hotline.ivr.expectation import expect
from hotline.ivr.flow import State, Step, read_state
from hotline.ivr.script import Script
from hotline.queue.ids import PlaceId, TicketId
from hotline.queue.outcomes import Outcome
from hotline.queue.places import PlaceEnd, PlaceKind, PlaceState
from hotline.queue.tickets import TicketState
from hotline.store import callbacks, calls, messages, offers, places, tickets, usage
from hotline.store.calls import Call
from hotline.store.places import Place
from hotline.store.tickets import Ticket
from hotline.store.topics import CALLBACKS
from hotline.switchboard import claiming, offering
from hotline.switchboard.codes import new_code
from hotline.switchboard.moment import Moment

MOST_CREDIT: Final = timedelta(minutes=30)
"""Whoever waited in vain earlier today is at most so far ahead of those who come now."""


def promise(m: Moment, call: Call, script: Script, state: State, request: Promise) -> Promised:
    """See to it that the caller is called back. Once more for the same call refines the same ticket."""
    place, ticket = _callback(m, call, state)
    number = request.number or (calls.number(m.tx, call.id) if request.own else None)
    if number is not None:
        tickets.set_number(m.tx, ticket.id, number)
    if request.best is not None:
        tickets.set_best(m.tx, ticket.id, request.best)
    expect_at = expect(script.opening, request.best or ticket.best, m.now)
    callbacks.postpone(m.tx, place, expect_at)
    # it is said at the end of the dialogue alone: who hangs up before has not heard it
    code = _code(m, call, ticket) if state.step is Step.CODE else ticket.code
    return Promised(m.now, tickets.number(m.tx, ticket.id), code, expect_at)


def keep_place(m: Moment, call: Call, state: State) -> None:
    """The 9 in hold: the place is a callback from this instant on, whatever the caller does next."""
    _callback(m, call, state)


def keep_unless_they_talk(m: Moment, call: Call, state: State, place: Place) -> None:
    """The 9 while a telephone is about to ring: unless they talk, the place is a callback in the end."""
    if place.ticket_id is None:
        places.set_ticket(m.tx, place.id, _ticket(m, call, state))
        m.note(call.id, "callback_promised")


def leave_queue(m: Moment, call: Call, state: State) -> None:
    """The caller is asked for a number: a place in which they wait is a callback, and nobody is fetched."""
    if places.open_of(m.tx, call.id) is not None:
        _callback(m, call, state)


def owe(m: Moment, call: Call, place: Place) -> bool:
    """We have dropped a caller who waited in that place: it is a callback. False without a number to call.

    Nobody could tell them so, nor the code.
    """
    if call.number_index is None:
        return False
    _made_of(m, call, read_state(call.state), place)
    m.note(call.id, "callback_promised")
    return True


def keep_message(m: Moment, call: Call, state: State, recording: str, seconds: int) -> None:
    """A voice message: kept with the call's ticket, once. It may come when the call has long ended."""
    if messages.is_kept(m.tx, recording):
        return
    elsewhere = _ticket_taken_along(m, call)
    if elsewhere is not None:
        messages.add(m.tx, elsewhere, recording, seconds, m.now)
    else:
        place, ticket = _callback(m, call, state)
        messages.add(m.tx, ticket.id, recording, seconds, m.now)
        script = m.lines.script(m.tx, call.script)
        callbacks.postpone(m.tx, place, expect(script.opening, ticket.best, m.now))
    m.note(call.id, "message_left", {"seconds": seconds, "recording": recording})
    if call.ended_at is not None and call.outcome in (Outcome.INFORMED, Outcome.FAILED):
        calls.amend(m.tx, call.id, Outcome.MESSAGE)


def _ticket_taken_along(m: Moment, call: Call) -> TicketId | None:
    """The ticket that this call brought and that stands for a later call of the caller by now."""
    if call.ended_at is None or callbacks.of_call(m.tx, call.id) is not None:
        return None
    brought = (one.id for one in tickets.of_call(m.tx, call.id) if one.state is TicketState.CALLBACK_DUE)
    return next(brought, None)


def settle(m: Moment, call: Call) -> Ticket | None:
    """The caller has hung up: the ticket that stands for them; one that nobody could serve is closed."""
    found = callbacks.of_call(m.tx, call.id)
    if found is None:
        return None
    place, key = found
    # with the end of the call it is due
    m.tx.touched.add(CALLBACKS)
    ticket = tickets.get(m.tx, key)
    assert ticket is not None
    if can_be_served(m, ticket):
        return ticket
    give_up(m, place, key)
    return None


def can_be_served(m: Moment, ticket: Ticket) -> bool:
    """Whether there is a number to call, or a message to hear."""
    return ticket.number_index is not None or bool(messages.of_ticket(m.tx, ticket.id))


def give_up(m: Moment, place: PlaceId, ticket: TicketId) -> None:
    places.end(m.tx, place, PlaceEnd.GIVEN_UP, m.now)
    tickets.move(m.tx, ticket, TicketState.CLOSED, m.now)
    claiming.settled(m, ticket)


def queued_at(m: Moment, call: Call, script: Script) -> datetime:
    """Since when a new place waits: from now, or with credit for an earlier wait today that was in vain."""
    if call.number_index is None:
        return m.now
    midnight = m.now.astimezone(ZoneInfo(script.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    earlier = usage.waited_in_vain(m.tx, call.number_index, call.line, midnight)
    return max(earlier, m.now - MOST_CREDIT) if earlier is not None else m.now


def take_over(
    m: Moment, call: Call, script: Script, topic: str | None, language: str, *, anybody: bool
) -> Place | None:
    """Whoever is to be called back about this and rings again has that place, and no second one.

    `anybody`: who asks for a person and names no topic is served by whoever is free.
    """
    if call.number_index is None:
        return None
    asked = script.topic(topic)
    skill = asked.skill if asked else None
    taken = callbacks.take_over(
        m.tx, call.id, call.number_index, call.line, topic, skill, language, anybody=anybody
    )
    if not taken:
        return None
    m.note(call.id, "place_taken_over")
    place = places.open_of(m.tx, call.id)
    if place is not None and place.ticket_id is not None:
        claiming.settled(m, place.ticket_id)
    return place


def _callback(m: Moment, call: Call, state: State) -> tuple[PlaceId, Ticket]:
    """The callback of this call: the one there is, or made of the place in which it waits, or new."""
    found = callbacks.of_call(m.tx, call.id)
    if found is None:
        script = m.lines.script(m.tx, call.script)
        language = script.language(state.language).code
        place = places.open_of(m.tx, call.id) or take_over(
            m, call, script, state.topic, language, anybody=False
        )
        found = _made_of(m, call, state, place) if place is not None else _new(m, call, state)
        m.note(call.id, "callback_promised")
    place_id, key = found
    ticket = tickets.get(m.tx, key)
    assert ticket is not None
    return place_id, ticket


def _made_of(m: Moment, call: Call, state: State, place: Place) -> tuple[PlaceId, TicketId]:
    live = offers.live_of(m.tx, place.id)
    if live is not None:
        offering.withdraw(m, call, live)
    ticket = place.ticket_id or _ticket(m, call, state)
    callbacks.become(m.tx, place.id, ticket)
    return place.id, ticket


def _new(m: Moment, call: Call, state: State) -> tuple[PlaceId, TicketId]:
    """Also anew: one that was given up with the call, when its voice message comes after all."""
    script = m.lines.script(m.tx, call.script)
    topic = script.topic(state.topic)
    ticket, since = callbacks.given_up_by(m.tx, call.id) or (None, None)
    if ticket is not None:
        tickets.move(m.tx, ticket, TicketState.CALLBACK_DUE, m.now)
    place = Place(
        id=PlaceId(0),
        kind=PlaceKind.CALLBACK,
        call_id=call.id,
        ticket_id=ticket or _ticket(m, call, state),
        line=call.line,
        topic=state.topic,
        skill=topic.skill if topic else None,
        language=script.language(state.language).code,
        state=PlaceState.WAITING,
        reachable=False,
        queued_at=since or queued_at(m, call, script),
        previous_id=None,
    )
    added = places.add(m.tx, place)
    assert place.ticket_id is not None
    return added.id, place.ticket_id


def _ticket(m: Moment, call: Call, state: State) -> TicketId:
    script = m.lines.script(m.tx, call.script)
    language = script.language(state.language).code
    told_to = call.number_index
    key = tickets.add(m.tx, call.id, call.line, state.topic, language, new_code(), told_to, m.now)
    number = calls.number(m.tx, call.id)
    if number is not None:
        tickets.set_number(m.tx, key, number)
    return key


def _code(m: Moment, call: Call, ticket: Ticket) -> str:
    """The ticket's code, to be told now; another one when the present one was told to another number.

    Somebody may have had this number noted to be told the code themselves: it would protect from nobody.
    """
    if ticket.told_to == call.number_index:
        tickets.tell(m.tx, ticket.id)
        return ticket.code
    code = new_code()
    while code == ticket.code:
        code = new_code()
    tickets.set_code(m.tx, ticket.id, code, call.number_index)
    return code
