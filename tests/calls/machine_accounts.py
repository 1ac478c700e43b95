"""What must be true of every caller and every mediator when all is over: ours beside the carrier's."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, not_, or_, select

from hotline.queue.ids import CallId, MediatorId
from hotline.queue.mediators import Availability
from hotline.queue.offers import OfferState
from hotline.queue.outcomes import Outcome
from hotline.store import call_log, calls, mediators, messages, tickets
from hotline.store.calls import CallRow
from hotline.store.messages import MessageRow
from hotline.store.offers import OfferRow
from hotline.store.tickets import Ticket, TicketRow
from hotline.store.transactions import Tx
from tests.calls.machine_ledger import Ledger, Seen
from tests.calls.machine_stage import RoughStage
from tests.integration import checks

THEIRS = frozenset({Outcome.ABANDONED_IN_MENU, Outcome.ABANDONED_IN_QUEUE, Outcome.SHORT})
"""What only a caller can bring about, by hanging up."""


REASONS = (
    "message_kept",
    "callback_impossible",
    "out_of_order",
)
"""Why else somebody may be sent away."""


A_MOMENT = timedelta(seconds=10)
"""If we could not be told of the end: after a shorter talk they are rather brought to a person again."""


_UNHEARD = select(CallRow.id).where(CallRow.messages_due_at.is_not(None)).limit(1)


@dataclass(frozen=True, slots=True)
class Kept:
    """What the hotline has kept of one call."""

    id: CallId
    outcome: Outcome | None
    log: Counter[str]
    tickets: list[Ticket]
    knows_number: bool
    refused_messages: bool
    """The carrier would not say what was recorded, and is asked again later."""


def wrong_in(stage: RoughStage, ledger: Ledger, paused: set[MediatorId]) -> list[str]:
    """All that is not as it must be once everybody has hung up and every limit is over."""
    ledger.read()
    with stage.services.store.reading() as tx:
        return [
            *checks.contradictions(tx),
            *checks.broken_promises(tx, stage.carrier.now()),
            *checks.unkept_outcomes(tx),
            *_asked_too_soon(stage, tx),
            *_of_mediators(stage, tx, paused),
            *(wrong for seen in ledger.callers.values() for wrong in _of_caller(stage, tx, seen)),
        ]


def _of_mediators(stage: RoughStage, tx: Tx, paused: set[MediatorId]) -> Iterator[str]:
    for one in mediators.every(tx):
        wanted = Availability.AWAY if one.id in paused else Availability.AVAILABLE
        if one.availability is not wanted:
            yield f"{one.name} is {one.availability} until {one.until}, not {wanted}"
    for name, phone in stage.phones.items():
        if phone.engaged:
            yield f"{name}'s telephone is {phone.state}"


def _asked_too_soon(stage: RoughStage, tx: Tx) -> Iterator[str]:
    """Mediators who did not take a caller, and were asked for the same one within the pause.

    Who was only spared a caller they had handed on, and is not any more, has declined nothing.
    """
    pause = stage.services.lines.lines[0].script.timings.refused_pause
    columns = select(
        OfferRow.place_id, OfferRow.mediator_id, OfferRow.made_at, OfferRow.ended_at, OfferRow.state
    )
    spared_no_longer = and_(OfferRow.again_at.is_(None), OfferRow.made_at == OfferRow.ended_at)
    columns = columns.where(or_(OfferRow.state != OfferState.DECLINED, not_(spared_no_longer)))
    refused_at: dict[tuple[int, int], datetime] = {}
    for place, mediator, made_at, ended_at, state in tx.connection.execute(columns.order_by(OfferRow.id)):
        before = refused_at.get((place, mediator))
        if before is not None and made_at - before < pause:
            yield f"mediator {mediator} was asked for place {place} at {made_at}, and had refused at {before}"
        if ended_at is not None and state in (OfferState.DECLINED, OfferState.EXPIRED):
            refused_at[place, mediator] = ended_at


def _of_caller(stage: RoughStage, tx: Tx, seen: Seen) -> Iterator[str]:
    kept = _kept(stage, tx, seen)
    if seen.leg.is_open:
        yield f"{seen.leg.number} is still on the line"
    if kept is None:
        if seen.heard and not stage.spoilt["/voice/incoming"]:
            yield f"nothing is known of the call of {seen.leg.number}"
        return
    named = f"call {kept.id} of {seen.leg.number}, {kept.outcome}"
    told = _what_was_told(stage, seen) if not kept.log["reopened"] else ()
    for wrong in (*_end(stage, seen, kept), *_outcome(seen, kept), *_promise(stage, tx, seen, kept), *told):
        yield f"{named}: {wrong}"
    if said := _farewell(stage, seen, kept):
        yield f"{named}: {said}"


def _kept(stage: RoughStage, tx: Tx, seen: Seen) -> Kept | None:
    columns = select(CallRow.id, CallRow.outcome, CallRow.number_index, CallRow.messages_due_at)
    row = tx.connection.execute(columns.where(CallRow.leg == seen.leg.sid)).one_or_none()
    if row is None:
        return None
    key = CallId(row.id)
    log = Counter(entry.what for entry in call_log.entries(tx, key))
    refused = row.messages_due_at is not None and row.messages_due_at > stage.carrier.now()
    return Kept(key, row.outcome, log, tickets.of_call(tx, key), row.number_index is not None, refused)


def _end(stage: RoughStage, seen: Seen, kept: Kept) -> Iterator[str]:
    if kept.outcome is None:
        yield "has no outcome"
    elif kept.log["ended"] != 1 + kept.log["reopened"]:
        yield f"ended {kept.log['ended']} times and was reopened {kept.log['reopened']} times"
    by_us = seen.ended_by == "line" and not _was_told(stage, seen, "out_of_order")
    if kept.outcome in THEIRS and by_us:
        yield f"the call was ended by the {seen.ended_by}"


def _outcome(seen: Seen, kept: Kept) -> Iterable[str]:
    """Whether the outcome fits what the carrier saw."""
    lasted = (seen.ended_at or seen.began_at) - seen.began_at
    fits = {
        Outcome.ANSWERED: kept.log["accepted"] > 0,
        Outcome.FAILED: kept.log["carrier_fell_back"] + kept.log["dropped"] > 0,
        Outcome.CALLBACK: kept.log["callback_promised"] + kept.log["place_taken_over"] > 0,
        Outcome.MESSAGE: seen.recorded,
        Outcome.SHORT: lasted < timedelta(seconds=5),
    }
    if kept.outcome is not None and not fits.get(kept.outcome, True):
        yield "the carrier has seen nothing like that"
    least = A_MOMENT if kept.log["carrier_fell_back"] else timedelta()
    if seen.has_talked_for(least) and kept.outcome is not Outcome.ANSWERED:
        yield "they have talked with a mediator"
    promised = kept.log["callback_promised"] + kept.log["place_taken_over"] > 0
    if promised and kept.knows_number and kept.outcome not in (Outcome.CALLBACK, Outcome.ANSWERED):
        yield "they are to be called back"


def _promise(stage: RoughStage, tx: Tx, seen: Seen, kept: Kept) -> Iterator[str]:
    """Whether all that was promised to the caller is kept. That it then comes up, the checks have seen."""
    for code in seen.codes:
        told = (
            select(TicketRow.number_index, MessageRow.id)
            .outerjoin(MessageRow, MessageRow.ticket_id == TicketRow.id)
            .where(TicketRow.code == code)
        )
        if not any(number or message for number, message in tx.connection.execute(told)):
            yield f"was told the code {code}, of which no ticket is kept that anybody could serve"
    for at in seen.nines:
        helped = any(talk.accepted and talk.began_at >= at for talk in seen.talks)
        if not helped and not kept.log["callback_promised"]:
            yield f"pressed 9 in hold at {at:%H:%M:%S}, reached nobody, and nothing was promised"
    heard = kept.refused_messages or any(messages.of_ticket(tx, one.id) for one in _tickets(tx, kept))
    if seen.recorded and not heard:
        yield "left a message that is not kept"


def _tickets(tx: Tx, kept: Kept) -> list[Ticket]:
    """Those that the call brought, or that of the place that it took over."""
    if not kept.log["place_taken_over"]:
        return kept.tickets
    keys = tx.connection.execute(select(TicketRow.call_id).distinct()).scalars().all()
    return [ticket for key in keys for ticket in tickets.of_call(tx, CallId(key))]


def _what_was_told(stage: RoughStage, seen: Seen) -> Iterator[str]:
    """In one wait the numbers that are said in hold never grow."""
    for language in stage.services.lines.lines[0].script.languages:
        texts = language.prompts
        position = {texts.hold_next[0]: 0, texts.hold_one_before[0]: 1}
        said = [
            position[line] if line in position else int(_number(texts.hold_before[0], line) or 0)
            for line in seen.lines
            if line in position or _number(texts.hold_before[0], line)
        ]
        if said != sorted(said, reverse=True):
            yield f"was told that so many are before them: {said}"


def _number(pattern: str, line: str) -> str | None:
    """The number in a sentence of the script, which begins with its brace or ends after it."""
    before, after = re.split(r"\{\w+\}", pattern)
    found = re.match(f"{re.escape(before)}([0-9]+){re.escape(after)}", line)
    return found[1] if found else None


def _farewell(stage: RoughStage, seen: Seen, kept: Kept) -> str | None:
    """Who is sent away has been helped, is promised help, or was told when to call again."""
    if seen.ended_by == "carrier" and not stage.spoilt["/voice/fallback"]:
        return "was cut off by the carrier"
    if seen.ended_by != "line":
        return None
    helped = seen.has_talked or seen.codes or kept.outcome is Outcome.BLOCKED
    if not (helped or any(_was_told(stage, seen, why) for why in REASONS)):
        return f"was sent away without help; heard last: {seen.heard.splitlines()[-3:]}"
    return None if _was_told(stage, seen, "goodbye") else "was sent away without a word"


def _was_told(stage: RoughStage, seen: Seen, what: str) -> bool:
    """Whether the caller has heard that text of the script, in any language."""
    languages = stage.services.lines.lines[0].script.languages
    return any(getattr(one.prompts, what)[-1] in seen.heard for one in languages)


def settled(stage: RoughStage, paused: set[MediatorId]) -> bool:
    """Whether no call is open for us, nobody has spoken unheard, and everybody is free who is not paused."""
    with stage.services.store.reading() as tx:
        everyone = [one for one in mediators.every(tx) if one.id not in paused]
        if calls.open_legs(tx) or tx.connection.execute(_UNHEARD).first():
            return False
        return all(one.availability is Availability.AVAILABLE for one in everyone)
