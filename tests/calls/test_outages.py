"""We are away for a moment, and the carrier's own document sends everybody away: nobody is lost by that."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hotline.queue.alarms import Kind
from hotline.simulator.legs import Leg
from hotline.store import alarms, tickets
from hotline.telephony import fallback_document
from hotline.telephony.music import PART_SECONDS
from tests import factories
from tests.calls import heard, kept, words
from tests.calls.conftest import served
from tests.calls.stage import Stage
from tests.calls.talks import talk

TROUBLE = "Nous avons un problème technique."
RESTART = 2.0


@pytest.fixture
def stage(make_stage: Callable[..., Stage]) -> Iterator[Stage]:
    """A document at the carrier, as is recommended, in place of our own fallback."""
    stage = make_stage()
    document = fallback_document.document(stage.services.lines.lines[0].script).encode()

    def answer(_environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/xml")])
        return [document]

    with served(lambda _: answer) as address:
        stage.carrier.lines[factories.LINE].fallback_url = f"{address}/static"
        yield stage


def raised(stage: Stage) -> list[tuple[Kind, str]]:
    with stage.services.store.reading() as tx:
        return [(one.kind, one.subject) for one in alarms.every(tx)]


def is_sent_away(stage: Stage, caller: Leg) -> None:
    assert stage.is_over(caller, within=60)
    assert TROUBLE in caller.heard_text()


def is_owed_a_callback(stage: Stage, caller: Leg) -> None:
    """In the place in which they waited; and no mediator asks for a code that was never heard."""
    assert stage.outcome(caller) == "callback"
    assert kept.is_due(stage, caller)
    assert kept.number(stage, caller) == caller.number
    assert not kept.ticket(stage, caller).told
    assert stage.log(caller)[-3:] == ["callback_promised", "dropped", "ended"]
    assert raised(stage) == [(Kind.LINE_AWAY, "demo")]


def has_failed(stage: Stage, caller: Leg) -> None:
    assert stage.outcome(caller) == "failed"
    assert stage.log(caller)[-2:] == ["dropped", "ended"]
    assert kept.due(stage) == []
    assert raised(stage) == [(Kind.CALL_FAILED, "demo")]


def waits(stage: Stage, number: str = factories.CALLER) -> Leg:
    """In hold, a second before the next wait turn."""
    stage.busy()
    caller = stage.holds(number)
    stage.hears(caller, words.NINE)
    parts = len(heard.music(caller))
    assert stage.carrier.advance_until(lambda: len(heard.music(caller)) > parts, 30)
    stage.carrier.advance(PART_SECONDS - 1)
    return caller


def test_who_is_in_hold_is_called_back_in_their_place(stage: Stage) -> None:
    caller = waits(stage)
    before = kept.place(stage, caller)
    stage.is_away_for(RESTART)
    is_sent_away(stage, caller)
    is_owed_a_callback(stage, caller)
    assert kept.place(stage, caller).queued_at == before.queued_at


def test_who_is_in_a_ring_is_called_back_and_the_mediator_is_free_again(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    caller = stage.asks("2")
    assert stage.rings("Amina")
    stage.is_down = True
    amina.reject()
    stage.is_away_for(RESTART)
    is_sent_away(stage, caller)
    is_owed_a_callback(stage, caller)
    stage.carrier.advance(90)
    assert stage.state("Amina") == "available"


def test_who_is_in_the_menu_has_failed(stage: Stage) -> None:
    caller = stage.call()
    stage.hears(caller, words.MENU)
    stage.is_down = True
    caller.press("2")
    stage.is_away_for(RESTART)
    is_sent_away(stage, caller)
    has_failed(stage, caller)


def test_who_withholds_their_number_in_hold_has_failed(stage: Stage) -> None:
    caller = waits(stage, "anonymous")
    stage.is_away_for(RESTART)
    is_sent_away(stage, caller)
    has_failed(stage, caller)


def test_who_hangs_up_while_we_are_away_is_found_by_asking(stage: Stage) -> None:
    """That they hung up was told to nobody: the watchdog asks, minutes later."""
    caller = waits(stage)
    stage.is_down = True
    caller.hang_up()
    stage.is_away_for(RESTART)
    assert stage.outcome(caller) is None
    stage.carrier.advance(142)
    is_owed_a_callback(stage, caller)


def test_a_ticket_that_there_is_stays_the_only_one(stage: Stage) -> None:
    """The code of which was not heard yet."""
    caller = waits(stage)
    caller.press("9")
    stage.hears(caller, words.READ_BACK)
    stage.is_down = True
    caller.press("1")
    stage.is_away_for(RESTART)
    is_sent_away(stage, caller)
    (ticket,) = stage.tickets(caller)
    assert kept.due(stage) == [ticket.id]
    assert not ticket.told
    assert stage.outcome(caller) == "callback"
    assert stage.log(caller).count("callback_promised") == 1


def test_who_rings_again_has_the_place_and_is_told_the_code(stage: Stage) -> None:
    first = waits(stage)
    before = kept.place(stage, first)
    stage.is_away_for(RESTART)
    is_sent_away(stage, first)
    owed = kept.ticket(stage, first)
    again = stage.holds()
    assert kept.place(stage, again).id == before.id
    stage.hears(again, words.NINE)
    again.press("9")
    stage.hears(again, words.READ_BACK)
    again.press("1")
    stage.hears(again, words.CODE)
    with stage.services.store.reading() as tx:
        told = tickets.get(tx, owed.id)
    assert told is not None
    assert told.told


def test_a_talk_is_not_touched(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    caller = stage.asks("2")
    stage.connect(caller, amina)
    stage.is_away_for(RESTART)
    stage.carrier.advance(20)
    stage.leaves(caller)
    assert stage.outcome(caller) == "answered"
    assert "dropped" not in stage.log(caller)
    assert raised(stage) == []


def test_who_hangs_up_long_after_it_has_given_up(stage: Stage) -> None:
    caller = waits(stage)
    stage.carrier.advance(2)
    stage.is_away_for(RESTART)
    stage.carrier.advance(301)
    assert caller.in_queue is not None
    stage.leaves(caller)
    assert stage.outcome(caller) == "abandoned_in_queue"
    assert raised(stage) == []


def test_who_was_served_after_it_and_hangs_up_has_given_up(stage: Stage) -> None:
    stage.busy()
    caller = stage.call()
    stage.hears(caller, words.MENU)
    stage.is_away_for(RESTART)
    stage.carrier.advance(2)
    caller.press("2")
    assert stage.carrier.advance_until(lambda: caller.in_queue is not None, 20)
    stage.leaves(caller)
    assert stage.outcome(caller) == "abandoned_in_queue"
    assert raised(stage) == []


def test_who_calls_after_it_and_hangs_up_has_given_up(stage: Stage) -> None:
    stage.busy()
    stage.is_away_for(RESTART)
    caller = stage.holds()
    stage.leaves(caller)
    assert stage.outcome(caller) == "abandoned_in_queue"


def test_who_was_sent_away_by_us_is_not_dropped(stage: Stage) -> None:
    """The goodbye was said."""
    caller = stage.asks("2", "anonymous")
    stage.hears(caller, words.GOODBYE, within=200)
    stage.is_away_for(RESTART)
    assert stage.is_over(caller)
    assert stage.outcome(caller) == "informed"


def test_the_database_away_for_a_minute_in_hold(stage: Stage) -> None:
    """They stay, with music; who then hangs up is called back. That we were away is an alarm."""
    caller = waits(stage)
    stage.store.sever()
    stage.carrier.advance(60)
    assert caller.in_queue is not None
    stage.store.mend()
    stage.carrier.advance(2)
    assert raised(stage) == [(Kind.LINE_AWAY, "demo")]
    caller.hang_up()
    stage.carrier.advance(3)
    is_owed_a_callback(stage, caller)


def test_the_database_away_for_seconds_in_the_menu(make_stage: Callable[..., Stage]) -> None:
    """Our own fallback says when to call again; the worker has noticed, however short it was."""
    stage = make_stage()
    stage.mediator("Amina", "taxes")
    caller = stage.call()
    stage.hears(caller, words.MENU)
    stage.store.sever()
    caller.press("2")
    stage.carrier.advance(2)
    stage.store.mend()
    assert stage.is_over(caller, within=60)
    assert words.said("out_of_order") in caller.heard_text()
    assert stage.outcome(caller) == "failed"
    assert raised(stage) == [(Kind.CALL_FAILED, "demo")]


def test_without_redis_nothing_was_away(stage: Stage) -> None:
    caller = waits(stage)
    stage.jobs.out_of_reach = True
    stage.carrier.advance(120)
    stage.leaves(caller)
    assert stage.outcome(caller) == "abandoned_in_queue"
    assert raised(stage) == []


def test_who_was_handed_on_and_is_dropped_before_the_next_talk_is_called_back(stage: Stage) -> None:
    """Their call stays answered: they have talked with somebody."""
    caller, desk, offer = talk(stage)
    stage.mediator("Driss", "work")
    desk.post(f"/desk/{offer}/transfer", to="topic:work")
    assert stage.rings("Driss")
    stage.is_down = True
    stage.phones["Driss"].reject()
    stage.is_away_for(RESTART)
    is_sent_away(stage, caller)
    assert stage.outcome(caller) == "answered"
    (ticket,) = stage.tickets(caller)
    assert kept.due(stage) == [ticket.id]
    assert raised(stage) == [(Kind.LINE_AWAY, "demo")]
