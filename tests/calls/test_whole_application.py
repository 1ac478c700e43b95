"""Whatever callers, mediators, carrier and we ourselves do: no call is lost, and all is true at the end."""

import os
from typing import Any, Final, Literal

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from hotline.queue.tickets import Attempt
from hotline.simulator.faults import CallbackFault, Faults, Readings, RestFault, WebhookRepeat
from hotline.simulator.phones import BEHAVIOURS, Behaviour, Phone
from hotline.store import callbacks, callers
from hotline.switchboard import callbacks as called_back
from hotline.switchboard import duty
from hotline.telephony import caller_webhooks, hold_webhooks, mediator_webhooks
from tests.calls.machine_day import TheirDay
from tests.calls.machine_desk import AtTheDesk
from tests.calls.machine_run import MOST, Beginning, Ending, HowFar, Run

RUNS: Final = 25
STEPS: Final = 30
SOAK: Final = int(os.environ.get("SOAK", "0"))
"""More, and other runs than last time: SOAK=10."""
SHOWN: Final = ("+33639980001", "+33639980002", "+33639980003", "anonymous", "+33", "")
"""Of three callers, of one who withholds theirs, and two that are garbled."""
# the runs begin on a Monday
HOURS: Final = ({"always": True}, {"always": True}, {"always": True}, {"tue": ["09:00-12:00"]})
KEYS: Final = ("1", "2", "2", "2", "3", "0", "9", "9", "*", "#", "8", "0639980009#", "00")
READINGS: Final = st.builds(
    Readings,
    st.sampled_from(["first_pickup", "whisper_end"]),
    st.booleans(),
    st.sampled_from(["bridge", "end"]),
    st.sampled_from(["first", "after"]),
    st.sampled_from(["completed", "no-answer"]),
    st.sampled_from(["canceled", "no-answer"]),
)
FAR: Final = ("talk", "hold", "hold", "ring", "nine", "callback", "recording", "message", "unheard", "menu")
TALKS: Final[tuple[str, HowFar]] = ("+33639980004", "talk")
TELEPHONES: Final = ("ring", "ring", "accepts", "voicemail")
N: Final = st.integers(0, 4)
TIMES: Final = st.integers(1, 3)
PAGES: Final = caller_webhooks.ROUTES | hold_webhooks.ROUTES | mediator_webhooks.ROUTES
PATHS: Final = st.sampled_from(["", "", "", *sorted(PAGES.keys() - {"/voice/fallback", "/sms/incoming"})])
"""Any, or one of those that callers and mediators meet."""
SPOILS: Final = st.sampled_from(["drop", "duplicate", "delay", "reorder"])
CALLBACKS: Final = st.sampled_from(["", "/voice/status", "/voice/leg"])
FAILS: Final = st.sampled_from(["429", "500", "slow", "lost"])
TOKENS: Final = st.sampled_from(["same", "new"])
OFTEN: Final = st.sampled_from([0.2, 0.5])
LATE: Final = st.sampled_from([3, 12])
SLOW: Final = st.just(0.01)
"""By the wall's clock, while the carrier's stands still."""
SOON: Final = st.sampled_from([0, 2, 6])
SOMEBODY_IS_THERE: Final = precondition(lambda self: bool(self.here.on_the_line()))
IN_HOLD: Final = precondition(lambda self: any(leg.in_queue for leg in self.here.on_the_line()))
RECORDED: Final = precondition(lambda self: any(leg.recording for leg in self.here.on_the_line()))
RINGS: Final = precondition(lambda self: bool(self.here.phones("ringing")))
ENGAGED: Final = precondition(lambda self: bool(self.here.phones("in_call")))
ON_DUTY: Final = precondition(lambda self: bool(self.here.phones("any")))
Spoils = Literal["drop", "duplicate", "delay", "reorder"]
Fails = Literal["429", "500", "slow", "lost"]
Token = Literal["same", "new"]


class WholeApplication(AtTheDesk, TheirDay):
    """Up to five callers and three mediators."""

    database_url: str
    run: Run | None = None

    @initialize(
        faults=st.builds(
            Faults,
            st.lists(st.builds(CallbackFault, SPOILS, CALLBACKS, seconds=LATE, chance=OFTEN), max_size=1),
            st.lists(st.builds(WebhookRepeat, PATHS, TOKENS, times=st.none(), chance=OFTEN), max_size=1),
            st.lists(st.builds(RestFault, FAILS, times=st.none(), seconds=SLOW, chance=OFTEN), max_size=1),
            READINGS,
            seed=st.integers(0, 1000),
        ),
        hours=st.sampled_from(HOURS),
        telephones=st.lists(st.sampled_from(TELEPHONES), min_size=1, max_size=3),
        talks=st.sampled_from([1, 1, 2, 0]),
        far=st.lists(st.tuples(st.sampled_from(SHOWN[:4]), st.sampled_from(FAR)), min_size=2, max_size=4),
        ending=st.sampled_from(["they hang up", "they are left alone"]),
    )
    def begins(
        self,
        faults: Faults,
        hours: dict[str, Any],
        telephones: list[Behaviour],
        talks: int,
        far: list[tuple[str, HowFar]],
        ending: Ending,
    ) -> None:
        """With some callers already: chance alone seldom gets as far as a talk."""
        self.run = Run(self.database_url, Beginning(faults, telephones, ending, {"hours": hours}))
        for shown, how_far in [*[TALKS] * talks, *far]:
            self.run.calls(shown, how_far)

    @property
    def here(self) -> Run:
        assert self.run is not None
        return self.run

    def teardown(self) -> None:
        if self.run is not None:
            self.run.end()

    # callers

    @precondition(lambda self: len(self.here.on_the_line()) < MOST)
    @rule(shown=st.sampled_from(SHOWN), seconds=st.sampled_from([0, 4, 12]))
    def somebody_calls(self, shown: str, seconds: float) -> None:
        self.here.does(f"{shown!r} calls", lambda: self.here.stage.call(shown), seconds)

    @SOMEBODY_IS_THERE
    @rule(n=N, keys=st.sampled_from(KEYS), seconds=SOON)
    def caller_presses(self, n: int, keys: str, seconds: float) -> None:
        self.here.caller(n, f"presses {keys}", lambda leg: leg.press(keys), seconds)

    @IN_HOLD
    @rule(n=N, key=st.sampled_from(["9", "9", "9", "1"]), seconds=SOON)
    def caller_in_hold_presses(self, n: int, key: str, seconds: float) -> None:
        self.here.caller(n, f"presses {key}", lambda leg: leg.press(key), seconds, lambda leg: leg.in_queue)

    @RECORDED
    @rule(n=N, seconds=SOON)
    def caller_speaks(self, n: int, seconds: float) -> None:
        self.here.caller(n, "speaks", lambda leg: leg.speak("C'est moi."), seconds, lambda leg: leg.recording)

    @SOMEBODY_IS_THERE
    @rule(n=N, seconds=SOON)
    def caller_hangs_up(self, n: int, seconds: float) -> None:
        self.here.caller(n, "hangs up", lambda leg: leg.hang_up(), seconds)

    # mediators

    @RINGS
    @rule(n=N, seconds=st.sampled_from([0, 1, 4]))
    def mediator_answers(self, n: int, seconds: float) -> None:
        self.here.mediator(n, "ringing", "answers", lambda phone: phone.answer(), seconds)

    @RINGS
    @rule(n=N)
    def mediator_takes_the_call(self, n: int) -> None:
        self.here.mediator(n, "ringing", "takes the call", self.here.takes)

    @RINGS
    @rule(n=N)
    def mediator_rejects(self, n: int) -> None:
        self.here.mediator(n, "ringing", "rejects", lambda phone: phone.reject(), 1)

    @ENGAGED
    @rule(n=N, key=st.sampled_from(["1", "1", "2", "5"]), seconds=st.sampled_from([0, 0.5, 4]))
    def mediator_presses(self, n: int, key: str, seconds: float) -> None:
        self.here.mediator(n, "in_call", f"presses {key}", lambda phone: phone.press(key), seconds)

    @ENGAGED
    @rule(n=N, seconds=SOON)
    def mediator_hangs_up(self, n: int, seconds: float) -> None:
        self.here.mediator(n, "in_call", "hangs up", lambda phone: phone.hang_up(), seconds)

    @ON_DUTY
    @rule(n=N, behaviour=st.sampled_from(["ring", "accepts", *BEHAVIOURS]))
    def mediators_telephone_is(self, n: int, behaviour: Behaviour) -> None:
        def become(phone: Phone) -> None:
            phone.behaviour = behaviour

        self.here.mediator(n, "any", f"has a telephone of this kind: {behaviour}", become)

    @ON_DUTY
    @rule(n=N)
    def mediator_is_paused(self, n: int) -> None:
        def pause(phone: Phone) -> None:
            one = self.here.stage.names[phone.name]
            if self.here.at_once(lambda m: duty.pause(m, one, None)):
                self.here.paused.add(one)

        self.here.mediator(n, "any", "is paused", pause)

    @ON_DUTY
    @rule(n=N)
    def mediator_comes_back(self, n: int) -> None:
        def come(phone: Phone) -> None:
            one = self.here.stage.names[phone.name]
            if self.here.at_once(lambda m: duty.come_back(m, one)):
                self.here.paused.discard(one)

        self.here.mediator(n, "any", "comes back", come, 2)

    # coordinators

    @rule(n=N, result=st.sampled_from(Attempt))
    def coordinator_has_called_back(self, n: int, result: Attempt) -> None:
        def attempt() -> None:
            with self.here.stage.services.store.reading() as tx:
                due = callbacks.due(tx, self.here.carrier.now())
            if due:
                ticket = due[n % len(due)].ticket
                self.here.at_once(lambda m: called_back.note_attempt(m, ticket, result, None))

        self.here.does(f"a coordinator has called back: {result}", attempt)

    @rule(shown=st.sampled_from(SHOWN[:3]), blocked=st.booleans())
    def coordinator_blocks(self, shown: str, blocked: bool) -> None:
        """Or unblocks."""
        now = self.here.carrier.now()
        with self.here.doing(f"a coordinator blocks {shown}: {blocked}"):
            if blocked:
                self.here.at_once(lambda m: callers.block(m.tx, shown, "insults", None, now))
            else:
                self.here.at_once(lambda m: callers.unblock(m.tx, shown))

    # the carrier

    @rule(does=SPOILS, path=CALLBACKS, seconds=LATE, times=TIMES)
    def callbacks_are_spoilt(self, does: Spoils, path: str, seconds: float, times: int) -> None:
        fault = CallbackFault(does, path, seconds=seconds, times=times)
        self.here.does(str(fault), lambda: self.here.carrier.faults.callbacks.append(fault))

    @rule(path=PATHS, token=TOKENS, times=TIMES)
    def webhooks_are_repeated(self, path: str, token: Token, times: int) -> None:
        fault = WebhookRepeat(path, token, times)
        self.here.does(str(fault), lambda: self.here.carrier.faults.repeats.append(fault))

    @rule(does=FAILS, times=TIMES)
    def rest_fails(self, does: Fails, times: int) -> None:
        fault = RestFault(does, times, seconds=0.01)
        self.here.does(str(fault), lambda: self.here.carrier.faults.rest.append(fault))

    # our own machines

    @rule(path=PATHS, times=TIMES, done=st.booleans())
    def our_server_fails(self, path: str, times: int, done: bool) -> None:
        """Before we are asked, or what we have answered is lost. Twice, and the carrier falls back."""
        failing = self.here.stage.losing if done else self.here.stage.failing
        what = f"our server {'loses its answer' if done else 'fails'} {path and 'at '}{path} {times} times"
        self.here.does(what, lambda: failing.update({path: times}))

    @rule(seconds=st.sampled_from([0, 0.5, 8]))
    def we_restart(self, seconds: float) -> None:
        """All that was in memory is lost, and for a while nothing is answered."""
        with self.here.doing(f"we restart, which takes {seconds} s"):
            self.here.stage.is_away_for(seconds)

    @rule(redis=st.booleans(), worker=st.booleans(), lost=st.integers(0, 2))
    def parts_are_away(self, redis: bool, worker: bool, lost: int) -> None:
        """Or are back; and the next pushes are lost."""
        with self.here.doing(f"out of reach: Redis: {redis}, the worker: {worker}; {lost} pushes are lost"):
            self.here.stage.jobs.out_of_reach = redis
            self.here.stage.worker_rests = worker
            self.here.stage.pushes_to_lose = lost

    @rule(seconds=st.sampled_from([0.5, 8]))
    def the_database_is_away(self, seconds: float) -> None:
        with self.here.doing(f"the database is away for {seconds} s"):
            self.here.stage.store.sever()
            self.here.carrier.advance(seconds)
            self.here.stage.store.mend()

    @rule(seconds=st.sampled_from([1, 5, 5, 15, 15, 40, 130]))
    def time_passes(self, seconds: float) -> None:
        self.here.does(f"{seconds} s pass", lambda: None, seconds)


def test_whatever_happens_no_call_is_lost_and_all_is_true_at_the_end(database_url: str) -> None:
    runs = settings(
        max_examples=RUNS * (SOAK or 1),
        stateful_step_count=STEPS,
        derandomize=not SOAK,
        deadline=None,
        database=None,
        # looking for a shorter way to a failure takes minutes
        phases=[Phase.generate, Phase.shrink] if SOAK else [Phase.generate],
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    machine = type("Hotline", (WholeApplication,), {"database_url": database_url})
    run_state_machine_as_test(machine, settings=runs)
