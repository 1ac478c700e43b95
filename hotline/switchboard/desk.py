"""What mediators do at their desk: take or leave an offer by a click, and write up a talk."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from hotline.queue.dispositions import Disposition
from hotline.queue.ids import CallId, LegSid, MediatorId, OfferId
from hotline.queue.mediators import Availability, Standing
from hotline.queue.offers import PENDING, OfferState
from hotline.store import mediators, offers, places, write_ups
from hotline.store.tickets import Ticket
from hotline.store.topics import of_mediator
from hotline.store.write_ups import WriteUp
from hotline.switchboard import follow_ups, matching, offering, transfers
from hotline.switchboard.moment import Moment
from hotline.switchboard.offering import Taken

MORE_TIME: Final = timedelta(minutes=5)
MOST_EXTENSIONS: Final = 3
LONGEST_NOTE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Ending:
    """What is written down when a talk is over."""

    disposition: Disposition
    topic: str | None
    passed_to: str = ""
    due_on: date | None = None


class NotTheirs(Exception):
    """The offer is another mediator's, or there is none."""


def take(m: Moment, mediator: MediatorId, offer: OfferId) -> bool:
    """The mediator takes the call by a click. False when it is over: another one has it, the caller left.

    Before their telephone is taken up it only says that they are coming: the 1 is still needed, as a
    voicemail might answer. After that it stands for the 1.
    """
    m.tx.touched.add(of_mediator(mediator))
    return offers.click(m.tx, offer, mediator, m.now)


def leave(m: Moment, mediator: MediatorId, offer: OfferId) -> bool:
    """The mediator declines by a click; the caller is fetched from the ringing. False when it is over.

    Until the carrier has been told their telephone rings on, and they are nobody who could be rung.
    """
    try:
        found, _, _ = offering.locked(m, offer)
    except Taken:
        return False
    if found.mediator_id != mediator or found.state not in PENDING:
        return False
    if found.state is OfferState.ASSIGNED:
        offering.decline(m, offer)
    else:
        offers.refuse(m.tx, offer, m.now)
        m.tx.touched.add(of_mediator(mediator))
    m.fetch(offer)
    return True


def promise_callback(m: Moment, mediator: MediatorId, offer: OfferId, number: str | None) -> Ticket | None:
    """The caller of that talk will be called back; None without a number. Raises NotTheirs."""
    _theirs(m, mediator, offer)
    found = offers.get(m.tx, offer)
    assert found is not None
    return follow_ups.promise(m, found, number)


def hand_on(
    m: Moment, mediator: MediatorId, offer: OfferId, topic: str | None, to: MediatorId | None
) -> bool:
    """Transfer the caller to a topic's mediators, or to one. Raises NotTheirs.

    False when it is over, or when nobody is called so.
    """
    _theirs(m, mediator, offer)
    if to is not None and mediators.get(m.tx, to) is None:
        return False
    found, _, _ = offering.locked(m, offer)
    return transfers.ask(m, found, topic, to)


def call_of(m: Moment, mediator: MediatorId, offer: OfferId) -> CallId:
    """The call that they talked with. Raises NotTheirs."""
    _theirs(m, mediator, offer)
    found = offers.get(m.tx, offer)
    assert found is not None
    return places.get(m.tx, found.place_id).call_id


def leg_of(m: Moment, mediator: MediatorId, offer: OfferId) -> LegSid | None:
    """The mediator's leg of a talk that goes on; None when it is over. Raises NotTheirs."""
    _theirs(m, mediator, offer)
    found = offers.get(m.tx, offer)
    return found.leg if found is not None and found.state is OfferState.ACCEPTED else None


def save_note(m: Moment, mediator: MediatorId, offer: OfferId, base: int, note: str) -> bool:
    """Keep a note made of revision `base`. False when there is a newer one. Raises NotTheirs."""
    _theirs(m, mediator, offer)
    return write_ups.save_note(m.tx, offer, base, note[:LONGEST_NOTE])


def finish(m: Moment, mediator: MediatorId, offer: OfferId, ending: Ending) -> None:
    """The talk is written up: the mediator is available again. Raises NotTheirs."""
    _theirs(m, mediator, offer)
    latest = write_ups.open_of(m.tx, mediator)[:1]
    write_ups.finish(m.tx, offer, ending.disposition, ending.topic, ending.passed_to, ending.due_on, m.now)
    m.tx.touched.add(of_mediator(mediator))
    free = Standing(Availability.AVAILABLE)
    # an older talk that is written up late gives nobody back who has another one to write up
    if [one.offer_id for one in latest] == [offer] and mediators.claim(
        m.tx, mediator, [Availability.WRAP_UP], free, m.now
    ):
        matching.for_mediator(m, mediator)


def more_time(m: Moment, mediator: MediatorId, offer: OfferId) -> bool:
    """More time to write, a few times. False when that is used up or over. Raises NotTheirs."""
    found, here = _theirs(m, mediator, offer), mediators.get(m.tx, mediator)
    if found.extended >= MOST_EXTENSIONS or here is None or here.availability is not Availability.WRAP_UP:
        return False
    until = max(here.until or m.now, m.now) + MORE_TIME
    standing = Standing(Availability.WRAP_UP, until, here.misses)
    write_ups.extend(m.tx, offer)
    return mediators.claim(m.tx, mediator, [Availability.WRAP_UP], standing, m.now)


def _theirs(m: Moment, mediator: MediatorId, offer: OfferId) -> WriteUp:
    found = write_ups.get(m.tx, offer)
    if found is None or found.mediator_id != mediator:
        raise NotTheirs(offer)
    return found
