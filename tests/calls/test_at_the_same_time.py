"""Many things in one instant: the opening minute, and two who accept at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.calls.stage import Stage

CALLERS = 30
MEDIATORS = 6


def test_the_opening_minute(make_stage: Callable[..., Stage]) -> None:
    """All call at 9:00:00 and choose the same: they are served in the order they came."""
    stage = make_stage(timings__wrap_up=5)
    for n in range(MEDIATORS):
        phone = stage.mediator(f"mediator {n}", "taxes")
        phone.behaviour = "accepts"
        phone.answers_after = 3
    callers = [stage.call(f"+336399802{n:02}") for n in range(CALLERS)]
    for caller in callers:
        caller.press("2")
    served: list[str] = []
    for _ in range(200):
        stage.carrier.advance(20)
        talking = [caller for caller in callers if caller.talking_to is not None]
        assert len({caller.talking_to for caller in talking}) == len(talking)
        served += [caller.sid for caller in talking]
        for caller in talking:
            caller.hang_up()
        if all(not caller.is_open for caller in callers):
            break
    stage.carrier.advance(5)
    assert {stage.outcome(caller) for caller in callers} == {"answered"}
    assert served[:MEDIATORS] == [caller.sid for caller in callers[:MEDIATORS]]
    assert served == [caller.sid for caller in callers]


def test_of_two_who_accept_one_offer_at_once_one_is_connected(stage: Stage) -> None:
    """The same offer answered on two legs, by real threads."""
    stage.mediator("Amina", "taxes")
    stage.asks("2")

    def accept(leg: str) -> str:
        return stage.post("/voice/whispered?offer=1&asked=1", CallSid=leg, Digits="1")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(accept, [f"CAleg{n}" for n in range(8)]))
    assert sum("Vous êtes en communication" in answer for answer in answers) == 1
    assert sum("n'attend plus" in answer and "<Hangup" in answer for answer in answers) == 7


def test_the_same_arrival_twice_at_once_is_one_call(stage: Stage) -> None:
    def arrive(_: int) -> str:
        return stage.post("/voice/incoming", CallSid="CAtwice", To="+33199001234", From="anonymous")

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(arrive, range(8)))) == 1


def test_an_acceptance_that_was_never_bridged_lets_the_caller_wait_on(stage: Stage) -> None:
    stage.mediator("Amina", "taxes")
    bruno = stage.mediator("Bruno", "taxes")
    caller = stage.asks("2")
    stage.post("/voice/whispered?offer=1&asked=1", CallSid="CAamina", Digits="1")
    form = {"DialCallStatus": "completed", "DialBridged": "false", "CallStatus": "in-progress"}
    document = stage.post("/voice/rung?n=2", CallSid=caller.sid, **form)
    assert bruno.number in document
    assert stage.state("Amina") == "wrap_up"
    assert stage.state("Bruno") == "offered"
