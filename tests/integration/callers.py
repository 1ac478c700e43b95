"""Callers in hold and callers who are to be called back, while whoever is on duty talks all the time."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hotline.ivr.actions import Record
from hotline.ivr.events import Keyed, Silent
from hotline.queue.ids import LegSid, TicketId
from hotline.store import calls, places, tickets
from hotline.store.places import Place
from hotline.switchboard.holding import HoldEnd
from hotline.switchboard.turns import Answer
from tests.factories import CALLER
from tests.integration import checks
from tests.integration.desk import Desk, opened, ringing

BUSY = LegSid("the long talk")
FIRST, SECOND, THIRD = (LegSid(f"caller {n}") for n in range(3))
OTHER = "+33639980002"


@contextmanager
def busy(database_url: str, **changes: Any) -> Iterator[Desk]:
    """Somebody who can do anything is on duty, and talks. At the end no promise may be broken."""
    with opened(database_url, **changes) as desk:
        desk.mediator(("taxes", "benefits", "health", "work"), ("fr", "en"))
        desk.arrive(BUSY, "anonymous")
        desk.whisper(ringing(desk.key(BUSY, "2")), LegSid("the busy one's leg"), "1")
        yield desk
        assert desk.at_once(lambda m: checks.contradictions(m.tx)) == []
        desk.everybody_goes()
        assert desk.at_once(lambda m: checks.contradictions(m.tx)) == []
        assert desk.at_once(lambda m: checks.broken_promises(m.tx, m.now)) == []
        assert desk.at_once(lambda m: checks.unkept_outcomes(m.tx)) == []


def in_hold(desk: Desk, leg: LegSid, shown: str = CALLER, key: str = "2") -> None:
    desk.arrive(leg, shown)
    desk.key(leg, key)


def promised(desk: Desk, leg: LegSid, shown: str = CALLER, key: str = "2") -> TicketId:
    """A caller in hold presses the 9 and hangs up."""
    in_hold(desk, leg, shown, key)
    assert desk.press(leg)
    desk.caller_left(leg)
    return desk.ticket_of(leg).id


def waits_in(desk: Desk, leg: LegSid) -> Place:
    """The place in which a call waits."""
    with desk.services.store.reading() as tx:
        found = places.glimpse_of(tx, calls.outcome_of(tx, leg)[0])
    assert found is not None
    return found


def listed(desk: Desk) -> list[TicketId]:
    return [one.ticket for one in desk.due()]


def wants_callback(desk: Desk, leg: LegSid, shown: str = CALLER) -> Answer:
    """The 9 in hold, and the turn after it."""
    in_hold(desk, leg, shown)
    assert desk.press(leg)
    return answered(desk.held(leg, 2, HoldEnd.LEFT))


def asked_for_a_message(desk: Desk, leg: LegSid, shown: str = "anonymous") -> int:
    """Keys no number, and is invited to speak; the turn that follows."""
    answer = wants_callback(desk, leg, shown)
    while not isinstance(answer.then, Record):
        answer = answered(desk.event(leg, answer.turn, Keyed("3") if shown != "anonymous" else Silent()))
    return answer.turn


def answered(outcome: object) -> Answer:
    assert isinstance(outcome, Answer), outcome
    return outcome


def words(outcome: object) -> str:
    """All that is said before what follows."""
    return " ".join(sentence for said in answered(outcome).say for sentence in said.sentences)


def number(desk: Desk, leg: LegSid) -> str | None:
    """Where a caller is to be called back."""
    with desk.services.store.reading() as tx:
        return tickets.number(tx, desk.ticket_of(leg).id)
