"""Withheld numbers: one is keyed, or a voice message is left, or they are told what to do. None is lost."""

from collections.abc import Callable

import pytest

from hotline.simulator.faults import WebhookRepeat
from hotline.simulator.legs import Leg
from hotline.simulator.trace import Kind
from hotline.store import calls
from tests.calls import heard, kept, words
from tests.calls.stage import Stage

WORDS = "Jeanne, zéro un, quatre-vingt-dix-neuf, pour mes impôts."


def asked_for_a_number(stage: Stage) -> Leg:
    """Nobody is on duty, and the number is withheld."""
    caller = stage.asks("2", "anonymous")
    stage.hears(caller, words.WHICH_NUMBER)
    return caller


def invited_to_speak(stage: Stage) -> Leg:
    """Somebody who presses nothing: a set that sends no tones."""
    caller = asked_for_a_number(stage)
    stage.hears(caller, words.NO_NUMBER, within=90)
    stage.hears(caller, words.BEEP)
    return caller


def message_is_kept(stage: Stage, caller: Leg) -> None:
    """Once, with its sound, and due for whoever listens to it."""
    assert stage.outcome(caller) == "message"
    (ticket,) = stage.tickets(caller)
    assert ticket.state == "callback_due"
    assert ticket.number_index is None
    (message,) = kept.messages(stage, ticket.id)
    assert message.seconds
    assert kept.due(stage) == [ticket.id]
    assert stage.services.carrier.message(message.recording).startswith(b"RIFF")
    assert stage.log(caller).count("message_left") == 1


def post_message(stage: Stage, caller: Leg, path: str, recording: str, **more: str) -> str:
    """What the carrier says of a recording, by hand."""
    url = f"{stage.services.settings.api_base}/2010-04-01/Accounts/AC1/Recordings/{recording}"
    form = {"CallSid": caller.sid, "RecordingUrl": url, "RecordingSid": recording, "RecordingDuration": "7"}
    return stage.post(path, **(form | more))


def test_without_tones_a_voice_message_is_offered_by_itself(stage: Stage) -> None:
    caller = invited_to_speak(stage)
    caller.speak(WORDS)
    stage.hears(caller, words.KEPT)
    assert stage.is_over(caller)
    message_is_kept(stage, caller)
    assert heard.codes(caller) == [kept.ticket(stage, caller).code] * 2
    assert words.SOON in caller.heard_text()


def test_the_notice_comes_before_the_signal(stage: Stage) -> None:
    caller = invited_to_speak(stage)
    said = caller.heard_text()
    assert said.index("Il sera enregistré pour l'équipe, puis effacé après 30 jours") < said.index(words.BEEP)
    assert "Dites votre nom, votre numéro de téléphone, et votre question." in said


def test_who_speaks_and_hangs_up_has_left_a_message(stage: Stage) -> None:
    caller = invited_to_speak(stage)
    caller.speak(WORDS)
    stage.carrier.advance(2)
    stage.leaves(caller)
    message_is_kept(stage, caller)


def test_who_speaks_and_hangs_up_in_the_middle_of_a_word_has_left_a_message(stage: Stage) -> None:
    caller = invited_to_speak(stage)
    caller.speak(WORDS)
    stage.leaves(caller)
    message_is_kept(stage, caller)


def test_a_key_ends_the_message_too(stage: Stage) -> None:
    caller = invited_to_speak(stage)
    caller.speak(WORDS)
    stage.carrier.advance(1)
    caller.press("#")
    stage.hears(caller, words.KEPT)
    assert stage.is_over(caller)
    message_is_kept(stage, caller)


def test_who_says_nothing_is_told_what_they_may_do(stage: Stage) -> None:
    caller = invited_to_speak(stage)
    stage.hears(caller, f"{words.EMPTY} {words.said('callback_impossible')}")
    assert stage.is_over(caller)
    assert stage.outcome(caller) == "informed"
    assert {one.state for one in stage.tickets(caller)} <= {"closed"}
    assert kept.due(stage) == []


@pytest.mark.parametrize("at", [asked_for_a_number, invited_to_speak])
def test_who_hangs_up_in_silence_is_informed_and_nobody_is_due(
    stage: Stage, at: Callable[[Stage], Leg]
) -> None:
    caller = at(stage)
    stage.leaves(caller)
    assert stage.outcome(caller) == "informed"
    assert kept.due(stage) == []


def test_a_number_is_keyed_late_and_read_back(stage: Stage) -> None:
    caller = asked_for_a_number(stage)
    stage.hears(caller, "Prenez votre temps")
    caller.press("0639980007#")
    stage.hears(caller, words.read_back("zéro six, trois neuf, neuf huit, zéro zéro, zéro sept"))
    stage.leaves(caller)
    assert stage.outcome(caller) == "callback"
    assert kept.number(stage, caller) == "+33639980007"
    assert kept.is_due(stage, caller)


def test_a_message_instead_of_keying(stage: Stage) -> None:
    """They see that they have mistyped, and speak instead."""
    caller = asked_for_a_number(stage)
    caller.press("0639980007#")
    stage.hears(caller, "zéro zéro, zéro sept")
    caller.press("3")
    stage.hears(caller, words.BEEP)
    caller.speak(WORDS)
    stage.leaves(caller)
    ticket = kept.ticket(stage, caller)
    assert len(kept.messages(stage, ticket.id)) == 1
    assert kept.number(stage, caller) == "+33639980007"
    assert kept.due(stage) == [ticket.id]


def test_only_the_callback_of_the_recording_arrives(stage: Stage) -> None:
    stage.fail_once("/voice/message", times=10)
    caller = invited_to_speak(stage)
    caller.speak(WORDS)
    stage.carrier.advance(1)
    stage.leaves(caller)
    message_is_kept(stage, caller)


def test_only_the_action_arrives(stage: Stage) -> None:
    stage.fail_once("/voice/recorded", times=10)
    caller = invited_to_speak(stage)
    caller.speak(WORDS)
    stage.carrier.advance(1)
    stage.leaves(caller)
    message_is_kept(stage, caller)


def test_the_callback_arrives_long_after_the_end(stage: Stage) -> None:
    """Until then the call had ended in silence."""
    stage.fail_once("/voice/message", times=10)
    stage.fail_once("/voice/recorded", times=10)
    caller = invited_to_speak(stage)
    caller.speak(WORDS)
    stage.carrier.advance(1)
    stage.leaves(caller)
    assert stage.outcome(caller) == "informed"
    stage.carrier.advance(900)
    stage.failing.clear()
    (recording,) = stage.carrier.exchange.recordings
    post_message(stage, caller, "/voice/recorded", recording, RecordingStatus="completed")
    message_is_kept(stage, caller)
    assert stage.log(caller).count("ended") == 1


@pytest.mark.parametrize("order", [("/voice/recorded",) * 2, ("/voice/recorded", "/voice/message?n=4")])
def test_the_callback_doubled_or_before_the_action_is_one_message(
    stage: Stage, order: tuple[str, str]
) -> None:
    caller = invited_to_speak(stage)
    caller.speak(WORDS)
    stage.fail_once("/voice/message", times=10)
    stage.fail_once("/voice/recorded", times=10)
    stage.carrier.advance(1)
    stage.leaves(caller)
    stage.failing.clear()
    (recording,) = stage.carrier.exchange.recordings
    for path in order:
        post_message(stage, caller, path, recording, CallStatus="completed")
    message_is_kept(stage, caller)


def test_a_message_whose_turn_comes_after_its_callback_goes_on_to_the_code(stage: Stage) -> None:
    caller = invited_to_speak(stage)
    post_message(stage, caller, "/voice/recorded", "RE1", CallStatus="in-progress")
    asked = sum(one.kind is Kind.WEBHOOK and one.leg == caller.sid for one in stage.carrier.trace)
    answer = post_message(stage, caller, f"/voice/message?n={asked}", "RE1", CallStatus="in-progress")
    assert words.KEPT in answer
    assert words.CODE in answer
    stage.leaves(caller)
    assert stage.outcome(caller) == "message"
    assert stage.log(caller).count("message_left") == 1


@pytest.mark.parametrize("token", ["same", "new"])
def test_the_action_repeated_is_one_message(stage: Stage, token: str) -> None:
    repeat = WebhookRepeat("/voice/message", token, times=None)  # type: ignore[arg-type]  # by parameter
    stage.carrier.faults.repeats.append(repeat)
    caller = invited_to_speak(stage)
    caller.speak(WORDS)
    stage.hears(caller, words.KEPT)
    assert stage.is_over(caller)
    message_is_kept(stage, caller)
    assert len(heard.codes(caller)) == 2


@pytest.mark.parametrize("status", ["in-progress", "absent", "failed"])
def test_a_recording_that_is_none_is_no_message(stage: Stage, status: str) -> None:
    caller = invited_to_speak(stage)
    stage.leaves(caller)
    post_message(stage, caller, "/voice/recorded", "RE1", RecordingStatus=status)
    assert stage.outcome(caller) == "informed"
    assert kept.due(stage) == []


def test_a_recording_of_a_call_that_we_do_not_know_changes_nothing(stage: Stage) -> None:
    form = {"CallSid": "CAunknown", "RecordingUrl": "http://127.0.0.1/RE1", "RecordingDuration": "7"}
    stage.post("/voice/recorded", **form)
    assert kept.due(stage) == []


def test_withheld_numbers_are_different_people(stage: Stage) -> None:
    """Two of them in a row are two tickets: nobody takes over somebody else's place."""
    for n in (7, 8):
        caller = asked_for_a_number(stage)
        caller.press(f"063998000{n}#")
        stage.hears(caller, words.READ_BACK)
        stage.leaves(caller)
    assert len(kept.due(stage)) == 2


def test_a_withheld_number_waits_in_hold_like_any_other(stage: Stage) -> None:
    amina = stage.busy()
    caller = stage.holds("anonymous")
    amina.hang_up()
    assert stage.rings("Amina", within=130)
    stage.connect(caller, amina)
    assert amina.shows == "+33199001234"


def keys_slowly(stage: Stage, caller: Leg, digits: str, pause: float = 1) -> None:
    for digit in digits:
        caller.press(digit)
        stage.carrier.advance(pause)


def test_somebody_slow_who_begins_to_key_when_the_tone_comes_is_called_back(stage: Stage) -> None:
    caller = invited_to_speak(stage)
    stage.carrier.advance(1)
    keys_slowly(stage, caller, "0639980044")
    assert stage.is_over(caller)
    assert stage.outcome(caller) == "callback"
    assert kept.number(stage, caller) == "+33639980044"


@pytest.mark.parametrize("pieces", [["06", "39", "98", "00", "44"], ["0639", "980044#"]])
def test_a_number_is_keyed_in_pieces_as_it_is_read_from_a_paper(stage: Stage, pieces: list[str]) -> None:
    caller = asked_for_a_number(stage)
    for piece in pieces:
        keys_slowly(stage, caller, piece)
        stage.carrier.advance(11)
    stage.hears(caller, "zéro six, trois neuf, neuf huit, zéro zéro, quatre quatre")
    assert stage.is_over(caller)
    assert stage.outcome(caller) == "callback"
    assert kept.number(stage, caller) == "+33639980044"


def test_the_beginning_of_a_number_is_sealed_where_it_is_kept(stage: Stage) -> None:
    caller = asked_for_a_number(stage)
    caller.press("0639")
    stage.carrier.advance(13)
    with stage.services.store.reading() as tx:
        state = calls.get(tx, stage.summary(caller)[0]).state
    assert "0639" not in str(state)
    assert state["keyed_sealed"]
