"""The end of a ring from the caller's leg: what the carrier says became of it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from hotline.ivr.course import Step, read_state
from hotline.ivr.events import Event, Lost, Miss, Missed, Resumed, Talked
from hotline.ivr.script import Script
from hotline.queue.alarms import Kind
from hotline.queue.ids import LegSid, OfferId
from hotline.queue.offers import OfferState
from hotline.queue.places import PlaceEnd
from hotline.store import callbacks, offers, places, write_ups
from hotline.store.calls import Call
from hotline.store.offers import Offer
from hotline.store.places import Place
from hotline.switchboard import alarms, offering, talks, transfers
from hotline.switchboard.moment import Moment

TOLD_WITHIN: Final = timedelta(seconds=10)
BRIDGED_WITHIN: Final = timedelta(seconds=15)
"""After an accept: who are not connected by then never were; who are parted later have talked."""


@dataclass(frozen=True, slots=True)
class RingResult:
    """`bridged` is None where the carrier does not say."""

    bridged: bool | None
    miss: Miss


def over(m: Moment, call: Call, script: Script, result: RingResult) -> Event:
    """The ring is over and the caller is still there: what happened to them?"""
    place = places.open_of(m.tx, call.id)
    if place is None:
        talked = PlaceEnd.ANSWERED in places.ends_of(m.tx, call.id) and result.bridged is not False
        return Talked() if talked else Resumed()
    live = offers.live_of(m.tx, place.id)
    return Missed(result.miss) if live is None else _live_over(m, call, script, place, live, result)


def fell_back(m: Moment, call: Call, script: Script) -> Event:
    """The carrier could not have an answer of ours. If it asked because a talk is over, that is over."""
    place = places.open_of(m.tx, call.id)
    if place is None:
        return Talked() if _has_talked(m, call) else Lost()
    live = offers.live_of(m.tx, place.id)
    talk = write_ups.get(m.tx, live.id) if live is not None and live.state is OfferState.ACCEPTED else None
    if live is None or talk is None or m.now - talk.started_at < BRIDGED_WITHIN:
        return Lost()
    handed_on = transfers.carry_out(m, call, script)
    if handed_on is None:
        talks.ended(m, call, place, live, script)
    return handed_on or Talked()


def _has_talked(m: Moment, call: Call) -> bool:
    """Whether a talk was the last that there was, and not the 9 in hold after a transfer."""
    rung = read_state(call.state).step is Step.QUEUE
    talked = PlaceEnd.ANSWERED in places.ends_of(m.tx, call.id)
    return rung and talked and callbacks.of_call(m.tx, call.id) is None


def _live_over(m: Moment, call: Call, script: Script, place: Place, live: Offer, result: RingResult) -> Event:
    handed_on = transfers.carry_out(m, call, script)
    if handed_on is not None:
        return handed_on
    if live.state is OfferState.ASSIGNED:
        # the next one has been found meanwhile; ring them
        return Resumed()
    if live.state is OfferState.RINGING and result.bridged:
        # connected without having accepted: the carrier could not ask them, and perhaps it was a voicemail.
        # Nobody's miss; and whoever is still on the line goes on to a person.
        talks.never_bridged(m, call, place, live)
        alarms.raise_(m, Kind.CALL_FAILED, call.line, "relié sans avoir appuyé sur le 1")
        return Missed(Miss.NOT_BRIDGED)
    if live.state is OfferState.RINGING:
        offering.not_taken(m, live, result.miss)
        return Missed(result.miss)
    if result.bridged is False:
        talks.never_bridged(m, call, place, live)
        return Missed(Miss.NOT_BRIDGED)
    talks.ended(m, call, place, live, script)
    return Talked()


def leg_over(m: Moment, offer_id: OfferId, leg: LegSid) -> None:
    """The mediator's leg has ended. Whether it was a talk the ring's own turn tells, before or after this.

    Should that turn never come, the talk counts as over after a moment.
    """
    offer, _, _ = offering.locked(m, offer_id)
    if offer.state is OfferState.ACCEPTED and offer.leg == leg:
        offers.expire(m.tx, offer.id, m.now + TOLD_WITHIN)
