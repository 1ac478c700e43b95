"""What a caller in hold hears: our own music, position and expected wait, the 9; and numbers never grow."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest

from hotline.simulator.legs import Leg
from hotline.telephony import music
from tests.calls import heard, kept, words
from tests.calls.stage import Stage

FIRST, SECOND, THIRD = (f"+3363998000{n}" for n in (2, 3, 4))


def queue(stage: Stage, *callers: str) -> list[Leg]:
    """Callers who wait one behind the other."""
    stage.busy()
    return [stage.holds(caller) for caller in callers]


def test_the_lines_own_music_is_played_in_parts_of_at_most_ten_seconds(stage: Stage) -> None:
    (caller,) = queue(stage, FIRST)
    stage.carrier.advance(180)
    parts = heard.music(caller)
    assert set(parts) == set(range(music.PARTS))
    assert all(now != then for then, now in pairwise(parts))
    assert all(one.text in ("ringing",) or one.by != "tone" for one in caller.heard)
    turns = heard.wait_turns(stage, caller)
    assert max(later - earlier for earlier, later in pairwise(turns)) <= timedelta(seconds=10)


def test_position_first_then_at_once_the_nine_then_music_until_it_is_time_again(stage: Stage) -> None:
    _, caller = queue(stage, FIRST, SECOND)
    stage.carrier.advance(200)
    said = heard.in_hold(caller)
    assert said[:3] == ["Il y a une personne avant vous.", words.NINE, "music"]
    places = [at for at, _ in heard.positions(caller)]
    assert len(places) >= 3
    for earlier, later in pairwise(places):
        assert timedelta(seconds=60) <= later - earlier <= timedelta(seconds=75)
    assert {then for now, then in pairwise(said) if "avant vous" in now} == {words.NINE}


def test_the_interval_is_the_scripts(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(timings__hold_announcement=20)
    (caller,) = queue(stage, FIRST)
    stage.carrier.advance(95)
    assert len(heard.positions(caller)) == 4


def test_each_hears_how_many_are_before_them(stage: Stage) -> None:
    callers = queue(stage, FIRST, SECOND, THIRD)
    stage.carrier.advance(10)
    assert [heard.positions(one)[0][1] for one in callers] == [1, 2, 3]


def test_the_position_falls_when_somebody_leaves(stage: Stage) -> None:
    first, second, third = queue(stage, FIRST, SECOND, THIRD)
    stage.leaves(first)
    stage.carrier.advance(70)
    assert [position for _, position in heard.positions(second)] == [2, 1]
    assert [position for _, position in heard.positions(third)] == [3, 2]


def test_the_position_never_grows_when_somebody_with_an_earlier_place_comes_back(stage: Stage) -> None:
    first, second = queue(stage, FIRST, SECOND)
    stage.leaves(first)
    stage.hears(second, words.NEXT, within=90)
    again = stage.holds(FIRST)
    stage.carrier.advance(150)
    assert kept.place(stage, again).queued_at < kept.place(stage, second).queued_at
    assert heard.positions(again)[0][1] == 1
    assert [position for _, position in heard.positions(second)] == [2, 1, 1, 1]


def test_the_position_never_grows_when_a_promised_callback_rings_again(stage: Stage) -> None:
    first, second = queue(stage, FIRST, SECOND)
    first.press("9")
    stage.carrier.advance(1)
    stage.leaves(first)
    stage.hears(second, words.NEXT, within=90)
    stage.holds(FIRST)
    stage.carrier.advance(150)
    assert [position for _, position in heard.positions(second)] == [2, 1, 1, 1]


def test_in_hold_too_one_is_told_whom_to_call_in_danger(stage: Stage) -> None:
    (caller,) = queue(stage, FIRST)
    before = kept.place(stage, caller)
    stage.hears(caller, words.NINE)
    caller.press("#")
    stage.hears(caller, "Le 15 pour un médecin.", within=2)
    stage.carrier.advance(30)
    assert kept.place(stage, caller) == before
    assert heard.in_hold(caller)[-1] == "music"


@pytest.mark.parametrize("key", ["1", "0", "5", "*"])
def test_other_keys_change_nothing(stage: Stage, key: str) -> None:
    (caller,) = queue(stage, FIRST)
    before = kept.place(stage, caller)
    stage.hears(caller, words.NINE)
    caller.press(key)
    stage.carrier.advance(12)
    assert caller.in_queue is not None
    assert kept.place(stage, caller) == before
    assert heard.in_hold(caller)[-1] == "music"
    assert "pas compris" not in caller.heard_text()


def test_after_a_telephone_that_nobody_picked_up_the_nine_is_offered_first(stage: Stage) -> None:
    (caller,) = queue(stage, FIRST)
    stage.carrier.advance(30)
    stage.phones["Amina"].hang_up()
    assert stage.rings("Amina", within=130)
    rang_at, before = stage.carrier.now(), len(heard.in_hold(caller))
    assert stage.carrier.advance_until(lambda: stage.phones["Amina"].ringing_leg is None, 60)
    assert stage.carrier.now() - rang_at <= timedelta(seconds=20)
    stage.hears(caller, "Nous cherchons une personne libre")
    stage.carrier.advance_until(lambda: len(heard.in_hold(caller)) > before, 20)
    assert heard.in_hold(caller)[before] == words.NINE
    caller.press("9")
    stage.hears(caller, f"{words.WANTED} {words.OFFERED}\n{words.READ_BACK}")
    stage.leaves(caller)
    assert stage.outcome(caller) == "callback"


def test_somebody_who_waits_with_no_one_before_them_is_never_told_a_wait_that_nobody_knows(
    stage: Stage,
) -> None:
    (caller,) = queue(stage, FIRST)
    stage.carrier.advance(130)
    assert heard.waits(caller) == []
