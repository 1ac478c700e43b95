"""What mediators do at their desk: take or leave an offer by a click, and write up a talk."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from hotline.queue.dispositions import UNHELPFUL, Disposition
from hotline.queue.ids import AccountId, CallId, LegSid, MediatorId, OfferId
from hotline.queue.mediators import BREATHERS, Availability, Standing
from hotline.queue.offers import PENDING, OfferState
from hotline.queue.places import PlaceState
from hotline.queue.tickets import TicketState
from hotline.store import calls, mediators, noted, offers, places, reveals, tickets, write_ups
from hotline.store.tickets import Ticket
from hotline.store.topics import of_mediator
from hotline.store.write_ups import WriteUp
from hotline.switchboard import follow_ups, matching, offering, transfers
from hotline.switchboard.moment import Moment
from hotline.switchboard.offering import Taken

NUMBER_SHOWN: Final = timedelta(hours=24)
"""So long after a talk has been written up its caller's number may still be looked at."""
MORE_TIME: Final = timedelta(minutes=5)
MOST_EXTENSIONS: Final = 3
LONGEST_NOTE: Final = 10_000
LAST_REVISION: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Draft:
    """A note, and the revision that it is made of."""

    base: int
    note: str


@dataclass(frozen=True, slots=True)
class Ending:
    """What is written down when a talk is over."""

    disposition: Disposition
    topic: str | None
    passed_to: str = ""
    due_on: date | None = None
    number: str | None = None
    """Where they are to be called back, if it is not where they called from."""
    corrected: str | None = None
    """Another number than they had typed for a callback that they have promised already."""
    draft: Draft | None = None
    """What the page had of the note: kept unless there is a newer one."""


Rest = Callable[[Moment, MediatorId], bool]
"""How somebody goes who takes no more calls for now; False while they are being rung or talk."""


class NotTheirs(Exception):
    """The offer is another mediator's, or there is none."""


class TooLong(Exception):
    """The note is longer than `LONGEST_NOTE`."""


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
    promised = follow_ups.promise(m, offer, number)
    if promised is not None:
        # their other windows show it too
        m.tx.touched.add(of_mediator(mediator))
        _tell_readers(m, offer)
    _look_again(m, offer)
    return promised


def needs_no_callback(m: Moment, mediator: MediatorId, offer: OfferId) -> None:
    """What was promised by whoever had handed them the caller is not needed any more. Raises NotTheirs."""
    _theirs(m, mediator, offer)
    if follow_ups.needs_no_callback(m, offer):
        m.tx.touched.add(of_mediator(mediator))
        _tell_readers(m, offer)


def correct_number(m: Moment, mediator: MediatorId, offer: OfferId, number: str) -> Ticket | None:
    """The callback that was promised in that talk is to this number. Raises NotTheirs.

    None when none was, when it is not due any more, and when the talk is written up: then it is corrected by
    whoever calls back.
    """
    _theirs(m, mediator, offer)
    offering.locked(m, offer)
    written = _theirs(m, mediator, offer)
    promised = tickets.get(m.tx, written.ticket_id) if written.ticket_id is not None else None
    if promised is None or promised.state is TicketState.CLOSED or written.done_at is not None:
        return None
    follow_ups.typed(m, promised.id, number, offer)
    # their other windows show it too
    m.tx.touched.add(of_mediator(mediator))
    return promised


def hand_on(
    m: Moment, mediator: MediatorId, offer: OfferId, topic: str | None, to: MediatorId | None
) -> transfers.Refusal | None:
    """Transfer the caller to a topic's mediators, or to one; None when it is asked for. Raises NotTheirs."""
    _theirs(m, mediator, offer)
    found, place, _ = offering.locked(m, offer)
    return transfers.ask(m, found, place, topic, to)


def keep(m: Moment, mediator: MediatorId, offer: OfferId) -> bool:
    """The talk is not handed on after all. False when it has just been, or is over. Raises NotTheirs."""
    _theirs(m, mediator, offer)
    found, _, _ = offering.locked(m, offer)
    return transfers.take_back(m, found)


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
    """Keep a note made of revision `base`. False when there is a newer one. Raises NotTheirs and TooLong."""
    _theirs(m, mediator, offer)
    if len(note) > LONGEST_NOTE:
        raise TooLong(offer)
    # their other devices show it too
    m.tx.touched.add(of_mediator(mediator))
    _tell_readers(m, offer)
    return write_ups.save_note(m.tx, offer, base, note)


def finish(
    m: Moment, mediator: MediatorId, offer: OfferId, ending: Ending, rest: Rest | None = None
) -> bool | None:
    """The talk is written up: the mediator is available again, or at `rest` at once. Raises NotTheirs.

    Whoever is to be called back is promised it, where a number is known; whoever was promised it before and
    was not helped in this talk is to be called back all the same. The note that the page had is kept, unless
    there is a newer one: the page then makes one of both. None, and nothing changes, while the talk
    goes on and when it has been written up before; False: only the rest was not possible.
    """
    found = _theirs(m, mediator, offer)
    calls_back = ending.disposition is Disposition.CALL_BACK
    # the call before the write-up, as whoever promises during the talk
    offering.locked(m, offer)
    if ending.corrected is not None:
        correct_number(m, mediator, offer, ending.corrected)
    if not write_ups.finish(
        m.tx, offer, ending.disposition, ending.topic, ending.passed_to, ending.due_on, m.now
    ):
        return None
    if ending.draft is not None and ending.draft.note != found.note:
        write_ups.save_note(m.tx, offer, ending.draft.base, ending.draft.note)
    if calls_back:
        follow_ups.promise(m, offer, ending.number)
    elif ending.disposition in UNHELPFUL:
        follow_ups.did_not_help(m, offer)
    else:
        follow_ups.helped(m, offer)
    m.tx.touched.add(of_mediator(mediator))
    _tell_readers(m, offer)
    gone = _go_on(m, mediator, offer) if rest is None else rest(m, mediator)
    if calls_back:
        _look_again(m, offer)
    return gone


def _go_on(m: Moment, mediator: MediatorId, offer: OfferId) -> bool:
    """They take calls again."""
    free = Standing(Availability.AVAILABLE)
    # an older talk that is written up late cuts short neither another one's writing nor a breather
    if _is_latest(m, mediator, offer) and mediators.claim(
        m.tx, mediator, [Availability.WRAP_UP], free, m.now
    ):
        matching.for_mediator(m, mediator)
    return True


def number(m: Moment, mediator: MediatorId, offer: OfferId, account: AccountId) -> str | None:
    """The caller's number in full, for whoever talked with them; each look is written down. Raises NotTheirs.

    None: it is withheld, or the talk was written up, or ended, long ago.
    """
    written, found = _theirs(m, mediator, offer), offers.get(m.tx, offer)
    if found is None or found.state not in (OfferState.ACCEPTED, OfferState.FINISHED):
        return None
    done_at = written.done_at or found.ended_at
    if done_at is not None and done_at <= m.now - NUMBER_SHOWN:
        return None
    call = places.get(m.tx, found.place_id).call_id
    shown = calls.number(m.tx, call)
    if shown is not None:
        reveals.note(m.tx, account, call, m.now)
    return shown


def more_time(m: Moment, mediator: MediatorId, offer: OfferId) -> bool:
    """More time to write, a few times. False when that is used up or over. Raises NotTheirs."""
    found, here = _theirs(m, mediator, offer), mediators.get(m.tx, mediator)
    if here is None or here.availability is not Availability.WRAP_UP or not _is_latest(m, mediator, offer):
        return False
    if found.extended >= MOST_EXTENSIONS or found.done_at is not None:
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


def _tell_readers(m: Moment, offer: OfferId) -> None:
    """What is written down stands on others' pages too: who has the caller by now, or calls them back."""
    m.tx.touched |= {of_mediator(one) for one in noted.readers(m.tx, offer)}


def _look_again(m: Moment, offer: OfferId) -> None:
    """A caller who was handed on before the promise may wait: their place has just been locked."""
    found = offers.get(m.tx, offer)
    assert found is not None
    here = places.glimpse_of(m.tx, places.get(m.tx, found.place_id).call_id)
    if here is not None and here.state is PlaceState.WAITING:
        matching.again(m, here)


def _is_latest(m: Moment, mediator: MediatorId, offer: OfferId) -> bool:
    """Whether the pause after an offer, if there is one now, is the one after this talk."""
    latest, here = offers.latest_of(m.tx, mediator), mediators.get(m.tx, mediator)
    rests = here is not None and here.away_reason in BREATHERS
    return latest is not None and latest.id == offer and not rests
