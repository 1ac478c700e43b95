"""A talk is handed on: the wish is written down first, then the caller is fetched from it.

If the carrier cannot be asked, the mediator hangs up, and the end of the ring carries the wish out.
"""

from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from typing import Final

from hotline.ivr.events import Transferred
from hotline.ivr.script import Script
from hotline.queue.ids import MediatorId, PlaceId
from hotline.queue.offers import OfferState
from hotline.queue.places import PlaceState
from hotline.queue.routing import Need
from hotline.store import calls, candidates, offers, places, transfers
from hotline.store.calls import Call
from hotline.store.offers import Offer
from hotline.store.places import Place
from hotline.store.topics import of_mediator
from hotline.store.transfers import Transfer
from hotline.switchboard import talks
from hotline.switchboard.moment import Moment

NOT_BACK_FOR: Final = timedelta(minutes=3)
"""So long whoever handed a caller on to a topic is not rung for them again, if somebody else suits."""
PUSHED_WITHIN: Final = timedelta(seconds=10)
"""The carrier has been asked by then, or could not be."""


class Refusal(StrEnum):
    """Why a talk is not handed on, and goes on as it was."""

    OVER = "over"
    NOT_FREE = "not_free"
    """Whoever was named cannot be rung just now."""
    NOBODY = "nobody"
    """Nobody who is on duty knows that topic."""


def ask(
    m: Moment, offer: Offer, place: Place, topic: str | None, mediator: MediatorId | None
) -> Refusal | None:
    """Hand the caller of that talk on, from that place; None when it is asked for."""
    if offer.state is not OfferState.ACCEPTED:
        return Refusal.OVER
    refused = _refused(m, offer, place, topic, mediator)
    if refused is None:
        transfers.ask(m.tx, offer.id, topic, mediator, m.now)
        m.fetch(offer.id)
        # their other windows show it too
        m.tx.touched.add(of_mediator(offer.mediator_id))
    return refused


def take_back(m: Moment, offer: Offer) -> bool:
    """The mediator keeps the talk after all. False when the caller has just been handed on, or it is over."""
    m.tx.touched.add(of_mediator(offer.mediator_id))
    return offer.state is OfferState.ACCEPTED and transfers.take_back(m.tx, offer.id, m.now)


def _refused(
    m: Moment, offer: Offer, place: Place, topic: str | None, mediator: MediatorId | None
) -> Refusal | None:
    """Nobody is taken out of a talk to be handed to somebody who has gone.

    They are only looked at, not locked: whoever goes a moment later is what `comes_back` is for.
    """
    if mediator is not None and mediator != offer.mediator_id:
        free = candidates.free_speaking(m.tx, place.language, m.now)
        return None if mediator in free else Refusal.NOT_FREE
    asked = m.lines.script(m.tx, calls.get(m.tx, place.call_id).script).topic(topic or place.topic)
    need = Need(place.language, asked.skill if asked else None)
    return None if candidates.anyone_present(m.tx, need, m.now) else Refusal.NOBODY


def carry_out(m: Moment, call: Call, script: Script, *, fetched: bool = False) -> Transferred | None:
    """Where a transfer is wanted: the talk is over, and the caller waits again where they stood.

    `fetched`: a push has parted the two, also if the wish was taken back meanwhile: the talk cannot go on.
    """
    place = places.open_of(m.tx, call.id)
    live = offers.live_of(m.tx, place.id) if place is not None else None
    wanted = transfers.of(m.tx, live.id) if live is not None else None
    if place is None or live is None or wanted is None or live.state is not OfferState.ACCEPTED:
        return None
    if not (wanted.is_pending or fetched or _may_be_parted(m, live, wanted)):
        return None
    talks.ended(m, call, place, live, script, handed_on=True)
    waits = _place(m, place, wanted, live.mediator_id, script)
    transfers.carried_out(m.tx, live.id, waits.id)
    if wanted.mediator_id is None:
        offers.spare(m.tx, waits.id, live.mediator_id, m.now, m.now + NOT_BACK_FOR)
    m.note(call.id, "transferred", {"mediator": live.mediator_id, "topic": waits.topic})
    return Transferred(waits.topic)


def _may_be_parted(m: Moment, live: Offer, wanted: Transfer) -> bool:
    """Whether a push that was asked for before the wish was taken back may be what has ended the talk."""
    return not live.push_failed and m.now - wanted.asked_at < PUSHED_WITHIN


def comes_back(m: Moment, place: Place, need: Need, chosen: MediatorId | None) -> bool:
    """Whether the place may go back to whoever handed it on, from now on; asked under the match lock.

    `chosen`: who would get it now. The mediator who was named does not take it: then whoever handed it on is
    asked first. Nobody suits a topic who is on duty: rather they than nobody.
    """
    if chosen is not None and (need.previous is None or chosen == need.previous):
        return False
    handed_on = transfers.made(m.tx, place.id) if need.previous or need.refused_by else None
    if handed_on is None:
        return False
    if handed_on.to is not None:
        if need.previous != handed_on.to or handed_on.to == handed_on.by:
            return False
        _turn_back(m, place, handed_on.by)
        return True
    nobody_else = chosen is None and not candidates.anyone_present(m.tx, need, m.now, but=handed_on.by)
    return nobody_else and offers.spare_no_longer(m.tx, place.id, handed_on.by, m.now)


def _turn_back(m: Moment, place: Place, handed_on_by: MediatorId) -> None:
    """They are asked first, and else those who know the topic, no longer anybody; their desk says so."""
    topic = m.lines.script(m.tx, calls.get(m.tx, place.call_id).script).topic(place.topic)
    places.turn_to(m.tx, place.id, handed_on_by, topic.skill if topic else None)
    m.tx.touched.add(of_mediator(handed_on_by))


def _place(m: Moment, before: Place, wanted: Transfer, by: MediatorId, script: Script) -> Place:
    """A new place with the `queued_at` of the old one: nobody waits twice."""
    topic = script.topic(wanted.topic) if wanted.mediator_id is None else script.topic(before.topic)
    after = replace(
        before,
        id=PlaceId(0),
        topic=topic.name if topic else None,
        # somebody else who was named is asked whatever they know
        skill=topic.skill if topic and wanted.mediator_id in (None, by) else None,
        state=PlaceState.WAITING,
        reachable=False,
        previous_id=wanted.mediator_id,
    )
    return places.add(m.tx, after)
