"""A call that is handed on, as both sides see it: from whom it comes, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hotline.dashboard import words
from hotline.ivr.script import Script
from hotline.queue.ids import MediatorId, OfferId
from hotline.queue.offers import OfferState
from hotline.queue.places import PlaceKind, PlaceState
from hotline.store import mediators, offers, places, transfers
from hotline.store.desk import Offered
from hotline.store.places import Place
from hotline.store.transactions import Tx
from hotline.store.transfers import Transfer


@dataclass(frozen=True, slots=True)
class Handed:
    """By whom the call was handed on, and to whom, if somebody was named. `back`: to whoever handed it on."""

    by: str
    to: str | None
    back: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """To whom a talk is to be handed on that goes on all the same: to somebody, or for a topic."""

    who: str | None
    topic: str


class Passing(StrEnum):
    """Where a call is that somebody has handed on."""

    ON_ITS_WAY = "on_its_way"
    """To whoever was named, or to the first who is free."""
    RINGS = "rings"
    TAKEN = "taken"
    WAITS = "waits"
    """Whoever was named does not take it: somebody else is looked for."""
    COMES_BACK = "comes_back"
    """The caller waits for whoever handed them on."""
    LEFT = "left"
    """The caller hung up before anybody took it."""
    PROMISED = "promised"
    """The caller is to be called back."""


@dataclass(frozen=True, slots=True)
class Passed:
    """What became of a talk that was handed on."""

    passing: Passing
    who: str | None
    """Who is asked, has taken it, or was named and could not."""

    @property
    def goes_on(self) -> bool:
        """Whether that may change."""
        return self.passing not in (Passing.TAKEN, Passing.LEFT, Passing.PROMISED)


def wanted(tx: Tx, script: Script, offer: Offered) -> Wanted | None:
    found = transfers.of(tx, offer.id) if offer.state is OfferState.ACCEPTED else None
    if found is None or not found.is_pending:
        return None
    named = mediators.get(tx, found.mediator_id) if found.mediator_id is not None else None
    return Wanted(named.name if named else None, words.topic(script, found.topic))


def handed(tx: Tx, offer: Offered) -> Handed | None:
    made = transfers.made(tx, offer.place)
    if made is None:
        return None
    by, to = mediators.get(tx, made.by), mediators.get(tx, made.to) if made.to else None
    assert by is not None
    return Handed(by.name, to.name if to else None, back=made.by == offer.mediator_id)


def passed(tx: Tx, me: MediatorId, offer: OfferId, now: datetime) -> Passed | None:
    """What became of that talk, which `me` had; None: it was not handed on, or came back to them."""
    wanted = transfers.of(tx, offer)
    if wanted is None or wanted.place_id is None:
        return None
    place, asked = places.get(tx, wanted.place_id), transfers.asked(tx, wanted.place_id)
    if asked is not None and asked.mediator == me:
        return None
    if asked is not None:
        return Passed(Passing.TAKEN if asked.has_taken_it else Passing.RINGS, asked.name)
    named = mediators.get(tx, wanted.mediator_id) if wanted.mediator_id not in (None, me) else None
    return Passed(_waiting(tx, me, place, wanted, now), named.name if named else None)


def _waiting(tx: Tx, me: MediatorId, place: Place, wanted: Transfer, now: datetime) -> Passing:
    """Where a call is whose place nobody is asked to take just now."""
    if place.kind is PlaceKind.CALLBACK:
        return Passing.PROMISED
    if place.state is PlaceState.ENDED:
        return Passing.LEFT
    if _waits_for(tx, me, place, wanted, now):
        return Passing.COMES_BACK
    is_named = wanted.mediator_id not in (None, me)
    return Passing.WAITS if is_named and place.previous_id != wanted.mediator_id else Passing.ON_ITS_WAY


def _waits_for(tx: Tx, me: MediatorId, place: Place, wanted: Transfer, now: datetime) -> bool:
    """Whether the caller waits for whoever handed them on, and nobody is asked before."""
    if place.skill is not None and place.skill not in mediators.skills(tx, me):
        return False
    if wanted.mediator_id is not None:
        return place.previous_id == me
    return me not in offers.refused_by(tx, place.id, now)
