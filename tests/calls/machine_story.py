"""The story of a run, for whoever must find out why it failed: what was done, and what the carrier saw."""

from dataclasses import dataclass, field
from datetime import datetime

from hotline.simulator.carrier import Carrier
from hotline.simulator.trace import Kind, TraceEntry
from hotline.simulator.trace_words import words

LATEST = 150
LEFT_OUT = frozenset({Kind.DOCUMENT, Kind.PAUSED, Kind.GATHER_OPENED, Kind.PHONE_REGISTERED})


@dataclass
class Story:
    carrier: Carrier
    done: list[tuple[int, datetime, str]] = field(default_factory=list)
    """What the run did, each with the number of the carrier's latest entry before it."""

    def tell(self, what: str) -> None:
        self.done.append((self.carrier.exchange.trace.last, self.carrier.now(), what))

    def told(self) -> str:
        lines = [(n, 0, f"{at:%H:%M:%S} * {what}") for n, at, what in self.done]
        lines += [(entry.n, 1, _line(entry)) for entry in self.carrier.trace if _matters(entry)]
        return "\n".join(text for *_, text in sorted(lines)[-LATEST:])


def _matters(entry: TraceEntry) -> bool:
    if entry.kind is Kind.PLAYED:
        return entry.params["by"] != "play"
    if entry.kind is Kind.WEBHOOK:
        return entry.params["path"] != "/voice/wait" or entry.params["status"] != 200
    return entry.kind not in LEFT_OUT and not (
        entry.kind is Kind.GATHER_CLOSED and not entry.params["digits"]
    )


def _line(entry: TraceEntry) -> str:
    return f"{entry.at:%H:%M:%S.%f}"[:-4] + f"   {(entry.leg or '')[2:6]} {words(entry, 'en')}"
