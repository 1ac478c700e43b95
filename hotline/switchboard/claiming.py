"""Whoever calls somebody back: their telephone does not ring meanwhile, and callers wait for them."""

from enum import StrEnum
from typing import Final

from hotline.queue.ids import AccountId, MediatorId, TicketId
from hotline.queue.mediators import PRESENT, SETTLED, Availability, Standing, breather
from hotline.store import backlog, calls, claims, mediators, tickets
from hotline.store.claims import LASTS
from hotline.store.mediators import Mediator
from hotline.switchboard.moment import Moment

ENGAGED: Final = frozenset({Availability.OFFERED, Availability.ON_CALL})


class Refusal(StrEnum):
    """Why somebody cannot call back just now."""

    TAKEN = "taken"
    """Somebody else does, or nobody has to any more; or it never was one for them."""
    ANOTHER = "another"
    """They are calling somebody else back."""
    ENGAGED = "engaged"
    """Their telephone rings, or they talk."""


def claim(m: Moment, ticket: TicketId, account: AccountId, mediator: MediatorId) -> Refusal | None:
    """That mediator calls back; None: they do. Once more makes it last for longer.

    Whoever is present is calling back from now on, also who was writing up: what is unwritten waits. Whoever
    is away or off stays so.
    """
    if not backlog.is_offered(m.tx, mediator, account, ticket, m.now):
        return Refusal.TAKEN
    # a call that is held out to them at this instant, or a claim in another window of theirs, was first
    here = mediators.lock(m.tx, mediator)
    if here.availability in ENGAGED:
        return Refusal.ENGAGED
    if claims.by(m.tx, account, m.now) not in (None, ticket):
        return Refusal.ANOTHER
    if not claims.take(m.tx, ticket, account, m.now):
        return Refusal.TAKEN
    if here.availability in PRESENT:
        calling = Standing(Availability.CALLING_BACK, m.now + LASTS, here.misses)
        mediators.claim(m.tx, mediator, PRESENT - ENGAGED, calling, m.now)
    return None


def let_go(m: Moment, ticket: TicketId) -> MediatorId | None:
    """Whoever has claimed it does not call back any more; the mediator who is free by that, to be matched."""
    here = _end(m, ticket)
    if here is None:
        return None
    free = Standing(Availability.AVAILABLE, misses=here.misses)
    return here.id if mediators.claim(m.tx, here.id, [Availability.CALLING_BACK], free, m.now) else None


def settled(m: Moment, ticket: TicketId) -> None:
    """Whoever is to be called back has rung, or was helped: whoever was about to call them is told so.

    With a breather: they may be dialling just now.
    """
    here, about = _end(m, ticket), tickets.get(m.tx, ticket)
    if here is None or about is None:
        return
    patience = m.lines.script(m.tx, calls.get(m.tx, about.call_id).script).patience
    rests = breather(here.misses, m.now, patience, SETTLED)
    mediators.claim(m.tx, here.id, [Availability.CALLING_BACK], rests, m.now)


def leave(m: Moment, mediator: MediatorId) -> bool:
    """They call nobody back any more: somebody else may, at once. Whether they had claimed anything.

    Whoever is free by that is to be matched.
    """
    mediators.lock(m.tx, mediator)
    claimed = claims.of_mediator(m.tx, mediator)
    for ticket in claimed:
        let_go(m, ticket)
    return bool(claimed)


def back_again(m: Moment, mediator: MediatorId, reason: str | None = None) -> Standing:
    """What somebody is whom nothing else keeps: available, or calling back whom they have claimed."""
    mediators.lock(m.tx, mediator)
    until = claims.until(m.tx, [mediator], m.now).get(mediator)
    if until is not None:
        return Standing(Availability.CALLING_BACK, until)
    return Standing(Availability.AVAILABLE, reason=reason)


def _end(m: Moment, ticket: TicketId) -> Mediator | None:
    """End a claim; the mediator who calls nobody back any more by that, locked."""
    found = claims.holder(m.tx, ticket)
    if found is None:
        return None
    _, mediator = found
    here = mediators.lock(m.tx, mediator) if mediator is not None else None
    claims.give_back(m.tx, ticket)
    if here is None or claims.until(m.tx, [here.id], m.now):
        return None
    return here
