"""The switchboard on a real database, without web, carrier or worker: the test says what happens."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any, Final, TypeVar

from hotline import wiring
from hotline.ivr.course import read_state
from hotline.ivr.events import Event, Keyed, Lost, Recorded, Resumed
from hotline.ivr.script import Script
from hotline.queue.ids import LegSid, MediatorId, OfferId, TicketId
from hotline.queue.outcomes import Outcome as Became
from hotline.queue.tickets import Attempt
from hotline.services import Services
from hotline.store import call_log, callbacks, calls, messages, tickets
from hotline.store.callbacks import Due
from hotline.store.calls import Call
from hotline.store.tickets import Ticket
from hotline.store.transactions import Tx
from hotline.switchboard import callbacks as called_back
from hotline.switchboard import (
    duty,
    holding,
    leaving,
    promises,
    pushes,
    rings,
    sweeps,
    turns,
    watchdog,
    whispers,
)
from hotline.switchboard.holding import HoldEnd, Leave, Stay
from hotline.switchboard.lines import Lines, line
from hotline.switchboard.moment import Moment
from hotline.switchboard.offering import Taken
from hotline.switchboard.rings import RingResult
from hotline.switchboard.turns import Answer, Happening, Outcome
from hotline.switchboard.watchdog import Watch
from hotline.switchboard.whispers import Verdict
from tests import factories, scripts
from tests.databases import KeptStore
from tests.fakes import KeptJobs, NotedCarrier, SetClock

T = TypeVar("T")
FOR_EVER = datetime(2100, 1, 1, tzinfo=UTC)
A_MESSAGE = 12
"""Its seconds."""


MEDIATORS: Final = 5000
"""From here on the numbers are mediators': a caller who has one is a mediator who rings the line."""


@dataclass
class Desk:
    services: Services
    clock: SetClock
    jobs: KeptJobs
    _numbers: Iterator[int] = field(default_factory=count)

    def at_once(self, work: Callable[[Moment], T]) -> T:
        """One happening in one transaction, as an entry point has it."""
        return factories.at_once(self.services, work)

    def moment(self, tx: Tx) -> Moment:
        return Moment(tx, self.clock.now(), self.services.lines, self.jobs)

    def mediator(self, skills: Iterable[str] = ("taxes",), languages: Iterable[str] = ("fr",)) -> MediatorId:
        """A mediator on duty by hand, and available."""
        n = next(self._numbers)

        def add(m: Moment) -> MediatorId:
            key = duty.take_on(m, f"mediator {n}", f"+3363998{MEDIATORS + n:04}", languages, skills)
            duty.switch_on(m, key, FOR_EVER)
            return key

        return self.at_once(add)

    def arrive(self, leg: LegSid, shown: str = factories.CALLER) -> Outcome:
        return self.at_once(lambda m: kept(m, turns.arrive(m, leg, factories.LINE, shown)))

    def key(self, leg: LegSid, digits: str, turn: int = 1) -> Outcome:
        return self.event(leg, turn, Keyed(digits))

    def event(self, leg: LegSid, turn: int, event: Event) -> Outcome:
        return self.turn(leg, turn, lambda _call, _script: event)

    def turn(self, leg: LegSid, turn: int, happening: Happening) -> Outcome:
        return self.at_once(lambda m: kept(m, turns.go_on(m, leg, turn, happening)))

    def ring_over(self, leg: LegSid, turn: int, result: RingResult) -> Outcome:
        return self.at_once(
            lambda m: kept(
                m, turns.go_on(m, leg, turn, lambda call, script: rings.over(m, call, script, result))
            )
        )

    def held(self, leg: LegSid, turn: int, how: HoldEnd) -> Outcome:
        return self.at_once(
            lambda m: kept(
                m, turns.go_on(m, leg, turn, lambda call, script: holding.left(m, call, script, how))
            )
        )

    def fetched(self, leg: LegSid, token: str | None = None) -> Outcome:
        """A push has brought the caller out of hold."""
        return self.at_once(lambda m: kept(m, turns.interrupt(m, leg, token, lambda _c, _s: Resumed())))

    def fell_back(self, leg: LegSid, token: str | None = None) -> Outcome:
        """The carrier could not use an answer of ours."""
        return self.at_once(lambda m: kept(m, turns.interrupt(m, leg, token, lambda _c, _s: Lost())))

    def revive(self, leg: LegSid) -> Outcome:
        """The carrier has asked again for a call that had ended for us."""
        return self.at_once(lambda m: kept(m, turns.revive(m, leg)))

    def wait_turn(self, leg: LegSid) -> Stay | Leave:
        return self.at_once(lambda m: holding.wait_turn(m, leg))

    def waits(self, leg: LegSid) -> Stay | Leave:
        """A wait turn as the webhook takes it: most of them only read."""
        with self.services.store.reading() as tx:
            quiet = holding.quiet_turn(self.moment(tx), leg)
        return quiet or self.wait_turn(leg)

    def press(self, leg: LegSid, digits: str = "9") -> bool:
        """A key in hold; whether the caller leaves it."""
        return self.at_once(lambda m: holding.keyed(m, leg, digits))

    def left_message(self, leg: LegSid, turn: int, recording: str) -> Outcome:
        """A voice message, and the caller is still there."""

        def keep(m: Moment) -> Outcome | None:
            def happening(call: Call, _script: Script) -> Event:
                promises.keep_message(m, call, read_state(call.state), recording, A_MESSAGE)
                return Recorded()

            return turns.go_on(m, leg, turn, happening)

        return self.at_once(lambda m: kept(m, keep(m)))

    def recorded(self, leg: LegSid, recording: str) -> None:
        """The carrier tells of a recording, perhaps once more, and perhaps when the call has ended."""

        def keep(m: Moment) -> None:
            call = calls.lock(m.tx, leg)
            assert call is not None
            promises.keep_message(m, call, read_state(call.state), recording, A_MESSAGE)

        self.at_once(keep)

    def attempt(self, ticket: TicketId, result: Attempt, note: str | None = None) -> bool:
        return self.at_once(lambda m: called_back.note_attempt(m, ticket, result, note))

    def due(self) -> list[Due]:
        with self.services.store.reading() as tx:
            return callbacks.due(tx, self.clock.now())

    def ticket_of(self, leg: LegSid) -> Ticket:
        """The one ticket that a call brought."""
        with self.services.store.reading() as tx:
            (ticket,) = tickets.of_call(tx, calls.outcome_of(tx, leg)[0])
        return ticket

    def recordings_of(self, ticket: TicketId) -> list[str]:
        """The voice messages that are kept with it."""
        with self.services.store.reading() as tx:
            return [one.recording for one in messages.of_ticket(tx, ticket)]

    def became(self, leg: LegSid) -> Became | None:
        with self.services.store.reading() as tx:
            return calls.outcome_of(tx, leg)[1]

    def log_of(self, leg: LegSid) -> list[str]:
        with self.services.store.reading() as tx:
            return [one.what for one in call_log.entries(tx, calls.outcome_of(tx, leg)[0])]

    def look(self, carrier: NotedCarrier) -> None:
        """One round of the watchdog."""
        here = self.services
        watchdog.look(Watch(here.store, carrier, here.lines, self.jobs, self.clock))

    def caller_left(self, leg: LegSid, *, failed: bool = False, bridged: bool | None = None) -> None:
        self.at_once(lambda m: leaving.caller_left(m, leg, failed=failed, bridged=bridged))

    def whisper(self, offer: OfferId, leg: LegSid, key: str, asked: int = 1) -> Verdict | None:
        """What a mediator answers on their leg; None: taken, the offer is over."""
        try:
            return self.at_once(lambda m: whispers.answered(m, offer, leg, key, asked))
        except Taken:
            return None

    def mediator_leg_over(self, offer: OfferId, leg: LegSid) -> None:
        with suppress(Taken):
            self.at_once(lambda m: rings.leg_over(m, offer, leg))

    def come_back(self, mediator: MediatorId) -> bool:
        return self.at_once(lambda m: duty.come_back(m, mediator))

    def push(self, offer: OfferId, trouble: Exception | None = None) -> None:
        """What a worker does with a push."""
        here = self.services
        pushes.push(
            here.store, NotedCarrier(trouble=_raising(trouble)), here.lines, self.jobs, self.clock, offer
        )

    def sweep(self) -> None:
        here = self.services
        sweeps.sweep(here.store, here.lines, self.jobs, self.clock)

    def everybody_goes(self) -> None:
        """Who calls hangs up, and enough time passes for every rest."""
        with self.services.store.reading() as tx:
            legs = calls.open_legs(tx)
        for leg in legs:
            self.caller_left(leg)
        self.clock.pass_(3600)
        self.sweep()


def kept(m: Moment, outcome: Outcome | None) -> Outcome:
    """The outcome of a turn, its answer kept as an entry point does."""
    assert outcome is not None, "nobody calls on that leg"
    if isinstance(outcome, Answer):
        turns.keep(m, outcome, f"the answer before turn {outcome.turn} rings {outcome.ringing}")
    return outcome


def _raising(trouble: Exception | None) -> Callable[[], None]:
    def act() -> None:
        if trouble is not None:
            raise trouble

    return act


OFTEN: Final = {"limits__calls_an_hour": 1000, "limits__minutes_a_day": 1440}
"""Most tests have one caller call all the time."""


@contextmanager
def opened(database_url: str, **changes: Any) -> Iterator[Desk]:
    """A desk with the demo line, and no limits to meet; keyword arguments change the line's table."""
    changes = OFTEN | changes
    clock, jobs = SetClock(), KeptJobs()
    settings = factories.settings(database_url)
    services = wiring.build(settings, clock=clock, jobs=jobs)
    store = KeptStore(database_url, settings.secret_key, services.events.publish)
    lines = Lines([line("demo", scripts.body(**changes), fiction_numbers=True)], fiction_numbers=True)
    try:
        yield Desk(replace(services, lines=lines, store=store), clock, jobs)
    finally:
        services.store.close()


def ringing(outcome: Outcome) -> OfferId:
    """The offer that a turn's answer rings."""
    assert isinstance(outcome, Answer), outcome
    assert outcome.ringing is not None, outcome.then
    return outcome.ringing.offer
