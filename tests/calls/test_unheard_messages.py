"""Voice messages of which the carrier could not tell us: it is asked, and they are kept after all."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from hotline.simulator.faults import CallbackFault, RestFault
from hotline.simulator.legs import Leg
from hotline.simulator.trace import Kind
from tests import factories
from tests.calls import kept, words
from tests.calls.stage import Stage

NIGHT = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
NINE_TO_SIX = ["09:00-18:00"]
OFFICE = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), NINE_TO_SIX)
MORNING = timedelta(hours=13)
PATHS = ("/voice/message", "/voice/recorded", "/voice/status", "/voice/fallback")
ASKED_WITHIN = 30 + 20 + 2
"""Half a minute after the end, and the next round."""
FOUND_OUT_WITHIN = 120 + 20 + ASKED_WITHIN


@pytest.fixture
def night(make_stage: Callable[..., Stage]) -> Stage:
    return make_stage(start=NIGHT, hours=OFFICE)


def speaks(stage: Stage, shown: str = "anonymous") -> Leg:
    """Whoever withholds their number is invited to speak; the others ask for it."""
    caller = stage.call(shown)
    if shown != "anonymous":
        stage.hears(caller, words.READ_BACK)
        caller.press("3")
    assert stage.carrier.advance_until(lambda: caller.recording is not None, 200)
    caller.speak("Bonjour, ici Madame Martin.")
    stage.carrier.advance(1)
    return caller


def hangs_up_unheard(stage: Stage, caller: Leg, paths: tuple[str, ...] = PATHS) -> None:
    """For two seconds the server in front answers errors, as while we restart."""
    for path in paths:
        stage.fail_once(path, times=99)
    caller.hang_up()
    stage.carrier.advance(1)
    stage.restart()
    stage.carrier.advance(1)
    stage.failing.clear()


def asked_for_recordings(stage: Stage) -> list[object]:
    """How the carrier answered each question for the recordings of a call."""
    return [
        one.params["status"]
        for one in stage.carrier.trace
        if one.kind is Kind.REST and str(one.params["path"]).endswith("/Recordings.json")
    ]


def is_kept(stage: Stage, caller: Leg) -> bool:
    """Once, and with its sound."""
    (ticket,) = stage.tickets(caller)
    (message,) = kept.messages(stage, ticket.id)
    sound = stage.services.carrier.message(message.recording)
    return sound.startswith(b"RIFF") and stage.log(caller).count("message_left") == 1


def test_a_withheld_number_and_a_message_that_nobody_told_us_of(night: Stage) -> None:
    """The end came through, the message did not."""
    caller = speaks(night)
    hangs_up_unheard(night, caller, ("/voice/message", "/voice/recorded"))
    assert (night.outcome(caller), kept.due(night, MORNING)) == ("informed", [])
    night.carrier.advance(ASKED_WITHIN)
    assert night.outcome(caller) == "message"
    assert kept.due(night, MORNING) == [night.tickets(caller)[0].id]
    assert is_kept(night, caller)


def test_nor_of_the_end(night: Stage) -> None:
    """The watchdog finds out that the call is over, and then what was said in it."""
    caller = speaks(night)
    hangs_up_unheard(night, caller)
    assert night.outcome(caller) is None
    night.carrier.advance(FOUND_OUT_WITHIN)
    assert night.outcome(caller) == "message"
    assert kept.due(night, MORNING) == [night.tickets(caller)[0].id]
    assert is_kept(night, caller)


@pytest.mark.parametrize("paths", [PATHS, PATHS[:2]])
def test_the_callback_of_a_known_number_has_its_message(night: Stage, paths: tuple[str, ...]) -> None:
    caller = speaks(night, factories.CALLER)
    hangs_up_unheard(night, caller, paths)
    night.carrier.advance(FOUND_OUT_WITHIN)
    assert night.outcome(caller) == "callback"
    assert kept.due(night, MORNING) == [night.tickets(caller)[0].id]
    assert kept.number(night, caller) == factories.CALLER
    assert is_kept(night, caller)


def test_the_database_is_away_as_the_caller_hangs_up(night: Stage) -> None:
    caller = speaks(night)
    night.store.sever()
    caller.hang_up()
    night.carrier.advance(60)
    night.store.mend()
    night.carrier.advance(FOUND_OUT_WITHIN)
    assert night.outcome(caller) == "message"
    assert is_kept(night, caller)


def test_a_message_that_was_told_of_is_asked_about_once_and_kept_once(night: Stage) -> None:
    caller = speaks(night)
    night.leaves(caller)
    assert is_kept(night, caller)
    night.carrier.advance(2 * 3600)
    assert asked_for_recordings(night) == [200]
    assert is_kept(night, caller)


def test_whoever_says_nothing_is_asked_about_twice_and_no_more(night: Stage) -> None:
    """The carrier's first "nothing" may only be early."""
    caller = night.call("anonymous")
    assert night.carrier.advance_until(lambda: caller.recording is not None, 200)
    night.leaves(caller)
    night.carrier.advance(2 * 3600)
    assert asked_for_recordings(night) == [200, 200]
    assert (night.outcome(caller), kept.due(night, MORNING)) == ("informed", [])


def test_no_recordings_are_asked_for_where_no_message_was(stage: Stage) -> None:
    """A callback, and somebody who hangs up while a message is still to be asked for."""
    for shown in (factories.CALLER, "anonymous"):
        caller = stage.asks("2", shown)
        stage.carrier.advance(20)
        stage.leaves(caller)
    stage.carrier.advance(3600)
    assert asked_for_recordings(stage) == []


@pytest.mark.parametrize("fault", ["500", "429"])
def test_a_carrier_that_refuses_at_first_is_asked_again(night: Stage, fault: str) -> None:
    caller = speaks(night)
    refuses = RestFault(fault, times=2, path="/Recordings.json")  # type: ignore[arg-type]  # by parameter
    night.carrier.faults.rest.append(refuses)
    hangs_up_unheard(night, caller, ("/voice/message", "/voice/recorded"))
    night.carrier.advance(120 + 20 + 2)
    assert night.outcome(caller) == "informed"
    night.carrier.advance(480)
    assert night.outcome(caller) == "message"
    assert is_kept(night, caller)
    assert asked_for_recordings(night) == [int(fault), int(fault), 200]


def test_the_carrier_s_callback_comes_when_we_have_asked_already(night: Stage) -> None:
    caller = speaks(night)
    night.carrier.faults.callbacks.append(CallbackFault("delay", "/voice/recorded", seconds=100))
    hangs_up_unheard(night, caller, ("/voice/message",))
    night.carrier.advance(ASKED_WITHIN)
    assert is_kept(night, caller)
    night.carrier.advance(100)
    assert is_kept(night, caller)
    assert len(kept.due(night, MORNING)) == 1


def test_whoever_has_gone_on_after_a_lost_message_is_heard_too(night: Stage) -> None:
    """Their message's own turn failed, and they were asked to speak once more: both are kept."""
    caller = speaks(night)
    night.fail_once("/voice/message", times=2)
    night.fail_once("/voice/recorded", times=2)
    caller.press("#")
    assert night.carrier.advance_until(lambda: caller.recording is None, 30)
    assert night.carrier.advance_until(lambda: caller.recording is not None, 60)
    caller.speak("Encore Madame Martin.")
    night.carrier.advance(1)
    night.failing.clear()
    night.leaves(caller)
    night.carrier.advance(ASKED_WITHIN)
    (ticket,) = night.tickets(caller)
    assert len(kept.messages(night, ticket.id)) == 2
    assert kept.due(night, MORNING) == [ticket.id]
