"""What a mediator is asked before the two are connected, and what becomes of the answer."""

from dataclasses import dataclass
from enum import StrEnum

from hotline.ivr import wording
from hotline.ivr.events import Miss
from hotline.ivr.prompts import Sentences
from hotline.ivr.script import Script
from hotline.queue.ids import LegSid, OfferId
from hotline.queue.offers import PENDING, OfferState
from hotline.store import offers, transfers
from hotline.store.topics import of_mediator
from hotline.switchboard import offering
from hotline.switchboard.moment import Moment
from hotline.switchboard.offering import Taken

ACCEPT = "1"
DECLINE = "2"


@dataclass(frozen=True, slots=True)
class Whisper:
    """What is said to the mediator, who then has a moment to press a key."""

    script: Script
    sentences: Sentences


class Verdict(StrEnum):
    CONNECT = "connect"
    DECLINED = "declined"
    ASK_AGAIN = "ask_again"
    GIVE_UP = "give_up"


def asked(m: Moment, offer_id: OfferId) -> Whisper:
    """Someone, or something, has picked up. Raises Taken when the offer is over."""
    offer, _, call = offering.locked(m, offer_id)
    if offers.pick_up(m.tx, offer_id, m.now):
        m.tx.touched.add(of_mediator(offer.mediator_id))
    if offer.state not in PENDING or call.ended_at is not None:
        raise Taken(offer_id)
    return about(m, offer_id)


def about(m: Moment, offer_id: OfferId) -> Whisper:
    """What there is to say of an offer, whatever became of it. Raises Taken when there is no such offer."""
    _, place, call = offering.locked(m, offer_id)
    script = m.lines.script(m.tx, call.script)
    handed_on = transfers.made(m.tx, place.id)
    said = wording.whisper(script, place.topic, place.language, transferred=handed_on is not None)
    return Whisper(script, said)


def _refused(m: Moment, offer_id: OfferId) -> bool:
    offer = offers.get(m.tx, offer_id)
    return offer is not None and offer.state is OfferState.RINGING and offer.declined_at is not None


def _clicked(m: Moment, offer_id: OfferId) -> bool:
    """Whether the mediator has clicked since; a click before that only says that they are coming.

    Whoever has then said no by a click has said so: another click comes too late.
    """
    offer = offers.get(m.tx, offer_id)
    if offer is None or offer.clicked_at is None or offer.picked_up_at is None:
        return False
    if offer.declined_at is not None:
        return False
    return offer.clicked_at > offer.picked_up_at


def answered(m: Moment, offer_id: OfferId, leg: LegSid, key: str, asked_times: int) -> Verdict:
    """A key, or none. The 1 connects, or a click since the telephone was taken up; no voicemail does either.

    Raises Taken.
    """
    if key == ACCEPT:
        offering.accept(m, offer_id, leg)
        return Verdict.CONNECT
    if key == "" and _clicked(m, offer_id):
        offering.accept(m, offer_id, leg)
        return Verdict.CONNECT
    if key == DECLINE or _refused(m, offer_id):
        offering.decline(m, offer_id)
        return Verdict.DECLINED
    script = asked(m, offer_id).script
    if asked_times < script.whisper_tries:
        return Verdict.ASK_AGAIN
    offering.miss(m, offer_id, Miss.UNANSWERED)
    return Verdict.GIVE_UP
