"""What must hold of a hotline's database between any two transactions, said plainly over every row."""

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Row, select

from hotline.queue import routing, shifts
from hotline.queue.ids import MediatorId, PlaceId, TicketId
from hotline.queue.mediators import PRESENT, Availability
from hotline.queue.offers import LIVE, OfferState
from hotline.queue.outcomes import Outcome
from hotline.queue.places import OPEN, PlaceEnd, PlaceKind, PlaceState
from hotline.queue.routing import Candidate
from hotline.queue.tickets import Attempt, TicketState
from hotline.store import callbacks, claims, mediators, messages, places, tickets
from hotline.store import shifts as rota
from hotline.store.call_log import LogRow
from hotline.store.calls import CallRow
from hotline.store.claims import LASTS, ClaimRow
from hotline.store.offers import OfferRow
from hotline.store.places import PlaceRow
from hotline.store.tickets import TicketRow
from hotline.store.transactions import Tx
from hotline.switchboard import matching
from hotline.switchboard.moment import Moment

GOES_WITH: Final = {
    OfferState.ASSIGNED: (PlaceState.OFFERED, Availability.OFFERED),
    OfferState.RINGING: (PlaceState.OFFERED, Availability.OFFERED),
    OfferState.ACCEPTED: (PlaceState.CONNECTED, Availability.ON_CALL),
}
A_YEAR: Final = timedelta(days=365)
HELD: Final = frozenset({Availability.OFFERED, Availability.ON_CALL})


def everybody(tx: Tx, now: datetime) -> list[Candidate]:
    """All mediators as routing sees them; nothing is left to a named query."""
    return [
        Candidate(
            id=one.id,
            availability=one.availability,
            on_duty=(one.manual_until is not None and one.manual_until > now)
            or any(shifts.covers(shift, now) for shift in rota.of(tx, one.id).values()),
            idle_since=one.idle_since,
            languages=frozenset(mediators.languages(tx, one.id)),
            skills=frozenset(mediators.skills(tx, one.id)),
        )
        for one in mediators.every(tx)
    ]


def overlooked(m: Moment) -> list[tuple[PlaceId, MediatorId]]:
    """Callers who wait in hold although somebody suitable is free: the promise is that there are none."""
    waits = select(PlaceRow.id).where(PlaceRow.state == PlaceState.WAITING, PlaceRow.reachable)
    waiting = [PlaceId(one) for one in m.tx.connection.execute(waits).scalars()]
    everyone = everybody(m.tx, m.now) if waiting else []
    needs = {place: matching.need_of(m, places.get(m.tx, place)) for place in waiting}
    return [
        (place, one.id) for place, need in needs.items() for one in everyone if routing.eligible(need, one)
    ]


def contradictions(tx: Tx) -> list[str]:
    """Where calls, places, tickets, offers and mediators do not tell the same story."""
    return [*_of_offers(tx), *_of_calls(tx), *_of_tickets(tx)]


def claims_amiss(tx: Tx, now: datetime) -> list[str]:
    """Where what is claimed and what mediators are do not tell the same story."""
    return [*_of_claims(tx, now), *_of_who_calls_back(tx, now)]


def _of_claims(tx: Tx, now: datetime) -> Iterable[str]:
    live = select(ClaimRow.ticket_id, ClaimRow.account_id).where(ClaimRow.at > now - LASTS)
    rows = tx.connection.execute(live).all()
    yield from _more_than_one("account", (row.account_id for row in rows))
    callback = select(PlaceRow.ticket_id).where(
        PlaceRow.kind == PlaceKind.CALLBACK, PlaceRow.state == PlaceState.WAITING
    )
    waits = set(tx.connection.execute(callback).scalars())
    for ticket, account in rows:
        if ticket not in waits:
            yield f"account {account} has claimed ticket {ticket}, which is not to be called back"


def _of_who_calls_back(tx: Tx, now: datetime) -> Iterable[str]:
    everyone = mediators.every(tx)
    until = claims.until(tx, [one.id for one in everyone], now)
    for one in everyone:
        calls_back = one.availability is Availability.CALLING_BACK
        over = one.until is not None and one.until <= now
        if calls_back and not over and until.get(one.id) != one.until:
            yield f"{one.name} is calling back until {one.until}, but has claimed until {until.get(one.id)}"
        if one.id in until and one.availability in PRESENT and not calls_back:
            yield f"{one.name} has claimed a callback, and is {one.availability}"


def live_offers(tx: Tx) -> Sequence[Row[int, int, int, OfferState]]:
    columns = select(OfferRow.id, OfferRow.place_id, OfferRow.mediator_id, OfferRow.state)
    return tx.connection.execute(columns.where(OfferRow.state.in_(LIVE))).all()


def _of_offers(tx: Tx) -> Iterable[str]:
    live = live_offers(tx)
    held_out = PlaceRow.id.in_([row.place_id for row in live])
    story = select(PlaceRow.id, PlaceRow.state).where(held_out | PlaceRow.state.in_(OPEN))
    place_states = {row.id: row.state for row in tx.connection.execute(story)}
    standings = {one.id: one.availability for one in mediators.every(tx)}
    for key, place, mediator, state in live:
        found = (place_states[place], standings[MediatorId(mediator)])
        if found != GOES_WITH[state]:
            yield f"offer {key} is {state}, but place {place} and mediator {mediator} are {found}"
    yield from _more_than_one("mediator", (row.mediator_id for row in live))
    yield from _more_than_one("place", (row.place_id for row in live))
    offered = {row.place_id for row in live}
    held = {row.mediator_id for row in live}
    for place, state in place_states.items():
        if (place in offered) != (state in {PlaceState.OFFERED, PlaceState.CONNECTED}):
            yield f"place {place} is {state}; it has a live offer: {place in offered}"
    for one, availability in standings.items():
        if (one in held) != (availability in HELD):
            yield f"mediator {one} is {availability}; they have a live offer: {one in held}"


def _of_calls(tx: Tx) -> Iterable[str]:
    in_queue = select(PlaceRow.call_id).where(PlaceRow.state.in_(OPEN))
    yield from _more_than_one("call", tx.connection.execute(in_queue).scalars())
    told = select(CallRow.id, CallRow.outcome, CallRow.ended_at)
    half = CallRow.ended_at.is_(None) != CallRow.outcome.is_(None)
    for key, outcome, ended_at in tx.connection.execute(told.where(half)):
        yield f"call {key} ended at {ended_at} as {outcome}"
    on_the_line = in_queue.where(PlaceRow.kind == PlaceKind.CALL)
    for key, outcome, _ in tx.connection.execute(
        told.where(CallRow.outcome.is_not(None), CallRow.id.in_(on_the_line))
    ):
        yield f"call {key} has ended as {outcome} and still waits for a mediator"


def _of_tickets(tx: Tx) -> Iterable[str]:
    columns = select(PlaceRow.id, PlaceRow.kind, PlaceRow.state, PlaceRow.reachable, PlaceRow.ticket_id)
    open_ = tx.connection.execute(columns.where(PlaceRow.state.in_(OPEN))).all()
    for key, kind, state, reachable, ticket in open_:
        if kind is PlaceKind.CALLBACK and (ticket is None or state is not PlaceState.WAITING or reachable):
            yield f"callback {key} is {state}, of ticket {ticket}; it can be fetched: {reachable}"
    stand_for = [row.ticket_id for row in open_ if row.ticket_id is not None]
    yield from _more_than_one("ticket", stand_for)
    for key, told, closed_at in tx.connection.execute(
        select(TicketRow.id, TicketRow.state, TicketRow.closed_at)
    ):
        if (told is TicketState.CALLBACK_DUE) != (key in stand_for):
            yield f"ticket {key} is {told}; it has an open place: {key in stand_for}"
        if (told is TicketState.CLOSED) != (closed_at is not None):
            yield f"ticket {key} is {told}; it was closed at {closed_at}"


def broken_promises(tx: Tx, now: datetime) -> list[str]:
    """Tickets that nobody will serve, though nobody has: asked when all who called have hung up."""
    in_time = now + A_YEAR
    listed = {one.ticket for one in callbacks.due(tx, in_time)}
    keys = tx.connection.execute(select(TicketRow.id).order_by(TicketRow.id)).scalars()
    return [why for key in keys for why in _broken(tx, TicketId(key), listed)]


def _broken(tx: Tx, key: TicketId, listed: Container[TicketId]) -> Iterable[str]:
    ticket = tickets.get(tx, key)
    assert ticket is not None
    tried = {one.result for one in tickets.attempts(tx, key)}
    places_of = select(PlaceRow.end).where(PlaceRow.ticket_id == key)
    helped = PlaceEnd.ANSWERED in tx.connection.execute(places_of).scalars()
    nothing_to_do = ticket.number_index is None and not messages.of_ticket(tx, key)
    if ticket.state is TicketState.CLOSED:
        if not (helped or nothing_to_do or Attempt.GIVEN_UP in tried):
            yield f"ticket {key} was closed, and nobody has helped"
    elif key not in listed or nothing_to_do:
        yield f"ticket {key} is {ticket.state}; it comes up: {key in listed}; for nothing: {nothing_to_do}"


def unkept_outcomes(tx: Tx) -> list[str]:
    """Calls that ended as a promise for which no ticket stands."""
    taken_over = select(LogRow.call_id).where(LogRow.what == "place_taken_over")
    kept = select(TicketRow.call_id).union(taken_over)
    promised = select(CallRow.id, CallRow.outcome).where(
        CallRow.outcome.in_([Outcome.CALLBACK, Outcome.MESSAGE]), CallRow.id.not_in(kept)
    )
    return [
        f"call {key} ended as {outcome}, and nothing is kept of it"
        for key, outcome in tx.connection.execute(promised)
    ]


def _more_than_one(what: str, keys: Iterable[int]) -> Iterable[str]:
    for key, many in Counter(keys).items():
        if many > 1:
            yield f"{what} {key} has {many} of what there may be one"
