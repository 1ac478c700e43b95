"""A person's telephone: it rings, shows a caller ID, and is answered or not."""

from typing import Literal, get_args

from hotline.simulator.engine import Engine, Steps, wait
from hotline.simulator.legs import Leg
from hotline.simulator.trace import Kind, Trace

# "accepts" and "declines" answer like a person who knows the whisper: 1 or 2 at its first question.
Behaviour = Literal["ring", "busy", "unreachable", "voicemail", "accepts", "declines"]
BEHAVIOURS: tuple[Behaviour, ...] = get_args(Behaviour)
KEY_OF: dict[Behaviour, str] = {"accepts": "1", "declines": "2"}
# Seconds that a person takes to press a key.
REACTION = 1.0
GREETING = "Bonjour, je ne suis pas disponible. Laissez un message après le bip."


class Phone:
    def __init__(self, engine: Engine, trace: Trace, number: str, name: str = "") -> None:
        self.number = number
        self.name = name
        self.behaviour: Behaviour = "ring"
        self.answers_after = 8.0
        self.shows: str | None = None
        self.ringing_leg: Leg | None = None
        self.leg: Leg | None = None
        self._engine = engine
        self._trace = trace

    @property
    def engaged(self) -> bool:
        return self.ringing_leg is not None or self.leg is not None

    @property
    def state(self) -> Literal["idle", "ringing", "in_call"]:
        if self.leg is not None:
            return "in_call"
        return "ringing" if self.ringing_leg is not None else "idle"

    @property
    def talking_to(self) -> Leg | None:
        return self.leg.talking_to if self.leg is not None else None

    def answer(self) -> None:
        self._engine.act(lambda: self._pick_up(self._ringing(), "answered"))

    def reject(self) -> None:
        self._engine.act(lambda: self._pick_up(self._ringing(), "busy"))

    def press(self, keys: str) -> None:
        self._current().press(keys)

    def speak(self, text: str) -> None:
        self._current().speak(text)

    def hang_up(self) -> None:
        self._current().hang_up()

    def ring(self, leg: Leg) -> None:
        """Start ringing for a leg; the automatic behaviours then answer by themselves."""
        self.ringing_leg = leg
        self.shows = leg.ends.from_number
        self._trace.add(Kind.RINGING, leg.sid, number=self.number, shows=self.shows, name=self.name)
        if self.behaviour in ("voicemail", "accepts", "declines"):
            self._engine.spawn(self._answer_later(leg))

    def take(self, leg: Leg) -> None:
        """The leg is up: a call that was placed from here, or one that was answered."""
        self.ringing_leg = None
        self.leg = leg
        if self.behaviour == "voicemail" and leg.ends.direction != "inbound":
            self._trace.add(Kind.GREETING, leg.sid, number=self.number, text=GREETING)

    def release(self, leg: Leg) -> None:
        if self.ringing_leg is leg:
            self.ringing_leg = None
        if self.leg is leg:
            self.leg = None
        if not self.engaged:
            self.shows = None

    def _ringing(self) -> Leg:
        if self.ringing_leg is None:
            raise LookupError(f"the telephone {self.number} is not ringing")
        return self.ringing_leg

    def _current(self) -> Leg:
        if self.leg is None:
            raise LookupError(f"the telephone {self.number} is not in a call")
        return self.leg

    def _pick_up(self, leg: Leg, how: str) -> None:
        if not leg.picked_up.triggered:
            leg.picked_up.succeed(how)

    def _answer_later(self, leg: Leg) -> Steps[None]:
        yield from self._engine.pause(self.answers_after)
        if self.ringing_leg is not leg:
            return
        self._pick_up(leg, "answered")
        if key := KEY_OF.get(self.behaviour):
            yield from wait(leg.asked)
            yield from self._engine.pause(REACTION)
            leg.put_keys(key)
