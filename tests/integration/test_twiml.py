"""Every document that we can send is one that the carrier takes."""

import re
import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest

from hotline.ivr.actions import Action, Ask, HangUp, Hold, Record, Ring, Say
from hotline.queue.ids import CallId, OfferId
from hotline.simulator.twiml_check import problems
from hotline.switchboard.turns import Answer, Ringing
from hotline.telephony import music, twiml
from hotline.telephony.urls import OVERRIDES, Urls
from hotline.telephony.voices import VOICES, voice
from tests import factories, scripts

SCRIPT = scripts.script()
BASE = "https://line.example.org/hotline"
URLS = Urls(BASE)
OFFER = OfferId(7)
RINGING = Ringing(OFFER, factories.number(1), shown=SCRIPT.numbers[0])
ACTIONS: list[Action] = [
    Ask(timedelta(seconds=6)),
    Ask(timedelta(seconds=8), many=True),
    Ring(7),
    Hold(),
    HangUp(),
    Record(timedelta(seconds=120), timedelta(seconds=5)),
]
SAID = (Say(("Bonjour.", "Au revoir."), "fr"), Say(("Hello.",), "en", slow=True), Say((), "fr"))
SENTENCES = ("Un instant.", "Merci.")
OURS = re.compile(rf"{re.escape(BASE)}/voice/[a-z]+(\?[a-z=&0-9]+)?{re.escape(OVERRIDES)}")
METHODS = {
    "action": "method",
    "url": "method",
    "waitUrl": "waitUrlMethod",
    "statusCallback": "statusCallbackMethod",
    "recordingStatusCallback": "recordingStatusCallbackMethod",
}
MUSIC = URLS.music(3)
NASTY = "a\x00b\x08c\x0bd\x0ce\x1ff\ufffeg\uffffh"


def answer(then: Action, say: tuple[Say, ...] = SAID) -> Answer:
    ringing = RINGING if isinstance(then, Ring) else None
    return Answer(CallId(1), "turn 3", 4, SCRIPT, say, then, ringing)


def parsed(text: str) -> ET.Element:
    assert text.startswith("<?xml")
    return ET.fromstring(text.encode())


def one(root: ET.Element, path: str) -> ET.Element:
    found = root.findall(path)
    assert len(found) == 1
    return found[0]


def all_documents() -> list[tuple[str, str | None]]:
    """Each with the place in which the carrier asks for it."""
    documents: list[tuple[str, str | None]] = [
        (twiml.document(answer(then, say), URLS), None) for then in ACTIONS for say in (SAID, ())
    ]
    documents += [(twiml.wait(say, "fr", MUSIC, URLS), "enqueue.waitUrl") for say in (SENTENCES, ())]
    documents += [(text, "enqueue.waitUrl") for text in (twiml.leave(), twiml.wait_a_moment())]
    documents += [(text, None) for text in (twiml.EMPTY, twiml.again(URLS), twiml.out_of_order(SCRIPT))]
    asked = twiml.whisper(SENTENCES, "fr", timedelta(seconds=3), OFFER, 1, URLS)
    told = [twiml.told(SENTENCES, "fr", hang_up=hang_up) for hang_up in (True, False)]
    return documents + [(text, "number.url") for text in (asked, *told)]


@pytest.mark.parametrize(("text", "place"), all_documents())
def test_the_carrier_takes_every_document(text: str, place: str | None) -> None:
    assert problems(text, place) == []


@pytest.mark.parametrize("text", [text for text, _ in all_documents()])
def test_every_address_is_absolute_ours_and_says_how_to_try_again(text: str) -> None:
    for element in parsed(text).iter():
        for name in set(METHODS) & set(element.attrib):
            assert OURS.fullmatch(element.attrib[name])
            assert element.attrib[METHODS[name]] == "POST"
        if element.tag == "Redirect":
            assert OURS.fullmatch(element.text or "")
            assert element.attrib["method"] == "POST"


def test_an_empty_answer_says_nothing() -> None:
    assert len(parsed(twiml.EMPTY)) == 0


def test_a_question_is_said_while_a_key_may_be_pressed() -> None:
    gather, without_an_answer = parsed(twiml.document(answer(ACTIONS[0]), URLS))
    assert (gather.tag, without_an_answer.tag) == ("Gather", "Redirect")
    assert without_an_answer.text == gather.attrib["action"], "where a carrier reports no empty answer"
    assert gather.attrib == {
        "input": "dtmf",
        "action": f"{BASE}/voice/turn?n=4{OVERRIDES}",
        "method": "POST",
        "timeout": "6",
        "actionOnEmptyResult": "true",
        "finishOnKey": "",
        "numDigits": "1",
    }
    french, english = gather
    assert french.attrib == {"language": "fr-FR", "voice": "Polly.Lea-Neural"}
    assert "".join(french.itertext()) == "Bonjour.Au revoir."
    assert one(french, "./break").attrib == {"time": twiml.A_BREATH}
    assert one(english, "./prosody").attrib == {"rate": "slow"}


def test_many_digits_end_with_the_hash_key() -> None:
    gather = one(parsed(twiml.document(answer(ACTIONS[1]), URLS)), "./Gather")
    assert gather.attrib["finishOnKey"] == "#"
    assert gather.attrib["timeout"] == "8"
    assert "numDigits" not in gather.attrib


def test_a_ring_shows_a_number_of_ours_and_keeps_the_caller_company() -> None:
    root = parsed(twiml.document(answer(Ring(7)), URLS))
    assert [element.tag for element in root] == ["Say", "Say", "Dial"], "said before it rings"
    dial = one(root, "./Dial")
    assert dial.attrib == {
        "answerOnBridge": "true",
        "callerId": "+33199001234",
        "timeout": "20",
        "timeLimit": "14400",
        "action": f"{BASE}/voice/rung?n=4{OVERRIDES}",
        "method": "POST",
    }
    assert dial.attrib["callerId"] in SCRIPT.numbers
    number = one(dial, "./Number")
    assert number.text == factories.number(1)
    assert number.attrib["url"] == f"{BASE}/voice/whisper?offer=7{OVERRIDES}"
    assert number.attrib["statusCallback"] == f"{BASE}/voice/leg?offer=7{OVERRIDES}"
    assert number.attrib["statusCallbackEvent"] == "completed"


def test_a_hold_is_ours_to_fill() -> None:
    enqueue = one(parsed(twiml.document(answer(Hold()), URLS)), "./Enqueue")
    assert enqueue.attrib["waitUrl"] == f"{BASE}/voice/wait{OVERRIDES}", "the same address each time"
    assert enqueue.attrib["action"] == f"{BASE}/voice/held?n=4{OVERRIDES}"
    assert enqueue.text == twiml.QUEUE


def test_the_end_is_said_before_hanging_up() -> None:
    root = parsed(twiml.document(answer(HangUp()), URLS))
    assert [element.tag for element in root] == ["Say", "Say", "Hangup"]


@pytest.mark.parametrize("sentences", [SENTENCES, ()])
def test_a_wait_turn_speaks_or_plays_while_a_key_can_be_pressed(sentences: tuple[str, ...]) -> None:
    """Nothing follows the question, so the carrier asks for the next wait turn."""
    gather = one(parsed(twiml.wait(sentences, "fr", MUSIC, URLS)), "./*")
    assert gather.attrib == {
        "input": "dtmf",
        "numDigits": "1",
        "finishOnKey": "",
        "timeout": "1",
        "action": f"{BASE}/voice/keyed{OVERRIDES}",
        "method": "POST",
    }
    filled = one(gather, "./*")
    assert filled.tag == ("Say" if sentences else "Play")
    assert "".join(filled.itertext()) == ("Un instant.Merci." if sentences else f"{BASE}/sounds/hold-3.wav")


def test_whoever_is_about_to_be_fetched_waits_a_second() -> None:
    pause = one(parsed(twiml.wait_a_moment()), "./*")
    assert (pause.tag, pause.attrib) == ("Pause", {"length": "1"})


def test_the_music_begins_again_after_its_last_part() -> None:
    assert URLS.music(music.PARTS) == URLS.music(0) == f"{BASE}/sounds/hold-0.wav"


def test_a_message_is_told_of_twice_and_an_empty_one_goes_on() -> None:
    root = parsed(twiml.document(answer(ACTIONS[-1], SAID[:1]), URLS))
    assert [element.tag for element in root] == ["Say", "Record", "Redirect"]
    assert one(root, "./Record").attrib == {
        "action": f"{BASE}/voice/message?n=4{OVERRIDES}",
        "method": "POST",
        "maxLength": "120",
        "timeout": "5",
        "playBeep": "true",
        "recordingStatusCallback": f"{BASE}/voice/recorded{OVERRIDES}",
        "recordingStatusCallbackMethod": "POST",
    }
    assert one(root, "./Redirect").text == f"{BASE}/voice/turn?n=4{OVERRIDES}"


def test_without_the_database_each_language_hears_when_to_call_again() -> None:
    root = parsed(twiml.out_of_order(SCRIPT))
    assert [element.tag for element in root] == ["Say", "Say", "Hangup"]
    for said, language in zip(root, SCRIPT.languages, strict=False):
        assert "".join(said.itertext()).startswith("".join(language.prompts.greeting))
        assert "112" in "".join(said.itertext())


def test_leaving_the_hold_is_all_that_is_said() -> None:
    assert [element.tag for element in parsed(twiml.leave())] == ["Leave"]


def test_the_whisper_asks_for_a_key_and_connects_nobody_unasked() -> None:
    text = twiml.whisper(SENTENCES, "fr", timedelta(seconds=3), OFFER, 2, URLS)
    gather, hangup = parsed(text)
    assert gather.attrib["action"] == f"{BASE}/voice/whispered?offer=7&asked=2{OVERRIDES}"
    assert (gather.attrib["timeout"], gather.attrib["numDigits"]) == ("3", "1")
    assert gather.attrib["actionOnEmptyResult"] == "true"
    assert hangup.tag == "Hangup"


@pytest.mark.parametrize(("hang_up", "tags"), [(True, ["Say", "Hangup"]), (False, ["Say"])])
def test_what_a_mediator_is_told_ends_in_a_talk_or_not(hang_up: bool, tags: list[str]) -> None:
    assert [element.tag for element in parsed(twiml.told(SENTENCES, "fr", hang_up=hang_up))] == tags


@pytest.mark.parametrize("slow", [False, True])
def test_characters_that_no_document_may_hold_become_blanks(slow: bool) -> None:
    text = twiml.document(answer(HangUp(), (Say((NASTY, "<&>\"'é\t\n…"), "fr", slow=slow),)), URLS)
    assert problems(text) == []
    assert "".join(one(parsed(text), "./Say").itertext()) == "a b c d e f g h<&>\"'é\t\n…"


def test_every_voice_speaks_its_language() -> None:
    for code, found in VOICES.items():
        assert found.language.startswith(f"{code}-")
        assert problems(twiml.told(("…",), code, hang_up=True), "number.url") == []
    with pytest.raises(KeyError):
        voice("tlh")


def test_the_longest_turn_fits_into_a_document() -> None:
    prompts = SCRIPT.first.prompts
    say = tuple(Say(getattr(prompts, name), "fr", slow=True) for name in prompts.__slots__)
    assert problems(twiml.document(answer(ACTIONS[0], say), URLS)) == []
