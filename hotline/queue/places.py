"""A place: one wait for one mediator. Its states and legal moves."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final


class PlaceState(StrEnum):
    WAITING = "waiting"
    OFFERED = "offered"
    CONNECTED = "connected"
    ENDED = "ended"


class PlaceKind(StrEnum):
    """Whom a place waits for: somebody on the line, or somebody who is to be called back."""

    CALL = "call"
    CALLBACK = "callback"


class PlaceEnd(StrEnum):
    """Why a place ended."""

    ANSWERED = "answered"
    LEFT = "left"
    GIVEN_UP = "given_up"
    """A coordinator closed the ticket, or there was no number to call back."""


MOVES: Final = MappingProxyType(
    {
        PlaceState.WAITING: frozenset({PlaceState.OFFERED, PlaceState.ENDED}),
        # back to waiting: nobody took it; `queued_at` stays what it was
        PlaceState.OFFERED: frozenset({PlaceState.WAITING, PlaceState.CONNECTED, PlaceState.ENDED}),
        # back to waiting: the mediator had accepted, but the two were never bridged
        PlaceState.CONNECTED: frozenset({PlaceState.WAITING, PlaceState.ENDED}),
        PlaceState.ENDED: frozenset[PlaceState](),
    }
)
OPEN: Final = frozenset({PlaceState.WAITING, PlaceState.OFFERED, PlaceState.CONNECTED})


def before(state: PlaceState) -> frozenset[PlaceState]:
    """The states from which `state` may be reached."""
    return frozenset(source for source, targets in MOVES.items() if state in targets)
