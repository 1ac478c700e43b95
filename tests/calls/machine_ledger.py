"""What the carrier saw of each caller, read from its trace; and where a caller is left in silence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from hotline.ivr import spoken
from hotline.ivr.script import Script
from hotline.simulator.carrier import Carrier
from hotline.simulator.faults import Readings
from hotline.simulator.legs import EndedBy, Leg
from hotline.simulator.trace import Kind, TraceEntry

A_BREATH: Final = timedelta(seconds=0.6)
SLACK: Final = timedelta(seconds=3)
A_WHISPER: Final = timedelta(seconds=15)
_CODES: Final = {
    "fr": re.compile(r"votre code : ([^.]+)\."),
    "en": re.compile(r"is your code: ([^.]+)\."),
}
_DIGITS: Final = {spoken.digits(digit, language): digit for language in _CODES for digit in "0123456789"}


@dataclass
class Talk:
    mediator_leg: str
    accepted: bool
    began_at: datetime
    ended_at: datetime | None = None


@dataclass
class Seen:
    """One caller's leg."""

    leg: Leg
    began_at: datetime
    sound_until: datetime
    """When the last that they heard or did is over, at the latest."""
    ended_at: datetime | None = None
    ended_by: EndedBy | None = None
    heard: str = ""
    talks: list[Talk] = field(default_factory=list)
    nines: list[datetime] = field(default_factory=list)
    """When a 9 in hold has reached us."""
    recorded: bool = False
    in_hold: bool = False
    hold_began_at: datetime | None = None
    """The first time; a ring that nobody answered is part of the wait."""
    has_pressed_nine: bool = False
    """In hold; we may not have been told of it yet."""

    @property
    def codes(self) -> list[str]:
        said = (one for pattern in _CODES.values() for one in pattern.findall(self.heard))
        return ["".join(_DIGITS[word] for word in one.split(", ")) for one in said]

    @property
    def lines(self) -> list[str]:
        return self.heard.splitlines()

    @property
    def has_talked(self) -> bool:
        return any(talk.accepted for talk in self.talks)

    def has_talked_for(self, least: timedelta) -> bool:
        return any(
            talk.accepted and (talk.ended_at or talk.began_at) - talk.began_at >= least for talk in self.talks
        )


class Ledger:
    def __init__(self, carrier: Carrier, script: Script, readings: Readings) -> None:
        self.callers: dict[str, Seen] = {}
        self.wrong: list[str] = []
        self._carrier = carrier
        self._bridges_unasked = readings.failing_whisper == "bridge"
        self._read = 0
        self._said_yes: set[str] = set()
        self._failed: set[str] = set()
        self._rung: set[str] = set()
        timings = script.timings
        self.quiet = max(2 * timings.menu_silence, timings.key_gap) + SLACK
        """The longest that somebody hears nothing: the time for an answer to a question said slowly."""
        self.ringing = timings.ring + 2 * SLACK + script.whisper_tries * (timings.whisper_silence + A_WHISPER)
        """The longest that a mediator is rung and asked."""
        self.recording = timings.longest_message + SLACK

    def look(self) -> None:
        """Read on, then see to it that nobody on the line is left alone."""
        self.read()
        now = self._carrier.now()
        for seen in self.callers.values():
            if seen.leg.is_open and seen.leg.talking_to is None:
                self._check_silence(seen, now)

    def read(self) -> None:
        entries, last = self._carrier.trace, self._carrier.exchange.trace.last
        # counted from the end: the list is cut at its beginning when it becomes very long
        for entry in entries[len(entries) - (last - self._read) :]:
            self._take(entry)
        self._read = last

    def says_yes(self, leg: str) -> None:
        """Its mediator has clicked after they picked up, which stands for the 1."""
        self._said_yes.add(leg)

    def dialled_for(self, seen: Seen) -> Iterator[Leg]:
        """The mediators' legs that are up or ring for this caller."""
        for leg in self._carrier.legs.values():
            if leg.is_open and leg.ends.parent_sid == seen.leg.sid:
                yield leg

    def _check_silence(self, seen: Seen, now: datetime) -> None:
        limit = self.quiet
        if any(self.dialled_for(seen)):
            limit = self.ringing
        elif seen.leg.recording is not None:
            limit = self.recording
        if now - seen.sound_until > limit:
            self.wrong.append(
                f"{seen.leg.number} has heard nothing since {seen.sound_until:%H:%M:%S}, longer than {limit}"
            )

    def _take(self, entry: TraceEntry) -> None:
        if entry.kind is Kind.CALL_STARTED and entry.leg:
            self.callers[entry.leg] = Seen(self._carrier.legs[entry.leg], entry.at, entry.at)
        elif entry.kind is Kind.BRIDGED:
            self._bridged(entry)
        elif entry.kind is Kind.UNBRIDGED:
            seen = self.callers[str(entry.params["caller_leg"])]
            seen.sound_until = seen.talks[-1].ended_at = entry.at
        elif entry.leg in self.callers:
            self._happened(self.callers[entry.leg], entry)
        elif entry.kind is Kind.KEY_PRESSED and entry.params["kept"] and "1" in str(entry.params["keys"]):
            self._said_yes.add(str(entry.leg))
        elif entry.kind is Kind.ERROR:
            self._failed.add(str(entry.leg))
        elif entry.kind is Kind.RINGING:
            self._rung.add(str(entry.leg))
        elif entry.kind is Kind.ENDED:
            self._mediator_left(str(entry.leg), entry)

    def _mediator_left(self, leg: str, entry: TraceEntry) -> None:
        caller = self.callers.get(self._carrier.legs[leg].ends.parent_sid or "")
        if caller is not None:
            caller.sound_until = entry.at
        number = str(entry.params["number"])
        engaged = entry.params["status"] == "busy" and leg not in self._rung
        if engaged and self._carrier.phone(number).behaviour != "busy":
            self.wrong.append(f"the telephone {number} was called while it was engaged")

    def _happened(self, seen: Seen, entry: TraceEntry) -> None:
        """To a caller's leg."""
        match entry.kind:
            case Kind.SAID | Kind.PLAYED:
                self._heard(seen, entry)
            case Kind.KEY_PRESSED | Kind.SPOKE if entry.params["kept"]:
                seen.sound_until = entry.at
            case Kind.QUEUE_ENTERED | Kind.QUEUE_LEFT:
                seen.in_hold = entry.kind is Kind.QUEUE_ENTERED
                seen.hold_began_at = seen.hold_began_at or entry.at
            case Kind.GATHER_CLOSED:
                seen.has_pressed_nine = seen.in_hold and entry.params["digits"] == "9"
            case Kind.WEBHOOK if entry.params["path"] == "/voice/keyed" and seen.has_pressed_nine:
                if entry.params["status"] == 200:
                    seen.nines.append(entry.at)
            case Kind.RECORDED:
                seen.recorded = True
            case Kind.ENDED:
                seen.ended_at, seen.ended_by = entry.at, seen.leg.ended_by
            case _:
                pass

    def _heard(self, seen: Seen, entry: TraceEntry) -> None:
        text = str(entry.params["text"])
        if entry.params["by"] == "say":
            seen.heard += text + "\n"
            breaths = len(re.findall(r"[.?!]", text))
            lasts = timedelta(seconds=self._carrier.voice.say_duration(text, "")) + breaths * A_BREATH
        else:
            lasts = timedelta(seconds=self._carrier.voice.play_seconds.get(text, 0))
        seen.sound_until = entry.at + lasts

    def _bridged(self, entry: TraceEntry) -> None:
        leg = str(entry.leg)
        accepted = leg in self._said_yes
        seen = self.callers[str(entry.params["caller_leg"])]
        seen.talks.append(Talk(leg, accepted, entry.at))
        if not accepted and not (leg in self._failed and self._bridges_unasked):
            self.wrong.append(f"{seen.leg.number} was connected to somebody who had not pressed 1")
