"""A mediator's desk as it is now: what they are, until when, and the call in front of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from hotline.dashboard import words
from hotline.queue.ids import MediatorId, OfferId
from hotline.queue.mediators import Availability
from hotline.queue.offers import OfferState
from hotline.queue.shifts import next_start, on_duty_until
from hotline.services import Services
from hotline.store import desk, mediators, offers, shifts, write_ups
from hotline.store.desk import Earlier, Offered, OpenTicket
from hotline.store.mediators import Mediator
from hotline.store.transactions import Tx
from hotline.store.write_ups import WriteUp

A_QUARTER: Final = timedelta(minutes=15)


class Scene(StrEnum):
    """What the desk is about just now: there is one thing at a time."""

    OFF = "off"
    AWAY = "away"
    OUT_OF_HOURS = "out_of_hours"
    """Available, but no shift covers now."""
    READY = "ready"
    BREATHER = "breather"
    OFFER = "offer"
    TALK = "talk"
    WRITE_UP = "write_up"
    LATE = "late"
    """An older talk is written up."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling, as far as a mediator may see it."""

    offer: Offered
    topic: str
    language: str | None
    """The language's name, when it is not the line's first."""
    masked: str | None
    """The last digits of the number; None: withheld."""
    many: int
    earlier: list[Earlier]
    tickets: list[OpenTicket]
    topics: list[tuple[str, str]]
    """All topics of the line, for correcting this one: key and label."""
    others: list[Mediator]
    """Who is free just now, to hand the call on to."""


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
    unfinished: int = 0

    @property
    def changes_in(self) -> int:
        """Seconds until the next change that comes by time alone; 0: none is known."""
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
    offer = offers.of_mediator(tx, mediator)
    unfinished = write_ups.open_of(tx, mediator)
    on_duty = shifts.is_on_duty(tx, mediator, now)
    scene, current = _scene(here, offer.state if offer else None, unfinished, on_duty)
    mine = list(shifts.of(tx, mediator).values())
    starts = [start for start in (next_start(one, now) for one in mine) if start]
    shown = offer.id if offer else current.offer_id if current else None
    return Desk(
        scene=scene,
        mediator=here,
        now=now,
        until=on_duty_until(mine, here.manual_until, now) if scene is Scene.READY else here.until,
        next_shift=min(starts, default=None),
        caller=_caller(services, tx, shown) if shown and scene in _ABOUT_A_CALLER else None,
        write_up=current,
        unfinished=len([one for one in unfinished if one is not current]),
    )


def late(services: Services, tx: Tx, mediator: MediatorId, offer: OfferId, now: datetime) -> Desk | None:
    """The desk with an older talk to write up; None when it is not theirs, or is written up."""
    here, found = mediators.get(tx, mediator), write_ups.get(tx, offer)
    if here is None or found is None or found.mediator_id != mediator or found.done_at is not None:
        return None
    return Desk(Scene.LATE, here, now, None, None, _caller(services, tx, offer), found)


_ABOUT_A_CALLER = frozenset({Scene.OFFER, Scene.TALK, Scene.WRITE_UP})


def _scene(
    here: Mediator, offer: OfferState | None, unfinished: list[WriteUp], on_duty: bool
) -> tuple[Scene, WriteUp | None]:
    latest = unfinished[0] if unfinished else None
    match here.availability:
        case Availability.ON_CALL:
            return Scene.TALK, latest
        case Availability.OFFERED:
            return (Scene.OFFER, None) if offer else (Scene.READY, None)
        case Availability.WRAP_UP:
            return (Scene.WRITE_UP, latest) if latest else (Scene.BREATHER, None)
        case Availability.AWAY:
            return Scene.AWAY, None
        case Availability.OFF:
            return Scene.OFF, None
        case Availability.AVAILABLE:
            return (Scene.READY if on_duty else Scene.OUT_OF_HOURS), None


def _caller(services: Services, tx: Tx, offer_id: OfferId) -> Caller | None:
    found = desk.offered(tx, offer_id)
    if found is None:
        return None
    script = services.lines.script(tx, found.script)
    index = found.number_index
    many, earlier = desk.earlier(tx, index, found.call) if index else (0, [])
    return Caller(
        offer=found,
        topic=words.topic(script, found.topic),
        language=script.language(found.language).name if found.language != script.first.code else None,
        masked=words.masked(found.number) if found.number else None,
        many=many,
        earlier=earlier,
        tickets=desk.open_tickets(tx, index) if index else [],
        others=_free(tx, MediatorId(found.mediator_id)),
        topics=[(topic.name, words.topic(script, topic.name)) for topic in script.topics],
    )


def _free(tx: Tx, but: MediatorId) -> list[Mediator]:
    free = [one for one in mediators.every(tx) if one.availability is Availability.AVAILABLE]
    return [one for one in free if one.id != but]
