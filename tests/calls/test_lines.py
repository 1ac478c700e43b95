"""A second line with its own number and script needs no code; a call keeps the script that it began with."""

from collections.abc import Callable

from hotline.switchboard.lines import Lines, line
from tests import factories, scripts
from tests.calls.stage import Stage

SECOND = "+33261910001"


def test_each_number_has_its_own_script(make_stage: Callable[..., Stage]) -> None:
    greeting = ["Bonjour.", "Vous appelez la médiathèque."]
    other = scripts.body(
        numbers=[SECOND],
        title="la médiathèque",
        topics=scripts.BODY["topics"][:1],
        prompts__fr__greeting=greeting,
    )
    stage = make_stage(more_lines=(("library", other),))
    amina = stage.mediator("Amina", "benefits")
    caller = stage.asks("1", line=SECOND)
    assert "Vous appelez la médiathèque" in caller.heard_text()
    assert stage.rings("Amina")
    assert amina.shows == SECOND
    stage.connect(caller, amina)
    assert "Appel pour la médiathèque" in str(amina.leg and amina.leg.heard_text())


def test_a_number_that_no_script_names_is_answered_all_the_same(stage: Stage) -> None:
    document = stage.post("/voice/incoming", CallSid="CAx", To="+33199009999", From=factories.CALLER)
    assert "Bonjour" in document


def test_a_call_goes_on_with_the_script_it_began_with(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    caller = stage.call()
    stage.carrier.advance(4)
    changed = scripts.body(topics=scripts.BODY["topics"][2:3])
    now = Lines([line("demo", changed, fiction_numbers=True)], fiction_numbers=True)
    stage.services.lines.lines, stage.services.lines._by_version = now.lines, now._by_version
    caller.press("2")
    stage.carrier.advance(6)
    stage.connect(caller, amina)


def test_a_step_that_this_version_does_not_know_goes_on_to_a_person(stage: Stage) -> None:
    amina = stage.mediator("Amina", "health")
    caller = stage.call()
    stage.carrier.advance(4)
    stage.set_state(caller, {"step": "a step of another version", "language": "fr", "knows_number": True})
    caller.press("2")
    assert stage.rings("Amina")
    stage.connect(caller, amina)
