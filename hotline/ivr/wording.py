"""Puts a script's sentences together: the welcome, the menu, what is told in hold, codes and numbers."""

from datetime import datetime

from hotline.ivr import spoken
from hotline.ivr.actions import Say
from hotline.ivr.events import Promised
from hotline.ivr.prompts import Prompts, Sentences, filled
from hotline.ivr.script import Script
from hotline.ivr.spoken import OpeningTexts
from hotline.queue.waiting import Told


def texts(script: Script, language: str) -> Prompts:
    return script.language(language).prompts


def welcome(script: Script, language: str) -> tuple[Say, ...]:
    """The greeting and the notice, then each other language's invitation, in that language."""
    prompts = texts(script, language)
    return (Say(prompts.greeting + prompts.notice, language), *invitations(script, language))


def invitations(script: Script, language: str) -> tuple[Say, ...]:
    """The other languages' invitations: nobody is caught in one that they pressed by mistake."""
    others = (one for one in script.languages if one.code != language)
    return tuple(Say((one.invitation,), one.code) for one in others if one.invitation)


def menu(script: Script, language: str) -> Sentences:
    """The topics in the order of the script, then what every line has: a person, a callback, "again"."""
    prompts = texts(script, language)
    code = script.language(language).code
    topics = [filled(prompts.menu_topic, topic=topic.spoken[code], key=topic.key) for topic in script.topics]
    return (
        *(sentence for topic in topics for sentence in topic),
        *prompts.menu_person,
        *prompts.menu_callback,
        *prompts.menu_again,
        *prompts.menu_emergency,
    )


def closed(script: Script, language: str, came_at: str, opens_at: str) -> Sentences:
    """That the line is closed, and when it opens, if that is known; both instants as ISO 8601."""
    prompts = texts(script, language)
    if not came_at or not opens_at:
        return prompts.closed
    opens, came = datetime.fromisoformat(opens_at), datetime.fromisoformat(came_at)
    return prompts.closed + filled(prompts.opens, opening=_opening(script, language, opens, came))


def hold_position(script: Script, language: str, told: Told) -> Sentences:
    """How many are before the caller, and how long it may take: what is known of it."""
    prompts = texts(script, language)
    said: Sentences = ()
    if told.position is not None:
        said += _before(prompts, told.position - 1)
    if told.expected is not None:
        said += filled(prompts.hold_wait, minutes=str(spoken.minutes(told.expected)))
    return said


def number(script: Script, language: str, e164: str) -> Sentences:
    """The number read back."""
    groups = spoken.telephone(e164, script.region, language)
    return filled(texts(script, language).callback_number, number=" ".join(groups))


def code(script: Script, language: str, digits: str) -> Sentences:
    return filled(texts(script, language).callback_code, code=spoken.digits(digits, language))


def expected(script: Script, language: str, promised: Promised) -> Sentences:
    """When the caller may expect to be called."""
    prompts = texts(script, language)
    if promised.expect_at is None:
        return prompts.callback_soon
    opening = _opening(script, language, promised.expect_at, promised.now)
    return filled(prompts.callback_from, opening=opening)


def message(script: Script, language: str) -> Sentences:
    """The notice before a voice message."""
    return filled(texts(script, language).message_ask, days=str(script.limits.message_days))


def whisper(script: Script, topic_name: str | None, language: str, *, transferred: bool = False) -> Sentences:
    """What a mediator hears before the two are connected, in the line's first language."""
    prompts = script.first.prompts
    topic = script.topic(topic_name)
    label = topic.label[script.first.code] if topic else " ".join(prompts.any_topic)
    said = filled(prompts.whisper, line=script.title, topic=label)
    if language != script.first.code:
        said += filled(prompts.whisper_language, language=script.language(language).name)
    if transferred:
        said += prompts.whisper_transferred
    return said + prompts.whisper_keys


def _before(prompts: Prompts, before: int) -> Sentences:
    if before <= 0:
        return prompts.hold_next
    return prompts.hold_one_before if before == 1 else filled(prompts.hold_before, before=str(before))


def _opening(script: Script, language: str, at: datetime, now: datetime) -> str:
    return spoken.opening(at, now, script.zone, language, opening_texts(texts(script, language)))


def opening_texts(prompts: Prompts) -> OpeningTexts:
    """The patterns in which the script says an instant."""
    return OpeningTexts(
        today=" ".join(prompts.opening_today),
        tomorrow=" ".join(prompts.opening_tomorrow),
        this_week=" ".join(prompts.opening_this_week),
        later=" ".join(prompts.opening_later),
        hour=" ".join(prompts.opening_hour),
        hour_minute=" ".join(prompts.opening_hour_minute),
    )
