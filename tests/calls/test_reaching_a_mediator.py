"""The main job: a caller reaches a mediator."""

from tests.calls.stage import Stage


def test_a_caller_reaches_the_mediator_of_the_topic(stage: Stage) -> None:
    stage.mediator("Bruno", "health")
    amina = stage.mediator("Amina", "taxes")
    caller = stage.call()
    stage.carrier.advance(4)
    caller.press("2")
    stage.carrier.advance(6)
    assert amina.ringing_leg is not None
    assert amina.shows == "+33199001234"
    amina.answer()
    stage.carrier.advance(4)
    amina.press("1")
    stage.carrier.advance(5)
    assert caller.talking_to is amina.leg
    assert stage.state("Amina") == "on_call"
    stage.carrier.advance(60)
    amina.hang_up()
    stage.carrier.advance(10)
    assert not caller.is_open
    assert stage.outcome(caller) == "answered"
    assert stage.state("Amina") == "wrap_up"
    stage.carrier.advance(121)
    assert stage.state("Amina") == "available"
