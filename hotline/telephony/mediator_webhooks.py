"""The carrier's webhooks for the mediator's leg: the whisper, its answer, and the leg's end."""

from collections.abc import Callable
from typing import TypeVar

from flask import Response, request

from hotline.ivr.prompts import Sentences
from hotline.ivr.script import Script
from hotline.services import Services
from hotline.switchboard import rings, whispers
from hotline.switchboard.moment import Moment
from hotline.switchboard.offering import Taken
from hotline.switchboard.whispers import Verdict, Whisper
from hotline.telephony import twiml
from hotline.telephony.answers import no_content, xml
from hotline.telephony.requests import Webhook
from hotline.telephony.urls import Urls

T = TypeVar("T")


def whisper(services: Services) -> Response:
    """Someone, or something, has picked up."""
    hook = Webhook(request)
    try:
        asked = _run(services, lambda m: whispers.asked(m, hook.offer))
    except Taken:
        return _taken(services)
    return _ask(services, hook, asked, 1)


def whispered(services: Services) -> Response:
    """A key was pressed, or none."""
    hook = Webhook(request)
    try:
        verdict, asked = _run(services, lambda m: _verdict(m, hook))
    except Taken:
        return _taken(services)
    texts = asked.script.first.prompts
    match verdict:
        case Verdict.CONNECT:
            return _tell(asked.script, texts.whisper_connected, hang_up=False)
        case Verdict.DECLINED:
            return _tell(asked.script, texts.whisper_declined, hang_up=True)
        case Verdict.ASK_AGAIN:
            return _ask(services, hook, asked, hook.asked + 1)
        case Verdict.GIVE_UP:
            return _tell(asked.script, texts.whisper_taken, hang_up=True)


def leg(services: Services) -> Response:
    """The mediator's leg has ended."""
    hook = Webhook(request)
    if hook.gone:
        _run(services, lambda m: rings.leg_over(m, hook.offer, hook.leg))
    return no_content()


ROUTES: dict[str, Callable[[Services], Response]] = {
    "/voice/whisper": whisper,
    "/voice/whispered": whispered,
    "/voice/leg": leg,
}


def _verdict(m: Moment, hook: Webhook) -> tuple[Verdict, Whisper]:
    asked = whispers.about(m, hook.offer)
    return whispers.answered(m, hook.offer, hook.leg, hook.key, hook.asked), asked


def _ask(services: Services, hook: Webhook, asked: Whisper, times: int) -> Response:
    urls = Urls(services.settings.public_url)
    silence = asked.script.timings.whisper_silence
    code = asked.script.first.code
    return xml(twiml.whisper(asked.sentences, code, silence, hook.offer, times, urls))


def _taken(services: Services) -> Response:
    script = services.lines.lines[0].script
    return _tell(script, script.first.prompts.whisper_taken, hang_up=True)


def _tell(script: Script, sentences: Sentences, *, hang_up: bool) -> Response:
    return xml(twiml.told(sentences, script.first.code, hang_up=hang_up))


def _run(services: Services, work: Callable[[Moment], T]) -> T:
    now = services.clock.now()
    return services.store.run(lambda tx: work(Moment(tx, now, services.lines, services.jobs)))
