"""Where a caller can be in the dialogue about a callback, and what is said there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hotline.ivr import wording
from hotline.ivr.actions import Record
from hotline.ivr.events import (
    Event,
    Keyed,
    Promised,
    Silent,
    Spoke,
)
from hotline.ivr.flow import State, Step, Turn, advance
from tests import scripts

SCRIPT = scripts.script()
FRENCH = SCRIPT.first.prompts
SILENCE, GAP = SCRIPT.timings.menu_silence, SCRIPT.timings.key_gap
NOW = datetime(2026, 11, 23, 19, tzinfo=UTC)
NUMBER, OTHER = "+33639980001", "+33639980002"
WRITTEN = Promised(NOW, NUMBER, "4712", None)
CONFIRM = State(step=Step.CONFIRM, language="fr", topic="taxes", knows_number=True, promised=True)
OVER = replace(CONFIRM, step=Step.OVER)
CODE = replace(CONFIRM, step=Step.CODE)
TIME = replace(CONFIRM, step=Step.TIME)
MESSAGE = replace(CONFIRM, step=Step.MESSAGE)
ASKED = State(step=Step.NUMBER, language="fr")
ASKED_ANOTHER = replace(CONFIRM, step=Step.NUMBER)
UNKNOWN = replace(ASKED, step=Step.MESSAGE)
ASKED_MESSAGE = Record(timedelta(minutes=2), timedelta(seconds=5))
WITHOUT_A_NUMBER = [Keyed("06399800091"), Keyed("#"), Spoke("zéro six"), Silent()]


def after(state: State, *events: Event) -> Turn:
    """The turn after these events, one after the other."""
    for event in events[:-1]:
        state = advance(state, event, SCRIPT).state
    return advance(state, events[-1], SCRIPT)


def said(turn: Turn) -> tuple[str, ...]:
    return tuple(sentence for say in turn.say for sentence in say.sentences)


READ_BACK = wording.number(SCRIPT, "fr", NUMBER) + FRENCH.callback_confirm
CODE_SAID = (
    FRENCH.callback_promised
    + FRENCH.callback_soon
    + wording.code(SCRIPT, "fr", "4712")
    + FRENCH.callback_code_again
)
