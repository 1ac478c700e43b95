"""What the flow answers in any state at all, also in one that another version has written."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from hotline.ivr.actions import Ask, HangUp, Hold, Promise, Ring, Seek
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
from hotline.ivr.flow import HOLD_TRIES, State, Step, advance, read_state
from tests import scripts
from tests.unit.answers import check

SCRIPT = scripts.script()
BY_TRIES = {tries: scripts.script(menu_tries=tries) for tries in range(1, 6)}
NOW = datetime(2026, 11, 23, 19, tzinfo=UTC)
WRITTEN = Promised(NOW, "+33639980001", "4712", None)

KEYED = st.builds(
    Keyed,
    st.sampled_from([*"0123456789*#", "12", "", "0639980001", "0199001234", "06 39"]) | st.text(max_size=12),
)
SPOKE = st.builds(Spoke, st.sampled_from(["les impôts", "santé docteur", "euh", ""]) | st.text(max_size=20))
PROMISED = st.sampled_from([WRITTEN, replace(WRITTEN, number=None), replace(WRITTEN, expect_at=NOW)])
ARRIVED = st.builds(
    Arrived,
    now=st.just(NOW),
    open=st.booleans(),
    knows_number=st.booleans(),
    opens_at=st.sampled_from([None, NOW]),
    language=st.sampled_from([None, "en", "tlh"]),
    refusal=st.sampled_from([None, *Refusal]),
)
ALONE = [
    Silent(),
    Recorded(),
    AllBusy(),
    QueueFull(),
    NobodyOnDuty(),
    WaitedLong(),
    CallTooLong(),
    HoldFailed(),
]
GONE_ON = [Talked(), Resumed(), Lost(), WantsCallback()]
EVENTS: SearchStrategy[Event] = st.one_of(
    KEYED,
    SPOKE,
    PROMISED,
    ARRIVED,
    st.builds(Found, st.integers(1, 9)),
    st.builds(Missed, st.sampled_from(Miss)),
    st.sampled_from([*ALONE, *GONE_ON]),
)
STATES = st.builds(
    State,
    step=st.sampled_from(Step),
    language=st.sampled_from(["fr", "en", "", "tlh"]),
    topic=st.sampled_from([None, "taxes", "gone"]),
    knows_number=st.booleans(),
    closed=st.booleans(),
    refused=st.booleans(),
    promised=st.booleans(),
    tries=st.integers(0, 9),
    rings=st.integers(0, 9),
    hold_failures=st.integers(0, 9),
    held=st.booleans(),
)


@settings(max_examples=100)
@given(STATES, EVENTS)
def test_every_event_has_an_answer_in_every_state(state: State, event: Event) -> None:
    turn = advance(state, event, SCRIPT)
    check(turn)
    assert turn.state.promised or not state.promised
    assert isinstance(turn.then, HangUp) or not state.refused
    if state.closed and not isinstance(event, Found | AllBusy | Arrived):
        assert not isinstance(turn.then, Ring | Hold | Seek), "nobody is sought on a closed line"


@given(STATES, EVENTS, st.sets(st.sampled_from(State.__slots__)), st.text(min_size=1))
def test_rows_of_other_versions_are_read_and_go_on(
    state: State, event: Event, gone: set[str], new: str
) -> None:
    row = {name: value for name, value in state.as_mapping().items() if name not in gone}
    found = read_state({**row, f"new {new}": 1})
    assert all(getattr(found, name) == value for name, value in row.items())
    check(advance(found, event, SCRIPT))
    if "step" in gone:
        assert found.step is Step.QUEUE
        person = not found.refused and not found.closed
        assert isinstance(advance(found, Resumed(), SCRIPT).then, Seek) is person


@given(STATES)
def test_a_state_survives_its_row(state: State) -> None:
    assert read_state(json.loads(json.dumps(state.as_mapping()))) == state


@given(STATES, st.from_regex(r"(0|00|\+)?[1-9][0-9]{5,13}", fullmatch=True) | st.just("0639980001"))
def test_a_row_never_holds_a_telephone_number(state: State, digits: str) -> None:
    for event in (Keyed(digits), Spoke(digits), replace(WRITTEN, number=digits)):
        assert digits[-6:] not in json.dumps(advance(state, event, SCRIPT).state.as_mapping())


@given(st.booleans(), st.data(), st.integers(1, 5))
def test_who_is_never_understood_is_soon_handed_to_a_person(
    knows_number: bool, data: st.DataObject, tries: int
) -> None:
    script = BY_TRIES[tries]
    turn = advance(State(), Arrived(NOW, open=True, knows_number=knows_number), script)
    useless: SearchStrategy[Event] = st.sampled_from([Silent(), Keyed("12"), Keyed("A"), Spoke("euh")])
    for _ in range(tries):
        assert isinstance(turn.then, Ask)
        turn = advance(turn.state, data.draw(useless), script)
    assert turn.then == Seek(None, "fr")


@given(STATES)
def test_a_hold_that_keeps_failing_ends_in_a_callback(state: State) -> None:
    state = replace(state, step=Step.QUEUE, refused=False)
    for _ in range(HOLD_TRIES + 1):
        turn = advance(state, HoldFailed(), SCRIPT)
        if not isinstance(turn.then, Seek):
            break
        state = advance(turn.state, AllBusy(), SCRIPT).state
    known = state.knows_number or state.promised
    assert isinstance(turn.then, Promise) is known
    assert isinstance(turn.then, Ask) is not known
