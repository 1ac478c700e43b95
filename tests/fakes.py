"""Fakes that implement the ports."""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue

from hotline.queue.ids import LegSid, OfferId
from hotline.switchboard.ports import EventsTrouble, MailTrouble, Recording


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
class KeptEvents:
    """Keeps what was published, and hands it to those who listen in this process."""

    published: list[frozenset[str]] = field(default_factory=list)
    listeners: list[SimpleQueue[frozenset[str]]] = field(default_factory=list)
    out_of_reach: bool = False

    def publish(self, topics: frozenset[str]) -> None:
        self.published.append(topics)
        for one in list(self.listeners):
            one.put(topics)

    @contextmanager
    def listen(self) -> Iterator[Iterator[frozenset[str] | None]]:
        if self.out_of_reach:
            raise EventsTrouble("out of reach")
        inbox: SimpleQueue[frozenset[str]] = SimpleQueue()
        self.listeners.append(inbox)
        try:
            yield self._heard(inbox)
        finally:
            self.listeners.remove(inbox)

    def _heard(self, inbox: SimpleQueue[frozenset[str]]) -> Iterator[frozenset[str] | None]:
        while not self.out_of_reach:
            try:
                yield inbox.get(timeout=0.05)
            except Empty:
                yield None
        raise EventsTrouble("out of reach")


@dataclass
class NotedCarrier:
    """Notes what it is asked for; `trouble` is called first and may raise."""

    pushed: list[tuple[LegSid, OfferId]] = field(default_factory=list)
    trouble: Callable[[], None] = lambda: None
    over: Set[LegSid] = frozenset()
    """The legs that have ended."""
    asked: list[LegSid] = field(default_factory=list)
    recorded: Mapping[LegSid, Sequence[Recording]] = field(default_factory=dict)
    asked_for_recordings: list[LegSid] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    hung_up: list[LegSid] = field(default_factory=list)
    called_up: list[tuple[str, str, str]] = field(default_factory=list)
    """Number, number shown, token of the check."""

    def push(self, leg: LegSid, offer: OfferId) -> None:
        self.trouble()
        self.pushed.append((leg, offer))

    def hang_up(self, leg: LegSid) -> None:
        self.trouble()
        self.hung_up.append(leg)

    def is_over(self, leg: LegSid) -> bool:
        self.asked.append(leg)
        self.trouble()
        return leg in self.over

    def recordings(self, leg: LegSid) -> Sequence[Recording]:
        self.asked_for_recordings.append(leg)
        self.trouble()
        return self.recorded.get(leg, ())

    def message(self, recording: str) -> bytes:
        self.trouble()
        return f"the sound of {recording}".encode()

    def delete_message(self, recording: str) -> None:
        self.trouble()
        self.deleted.append(recording)

    def call_up(self, number: str, shown: str, check: str) -> None:
        self.trouble()
        self.called_up.append((number, shown, check))


class AnySignature:
    """Takes every webhook for genuine."""

    def is_genuine(self, path: str, form: object, signature: str | None) -> bool:
        return True


@dataclass
class KeptMail:
    """Keeps what is sent to the coordinators, until `take`; or refuses it."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    letters: list[tuple[str, str, str]] = field(default_factory=list)
    """Those to one person: address, subject, text."""
    refuses: bool = False
    asked: int = 0
    is_set_up: bool = True

    def send(self, subject: str, text: str, to: str | None = None) -> None:
        self.asked += 1
        if self.refuses:
            raise MailTrouble("the mail server answers 451")
        if to is not None:
            self.letters.append((to, subject, text))
            return
        self.sent.append((subject, text))

    def take(self) -> list[tuple[str, str]]:
        taken, self.sent = self.sent, []
        return taken
