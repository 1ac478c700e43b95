"""Every way a call can end, in every state: exactly one outcome, and everybody free again."""

from collections.abc import Callable

from tests.calls.stage import Stage


def test_hung_up_at_once_is_short(stage: Stage) -> None:
    caller = stage.call()
    stage.carrier.advance(2)
    caller.hang_up()
    stage.carrier.advance(1)
    assert stage.outcome(caller) == "short"


def test_hung_up_in_the_menu(stage: Stage) -> None:
    caller = stage.call()
    stage.carrier.advance(20)
    caller.hang_up()
    stage.carrier.advance(1)
    assert stage.outcome(caller) == "abandoned_in_menu"


def test_hung_up_while_it_rings(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    caller = stage.asks("2")
    assert stage.rings("Amina")
    caller.hang_up()
    stage.carrier.advance(2)
    assert amina.state == "idle"
    assert stage.outcome(caller) == "abandoned_in_queue"
    assert stage.log(caller).count("ended") == 1
    stage.carrier.advance(6)
    assert stage.state("Amina") == "available"


def test_hung_up_during_the_whisper(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    caller = stage.asks("2")
    amina.answer()
    stage.carrier.advance(2)
    caller.hang_up()
    stage.carrier.advance(8)
    assert stage.outcome(caller) == "abandoned_in_queue"
    assert stage.state("Amina") == "available"


def test_the_caller_hangs_up_after_the_talk(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    caller = stage.asks("2")
    stage.connect(caller, amina)
    stage.carrier.advance(30)
    caller.hang_up()
    stage.carrier.advance(2)
    assert amina.leg is None
    assert stage.outcome(caller) == "answered"
    assert stage.state("Amina") == "wrap_up"


def test_the_mediator_hangs_up_and_the_caller_hears_goodbye(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    caller = stage.asks("2")
    stage.connect(caller, amina)
    amina.hang_up()
    assert stage.is_over(caller)
    assert caller.heard_text().endswith("Au revoir.")
    assert stage.outcome(caller) == "answered"


def test_without_wrap_up_the_mediator_is_free_at_once(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(timings__wrap_up=0)
    amina = stage.mediator("Amina", "taxes")
    caller = stage.asks("2")
    stage.connect(caller, amina)
    amina.hang_up()
    assert stage.is_over(caller)
    assert stage.state("Amina") == "available"


def test_the_log_tells_the_story(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    caller = stage.asks("2")
    stage.connect(caller, amina)
    amina.hang_up()
    stage.is_over(caller)
    story = [what for what in stage.log(caller) if what != "answer"]
    assert story == ["arrived", "queued", "offer_made", "ringing", "accepted", "talked", "ended"]
