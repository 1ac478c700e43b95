"""What the switchboard needs of the outside world; adapters and fakes implement these."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hotline.queue.ids import LegSid, OfferId


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...


class LegEnded(Exception):
    """The carrier says that this leg is over: there is nobody to push."""


class CarrierTrouble(Exception):
    """The carrier refused or did not answer in time; the caller's next wait turn will do instead."""


@dataclass(frozen=True, slots=True)
class Recording:
    """What the carrier has recorded of a caller, or still records: then its seconds mean nothing."""

    name: str
    seconds: int
    finished: bool


class Carrier(Protocol):
    def push(self, leg: LegSid, offer: OfferId) -> None:
        """Have the carrier ask for the turn that rings `offer`, now.

        Raises LegEnded or CarrierTrouble.
        """
        ...

    def hang_up(self, leg: LegSid) -> None:
        """End a leg. Raises LegEnded or CarrierTrouble."""
        ...

    def is_over(self, leg: LegSid) -> bool:
        """Whether the leg has ended, for the carrier. Raises CarrierTrouble, also for an unknown leg."""
        ...

    def recordings(self, leg: LegSid) -> Sequence[Recording]:
        """What the carrier has recorded on that leg, the oldest first. Raises CarrierTrouble."""
        ...

    def message(self, recording: str) -> bytes:
        """The sound of a voice message, as WAV. Raises CarrierTrouble."""
        ...

    def delete_message(self, recording: str) -> None:
        """Delete a voice message; one that is gone already is deleted. Raises CarrierTrouble."""
        ...

    def call_up(self, number: str, shown: str, check: str) -> None:
        """Call that number, showing one of ours, and ask what to say by the check's token.

        Raises CarrierTrouble. Never within a transaction.
        """
        ...


class WebhookCheck(Protocol):
    def is_genuine(self, path: str, form: Mapping[str, Sequence[str]], signature: str | None) -> bool:
        """Whether the carrier signed this request; `path` is the raw path with the raw query."""
        ...


class Jobs(Protocol):
    def push(self, offer: OfferId) -> None:
        """Have a worker push the caller of `offer`, soon. May be run twice; may raise when out of reach."""
        ...


class Events(Protocol):
    """Tells other processes that something has changed, never what: they look it up."""

    def publish(self, topics: frozenset[str]) -> None:
        """Tell whoever listens, now or when they are in reach again. Never raises, and hardly ever waits."""
        ...

    def listen(self) -> AbstractContextManager[Iterator[frozenset[str] | None]]:
        """What is published from now on; None each time that nothing was heard for about a second.

        It and its iterator raise EventsTrouble when events are out of reach, or silent for some seconds.
        """
        ...


class EventsTrouble(Exception):
    """No events for now: whoever shows something looks it up every few seconds."""


class MailTrouble(Exception):
    """The mail was not taken over; a later one tells the same."""


class Mail(Protocol):
    @property
    def is_set_up(self) -> bool:
        """Whether anything can be sent at all."""
        ...

    def send(self, subject: str, text: str, to: str | None = None) -> None:
        """Send this to an address, now; None: to the coordinators. Raises MailTrouble.

        Never within a transaction.
        """
        ...
