"""Credit: whoever waited in vain earlier today is ahead of those who come now, and how far."""

from datetime import datetime, timedelta

import pytest

from hotline.queue.ids import LegSid
from hotline.queue.tickets import Attempt
from hotline.store import calls, places
from tests.factories import CALLER
from tests.integration.callers import FIRST, OTHER, busy, in_hold
from tests.integration.desk import Desk, ringing

MINUTE, HOUR = 60, 3600


def since_when(desk: Desk, leg: str, seconds: float = 10) -> timedelta:
    """How long ago the place of a new call began, which is left after so many seconds."""
    sid = LegSid(leg)
    in_hold(desk, sid)
    with desk.services.store.reading() as tx:
        place = places.glimpse_of(tx, calls.outcome_of(tx, sid)[0])
    assert place is not None
    ago = desk.clock.now() - place.queued_at
    desk.clock.pass_(seconds)
    desk.caller_left(sid)
    return ago


def test_who_waited_in_vain_earlier_today_is_half_an_hour_ahead_at_most(database_url: str) -> None:
    with busy(database_url) as desk:
        assert since_when(desk, "first", 10 * MINUTE) == timedelta()
        assert since_when(desk, "at once", 10 * MINUTE) == timedelta(minutes=10)
        desk.clock.pass_(15 * MINUTE)
        assert since_when(desk, "later") == timedelta(minutes=30)
        desk.clock.pass_(5 * HOUR)
        assert since_when(desk, "in the evening") == timedelta(minutes=30)
        desk.clock.instant = datetime.fromisoformat("2026-11-24T00:00:01+01:00")
        assert since_when(desk, "the next day") == timedelta()


def test_who_was_helped_since_begins_anew(database_url: str) -> None:
    with busy(database_url) as desk:
        since_when(desk, "in vain", 10 * MINUTE)
        desk.mediator()
        desk.arrive(FIRST)
        desk.whisper(ringing(desk.key(FIRST, "2")), LegSid("leg"), "1")
        desk.clock.pass_(MINUTE)
        desk.caller_left(FIRST)
        desk.clock.pass_(1)
        assert since_when(desk, "again") == timedelta()


@pytest.mark.parametrize("result", Attempt)
def test_so_does_who_was_reached_by_a_callback(database_url: str, result: Attempt) -> None:
    """Whom nobody reached waits on in vain, and whose ticket was closed as well."""
    with busy(database_url) as desk:
        since_when(desk, "in vain", 10 * MINUTE)
        in_hold(desk, FIRST)
        desk.press(FIRST)
        desk.caller_left(FIRST)
        assert desk.attempt(desk.ticket_of(FIRST).id, result)
        if result is not Attempt.REACHED:
            desk.attempt(desk.ticket_of(FIRST).id, Attempt.GIVEN_UP)
        expected = timedelta() if result is Attempt.REACHED else timedelta(minutes=10)
        assert since_when(desk, "again") == expected


def test_neither_another_number_nor_a_withheld_one_has_credit(database_url: str) -> None:
    with busy(database_url) as desk:
        for leg, shown in (("one", CALLER), ("withheld", "anonymous"), ("again", "anonymous")):
            in_hold(desk, LegSid(leg), shown)
            desk.clock.pass_(MINUTE)
            desk.caller_left(LegSid(leg))
        for leg, shown in (("other", OTHER), ("still withheld", "anonymous")):
            in_hold(desk, LegSid(leg), shown)
            with desk.services.store.reading() as tx:
                place = places.glimpse_of(tx, calls.outcome_of(tx, LegSid(leg))[0])
            assert place is not None
            assert place.queued_at == desk.clock.now()
