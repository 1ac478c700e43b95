"""Who is rung: the mediator who knows the caller, else the longest idle; then the next."""

import pytest

from tests.calls.stage import Stage
from tests.factories import CALLER


def test_the_longest_idle_is_rung_first(stage: Stage) -> None:
    stage.mediator("Amina", "taxes")
    stage.mediator("Bruno", "taxes")
    stage.asks("2")
    assert stage.rings("Amina")
    assert stage.phones["Bruno"].ringing_leg is None


def test_after_a_talk_the_others_come_first(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    stage.mediator("Bruno", "taxes")
    stage.connect(stage.asks("2"), amina)
    amina.hang_up()
    stage.carrier.advance(200)
    stage.asks("2", caller="+33639980002")
    assert stage.rings("Bruno")


def test_a_caller_who_calls_again_reaches_the_one_who_knows_them(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes", "health")
    stage.mediator("Bruno", "taxes", "health")
    stage.connect(stage.asks("2"), amina)
    amina.hang_up()
    stage.carrier.advance(200)
    stage.asks("3")
    assert stage.rings("Amina")


def test_nobody_knows_an_anonymous_caller(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    stage.mediator("Bruno", "taxes")
    stage.connect(stage.asks("2", caller="anonymous"), amina)
    amina.hang_up()
    stage.carrier.advance(200)
    stage.asks("2", caller="anonymous")
    assert stage.rings("Bruno")


def test_the_one_who_knows_the_caller_is_not_waited_for(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    stage.mediator("Bruno", "taxes")
    stage.connect(stage.asks("2"), amina)
    amina.hang_up()
    stage.carrier.advance(5)
    stage.asks("2")
    assert stage.rings("Bruno")


@pytest.mark.parametrize("behaviour", ["declines", "busy", "unreachable", "voicemail"])
def test_who_does_not_take_it_is_followed_by_the_next(stage: Stage, behaviour: str) -> None:
    amina = stage.mediator("Amina", "taxes")
    bruno = stage.mediator("Bruno", "taxes")
    amina.behaviour = behaviour  # type: ignore[assignment]  # a literal by parameter
    caller = stage.asks("2")
    assert stage.rings("Bruno", within=120)
    assert "J'appelle quelqu'un d'autre" in caller.heard_text()
    stage.connect(caller, bruno)
    assert stage.state("Amina") in {"wrap_up", "available"}


def test_an_unanswered_telephone_is_followed_by_the_next_after_twenty_seconds(stage: Stage) -> None:
    stage.mediator("Amina", "taxes")
    stage.mediator("Bruno", "taxes")
    stage.asks("2")
    assert stage.rings("Amina")
    before = stage.carrier.now()
    assert stage.rings("Bruno", within=40)
    assert 20 <= (stage.carrier.now() - before).total_seconds() <= 30


def test_a_voicemail_is_never_connected(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    amina.behaviour = "voicemail"
    caller = stage.asks("2")
    for _ in range(150):
        stage.carrier.advance(1)
        assert caller.talking_to is None


def test_a_mediator_who_misses_several_offers_is_away_for_a_while(stage: Stage) -> None:
    stage.mediator("Amina", "taxes")
    for n in range(3):
        caller = stage.asks("2", caller=f"+3363998001{n}")
        assert stage.rings("Amina", within=60)
        stage.carrier.advance_until(lambda: stage.phones["Amina"].ringing_leg is None, 30)
        stage.carrier.advance(1)
        caller.hang_up()
        stage.carrier.advance(10)
    assert stage.state("Amina") == "away"
    late = stage.asks("2", caller="+33639980020")
    assert stage.is_over(late)
    assert stage.outcome(late) == "callback"
    stage.carrier.advance(901)
    assert stage.state("Amina") == "available"


def test_a_caller_who_leaves_is_never_a_miss(stage: Stage) -> None:
    stage.mediator("Amina", "taxes")
    for _ in range(5):
        caller = stage.asks("2", caller=CALLER)
        assert stage.rings("Amina", within=60)
        caller.hang_up()
        stage.carrier.advance(10)
    assert stage.state("Amina") == "available"
