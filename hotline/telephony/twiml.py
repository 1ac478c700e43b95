"""Puts what is to be done into the carrier's words."""

import re
from datetime import timedelta
from typing import Final, assert_never

from twilio.twiml.voice_response import Dial, Gather, Say, VoiceResponse

from hotline.ivr.actions import Action, Ask, HangUp, Hold, Record, Ring
from hotline.ivr.prompts import Sentences
from hotline.ivr.script import Script
from hotline.queue.ids import OfferId
from hotline.switchboard.turns import Answer, Ringing
from hotline.telephony.urls import Urls
from hotline.telephony.voices import voice

A_BREATH: Final = "600ms"
"""Between two sentences: whoever is not used to menus needs a moment for each."""
QUEUE: Final = "hotline"
LEG_EVENTS: Final = "completed"
EMPTY: Final = str(VoiceResponse())
# what the client would pass on raw, and no XML may hold
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def document(answer: Answer, urls: Urls) -> str:
    """The document that answers a turn of the caller's leg."""
    response = VoiceResponse()
    if isinstance(answer.then, Ask):
        _ask(response, answer, answer.then, urls)
    else:
        for said in answer.say:
            say(response, said.sentences, said.language, slow=said.slow)
        _do(response, answer, answer.then, urls)
    return str(response)


def say(holder: VoiceResponse | Gather, sentences: Sentences, language: str, *, slow: bool = False) -> None:
    """Add sentences with a breath between them; `slow` also says them slowly."""
    if not sentences:
        return
    spoken = voice(language)
    verb = Say(voice=spoken.name, language=spoken.language)
    words = verb.prosody(rate="slow") if slow else verb
    for number, sentence in enumerate(sentences):
        if number:
            words.break_(time=A_BREATH)
        words.append(_CONTROL.sub(" ", sentence))
    holder.append(verb)


def seconds(duration: timedelta) -> int:
    return int(duration.total_seconds())


def _ask(response: VoiceResponse, answer: Answer, ask: Ask, urls: Urls) -> None:
    gather = Gather(
        input="dtmf",
        action=urls.turn(answer.turn),
        method="POST",
        timeout=seconds(ask.silence),
        action_on_empty_result=True,
        # a single # or * in a menu is an answer like any other key
        **({"finish_on_key": "#"} if ask.many else {"finish_on_key": "", "num_digits": 1}),
    )
    for said in answer.say:
        say(gather, said.sentences, said.language, slow=said.slow)
    response.append(gather)
    # reached only where a carrier does not report an empty answer: the same turn, with nothing said
    response.redirect(urls.turn(answer.turn), method="POST")


def _do(response: VoiceResponse, answer: Answer, action: Action, urls: Urls) -> None:
    match action:
        case Ring():
            assert answer.ringing is not None
            _ring(response, answer, answer.ringing, urls)
        case Hold():
            response.enqueue(
                QUEUE,
                action=urls.held(answer.turn),
                method="POST",
                wait_url=urls.wait(),
                wait_url_method="POST",
            )
        case Record():
            _record(response, answer.turn, action, urls)
        case HangUp():
            response.hangup()
        case Ask():
            raise AssertionError("an Ask says its sentences itself")
        case _:
            assert_never(action)


def _ring(response: VoiceResponse, answer: Answer, ringing: Ringing, urls: Urls) -> None:
    timings = answer.script.timings
    dial = Dial(
        # without it the caller hears nothing while the mediator is asked
        answer_on_bridge=True,
        # a withheld or garbled number handed on would be refused by the mediator's network
        caller_id=ringing.shown,
        timeout=seconds(timings.ring),
        time_limit=seconds(timings.longest_talk),
        action=urls.rung(answer.turn),
        method="POST",
    )
    dial.number(
        ringing.number,
        url=urls.whisper(ringing.offer),
        method="POST",
        status_callback=urls.mediator_leg(ringing.offer),
        status_callback_method="POST",
        status_callback_event=LEG_EVENTS,
    )
    response.append(dial)


def _record(response: VoiceResponse, turn: int, record: Record, urls: Urls) -> None:
    response.record(
        action=urls.message(turn),
        method="POST",
        max_length=seconds(record.longest),
        timeout=seconds(record.silence),
        play_beep=True,
        # whoever hangs up after their message is heard of by this alone
        recording_status_callback=urls.recorded(),
        recording_status_callback_method="POST",
    )
    # reached when nothing was recorded
    response.redirect(urls.turn(turn), method="POST")


def wait(sentences: Sentences, language: str, music: str, urls: Urls) -> str:
    """A few seconds of hold, in which a key can be pressed; the carrier asks again when they are over."""
    response = VoiceResponse()
    gather = Gather(
        input="dtmf", num_digits=1, finish_on_key="", timeout=1, action=urls.keyed(), method="POST"
    )
    if sentences:
        say(gather, sentences, language)
    else:
        gather.play(music)
    response.append(gather)
    return str(response)


def wait_a_moment() -> str:
    """A second of hold: the caller is fetched any moment."""
    response = VoiceResponse()
    response.pause(length=1)
    return str(response)


def again(urls: Urls) -> str:
    """Ask once more: whoever follows is there."""
    response = VoiceResponse()
    response.redirect(urls.again(), method="POST")
    return str(response)


def out_of_order(script: Script) -> str:
    """All that can be said without the database, in each language of the line."""
    response = VoiceResponse()
    for language in script.languages:
        texts = language.prompts
        say(response, texts.greeting + texts.out_of_order + texts.goodbye, language.code)
    response.hangup()
    return str(response)


def hang_up() -> str:
    response = VoiceResponse()
    response.hangup()
    return str(response)


def leave() -> str:
    """Out of hold."""
    response = VoiceResponse()
    response.leave()
    return str(response)


def whisper(
    sentences: Sentences, language: str, silence: timedelta, offer: OfferId, asked: int, urls: Urls
) -> str:
    """Ask the mediator for a key."""
    response = VoiceResponse()
    gather = Gather(
        input="dtmf",
        num_digits=1,
        timeout=seconds(silence),
        action=urls.whispered(offer, asked),
        method="POST",
        action_on_empty_result=True,
    )
    say(gather, sentences, language)
    response.append(gather)
    # never reached while the carrier keeps its word; and if not, nobody is connected unasked
    response.hangup()
    return str(response)


def read_out(sentences: Sentences, language: str) -> str:
    """Say something slowly, once the telephone is at the ear, and end the call."""
    response = VoiceResponse()
    response.pause(length=1)
    say(response, sentences, language, slow=True)
    response.hangup()
    return str(response)


def told(sentences: Sentences, language: str, *, hang_up: bool) -> str:
    """Tell the mediator something; leaving the document connects, hanging up refuses."""
    response = VoiceResponse()
    say(response, sentences, language)
    if hang_up:
        response.hangup()
    return str(response)
