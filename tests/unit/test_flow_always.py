"""What holds in every call, whatever callers, mediators and the carrier do: all its ways are walked."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache

from hotline.ivr.actions import Action, Ask, HangUp, Hold, Promise, Record, Request, Ring, Seek
from hotline.ivr.course import CALLBACK_STEPS
from hotline.ivr.events import (
    AllBusy,
    Arrived,
    CallTooLong,
    Event,
    Found,
    HoldFailed,
    Keyed,
    Lost,
    Miss,
    Missed,
    NobodyOnDuty,
    Promised,
    QueueFull,
    Recorded,
    Refusal,
    Resumed,
    Silent,
    Spoke,
    Talked,
    WaitedLong,
    WantsCallback,
)
from hotline.ivr.flow import HOLD_TRIES, State, Step, Turn, advance
from tests import scripts
from tests.unit.answers import check

# with one topic, so that there is less to walk: what a topic changes is none of the flow's business
SCRIPT = scripts.script(topics=scripts.BODY["topics"][:1])
NOW = datetime(2026, 11, 23, 19, tzinfo=UTC)
WRITTEN = Promised(NOW, "+33639980001", "4712", None)
MEDIATORS = 3
"""So many telephones ring for one caller before all are busy."""

ARRIVALS = [
    Arrived(NOW, is_open, knows_number, None, None, refusal)
    for is_open in (True, False)
    for knows_number in (True, False)
    for refusal in (None, *Refusal)
]
SILENCE: list[Event] = [Silent()]
KEYS = [Keyed(keys) for keys in ("0", "1", "2", "3", "9", "*", "#", "123", "0639980001")]
INTERRUPTIONS: list[Event] = [Lost(), Resumed()]
ANSWERS: list[Event] = [*SILENCE, *KEYS, Spoke("euh"), *INTERRUPTIONS]
FOUND: list[Event] = [Found(1)]
NOT_FOUND: list[Event] = [AllBusy(), QueueFull(), NobodyOnDuty()]
RINGS_END: list[Event] = [Missed(Miss.UNANSWERED), Talked()]
HOLDS_END: list[Event] = [WaitedLong(), HoldFailed(), CallTooLong()]
TOO_LONG: list[Event] = [CallTooLong()]


@dataclass(frozen=True, slots=True)
class Known:
    """What the switchboard knows of a call, and what its caller has been asked."""

    number: bool = False
    """There is a ticket with a number."""
    message: bool = False
    asked_number: int = 0
    asked_message: bool = False
    talked: bool = False
    too_long: bool = False


@dataclass(frozen=True, slots=True)
class Here:
    """Where a walk is: what was answered last."""

    state: State
    then: Action | Request
    known: Known


def take(here: Here | None, event: Event) -> Here:
    """One step. Once a callback is talked about, nothing depends any more on what there was in the queue."""
    before = here.state if here else State()
    turn = advance(before, event, SCRIPT)
    check(turn)
    assert turn.state.promised or not before.promised, "a promise is taken back"
    # one beginning of a number stands for all
    state = replace(
        turn.state, rings=min(turn.state.rings, MEDIATORS), keyed="06" if turn.state.keyed else ""
    )
    if state.step not in (Step.MENU, Step.QUEUE):
        state = replace(state, rings=0, hold_failures=0, held=False)
    return Here(state, turn.then, learn(here.known if here else Known(), turn, event))


def learn(known: Known, turn: Turn, event: Event) -> Known:
    then = turn.then
    promised = isinstance(then, Promise) and (turn.state.knows_number or then.number is not None)
    kept = isinstance(event, WantsCallback) and turn.state.knows_number
    asked = isinstance(then, Ask) and turn.state.step is Step.NUMBER
    return Known(
        number=known.number or promised or kept,
        message=known.message or isinstance(event, Recorded),
        asked_number=min(known.asked_number + asked, 2),
        asked_message=known.asked_message or isinstance(then, Record),
        talked=known.talked or isinstance(event, Talked),
        too_long=known.too_long or isinstance(event, CallTooLong),
    )


def may_follow(here: Here) -> list[Event]:
    """Everything that may happen next."""
    on = [] if here.state.step is Step.CODE else TOO_LONG
    match here.then:
        case Ask():
            return ANSWERS + on
        case Record():
            return [Recorded(), Silent(), Keyed("0"), *INTERRUPTIONS]
        case Ring():
            return RINGS_END + INTERRUPTIONS + TOO_LONG
        case Hold():
            return [*HOLDS_END, *INTERRUPTIONS, WantsCallback()]
        case Seek():
            return FOUND + NOT_FOUND
        case Promise():
            return [promised(here)]
        case HangUp():
            return []


def may_follow_in_silence(here: Here) -> list[Event]:
    """What may happen while the caller does nothing at all, and the carrier does what it is told."""
    match here.then:
        case Ask() | Record():
            return SILENCE
        case Ring():
            return RINGS_END
        case Hold():
            return HOLDS_END
        case Seek():
            return NOT_FOUND + (FOUND if here.state.rings < MEDIATORS else [])
        case Promise() | HangUp():
            return may_follow(here)


def promised(here: Here) -> Promised:
    return WRITTEN if here.known.number else replace(WRITTEN, number=None)


@cache
def everywhere() -> frozenset[Here]:
    """Wherever a call can come to."""
    found: set[Here] = set()
    new = {take(None, event) for event in ARRIVALS}
    while new:
        found |= new
        new = {take(here, event) for here in new for event in may_follow(here)} - found
    return frozenset(found)


def ends(here: Here) -> list[str]:
    """All that this call has come to; a call that goes on has come to nothing yet."""
    known, over = here.known, isinstance(here.then, HangUp)
    asked_for_both = known.asked_number >= (1 if known.too_long else 2) and known.asked_message
    came_to = {
        "a person rings": isinstance(here.then, Ring),
        "in hold": isinstance(here.then, Hold),
        "talked": over and known.talked,
        "refused": over and here.state.refused,
        "called back": over and known.number,
        "message": over and known.message and not known.number,
        "gave nothing": over and asked_for_both and not known.number and not known.message,
    }
    return [name for name, true in came_to.items() if true]


def test_there_is_much_to_walk_through() -> None:
    assert {here.state.step for here in everywhere()} == set(Step)
    assert {type(here.then) for here in everywhere()} == {Ask, Record, Ring, Hold, Seek, Promise, HangUp}
    reached = {end for here in everywhere() for end in ends(here)}
    assert reached == {
        "a person rings",
        "in hold",
        "talked",
        "refused",
        "called back",
        "message",
        "gave nothing",
    }


def test_every_call_comes_to_exactly_one_end() -> None:
    for here in everywhere():
        goes_on = isinstance(here.then, Ask | Record | Seek | Promise)
        assert len(ends(here)) == (not goes_on), here
        if isinstance(here.then, HangUp):
            assert here.state.promised is (here.known.number or here.known.message), here


def test_a_call_that_is_not_taken_only_ever_ends() -> None:
    assert all(isinstance(here.then, HangUp) for here in everywhere() if here.state.refused)


def test_a_closed_line_never_rings_nor_lets_anybody_wait() -> None:
    closed = [here for here in everywhere() if here.state.closed]
    assert not any(isinstance(here.then, Ring | Hold | Seek) for here in closed)


def test_a_known_number_is_promised_before_anything_is_asked() -> None:
    for here in everywhere():
        if here.state.knows_number and here.state.step in CALLBACK_STEPS:
            assert here.state.promised or isinstance(here.then, Promise), here
            assert here.known.number


def test_silence_after_a_promise_leads_to_its_code() -> None:
    code = "quatre, sept, un, deux"
    for here in everywhere():
        if here.known.number and isinstance(here.then, Ask | Record):
            assert here.state.promised, here
            assert code in after_silence(here, code), here


def after_silence(here: Here, heard_already: str) -> str:
    """All that is said to a caller who says and presses nothing more."""
    if here.state.step is Step.CODE:
        return heard_already
    turn, words = advance(here.state, Silent(), SCRIPT), list[str]()
    for _ in range(10):
        if isinstance(turn.then, HangUp):
            break
        assert not (isinstance(turn.then, Promise) and turn.then.number), "silence changes the number"
        words += [sentence for say in turn.say for sentence in say.sentences]
        turn = advance(turn.state, WRITTEN if isinstance(turn.then, Promise) else Silent(), SCRIPT)
    assert isinstance(turn.then, HangUp), "silence leads nowhere"
    return " ".join(words)


@cache
def longest(here: Here) -> int:
    """The most answers that a caller who does nothing hears from here on, this one included."""
    heard = isinstance(here.then, Action)
    return heard + max((longest(take(here, event)) for event in may_follow_in_silence(here)), default=0)


def test_who_never_presses_anything_soon_comes_to_an_end() -> None:
    waits = MEDIATORS + (HOLD_TRIES + 1)
    # an empty message leads back to the number once
    menu, number, message, goodbye = SCRIPT.menu_tries, 2 + 1, 1 + 1, 1
    confirm, time, code = 1, 1, 1
    withheld, known = (Arrived(NOW, open=True, knows_number=one) for one in (False, True))
    assert longest(take(None, withheld)) == menu + waits + number + message + goodbye == 14
    assert longest(take(None, known)) == menu + waits + confirm + time + code + goodbye == 12
    assert longest(take(None, replace(known, open=False))) == confirm + time + code + goodbye == 4
