"""Who helped a caller last is asked first, for thirty days, and only if they are free and suit."""

from datetime import timedelta

import pytest

from hotline.ivr.events import Miss
from hotline.queue.ids import LegSid, MediatorId
from hotline.store import offers
from hotline.switchboard.rings import RingResult
from tests.factories import CALLER
from tests.integration.desk import Desk, opened, ringing

OTHER = "+33639980002"


def rung(desk: Desk, leg: str, shown: str = CALLER, key: str = "2") -> MediatorId:
    """A caller who presses the key; who is rung, and talks with them for a minute."""
    sid = LegSid(leg)
    desk.arrive(sid, shown)
    offer_id = ringing(desk.key(sid, key))
    with desk.services.store.reading() as tx:
        offer = offers.get(tx, offer_id)
    assert offer is not None
    desk.whisper(offer_id, LegSid(f"{leg}-mediator"), "1")
    desk.clock.pass_(60)
    desk.ring_over(sid, 2, RingResult(bridged=True, miss=Miss.UNANSWERED))
    desk.caller_left(sid)
    desk.clock.pass_(300)
    desk.sweep()
    return offer.mediator_id


@pytest.mark.parametrize(("days", "known"), [(1, True), (29, True), (31, False)])
def test_for_thirty_days(database_url: str, days: int, known: bool) -> None:
    with opened(database_url) as desk:
        desk.mediator()
        desk.mediator()
        first = rung(desk, "one")
        second = rung(desk, "two", shown=OTHER)
        assert first != second
        rung(desk, "three", shown="+33639980003")
        assert rung(desk, "four", shown="+33639980004") == second
        # now `first` has been idle longest; the caller of `second` comes again
        desk.clock.pass_(timedelta(days=days).total_seconds())
        assert (rung(desk, "five", shown=OTHER) == second) is known


def test_never_for_who_is_anonymous(database_url: str) -> None:
    with opened(database_url) as desk:
        desk.mediator()
        desk.mediator()
        assert rung(desk, "one", shown="anonymous") != rung(desk, "two", shown="anonymous")


def test_not_for_a_topic_that_they_do_not_know(database_url: str) -> None:
    with opened(database_url) as desk:
        desk.mediator(skills=("taxes",))
        healthy = desk.mediator(skills=("health",))
        rung(desk, "one", key="2")
        assert rung(desk, "two", key="3") == healthy
