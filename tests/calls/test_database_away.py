"""With the database away: callers hear who we are and when to call, and those in hold stay with music."""

import pytest

from hotline.simulator.legs import Leg
from tests.calls import heard, kept, words
from tests.calls.stage import Stage


def is_told(stage: Stage, caller: Leg) -> None:
    """Not the carrier's own words for an error, but ours, in each language of the line."""
    assert stage.is_over(caller, within=60)
    for language in ("fr", "en"):
        ours = (words.said(name, language) for name in ("greeting", "out_of_order", "goodbye"))
        assert " ".join(ours) in caller.heard_text()
    assert words.DANGER in caller.heard_text()


def waits(stage: Stage) -> Leg:
    stage.busy()
    caller = stage.holds()
    stage.hears(caller, words.NINE)
    stage.carrier.advance(10)
    return caller


def test_who_calls_is_told_who_we_are_and_when_to_call(stage: Stage) -> None:
    stage.store.sever()
    is_told(stage, stage.call())


def test_who_is_in_the_menu_is_told(stage: Stage) -> None:
    stage.mediator("Amina", "taxes")
    caller = stage.call()
    stage.hears(caller, words.MENU)
    stage.store.sever()
    caller.press("2")
    is_told(stage, caller)


def test_when_it_is_back_calls_go_on_as_if_nothing_had_been(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    stage.store.sever()
    is_told(stage, stage.call())
    stage.store.mend()
    stage.connect(stage.asks("2"), amina)


def test_who_is_in_hold_hears_music_until_it_is_back(stage: Stage) -> None:
    caller = waits(stage)
    before, parts = kept.place(stage, caller), len(heard.music(caller))
    stage.store.sever()
    stage.carrier.advance(120)
    assert caller.in_queue is not None
    assert len(heard.music(caller)) - parts >= 12
    stage.store.mend()
    assert kept.place(stage, caller) == before
    stage.phones["Amina"].hang_up()
    assert stage.rings("Amina", within=135)
    stage.connect(caller, stage.phones["Amina"])


@pytest.mark.parametrize("key", ["9", "5"])
def test_a_key_in_hold_meanwhile_does_not_cost_the_call(stage: Stage, key: str) -> None:
    """The 9 is heard again, and works, as soon as the database is back."""
    caller = waits(stage)
    before = kept.place(stage, caller)
    stage.store.sever()
    caller.press(key)
    stage.carrier.advance(20)
    assert caller.in_queue is not None
    stage.store.mend()
    stage.hears(caller, words.NINE, within=90, times=2)
    caller.press("9")
    stage.hears(caller, words.READ_BACK)
    stage.leaves(caller)
    assert kept.place(stage, caller).queued_at == before.queued_at
    assert stage.outcome(caller) == "callback"


def test_a_talk_goes_on(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    caller = stage.asks("2")
    stage.connect(caller, amina)
    stage.store.sever()
    stage.carrier.advance(300)
    assert caller.talking_to is amina.leg
    stage.store.mend()
    stage.leaves(caller)
    assert stage.outcome(caller) == "answered"


def test_a_call_that_ends_meanwhile_is_closed_when_it_is_back(stage: Stage) -> None:
    """The carrier told it to nobody; the watchdog asks."""
    amina = stage.mediator("Amina", "taxes")
    caller = stage.asks("2")
    stage.connect(caller, amina)
    stage.store.sever()
    caller.hang_up()
    stage.carrier.advance(30)
    stage.store.mend()
    assert stage.state("Amina") == "on_call"
    stage.carrier.advance(140)
    assert stage.outcome(caller) == "answered"
    assert stage.state("Amina") in {"wrap_up", "available"}


def test_a_promise_made_before_stands(stage: Stage) -> None:
    caller = waits(stage)
    caller.press("9")
    stage.hears(caller, words.READ_BACK)
    stage.store.sever()
    caller.press("1")
    is_told(stage, caller)
    stage.store.mend()
    stage.carrier.advance(140)
    assert stage.outcome(caller) == "callback"
    assert kept.is_due(stage, caller)


def test_a_mediator_who_is_rung_meanwhile_is_not_held_for_ever(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    stage.asks("2")
    assert stage.rings("Amina")
    stage.store.sever()
    stage.carrier.advance(40)
    assert amina.ringing_leg is None
    stage.store.mend()
    stage.carrier.advance(140)
    assert stage.state("Amina") == "available"
    stage.connect(stage.asks("2"), amina)
