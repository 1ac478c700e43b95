"""What a mediator is asked before the two are connected, and what becomes of the answer."""

from dataclasses import dataclass
from enum import StrEnum

from hotline.ivr import wording
from hotline.ivr.events import Miss
from hotline.ivr.prompts import Sentences
from hotline.ivr.script import Script
from hotline.queue.ids import LegSid, OfferId
from hotline.queue.offers import PENDING
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
    if offer.state not in PENDING or call.ended_at is not None:
        raise Taken(offer_id)
    return about(m, offer_id)


def about(m: Moment, offer_id: OfferId) -> Whisper:
    """What there is to say of an offer, whatever became of it. Raises Taken when there is no such offer."""
    _, place, call = offering.locked(m, offer_id)
    script = m.lines.script(m.tx, call.script)
    return Whisper(script, wording.whisper(script, place.topic, place.language))


def answered(m: Moment, offer_id: OfferId, leg: LegSid, key: str, asked_times: int) -> Verdict:
    """A key, or none: only the 1 connects, so a private voicemail never can. Raises Taken."""
    if key == ACCEPT:
        offering.accept(m, offer_id, leg)
        return Verdict.CONNECT
    if key == DECLINE:
        offering.decline(m, offer_id)
        return Verdict.DECLINED
    script = asked(m, offer_id).script
    if asked_times < script.whisper_tries:
        return Verdict.ASK_AGAIN
    offering.miss(m, offer_id, Miss.UNANSWERED)
    return Verdict.GIVE_UP
