"""A talk is handed on: the wish is written down first, then the caller is fetched from it.

If the carrier cannot be asked, the mediator hangs up, and the end of the ring carries the wish out.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from hotline.ivr.events import Transferred
from hotline.ivr.script import Script
from hotline.queue.ids import MediatorId, PlaceId
from hotline.queue.offers import OfferState
from hotline.queue.places import PlaceState
from hotline.store import offers, places, transfers
from hotline.store.calls import Call
from hotline.store.offers import Offer
from hotline.store.places import Place
from hotline.store.transfers import Transfer
from hotline.switchboard import talks
from hotline.switchboard.moment import Moment

NOT_BACK_FOR: Final = timedelta(hours=1)
"""Whoever handed a caller on is not rung for them again."""


def ask(m: Moment, offer: Offer, topic: str | None, mediator: MediatorId | None) -> bool:
    """Hand the caller of that talk on. False when it is over."""
    if offer.state is not OfferState.ACCEPTED:
        return False
    transfers.ask(m.tx, offer.id, topic, mediator, m.now)
    m.fetch(offer.id)
    return True


def carry_out(m: Moment, call: Call, script: Script) -> Transferred | None:
    """Where a transfer is wanted: the talk is over, and the caller waits again where they stood."""
    place = places.open_of(m.tx, call.id)
    live = offers.live_of(m.tx, place.id) if place is not None else None
    wanted = transfers.of(m.tx, live.id) if live is not None else None
    if place is None or live is None or wanted is None or live.state is not OfferState.ACCEPTED:
        return None
    talks.ended(m, call, place, live, script, handed_on=True)
    waits = _place(m, place, wanted, script)
    transfers.carried_out(m.tx, live.id, waits.id)
    _leave_in_peace(m, live, waits)
    m.note(call.id, "transferred", {"mediator": live.mediator_id, "topic": waits.topic})
    return Transferred(waits.topic)


def _place(m: Moment, before: Place, wanted: Transfer, script: Script) -> Place:
    """A new place with the `queued_at` of the old one: nobody waits twice."""
    topic = script.topic(wanted.topic) if wanted.mediator_id is None else script.topic(before.topic)
    after = replace(
        before,
        id=PlaceId(0),
        topic=topic.name if topic else None,
        # a mediator who was named is asked whatever they know
        skill=topic.skill if topic and wanted.mediator_id is None else None,
        state=PlaceState.WAITING,
        reachable=False,
        previous_id=wanted.mediator_id,
    )
    return places.add(m.tx, after)


def _leave_in_peace(m: Moment, live: Offer, waits: Place) -> None:
    given = offers.add(m.tx, waits.id, live.mediator_id, m.now, m.now)
    offers.end(m.tx, given, OfferState.DECLINED, m.now, m.now + NOT_BACK_FOR)
