"""A mediator's desk as it is now: what they are, until when, and the call in front of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from hotline.dashboard import handing_on, promises, words
from hotline.dashboard.handing_on import Handed, Passed, Wanted
from hotline.dashboard.promises import Promises
from hotline.queue.ids import MediatorId, OfferId
from hotline.queue.mediators import SETTLED, Availability
from hotline.queue.offers import OfferState
from hotline.queue.shifts import next_start, on_duty_until
from hotline.services import Services
from hotline.store import (
    calls,
    candidates,
    claims,
    desk,
    mediators,
    offers,
    places,
    proposals,
    shifts,
    write_ups,
)
from hotline.store.desk import Earlier, Noted, Offered
from hotline.store.mediators import Mediator
from hotline.store.offers import Offer
from hotline.store.transactions import Tx
from hotline.store.write_ups import WriteUp
from hotline.switchboard.desk import NotTheirs

A_QUARTER: Final = timedelta(minutes=15)


class Scene(StrEnum):
    """What the desk is about just now: there is one thing at a time."""

    NO_NUMBER = "no_number"
    """Their number was freed: nothing rings before they have given another one."""
    OFF = "off"
    AWAY = "away"
    OUT_OF_HOURS = "out_of_hours"
    """Available, but no shift covers now."""
    READY = "ready"
    CALLING_BACK = "calling_back"
    BREATHER = "breather"
    OFFER = "offer"
    TALK = "talk"
    BUSY = "busy"
    """They talk, and nothing is known of whom with."""
    WRITE_UP = "write_up"
    LATE = "late"
    """An older talk is written up."""


class Stopped(StrEnum):
    """Why a telephone that rang does not ring any more."""

    CALLER_LEFT = "caller_left"
    NOT_TAKEN = "not_taken"
    DECLINED = "declined"
    NOT_BRIDGED = "not_bridged"
    """It was taken, and the two did not come together."""
    OVER = "over"
    """The call is not held out to them any more: more is not known."""
    SETTLED = "settled"
    """None rang: whom they were calling back does not wait for that any more."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling, as far as a mediator may see it."""

    offer: Offered
    topic: str
    language: str | None
    """The language's name, when it is not the line's first."""
    masked: str | None
    """The last digits of the number; None: withheld."""
    area: str | None
    """Where they call from, as far as the number tells."""
    many: int
    earlier: list[Earlier]
    promises: Promises
    handed: Handed | None
    wanted: Wanted | None
    """To whom they are to be handed on, while the carrier has not done it."""
    noted: list[Noted]
    is_proposed: bool
    """Whether it is proposed to block their number, and nobody has decided."""
    topics: list[tuple[str, str]]
    """All topics of the line, for correcting this one: key and label."""
    others: list[Mediator]
    """Who could be rung just now and speaks the caller's language, to hand the call on to, by name."""


@dataclass(frozen=True, slots=True)
class Desk:
    scene: Scene
    mediator: Mediator
    now: datetime
    until: datetime | None
    """The end of what they are now: the pause, the shift, the wrap-up."""
    next_shift: datetime | None
    caller: Caller | None = None
    write_up: WriteUp | None = None
    unfinished: tuple[OfferId, ...] = ()
    """Other talks that are over and not written up, the latest first."""
    is_on_duty: bool = False
    stopped: Stopped | None = None
    calls_back: bool = False
    """They have claimed a callback, also while they are away or off."""
    passed: Passed | None = None
    """What became of the talk that is written up, if it was handed on."""

    @property
    def changes_in(self) -> int:
        """Seconds until the next change of which nobody is told; 0: none is known.

        A call that was handed on is other people's from then on: it is looked after while it goes on.
        """
        if self.passed is not None and self.passed.goes_on:
            return 1
        ahead = [at for at in (self.until, self.next_shift) if at is not None and at > self.now]
        return int((min(ahead) - self.now).total_seconds()) + 1 if ahead else 0

    @property
    def soon(self) -> bool:
        """Whether their shift ends, or the next one begins, within a quarter of an hour."""
        at = self.until if self.scene is Scene.READY else self.next_shift
        return at is not None and at - self.now < A_QUARTER


def at(services: Services, tx: Tx, mediator: MediatorId, now: datetime) -> Desk:
    """The desk of a mediator at that instant."""
    here = mediators.get(tx, mediator)
    assert here is not None
    on_duty = shifts.is_on_duty(tx, mediator, now)
    scene, offer = _scene(tx, here, on_duty)
    about = offer.id if offer is not None and scene in _ABOUT_A_CALLER else None
    mine = list(shifts.of(tx, mediator).values())
    starts = [start for start in (next_start(one, now) for one in mine) if start]
    return Desk(
        scene=scene,
        mediator=here,
        now=now,
        until=on_duty_until(mine, here.manual_until, now) if scene is Scene.READY else here.until,
        # who has switched themselves off is rung again then and not before, whatever was added since
        next_shift=here.until if scene is Scene.OFF else min(starts, default=None),
        caller=_caller(services, tx, about, now) if about else None,
        write_up=write_ups.get(tx, about) if about else None,
        unfinished=tuple(one for one in write_ups.unfinished(tx, mediator) if one != about),
        is_on_duty=on_duty,
        calls_back=scene in _GONE and bool(claims.until(tx, [mediator], now)),
        stopped=_stopped(tx, here, offer) if scene is Scene.BREATHER else None,
        passed=handing_on.passed(tx, mediator, about, now) if about and scene is Scene.WRITE_UP else None,
    )


def late(services: Services, tx: Tx, mediator: MediatorId, offer: OfferId, now: datetime) -> Desk | None:
    """The desk with an older talk to write up; None while it goes on and when it is written up.

    Raises NotTheirs.
    """
    here, found = mediators.get(tx, mediator), write_ups.get(tx, offer)
    if here is None or found is None or found.mediator_id != mediator:
        raise NotTheirs(offer)
    caller = _caller(services, tx, offer, now)
    if found.done_at is not None or caller is None or caller.offer.state is not OfferState.FINISHED:
        return None
    passed = handing_on.passed(tx, mediator, offer, now)
    return Desk(Scene.LATE, here, now, None, None, caller, found, passed=passed)


_GONE = frozenset({Scene.OFF, Scene.AWAY})
_ABOUT_A_CALLER = frozenset({Scene.OFFER, Scene.TALK, Scene.WRITE_UP})


def _scene(tx: Tx, here: Mediator, on_duty: bool) -> tuple[Scene, Offer | None]:
    """What it is about, and the offer in question."""
    if not here.has_number:
        return Scene.NO_NUMBER, None
    match here.availability:
        case Availability.ON_CALL:
            return _talk(tx, here)
        case Availability.OFFERED:
            offer = offers.of_mediator(tx, here.id)
            return (Scene.OFFER, offer) if offer else (Scene.READY, None)
        case Availability.WRAP_UP:
            return _wrap_up(tx, here)
        case Availability.CALLING_BACK:
            return Scene.CALLING_BACK, None
        case Availability.AWAY:
            return Scene.AWAY, None
        case Availability.OFF:
            return Scene.OFF, None
        case Availability.AVAILABLE:
            return (Scene.READY if on_duty else Scene.OUT_OF_HOURS), None


def _talk(tx: Tx, here: Mediator) -> tuple[Scene, Offer | None]:
    offer = offers.of_mediator(tx, here.id)
    known = offer is not None and write_ups.get(tx, offer.id) is not None
    return (Scene.TALK, offer) if known else (Scene.BUSY, None)


def _wrap_up(tx: Tx, here: Mediator) -> tuple[Scene, Offer | None]:
    """After a talk the time to write it up; else a breather, and what it comes after."""
    if here.away_reason == SETTLED:
        return Scene.BREATHER, None
    latest = offers.latest_of(tx, here.id)
    talked = latest is not None and latest.state is OfferState.FINISHED
    written = write_ups.get(tx, latest.id) if latest is not None and talked else None
    to_write = written is not None and written.done_at is None
    return (Scene.WRITE_UP if to_write else Scene.BREATHER), latest


def _stopped(tx: Tx, here: Mediator, offer: Offer | None) -> Stopped | None:
    if here.away_reason == SETTLED:
        return Stopped.SETTLED
    if offer is None:
        return None
    match offer.state:
        case OfferState.DECLINED:
            return Stopped.DECLINED
        case OfferState.EXPIRED:
            return Stopped.NOT_TAKEN
        case OfferState.WITHDRAWN:
            return _withdrawn(tx, offer)
        case OfferState.ASSIGNED | OfferState.RINGING | OfferState.ACCEPTED | OfferState.FINISHED:
            return None


def _withdrawn(tx: Tx, offer: Offer) -> Stopped:
    call = calls.get(tx, places.get(tx, offer.place_id).call_id)
    if call.ended_at is not None and offer.ended_at is not None and call.ended_at <= offer.ended_at:
        return Stopped.CALLER_LEFT
    return Stopped.NOT_BRIDGED if offer.leg is not None else Stopped.OVER


def _caller(services: Services, tx: Tx, offer_id: OfferId, now: datetime) -> Caller | None:
    found = desk.offered(tx, offer_id)
    if found is None:
        return None
    script = services.lines.script(tx, found.script)
    index = found.number_index
    many, earlier = desk.earlier(tx, index, found.call) if index else (0, [])
    return Caller(
        offer=found,
        topic=words.topic(script, found.topic),
        language=words.spoken(script, found.language) if found.language != script.first.code else None,
        masked=words.masked(found.number) if found.number else None,
        area=words.area_of(found.number) if found.number else None,
        many=many,
        earlier=earlier,
        promises=promises.of(tx, script, found, {found.call, *(one.call for one in earlier)}),
        handed=handing_on.handed(tx, found),
        wanted=handing_on.wanted(tx, script, found),
        noted=desk.so_far(tx, found.call, found.id),
        is_proposed=proposals.is_pending(tx, found.call),
        others=_free(tx, found, now),
        topics=[(topic.name, words.topic(script, topic.name)) for topic in script.topics],
    )


def _free(tx: Tx, offer: Offered, now: datetime) -> list[Mediator]:
    """By name; nobody before the talk and after it: only a talk is handed on."""
    if offer.state is not OfferState.ACCEPTED:
        return []
    free = candidates.to_hand_on_to(tx, offer.language, MediatorId(offer.mediator_id), now)
    return sorted(free, key=lambda one: words.alphabetical(one.name))
