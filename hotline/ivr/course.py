"""Where a call is, and what one step of it says and does."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from hotline.ivr import wording
from hotline.ivr.actions import Action, HangUp, Request, Say, Seek
from hotline.ivr.prompts import Sentences
from hotline.ivr.script import Script


class Step(StrEnum):
    MENU = "menu"
    QUEUE = "queue"
    """Ringing a mediator, or in hold."""
    NUMBER = "number"
    """Asked for the number to call back."""
    CONFIRM = "confirm"
    """Has heard the number that will be called back."""
    TIME = "time"
    """Asked for the best time of day."""
    MESSAGE = "message"
    """Invited to leave a voice message."""
    CODE = "code"
    """Has heard the code of the callback, and may hear it again."""
    OVER = "over"


CALLBACK_STEPS = frozenset({Step.NUMBER, Step.CONFIRM, Step.TIME, Step.MESSAGE, Step.CODE})


@dataclass(frozen=True, slots=True)
class State:
    """Where a call is. It lives in the call's row as a mapping of plain values: none of them a number.

    `keyed` alone is apart from that mapping: it is the beginning of one.
    """

    step: Step = Step.MENU
    language: str = ""
    topic: str | None = None
    knows_number: bool = False
    closed: bool = False
    """The line was closed when the call came: nobody is rung."""
    came_at: str = ""
    opens_at: str = ""
    """Of a closed line, as ISO 8601: when the call came, and when the line opens, if that is known."""
    refused: bool = False
    """Blocked, or too many calls."""
    promised: bool = False
    """There is a ticket with a number to call back, or with a message."""
    tries: int = 0
    rings: int = 0
    hold_failures: int = 0
    held: bool = False
    """Comes from hold: the ring begins at once, without a word before it."""
    keyed: str = ""
    """Digits of a number to which more will follow."""
    back: int = 0
    """So often an empty voice message has led back to the number."""

    def as_mapping(self) -> dict[str, str | int | bool | None]:
        return {name: getattr(self, name) for name in self.__slots__ if name != "keyed"}


@dataclass(frozen=True, slots=True)
class Turn:
    """What is said, and what then follows: an action for the caller, or a request to the switchboard."""

    state: State
    say: tuple[Say, ...]
    then: Action | Request


def read_state(values: Mapping[str, object], keyed: str = "") -> State:
    """The state that a row holds. A step that this version does not know goes on to a person."""
    known = {name: values[name] for name in State.__slots__ if name in values} | {"keyed": keyed}
    step = known.pop("step", "")
    try:
        return State(step=Step(str(step)), **known)  # type: ignore[arg-type]  # written by as_mapping
    except ValueError:
        return State(step=Step.QUEUE, **known)  # type: ignore[arg-type]  # written by as_mapping


def say(state: State, sentences: Sentences, *, slow: bool = False) -> Say:
    return Say(sentences, state.language, slow)


def seek(state: State, before: tuple[Say, ...] = ()) -> Turn:
    """On to a person."""
    return Turn(replace(state, step=Step.QUEUE, tries=0), before, Seek(state.topic, state.language))


def part(state: State, script: Script, said: Sentences) -> Turn:
    """The last words; the caller may always call again."""
    goodbye = wording.texts(script, state.language).goodbye
    return Turn(replace(state, step=Step.OVER), (say(state, (*said, *goodbye)),), HangUp())
