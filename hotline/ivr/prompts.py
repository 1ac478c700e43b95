"""Every sentence that the line says, in one language."""

from dataclasses import dataclass, fields
from string import Formatter
from types import MappingProxyType
from typing import Final

from hotline.ivr.reading import Table

Sentences = tuple[str, ...]
"""One idea a sentence; a short silence follows each."""


@dataclass(frozen=True, slots=True)
class Prompts:
    """The sentences by occasion. In braces: what the sentence is filled with."""

    greeting: Sentences
    notice: Sentences
    """Data protection: what is kept, what for, and the right to have it deleted."""
    menu_topic: Sentences
    menu_person: Sentences
    menu_callback: Sentences
    menu_again: Sentences
    menu_emergency: Sentences
    emergency: Sentences
    """Whom to call where a life is in danger."""
    not_understood: Sentences
    nothing_heard: Sentences
    to_a_person: Sentences
    ringing: Sentences
    next_mediator: Sentences
    all_busy: Sentences
    no_one_took_it: Sentences
    hold_next: Sentences
    hold_one_before: Sentences
    hold_before: Sentences
    hold_wait: Sentences
    hold_callback: Sentences
    nobody_on_duty: Sentences
    closed: Sentences
    opens: Sentences
    opening_today: Sentences
    opening_tomorrow: Sentences
    opening_this_week: Sentences
    opening_later: Sentences
    opening_hour: Sentences
    opening_hour_minute: Sentences
    queue_full: Sentences
    waited_long: Sentences
    call_too_long: Sentences
    refused_blocked: Sentences
    refused_often: Sentences
    callback_wanted: Sentences
    callback_offered: Sentences
    callback_number: Sentences
    callback_confirm: Sentences
    callback_ask_number: Sentences
    callback_bad_number: Sentences
    callback_no_number: Sentences
    callback_number_rest: Sentences
    """Some digits are missing: how to go on, and how to begin anew."""
    callback_time: Sentences
    callback_promised: Sentences
    callback_soon: Sentences
    callback_from: Sentences
    callback_code: Sentences
    callback_code_again: Sentences
    """How to hear the code once more: the star key."""
    number_not_noted: Sentences
    message_ask: Sentences
    """The notice before a voice message, and what to say in it; the signal follows."""
    message_kept: Sentences
    message_empty: Sentences
    callback_impossible: Sentences
    out_of_order: Sentences
    """When nothing else can be said: our database cannot be used."""
    goodbye: Sentences
    trouble: Sentences
    any_topic: Sentences
    """What a mediator is told in place of a topic when the caller asked for a person."""
    whisper: Sentences
    whisper_language: Sentences
    whisper_transferred: Sentences
    whisper_keys: Sentences
    whisper_connected: Sentences
    whisper_declined: Sentences
    whisper_taken: Sentences


FILLED: Final = MappingProxyType(
    {
        "menu_topic": {"topic", "key"},
        "hold_before": {"before"},
        "hold_wait": {"minutes"},
        "opens": {"opening"},
        "opening_today": {"time"},
        "opening_tomorrow": {"time", "weekday"},
        "opening_this_week": {"time", "weekday"},
        "opening_later": {"time", "weekday", "date"},
        "opening_hour": {"hours", "hour", "hour12", "half"},
        "opening_hour_minute": {"hours", "hour", "hour12", "half", "minute"},
        "callback_number": {"number"},
        "callback_from": {"opening"},
        "callback_code": {"code"},
        "message_ask": {"days"},
        "whisper": {"line", "topic"},
        "whisper_language": {"language"},
    }
)

OPTIONAL: Final = frozenset({"line", "weekday", "hours", "hour", "hour12", "half", "minute"})
"""Without the others the sentence would be of no use."""


def parse(table: Table) -> Prompts:
    """Read all prompts of a language; raises ScriptError for a missing or unknown one."""
    prompts = Prompts(**{field.name: _sentences(table, field.name) for field in fields(Prompts)})
    table.end()
    return prompts


def filled(sentences: Sentences, **values: str) -> Sentences:
    return tuple(sentence.format(**values) for sentence in sentences)


def _sentences(table: Table, name: str) -> Sentences:
    sentences = table.texts(name)
    allowed = FILLED.get(name, set())
    for sentence in sentences:
        unknown = _placeholders(table, name, sentence) - allowed
        if unknown:
            raise table.wrong(name, f"cannot be filled with {{{', '.join(sorted(unknown))}}}")
    used = {found for one in sentences for found in _placeholders(table, name, one)}
    missing = allowed - OPTIONAL - used
    if missing:
        raise table.wrong(name, f"must say {{{', '.join(sorted(missing))}}}")
    return sentences


def _placeholders(table: Table, name: str, sentence: str) -> set[str]:
    try:
        parts = list(Formatter().parse(sentence))
    except ValueError as error:
        raise table.wrong(name, f"has braces that do not match: {sentence!r}") from error
    # with its format, so that one which would fail in the middle of a call is unknown here
    return {
        field + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
        for _, field, form, conversion in parts
        if field is not None
    }
