"""Whoever rings again about the same matter: their place, their credit, and nobody rung twice for it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from hotline.queue.tickets import Attempt
from hotline.simulator.legs import Leg
from hotline.switchboard import callbacks
from hotline.switchboard.moment import Moment
from tests import factories, scripts
from tests.calls import heard, kept, words
from tests.calls.stage import MONDAY, Stage
from tests.factories import CALLER

OTHER = "+33639980003"
LIBRARY = "+33199001235"
CLOSED = {"hours": {"tue": ["09:00-18:00"]}}


def promised(stage: Stage, key: str = "2", caller: str = CALLER) -> Leg:
    """Nobody is on duty: a callback is promised, and the caller has hung up."""
    leg = stage.asks(key, caller)
    stage.hears(leg, words.READ_BACK)
    stage.leaves(leg)
    assert stage.outcome(leg) == "callback"
    stage.carrier.advance(60)
    return leg


def test_the_open_place_of_the_same_matter_is_taken_over_and_answered(stage: Stage) -> None:
    first = promised(stage)
    before, ticket = kept.place(stage, first), kept.ticket(stage, first)
    amina = stage.mediator("Amina", "taxes")
    again = stage.asks("2")
    assert kept.place(stage, again).id == before.id
    assert kept.place(stage, again).queued_at == before.queued_at
    assert kept.due(stage) == []
    stage.connect(again, amina)
    stage.carrier.advance(60)
    stage.leaves(again)
    assert stage.outcome(again) == "answered"
    assert kept.ticket(stage, again).id == ticket.id
    assert kept.ticket(stage, again).state == "closed"
    assert kept.due(stage, after=timedelta(days=30)) == []
    assert stage.outcome(first) == "callback"


def test_the_place_taken_over_is_before_those_who_came_later(stage: Stage) -> None:
    promised(stage)
    amina = stage.busy()
    other = stage.holds(OTHER)
    again = stage.holds()
    stage.carrier.advance(5)
    assert heard.positions(again)[0][1] == 1
    amina.hang_up()
    assert stage.rings("Amina", within=130)
    stage.connect(again, amina)
    assert other.in_queue is not None


def test_who_hangs_up_again_is_due_again_in_the_same_place_with_the_same_code(stage: Stage) -> None:
    first = promised(stage)
    before, code = kept.place(stage, first), kept.ticket(stage, first).code
    stage.busy()
    again = stage.holds()
    assert kept.due(stage) == []
    stage.leaves(again)
    assert kept.place(stage, again) == before
    assert kept.ticket(stage, again).code == code
    assert kept.due(stage) == [kept.ticket(stage, again).id]
    assert stage.outcome(again) == "callback"


def test_who_hangs_up_again_while_it_rings_is_due_again(stage: Stage) -> None:
    first = promised(stage)
    before = kept.place(stage, first)
    stage.mediator("Amina", "taxes")
    again = stage.asks("2")
    assert stage.rings("Amina")
    stage.leaves(again)
    assert kept.place(stage, again) == before
    assert kept.is_due(stage, again)
    assert len(stage.tickets(first)) == 1
    stage.carrier.advance(6)
    assert stage.state("Amina") == "available"


def test_another_topic_is_another_matter(stage: Stage) -> None:
    first = promised(stage)
    again = promised(stage, key="3")
    assert kept.place(stage, again).id != kept.place(stage, first).id
    assert len(kept.due(stage)) == 2


@pytest.mark.parametrize(("then", "now"), [("0", "2"), ("2", "0")])
def test_any_question_is_the_same_matter_as_a_topic(stage: Stage, then: str, now: str) -> None:
    first = promised(stage, key=then)
    key = kept.ticket(stage, first).id
    again = promised(stage, key=now)
    assert kept.due(stage) == [key]
    assert kept.place(stage, again).topic == "taxes"


@pytest.mark.parametrize("other", [OTHER, "anonymous"])
def test_nobody_takes_over_the_place_of_somebody_else(stage: Stage, other: str) -> None:
    first = promised(stage)
    stage.busy()
    again = stage.holds(other)
    assert kept.place(stage, again).id != kept.place(stage, first).id
    assert kept.is_due(stage, first)


def test_while_the_first_call_is_on_the_line_nothing_is_taken_over(stage: Stage) -> None:
    """Two people who ring from one number, or one who holds two receivers."""
    first = stage.asks("2")
    stage.hears(first, words.READ_BACK)
    second = stage.asks("2")
    stage.hears(second, words.READ_BACK)
    assert kept.place(stage, first).id != kept.place(stage, second).id
    stage.leaves(first)
    stage.leaves(second)
    assert [stage.outcome(one) for one in (first, second)] == ["callback", "callback"]


@pytest.mark.parametrize("how", ["nobody on duty", "9 in the menu", "closed"])
def test_who_asks_three_times_is_called_back_once(make_stage: Callable[..., Stage], how: str) -> None:
    stage = make_stage(**(CLOSED if how == "closed" else {}))
    calls = []
    for _ in range(3):
        leg = stage.call()
        if how != "closed":
            leg.press("9" if how == "9 in the menu" else "2")
        assert stage.is_over(leg)
        calls.append(leg)
        stage.carrier.advance(60)
    assert [stage.outcome(leg) for leg in calls] == ["callback"] * 3
    assert kept.due(stage, after=timedelta(days=7)) == [kept.ticket(stage, calls[-1]).id]
    assert len({code for leg in calls for code in heard.codes(leg)}) == 1


def waited_in_vain(stage: Stage, caller: str = CALLER) -> kept.Place:
    """A caller who gives up in hold."""
    leg = stage.holds(caller)
    stage.carrier.advance(60)
    stage.leaves(leg)
    assert stage.outcome(leg) == "abandoned_in_queue"
    return kept.place(stage, leg)


@pytest.mark.parametrize(("minutes", "kept_since"), [(10, None), (28, None), (45, 30), (120, 30)])
def test_who_waited_in_vain_keeps_the_earliest_place_with_at_most_half_an_hour_of_credit(
    make_stage: Callable[..., Stage], minutes: int, kept_since: int | None
) -> None:
    before = make_stage()
    before.busy()
    first = waited_in_vain(before)
    stage = make_stage(start=before.carrier.now() + timedelta(minutes=minutes))
    asked_at = stage.carrier.now() + timedelta(seconds=4)
    place = kept.place(stage, stage.holds())
    wanted = first.queued_at if kept_since is None else asked_at - timedelta(minutes=kept_since)
    assert place.queued_at == wanted


def test_credit_is_never_given_to_a_withheld_number(stage: Stage) -> None:
    stage.busy()
    first = waited_in_vain(stage, "anonymous")
    assert kept.place(stage, stage.holds("anonymous")).queued_at > first.queued_at + timedelta(minutes=1)


def test_credit_is_never_another_callers(stage: Stage) -> None:
    stage.busy()
    first = waited_in_vain(stage)
    assert kept.place(stage, stage.holds(OTHER)).queued_at > first.queued_at + timedelta(minutes=1)


def test_another_line_is_another_matter(make_stage: Callable[..., Stage]) -> None:
    """Neither is a place there taken over, nor a wait there credited."""
    stage = make_stage(more_lines=(("library", scripts.body(numbers=[LIBRARY])),))
    first = promised(stage)
    stage.busy()
    in_vain = waited_in_vain(stage, OTHER)
    again = stage.asks("2", line=LIBRARY)
    assert kept.place(stage, again).id != kept.place(stage, first).id
    assert kept.is_due(stage, first)
    other = stage.asks("2", OTHER, LIBRARY)
    assert kept.place(stage, other).queued_at > in_vain.queued_at + timedelta(minutes=1)


def test_credit_ends_with_being_helped(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(timings__wrap_up=0)
    amina = stage.busy()
    first = waited_in_vain(stage)
    again = stage.holds()
    assert kept.place(stage, again).queued_at == first.queued_at
    amina.hang_up()
    assert stage.rings("Amina")
    stage.connect(again, amina)
    stage.leaves(again)
    stage.connect(stage.asks("2", caller=OTHER), amina)
    assert kept.place(stage, stage.holds()).queued_at > first.queued_at + timedelta(minutes=1)


def test_credit_ends_with_the_day(make_stage: Callable[..., Stage]) -> None:
    """Of the line: it is five to midnight in Paris."""
    stage = make_stage(start=MONDAY.replace(hour=22, minute=55))
    stage.busy()
    first = waited_in_vain(stage)
    stage.carrier.advance(300)
    assert kept.place(stage, stage.holds()).queued_at > first.queued_at + timedelta(minutes=5)


def declined(stage: Stage) -> tuple[Leg, datetime]:
    """A caller whom the only mediator has just declined; and when."""
    amina = stage.mediator("Amina", "taxes")
    caller = stage.asks("2")
    amina.answer()
    stage.carrier.advance(4)
    amina.press("2")
    declined_at = stage.carrier.now()
    stage.hears(caller, words.NINE)
    return caller, declined_at


@pytest.mark.parametrize("rings_again", [False, True])
def test_nobody_is_rung_twice_for_the_same_place_within_the_pause(stage: Stage, rings_again: bool) -> None:
    """Also not when the caller hangs up and rings again meanwhile: it is still the same place."""
    caller, declined_at = declined(stage)
    place = kept.place(stage, caller)
    if rings_again:
        caller.press("9")
        stage.leaves(caller)
        caller = stage.holds()
    assert kept.place(stage, caller).id == place.id
    assert stage.rings("Amina", within=62)
    assert timedelta(seconds=60) <= stage.carrier.now() - declined_at <= timedelta(seconds=62)
    stage.connect(caller, stage.phones["Amina"])


def test_within_the_pause_another_caller_may_ring_the_same_mediator(stage: Stage) -> None:
    _, declined_at = declined(stage)
    other = stage.asks("2", OTHER)
    assert stage.rings("Amina", within=10)
    assert stage.carrier.now() - declined_at < timedelta(seconds=60)
    stage.connect(other, stage.phones["Amina"])


def test_the_telephone_of_a_mediator_does_not_ring_for_their_own_call(stage: Stage) -> None:
    stage.mediator("Amina", "taxes")
    own = stage.asks("2", factories.number(1))
    stage.hears(own, words.said("nobody_on_duty"))
    assert stage.state("Amina") == "available"
    bruno = stage.mediator("Bruno", "taxes")
    again = stage.asks("2", factories.number(1))
    stage.connect(again, bruno)
    assert stage.misses("Amina") == 0


def test_nor_for_one_who_was_to_be_called_back(stage: Stage) -> None:
    promised(stage, caller=factories.number(1))
    stage.mediator("Amina", "taxes")
    own = stage.asks("2", factories.number(1))
    stage.hears(own, words.said("nobody_on_duty"))
    assert stage.misses("Amina") == 0


def test_a_mediator_who_rings_the_line_while_their_telephone_rings_is_taken_like_anybody(
    stage: Stage,
) -> None:
    stage.mediator("Amina", "taxes")
    stage.asks("2", OTHER)
    own = stage.asks("2", factories.number(1))
    stage.hears(own, words.said("nobody_on_duty"))


def test_nobody_gives_up_a_callback_of_whoever_is_on_the_line(stage: Stage) -> None:
    promised(stage)
    stage.busy()
    again = stage.holds()
    stage.carrier.advance(8)
    again.press("9")
    stage.hears(again, words.READ_BACK)
    key = kept.ticket(stage, again).id

    def gives_up(m: Moment) -> bool:
        return callbacks.note_attempt(m, key, Attempt.GIVEN_UP, "?")

    assert not factories.at_once(stage.services, gives_up)
    stage.leaves(again)
    assert kept.due(stage) == [key]
    assert factories.at_once(stage.services, gives_up)
