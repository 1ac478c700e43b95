"""The carrier as tests and the live process use it: lines, calls, telephones, time, and what was seen."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from hotline.simulator.engine import Engine, HeadlessEngine, LiveEngine, Steps, wait
from hotline.simulator.exchange import Exchange, Line
from hotline.simulator.faults import Faults
from hotline.simulator.fetch import Fetch, HttpFetch
from hotline.simulator.legs import Ask, Leg, LegGone, LegUpdated, Source, Status, StatusHook
from hotline.simulator.phones import Behaviour, Phone
from hotline.simulator.progress import Progress
from hotline.simulator.sayings import AudioFor, SayDuration, Voice, reading_time
from hotline.simulator.script import DocumentScript
from hotline.simulator.trace import Kind, TraceEntry
from hotline.simulator.trace_words import Language, words

T = TypeVar("T")
SECONDS_BETWEEN_CREATED_CALLS = 1.0


class NotPossible(Exception):
    """The leg is not in a state for this request."""


class Carrier:
    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        start: datetime,
        misbehaviour: Faults | None = None,
        fetch: Fetch | None = None,
        say_duration: SayDuration = reading_time,
        audio_for: AudioFor | None = None,
        base_url: str = "http://127.0.0.1",
        live: bool = False,
    ) -> None:
        make: Callable[[datetime, Fetch], Engine] = LiveEngine if live else HeadlessEngine
        self.engine = make(start, fetch or HttpFetch())
        voice = Voice(say_duration, audio_for)
        self.exchange = Exchange(account_sid, auth_token, self.engine, misbehaviour or Faults(), voice)
        self.exchange.base_url = base_url
        self._script = DocumentScript(Progress(self.exchange))

    # Time

    def now(self) -> datetime:
        return self.engine.now()

    def advance(self, seconds: float) -> None:
        """Let this much virtual time pass, running all that falls due."""
        self._headless().run_for(seconds)

    def advance_until(self, predicate: Callable[[], bool], limit: float = 60.0) -> bool:
        """Let time pass until `predicate` holds, at most `limit` seconds; whether it holds."""
        return self._headless().run_until(predicate, limit)

    def every(self, seconds: float, work: Callable[[], object]) -> None:
        """Do something of the customer's at each interval of this clock, such as a periodic job."""
        self.engine.act(lambda: self.engine.spawn(self._repeat(seconds, work)), settle=False)

    def begin(self) -> None:
        """Let a live carrier run with the wall clock, until `stop`."""
        self._live().begin()

    def stop(self) -> None:
        self._live().stop()

    # What was seen

    @property
    def trace(self) -> list[TraceEntry]:
        return self.exchange.trace.entries

    @property
    def violations(self) -> list[str]:
        return self.exchange.violations

    @property
    def faults(self) -> Faults:
        return self.exchange.faults

    @property
    def voice(self) -> Voice:
        return self.exchange.voice

    @property
    def legs(self) -> dict[str, Leg]:
        return self.exchange.legs

    @property
    def lines(self) -> dict[str, Line]:
        return self.exchange.lines

    def words(self, language: Language = "fr") -> list[str]:
        """The trace as plain sentences."""
        return [words(entry, language) for entry in self.trace]

    # Numbers and telephones

    def add_line(
        self,
        number: str,
        *,
        voice_url: str,
        status_url: str = "",
        fallback_url: str = "",
        sms_url: str = "",
        name: str = "",
    ) -> Line:
        line = Line(
            self.exchange.sid("PN"), number, voice_url, status_url, fallback_url, name=name, sms_url=sms_url
        )
        self.exchange.lines[number] = line
        return line

    def phone(self, number: str) -> Phone:
        return self.exchange.phone(number)

    def register_phone(self, number: str, name: str = "", behaviour: Behaviour = "ring") -> Phone:
        """Make a telephone known by its name; one that exists is renamed."""
        return self.engine.act(lambda: self._register(number, name, behaviour))

    def call(self, from_number: str, to_number: str) -> Leg:
        """Somebody calls one of the lines; the line's voice address is asked at once."""
        if to_number not in self.exchange.lines:
            raise LookupError(f"{to_number} is not a line of this carrier")
        return self.engine.act(lambda: self._receive(from_number, self.exchange.lines[to_number]))

    # What the customer asks over REST

    def create_call(
        self,
        from_number: str,
        to_number: str,
        source: Source,
        *,
        hook: StatusHook | None = None,
        fallback: Ask | None = None,
        timeout: float = 60.0,
    ) -> Leg:
        return self._at_request(lambda: self._create(from_number, to_number, source, hook, fallback, timeout))

    def update_call(self, leg: Leg, source: Source) -> None:
        """Send a live leg to another document, whatever it is doing."""
        self._at_request(lambda: self._update(leg, source))

    def end_call(self, leg: Leg, *, cancel: bool = False) -> None:
        """End a leg; `cancel` ends it only if it was not yet answered."""
        self._at_request(lambda: self._end(leg, cancel))

    def _register(self, number: str, name: str, behaviour: Behaviour) -> Phone:
        phone = self.exchange.phone(number)
        phone.name, phone.behaviour = name, behaviour
        self.exchange.trace.add(Kind.PHONE_REGISTERED, None, number=number, name=name)
        return phone

    def _receive(self, from_number: str, line: Line) -> Leg:
        leg = self.exchange.new_leg(from_number, line.number, "inbound")
        if line.status_url:
            leg.hook = StatusHook(line.status_url, line.status_method)
        if line.fallback_url:
            leg.fallback = Ask(line.fallback_url, line.fallback_method)
        if from_number.startswith("+"):
            self.phone(from_number).take(leg)
        self.exchange.trace.add(Kind.CALL_STARTED, leg.sid, number=from_number, to=line.number)
        leg.process = self.engine.spawn(self._script.live(leg, Ask(line.voice_url, line.voice_method)))
        return leg

    def _create(
        self,
        from_number: str,
        to_number: str,
        source: Source,
        hook: StatusHook | None,
        fallback: Ask | None,
        timeout: float,
    ) -> Leg:
        leg = self.exchange.new_leg(from_number, to_number, "outbound-api")
        leg.hook, leg.fallback = hook, fallback
        leg.queue_time = max(self.exchange.next_slot - self.engine.env.now, 0.0)
        self.exchange.next_slot = self.engine.env.now + leg.queue_time + SECONDS_BETWEEN_CREATED_CALLS
        self.exchange.trace.add(Kind.CALL_QUEUED, leg.sid, number=to_number, seconds=leg.queue_time)
        leg.process = self.engine.spawn(
            self._script.place(leg, source, after=leg.queue_time, timeout=timeout)
        )
        return leg

    def _update(self, leg: Leg, source: Source) -> None:
        ringing_out = leg.ends.direction != "inbound" and leg.status is not Status.IN_PROGRESS
        if not leg.is_open or ringing_out:
            raise NotPossible(leg.sid)
        self.exchange.trace.add(Kind.UPDATED, leg.sid, number=leg.number)
        leg.interrupt(LegUpdated(source))

    def _end(self, leg: Leg, cancel: bool) -> None:
        if not leg.is_open:
            raise NotPossible(leg.sid)
        if cancel and leg.status is Status.IN_PROGRESS:
            return
        leg.interrupt(LegGone("line"))

    def _repeat(self, seconds: float, work: Callable[[], object]) -> Steps[None]:
        while True:
            yield from self.engine.pause(seconds)
            yield from wait(self.engine.outside(work))

    def _at_request(self, change: Callable[[], T]) -> T:
        """Headless, a request over REST only plants its effect: the next `advance` brings it about."""
        return self.engine.act(change, settle=False)

    def _headless(self) -> HeadlessEngine:
        if not isinstance(self.engine, HeadlessEngine):
            raise TypeError("only a headless carrier can be advanced")
        return self.engine

    def _live(self) -> LiveEngine:
        if not isinstance(self.engine, LiveEngine):
            raise TypeError("only a live carrier runs by itself")
        return self.engine
