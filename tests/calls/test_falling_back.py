"""When one of our answers fails, the carrier asks the fallback address: the call goes on from where it is."""

from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event

import pytest

from hotline.store import switch
from hotline.store.transactions import Tx
from tests import factories
from tests.calls import heard, kept, words
from tests.calls.stage import Stage
from tests.calls.talks import desk_of, offer_of


def test_a_call_in_the_menu_goes_on_to_a_person(stage: Stage) -> None:
    amina = stage.mediator("Amina", "health")
    caller = stage.call()
    stage.carrier.advance(4)
    stage.fail_once("/voice/turn")
    caller.press("2")
    assert stage.rings("Amina")
    assert "petit problème" in caller.heard_text()
    stage.connect(caller, amina)
    caller.hang_up()
    stage.carrier.advance(2)
    assert stage.outcome(caller) == "answered"


def test_a_call_that_could_not_even_begin_begins_at_the_fallback(stage: Stage) -> None:
    stage.mediator("Amina", "taxes")
    stage.fail_once("/voice/incoming")
    caller = stage.call()
    stage.carrier.advance(4)
    assert "Bonjour" in caller.heard_text()
    caller.press("2")
    assert stage.rings("Amina")


def test_a_ring_whose_end_could_not_be_answered_goes_on_to_the_next(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    bruno = stage.mediator("Bruno", "taxes")
    amina.behaviour = "busy"
    stage.fail_once("/voice/rung")
    caller = stage.asks("2")
    assert stage.rings("Bruno", within=30)
    stage.connect(caller, bruno)


def test_a_wait_document_that_fails_does_not_cost_the_caller_the_place(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    stage.connect(stage.asks("2", caller="+33639980002"), amina)
    stage.fail_once("/voice/wait")
    caller = stage.asks("2")
    amina.hang_up()
    assert stage.rings("Amina", within=200)
    stage.connect(caller, amina)


def test_a_hold_that_fails_again_and_again_ends_with_a_callback(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    stage.connect(stage.asks("2", caller="+33639980002"), amina)
    stage.fail_once("/voice/wait", times=100)
    caller = stage.asks("2")
    assert stage.is_over(caller)
    assert stage.outcome(caller) == "callback"


@pytest.mark.parametrize(("number", "outcome"), [(factories.CALLER, "callback"), ("anonymous", "failed")])
def test_whoever_hangs_up_after_a_failure_is_called_back_if_that_can_be(
    stage: Stage, number: str, outcome: str
) -> None:
    """Perhaps they were cut off."""
    stage.mediator("Amina", "taxes")
    caller = stage.call(number)
    stage.carrier.advance(4)
    stage.fail_once("/voice/turn")
    caller.press("2")
    stage.carrier.advance(3)
    caller.hang_up()
    stage.carrier.advance(2)
    assert stage.outcome(caller) == outcome


def test_the_fallback_of_an_unknown_call_is_a_beginning(stage: Stage) -> None:
    document = stage.post(
        "/voice/fallback", CallSid="CAx", To=factories.LINE, From="anonymous", ErrorCode="11200"
    )
    assert "Bonjour" in document


def test_in_the_dialogue_what_is_promised_stands_and_the_code_is_told(stage: Stage) -> None:
    caller = stage.call()
    caller.press("9")
    stage.hears(caller, words.READ_BACK)
    stage.fail_once("/voice/turn")
    caller.press("1")
    assert stage.is_over(caller)
    assert heard.codes(caller) == [kept.ticket(stage, caller).code] * 2
    assert stage.outcome(caller) == "callback"
    assert kept.is_due(stage, caller)


def test_a_number_that_got_lost_on_the_way_is_asked_for_again(stage: Stage) -> None:
    caller = stage.asks("2", "anonymous")
    stage.hears(caller, words.WHICH_NUMBER)
    stage.fail_once("/voice/turn")
    caller.press("0639980007#")
    stage.hears(caller, words.WHICH_NUMBER, times=2)
    caller.press("0639980007#")
    stage.hears(caller, words.READ_BACK)
    stage.leaves(caller)
    assert kept.number(stage, caller) == "+33639980007"
    assert stage.outcome(caller) == "callback"


def test_a_message_whose_turn_failed_is_kept_all_the_same(stage: Stage) -> None:
    """The carrier's other word of it arrives, and whoever is still there may speak again."""
    caller = stage.asks("2", "anonymous")
    stage.hears(caller, words.BEEP, within=120)
    stage.fail_once("/voice/message")
    caller.speak("Jeanne, pour mes impôts.")
    assert stage.is_over(caller)
    assert stage.outcome(caller) == "message"
    assert len(kept.due(stage)) == 1


def test_nobody_is_told_of_a_person_where_none_is_called(stage: Stage) -> None:
    """In the dialogue a promise is all there is."""
    caller = stage.call()
    caller.press("9")
    stage.hears(caller, words.READ_BACK)
    stage.fail_once("/voice/turn")
    caller.press("1")
    assert stage.is_over(caller)
    assert words.said("trouble") not in caller.heard_text()


def test_a_talk_whose_end_could_not_be_answered_was_a_talk(stage: Stage) -> None:
    """Nobody is rung again for somebody who has just been helped."""
    amina = stage.mediator("Amina", "taxes")
    caller = stage.asks("2")
    stage.connect(caller, amina)
    stage.carrier.advance(600)
    stage.fail_once("/voice/rung")
    amina.hang_up()
    assert stage.is_over(caller, within=20)
    assert stage.outcome(caller) == "answered"
    assert stage.state("Amina") == "wrap_up"
    assert words.said("goodbye") in caller.heard_text()


def test_so_it_is_when_the_end_had_been_noticed_before(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    caller = stage.asks("2")
    stage.connect(caller, amina)
    stage.carrier.advance(60)
    stage.later(5)
    stage.fail_once("/voice/rung")
    amina.hang_up()
    assert stage.is_over(caller, within=20)
    assert stage.outcome(caller) == "answered"


def test_of_two_who_were_never_connected_the_caller_goes_on_to_somebody(stage: Stage) -> None:
    amina = stage.mediator("Amina", "taxes")
    caller = stage.asks("2")
    amina.answer()
    stage.carrier.advance(4)
    stage.fail_once("/voice/rung")
    amina.press("1")
    amina.hang_up()
    stage.carrier.advance(1)
    assert stage.rings("Amina", within=120)
    stage.connect(caller, amina)


@pytest.mark.parametrize("number", [factories.CALLER, "anonymous"])
def test_a_nine_after_a_transfer_is_no_end_of_a_talk(stage: Stage, number: str) -> None:
    amina, driss = stage.mediator("Amina", "taxes"), stage.mediator("Driss", "work")
    stage.connect(stage.asks("4", "+33639980055"), driss)
    caller = stage.asks("2", number)
    stage.connect(caller, amina)
    desk, offer = desk_of(stage, "Amina"), offer_of(stage, "Amina")
    stage.carrier.advance(60)
    desk.post(f"/desk/{offer}/transfer", to="topic:work")
    assert stage.carrier.advance_until(lambda: caller.in_queue is not None, 30)
    stage.carrier.advance(5)
    stage.fail_once("/voice/held")
    caller.press("9")
    stage.hears(caller, words.WHICH_NUMBER if number == "anonymous" else words.CODE, within=60)


@pytest.mark.parametrize("held", [False, True])
def test_many_fallbacks_at_once_are_answered(stage: Stage, held: bool) -> None:
    """As after the hiccup of a proxy; also while somebody holds a lock for a moment."""
    stage.busy("Bruno")
    legs = [f"CAmany{n:02}" for n in range(30)]
    for leg in legs:
        stage.post("/voice/incoming", CallSid=leg, To=factories.LINE, From="anonymous")
        stage.post("/voice/turn?n=1", CallSid=leg, To=factories.LINE, From="anonymous", Digits="2")
    taken, release = Event(), Event()

    def hold(tx: Tx) -> None:
        switch.take(tx)
        taken.set()
        release.wait(10)

    def falls_back(leg: str) -> str:
        return stage.post("/voice/fallback", CallSid=leg, To=factories.LINE, From="anonymous")

    with ThreadPoolExecutor(len(legs) + 1) as pool:
        if held:
            pool.submit(stage.services.store.run, hold)
            assert taken.wait(10)
        answers = [pool.submit(falls_back, leg) for leg in legs]
        wait(answers[:1], timeout=0.3 if held else None)
        release.set()
        assert [one for one in answers if "<Hangup" in one.result()] == []
