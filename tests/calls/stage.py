"""The stage of a call test: a hotline, a carrier, mediators with telephones, and what became of calls."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from twilio.request_validator import RequestValidator

from hotline.app import create_app
from hotline.queue.ids import CallId, LegSid, MediatorId
from hotline.services import Services
from hotline.simulator.carrier import Carrier
from hotline.simulator.legs import Leg
from hotline.simulator.phones import Phone
from hotline.store import call_log, calls, mediators, tickets
from hotline.store.mediators import Mediator
from hotline.store.outages import forget_beats
from hotline.store.tickets import Ticket
from hotline.switchboard import duty, outages, pushes, sweeps, unheard, watchdog
from hotline.switchboard.outages import Pulse
from hotline.switchboard.watchdog import Watch
from tests import factories
from tests.calls.late_pages import LatePages
from tests.calls.severable import SeverableStore
from tests.fakes import KeptJobs, SetClock

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SOMEBODY_ELSE = "+33639980090"


@dataclass
class Stage:
    build: Callable[[], Services]
    carrier: Carrier
    jobs: KeptJobs
    services: Services = field(init=False)
    app: Flask = field(init=False)
    names: dict[str, MediatorId] = field(default_factory=dict)
    phones: dict[str, Phone] = field(default_factory=dict)
    ahead: timedelta = timedelta()
    """How much later than the carrier's the clock of the worker's periodic jobs is."""
    failing: dict[str, int] = field(default_factory=dict)
    """How many more requests to a path are answered with an error by the server in front."""
    is_down: bool = False
    """No process of ours runs: every request is answered with an error by the server in front."""
    is_quiet: bool = False
    """Nobody is on the line: the worker's jobs, which would find nothing to do, are left out."""

    def __post_init__(self) -> None:
        self.start()

    # The hotline

    def start(self) -> None:
        """Start the hotline's process: it knows what its database knows, and nothing else."""
        self.services = self.build()
        self.pages = LatePages(self.services)
        self.pulse = Pulse()
        self.app = create_app(self.services, self.pages.app())
        here = self.services
        self._while_there(lambda: outages.started(here.store, here.lines, here.jobs, here.clock))

    def close(self) -> None:
        """The process ends, and with it the streams to open pages."""
        self.pages.close()
        self.services.store.close()

    def restart(self) -> None:
        self.close()
        self.jobs.take()
        self.start()

    def is_away_for(self, seconds: float) -> None:
        """A restart that takes so long."""
        self.is_down = True
        self.carrier.advance(seconds)
        self.is_down = False
        self.restart()

    def is_quiet_for(self, seconds: float) -> None:
        """Hours, or days, in which nobody calls; the worker then goes on as if it had been there."""
        self.is_quiet = True
        self.carrier.advance(seconds)
        self.is_quiet = False
        self.store.run(forget_beats)
        self.beat()
        self.sweep()
        self.look()

    @property
    def store(self) -> SeverableStore:
        assert isinstance(self.services.store, SeverableStore)
        return self.services.store

    def work(self) -> None:
        """What a worker does with the pushes that are there."""
        here = self.services
        for offer in self.jobs.take() if not (self.is_down or self.is_quiet) else ():
            pushes.push(here.store, here.carrier, here.lines, here.jobs, here.clock, offer)

    def beat(self) -> None:
        here = self.services
        clock = SetClock(here.clock.now() + self.ahead)
        self._while_there(lambda: outages.beat(here.store, here.lines, here.jobs, clock, self.pulse))

    def sweep(self) -> None:
        here = self.services
        clock = SetClock(here.clock.now() + self.ahead)
        self._while_there(lambda: sweeps.sweep(here.store, here.lines, here.jobs, clock))

    def look(self) -> None:
        """One round of the watchdog, and of the look for messages: each a job of its own."""
        here = self.services
        clock = SetClock(here.clock.now() + self.ahead)
        watch = Watch(here.store, here.carrier, here.lines, here.jobs, clock)
        self._while_there(lambda: watchdog.look(watch))
        self._while_there(lambda: unheard.look(watch))

    def _while_there(self, work: Callable[[], None]) -> None:
        """As a worker does it: the job fails without the database, and is tried again at its next time."""
        if self.is_down or self.is_quiet:
            return
        try:
            work()
        except SQLAlchemyError:
            if not self.store.is_away:
                raise

    # People

    def mediator(self, name: str, *skills: str, languages: tuple[str, ...] = ("fr",), **more: Any) -> Phone:
        """A mediator on duty, with a telephone; the longest idle is the one made first."""
        telephone = factories.number(len(self.names) + 1)
        self.names[name] = factories.mediator(
            self.services, name, telephone, skills or ("taxes",), languages, **more
        )
        self.phones[name] = self.carrier.register_phone(telephone, name)
        self.carrier.advance(1)
        return self.phones[name]

    def call(self, caller: str = factories.CALLER, line: str = factories.LINE) -> Leg:
        return self.carrier.call(caller, line)

    def asks(self, key: str, caller: str = factories.CALLER, line: str = factories.LINE) -> Leg:
        """A caller who has listened for a moment and pressed a key, and whose choice has been answered."""
        leg = self.call(caller, line)
        self.carrier.advance(4)
        leg.press(key)
        self.carrier.advance(6)
        return leg

    def connect(self, leg: Leg, phone: Phone) -> None:
        """The mediator picks up, listens, and presses 1."""
        assert phone.ringing_leg is not None, "the telephone does not ring"
        phone.answer()
        self.carrier.advance(4)
        phone.press("1")
        self.carrier.advance(3)
        assert leg.talking_to is phone.leg
        assert leg.talking_to is not None

    def busy(self, name: str = "Amina", caller: str = SOMEBODY_ELSE) -> Phone:
        """A mediator who talks with somebody else."""
        phone = self.mediator(name, "taxes")
        self.connect(self.asks("2", caller=caller), phone)
        return phone

    def holds(self, caller: str = factories.CALLER, key: str = "2") -> Leg:
        """A caller who has been put in hold just now."""
        leg = self.asks(key, caller)
        assert self.carrier.advance_until(lambda: leg.in_queue is not None, 20), leg.heard_text()
        return leg

    def pause(self, name: str) -> None:
        """The operator pauses that mediator."""
        assert factories.at_once(self.services, lambda m: duty.pause(m, self.names[name], None))

    def resume(self, name: str) -> None:
        """They come back."""
        assert factories.at_once(self.services, lambda m: duty.come_back(m, self.names[name]))

    # Time passes

    def rings(self, name: str, within: float = 30) -> bool:
        """Let time pass until that mediator's telephone rings."""
        phone = self.phones[name]
        return self.carrier.advance_until(lambda: phone.ringing_leg is not None, within)

    def hears(self, leg: Leg, words: str, within: float = 60, times: int = 1) -> None:
        """Let time pass until the caller hears these words, for that time."""
        heard = self.carrier.advance_until(lambda: leg.heard_text().count(words) >= times, within)
        assert heard, f"not heard within {within} s: {words!r} in {leg.heard_text()!r}"

    def is_over(self, leg: Leg, within: float = 150) -> bool:
        """Let time pass until the caller's call has ended, and the carrier has told us."""
        over = self.carrier.advance_until(lambda: not leg.is_open, within)
        self.carrier.advance(1)
        return over

    def leaves(self, leg: Leg) -> None:
        """The caller hangs up, and the carrier tells us."""
        leg.hang_up()
        self.carrier.advance(3)
        assert not leg.is_open

    def is_helped(self, leg: Leg) -> None:
        """The two talk for a while; then the caller hangs up."""
        assert leg.talking_to is not None
        self.carrier.advance(60)
        self.leaves(leg)

    def later(self, hours: float) -> None:
        """The hotline's clock alone goes on, as after a long silence of the carrier; then a sweep."""
        self.ahead += timedelta(hours=hours)
        self.sweep()

    # What the hotline knows

    def state(self, name: str) -> str:
        return self._known(name).availability

    def misses(self, name: str) -> int:
        """How many offers in a row that mediator has missed."""
        return self._known(name).misses

    def _known(self, name: str) -> Mediator:
        with self.services.store.reading() as tx:
            found = mediators.get(tx, self.names[name])
        assert found is not None
        return found

    def outcome(self, leg: Leg) -> str | None:
        return self.summary(leg)[1]

    def outcome_of(self, sid: str) -> str | None:
        with self.services.store.reading() as tx:
            return calls.outcome_of(tx, LegSid(sid))[1]

    def log(self, leg: Leg) -> list[str]:
        """What happened in the call, in order."""
        with self.services.store.reading() as tx:
            return [entry.what for entry in call_log.entries(tx, self.summary(leg)[0])]

    def summary(self, leg: Leg) -> tuple[CallId, str | None]:
        with self.services.store.reading() as tx:
            return calls.outcome_of(tx, LegSid(leg.sid))

    def tickets(self, leg: Leg) -> list[Ticket]:
        with self.services.store.reading() as tx:
            return tickets.of_call(tx, self.summary(leg)[0])

    def set_state(self, leg: Leg, state: dict[str, Any]) -> None:
        """Write another state into the call's row, as another version might have."""
        key, _ = self.summary(leg)
        self.services.store.run(lambda tx: calls.move(tx, key, calls.get(tx, key).turn, state))

    # Webhooks

    def post(self, path: str, *, token: str | None = None, **form: str) -> str:
        """A signed webhook by hand, past the carrier; the answer. Raises for a status of 400 or more."""
        url = self.services.settings.public_url + path
        signer = RequestValidator(self.services.settings.tokens[0])
        headers = {"X-Twilio-Signature": signer.compute_signature(url, form)}
        if token:
            headers["I-Twilio-Idempotency-Token"] = token
        answer = requests.post(url, data=form, headers=headers, timeout=10)
        answer.raise_for_status()
        return answer.text

    def fail_once(self, path: str, times: int = 2) -> None:
        """The next requests to that path meet an error; two make the carrier fall back."""
        self.failing[path] = times
