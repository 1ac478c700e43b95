"""Answers what the flow asks for: a mediator, or a promise to call back."""

from datetime import timedelta
from typing import Final, assert_never

from hotline.ivr.actions import Promise, Request, Seek
from hotline.ivr.events import AllBusy, Found, NobodyOnDuty, QueueFull, Reply
from hotline.ivr.flow import State
from hotline.ivr.script import Script
from hotline.queue.ids import MediatorId, PlaceId
from hotline.queue.offers import OfferState
from hotline.queue.places import PlaceKind, PlaceState
from hotline.queue.routing import Need
from hotline.store import candidates, history, mediators, offers, places, positions
from hotline.store.calls import Call
from hotline.store.offers import Offer
from hotline.store.places import Place
from hotline.switchboard import matching, offering, promises, talks
from hotline.switchboard.moment import Moment

KNOWN_FOR: Final = timedelta(days=30)
"""So long the mediator who helped a caller last is asked first."""
A_CALL: Final = timedelta(days=1)
"""Longer than any call lasts."""


def answer(m: Moment, call: Call, script: Script, request: Request, state: State) -> Reply:
    """Do what the flow asks for and tell it what came of it."""
    match request:
        case Seek():
            return _seek(m, call, script, request)
        case Promise():
            return promises.promise(m, call, script, state, request)
        case _:
            assert_never(request)


def _seek(m: Moment, call: Call, script: Script, request: Seek) -> Reply:
    waits = places.open_of(m.tx, call.id) or promises.take_over(
        m, call, script, request.topic, request.language, anybody=True
    )
    place = waits or _queue(m, call, script, request)
    themselves = _themselves(m, call)
    if themselves is not None:
        offers.spare(m.tx, place.id, themselves, m.now, m.now + A_CALL)
    live = _ringable(m, call, place)
    if live is None:
        found = matching.for_place(m, place)
        live = offers.get(m.tx, found) if found is not None else None
    if live is not None:
        offering.ring(m, call, script, live)
        return Found(live.id)
    need = Need(place.language, place.skill)
    if not candidates.anyone_present(m.tx, need, m.now, but=themselves):
        return NobodyOnDuty()
    if waits is None and positions.line_up(m.tx, place, m.now).position > script.limits.waiting:
        return QueueFull()
    places.reach(m.tx, place.id, reachable=True)
    return AllBusy()


def _queue(m: Moment, call: Call, script: Script, request: Seek) -> Place:
    topic = script.topic(request.topic)
    previous = history.helped_last(m.tx, call.number_index, m.now - KNOWN_FOR) if call.number_index else None
    place = Place(
        id=PlaceId(0),
        kind=PlaceKind.CALL,
        call_id=call.id,
        ticket_id=None,
        line=call.line,
        topic=request.topic,
        skill=topic.skill if topic else None,
        language=request.language,
        state=PlaceState.WAITING,
        reachable=False,
        queued_at=promises.queued_at(m, call, script),
        previous_id=previous,
    )
    m.note(call.id, "queued", {"topic": request.topic, "language": request.language})
    return places.add(m.tx, place)


def _themselves(m: Moment, call: Call) -> MediatorId | None:
    """A mediator who calls the line from their own telephone: it is not rung for them."""
    return mediators.by_index(m.tx, call.number_index) if call.number_index is not None else None


def _ringable(m: Moment, call: Call, place: Place) -> Offer | None:
    """The live offer of the place: one just made, or one whose ring was cut short and is dialled again."""
    live = offers.live_of(m.tx, place.id)
    if live is None or live.state is not OfferState.ACCEPTED:
        return live
    # the caller's leg asks again although someone had accepted: the two are not connected any more
    talks.never_bridged(m, call, place, live)
    return None
