"""What protects the line: blocked numbers, and limits that end in a polite sentence."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial

import pytest

from hotline.ivr.actions import Action, Ask, HangUp, Hold, Ring
from hotline.ivr.events import Miss, Resumed
from hotline.queue.ids import LegSid
from hotline.queue.outcomes import Outcome
from hotline.store import callers, usage
from hotline.store.callers import Block
from hotline.switchboard.rings import RingResult
from hotline.switchboard.turns import Answer
from tests.factories import CALLER
from tests.integration.callers import FIRST, OTHER, SECOND, busy, in_hold, listed, words
from tests.integration.desk import Desk, opened, ringing
from tests.integration.rounds import at_the_same_time

MINUTE, HOUR, DAY = 60, 3600, 86400


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """The demonstration line's own limits."""
    limits = {"limits__calls_an_hour": 12, "limits__minutes_a_day": 360}
    with opened(database_url, **limits) as desk:
        yield desk


def then(outcome: object) -> Action:
    assert isinstance(outcome, Answer)
    return outcome.then


def called(desk: Desk, leg: str, shown: str = CALLER) -> type[Action]:
    """What a new call is answered with. It is over before the next one comes."""
    sid = LegSid(leg)
    action = then(desk.arrive(sid, shown))
    desk.clock.pass_(10)
    desk.caller_left(sid)
    return type(action)


def block(desk: Desk, number: str = CALLER, until: datetime | None = None) -> None:
    desk.at_once(lambda m: callers.block(m.tx, number, "threats", until, m.now))


# blocked


def test_a_blocked_number_hears_a_polite_sentence(desk: Desk) -> None:
    block(desk)
    outcome = desk.arrive(FIRST)
    assert "Nous ne pouvons pas prendre votre appel." in words(outcome)
    assert isinstance(then(outcome), HangUp)
    desk.caller_left(FIRST)
    assert desk.became(FIRST) is Outcome.BLOCKED
    assert isinstance(then(desk.arrive(SECOND, OTHER)), Ask)


def test_whoever_is_blocked_stays_so_whatever_the_carrier_asks(desk: Desk) -> None:
    block(desk)
    desk.arrive(FIRST)
    for outcome in (desk.key(FIRST, "2"), desk.fell_back(FIRST), desk.fetched(FIRST)):
        assert isinstance(then(outcome), HangUp)
    desk.caller_left(FIRST)
    desk.revive(FIRST)
    desk.caller_left(FIRST)
    assert desk.became(FIRST) is Outcome.BLOCKED


def test_a_block_ends_when_it_was_said_to(desk: Desk) -> None:
    block(desk, until=desk.clock.now() + timedelta(days=1))
    desk.clock.pass_(DAY - 1)
    assert called(desk, "one") is HangUp
    assert called(desk, "two") is Ask


def test_a_block_that_is_made_again_is_another_one(desk: Desk) -> None:
    since, later = desk.clock.now(), desk.clock.now() + timedelta(days=2)
    for number, until in ((CALLER, None), (OTHER, None), (CALLER, later)):
        block(desk, number, until)
        desk.clock.pass_(1)
    with desk.services.store.reading() as tx:
        assert callers.blocks(tx) == [
            Block(OTHER, "threats", since + timedelta(seconds=1), None),
            Block(CALLER, "threats", since + timedelta(seconds=2), later),
        ]
    assert [desk.at_once(lambda m: callers.unblock(m.tx, CALLER)) for _ in range(2)] == [True, False]
    assert called(desk, "one") is Ask


# the language


def test_the_language_that_was_chosen_is_the_one_of_the_next_call(desk: Desk) -> None:
    desk.arrive(FIRST)
    assert "Hello." not in words(desk.key(FIRST, "8"))
    assert words(desk.arrive(SECOND)).startswith("Hello.")
    assert words(desk.arrive(LegSid("other"), OTHER)).startswith("Bonjour.")
    assert words(desk.arrive(LegSid("withheld"), "anonymous")).startswith("Bonjour.")
    desk.key(SECOND, "7")
    assert words(desk.arrive(LegSid("again"))).startswith("Bonjour.")


def test_two_calls_of_one_number_that_choose_at_the_same_instant(desk: Desk) -> None:
    legs = [LegSid(f"caller {n}") for n in range(4)]
    for leg in legs:
        desk.arrive(leg)
    with ThreadPoolExecutor(4) as pool:
        at_the_same_time(pool, [partial(desk.key, leg, "8") for leg in legs])
    with desk.services.store.reading() as tx:
        assert callers.language(tx, tx.sealer.index(CALLER)) == "en"


# how often


def test_of_one_number_so_many_calls_an_hour(desk: Desk) -> None:
    assert [called(desk, f"call {n}") for n in range(12)] == [Ask] * 12
    outcome = desk.arrive(LegSid("one too many"))
    assert "Nous ne pouvons pas prendre votre appel maintenant." in words(outcome)
    assert isinstance(then(outcome), HangUp)
    assert called(desk, "of another", OTHER) is Ask
    assert called(desk, "withheld", "anonymous") is Ask
    desk.clock.pass_(HOUR)
    assert called(desk, "after an hour") is Ask


def test_all_withheld_numbers_are_one(database_url: str) -> None:
    with opened(database_url, limits__anonymous_calls_an_hour=10) as desk:
        shown = ["anonymous", "+266696687", "", "Restricted"]
        assert [called(desk, f"call {n}", shown[n % 4]) for n in range(10)] == [Ask] * 10
        assert called(desk, "one too many", "anonymous") is HangUp
        assert called(desk, "of a number") is Ask


def test_of_one_number_so_many_minutes_a_day_by_the_clock_of_the_line(database_url: str) -> None:
    """The day begins at midnight in Paris: 23:00 in winter."""
    with opened(database_url, limits__minutes_a_day=60) as desk:
        desk.clock.instant = datetime.fromisoformat("2026-11-23T22:00:00+01:00")
        desk.arrive(FIRST)
        desk.clock.pass_(60 * MINUTE - 1)
        assert isinstance(then(desk.arrive(SECOND)), Ask)
        desk.clock.pass_(1)
        assert isinstance(then(desk.arrive(LegSid("one too many"))), HangUp)
        desk.clock.pass_(HOUR)
        assert isinstance(then(desk.arrive(LegSid("after midnight"))), Ask)


def test_what_the_limits_are_counted_by(desk: Desk) -> None:
    began = desk.clock.now()
    desk.arrive(FIRST)
    desk.clock.pass_(MINUTE)
    desk.arrive(SECOND)
    desk.clock.pass_(MINUTE)
    desk.caller_left(FIRST)
    desk.arrive(LegSid("of another"), OTHER)
    with desk.services.store.reading() as tx:
        index, now = tx.sealer.index(CALLER), desk.clock.now()
        counted = [
            usage.calls_of(tx, index, "demo", began + timedelta(seconds=since)) for since in (-1, 0, 60)
        ]
        lasted = [
            usage.time_of(tx, index, "demo", began + timedelta(seconds=since), now) for since in (-1, 0, 60)
        ]
        elsewhere = usage.calls_of(tx, index, "another line", began - timedelta(seconds=1))
    assert (counted, elsewhere) == ([2, 1, 0], 0)
    assert lasted == [timedelta(minutes=3), timedelta(minutes=1), timedelta()]


# how long


def test_a_call_that_lasts_too_long_becomes_a_callback(database_url: str) -> None:
    changes = {"limits__minutes_a_call": 10, "timings__longest_wait": 7200}
    with busy(database_url, **changes) as desk:
        in_hold(desk, FIRST)
        desk.clock.pass_(10 * MINUTE - 1)
        assert isinstance(then(desk.event(FIRST, 2, Resumed())), Hold)
        desk.clock.pass_(1)
        assert "Votre appel dure depuis longtemps." in words(desk.event(FIRST, 3, Resumed()))
        desk.caller_left(FIRST)
        assert (desk.became(FIRST), listed(desk)) == (Outcome.CALLBACK, [desk.ticket_of(FIRST).id])


def test_a_talk_is_never_cut(database_url: str) -> None:
    with opened(database_url, limits__minutes_a_call=10, limits__minutes_a_day=60) as desk:
        desk.mediator()
        desk.arrive(FIRST)
        offer = ringing(desk.key(FIRST, "2"))
        desk.whisper(offer, LegSid("leg"), "1")
        desk.clock.pass_(3 * HOUR)
        desk.sweep()
        answer = desk.ring_over(FIRST, 2, RingResult(bridged=True, miss=Miss.UNANSWERED))
        assert isinstance(then(answer), HangUp)
        assert "longtemps" not in words(answer)
        desk.caller_left(FIRST)
        assert desk.became(FIRST) is Outcome.ANSWERED


# how many


def test_when_too_many_wait_newcomers_are_called_back_and_nobody_who_waits_is(database_url: str) -> None:
    with busy(database_url, limits__waiting=2) as desk:
        for n, number in enumerate((CALLER, OTHER)):
            in_hold(desk, LegSid(f"waits {n}"), number)
        in_hold(desk, LegSid("of another topic"), "+33639980003", key="1")
        desk.arrive(FIRST, "+33639980004")
        assert "Trop de personnes attendent déjà." in words(desk.key(FIRST, "2"))
        assert isinstance(then(desk.event(LegSid("waits 1"), 2, Resumed())), Hold)
        desk.caller_left(FIRST)
        assert desk.became(FIRST) is Outcome.CALLBACK
        desk.caller_left(LegSid("waits 0"))
        desk.arrive(SECOND, "+33639980005")
        assert isinstance(then(desk.key(SECOND, "2")), Hold)


def test_who_is_free_takes_a_newcomer_however_many_wait_for_others(database_url: str) -> None:
    with busy(database_url, limits__waiting=1) as desk:
        in_hold(desk, LegSid("waits"), OTHER)
        desk.mediator(("benefits",))
        desk.arrive(FIRST)
        assert isinstance(then(desk.key(FIRST, "1")), Ring)


def test_who_rings_again_has_a_place_however_many_wait(database_url: str) -> None:
    with busy(database_url, limits__waiting=1) as desk:
        in_hold(desk, FIRST)
        desk.press(FIRST)
        desk.caller_left(FIRST)
        in_hold(desk, LegSid("waits"), OTHER)
        desk.arrive(SECOND)
        assert isinstance(then(desk.key(SECOND, "2")), Hold)
