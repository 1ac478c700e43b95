"""What the switchboard needs of the outside world; adapters and fakes implement these."""

from collections.abc import Mapping, Sequence
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


class Carrier(Protocol):
    def push(self, leg: LegSid, offer: OfferId) -> None:
        """Have the carrier ask for the turn that rings `offer`, now.

        Raises LegEnded or CarrierTrouble.
        """
        ...

    def is_over(self, leg: LegSid) -> bool:
        """Whether the leg has ended, for the carrier. Raises CarrierTrouble, also for an unknown leg."""
        ...

    def message(self, recording: str) -> bytes:
        """The sound of a voice message, as WAV. Raises CarrierTrouble."""
        ...

    def delete_message(self, recording: str) -> None:
        """Delete a voice message; one that is gone already is deleted. Raises CarrierTrouble."""
        ...


class WebhookCheck(Protocol):
    def is_genuine(self, path: str, form: Mapping[str, Sequence[str]], signature: str | None) -> bool:
        """Whether the carrier signed this request; `path` is the raw path with the raw query."""
        ...


class Jobs(Protocol):
    def push(self, offer: OfferId) -> None:
        """Have a worker push the caller of `offer`, soon. May be run twice; may raise when out of reach."""
        ...


class MailTrouble(Exception):
    """The mail was not taken over; a later one tells the same."""


class Mail(Protocol):
    def send(self, subject: str, text: str) -> None:
        """Send this to the coordinators, now. Raises MailTrouble. Never within a transaction."""
        ...
