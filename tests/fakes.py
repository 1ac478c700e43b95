"""Fakes that implement the ports."""

from collections.abc import Callable, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hotline.queue.ids import LegSid, OfferId
from hotline.switchboard.ports import MailTrouble


@dataclass
class SetClock:
    """Shows what it is set to."""

    instant: datetime = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.instant

    def pass_(self, seconds: float) -> None:
        self.instant += timedelta(seconds=seconds)


@dataclass
class KeptJobs:
    """Keeps the pushes that a worker would do, in order, until `take`."""

    pushes: list[OfferId] = field(default_factory=list)
    out_of_reach: bool = False

    def push(self, offer: OfferId) -> None:
        if self.out_of_reach:
            raise ConnectionError("no Redis")
        self.pushes.append(offer)

    def take(self) -> list[OfferId]:
        taken, self.pushes = self.pushes, []
        return taken


@dataclass
class NotedCarrier:
    """Notes what it is asked for; `trouble` is called first and may raise."""

    pushed: list[tuple[LegSid, OfferId]] = field(default_factory=list)
    trouble: Callable[[], None] = lambda: None
    over: Set[LegSid] = frozenset()
    """The legs that have ended."""
    asked: list[LegSid] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)

    def push(self, leg: LegSid, offer: OfferId) -> None:
        self.trouble()
        self.pushed.append((leg, offer))

    def is_over(self, leg: LegSid) -> bool:
        self.asked.append(leg)
        self.trouble()
        return leg in self.over

    def message(self, recording: str) -> bytes:
        self.trouble()
        return f"the sound of {recording}".encode()

    def delete_message(self, recording: str) -> None:
        self.trouble()
        self.deleted.append(recording)


class AnySignature:
    """Takes every webhook for genuine."""

    def is_genuine(self, path: str, form: object, signature: str | None) -> bool:
        return True


@dataclass
class KeptMail:
    """Keeps what is sent to the coordinators, until `take`; or refuses it."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    refuses: bool = False
    asked: int = 0

    def send(self, subject: str, text: str) -> None:
        self.asked += 1
        if self.refuses:
            raise MailTrouble("the mail server answers 451")
        self.sent.append((subject, text))

    def take(self) -> list[tuple[str, str]]:
        taken, self.sent = self.sent, []
        return taken
