"""A ticket: the matter that a caller brought. Its states, legal moves, and attempts to call back."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final


class TicketState(StrEnum):
    OPEN = "open"
    CALLBACK_DUE = "callback_due"
    CLOSED = "closed"


MOVES: Final = MappingProxyType(
    {
        TicketState.OPEN: frozenset({TicketState.CALLBACK_DUE, TicketState.CLOSED}),
        TicketState.CALLBACK_DUE: frozenset({TicketState.OPEN, TicketState.CLOSED}),
        TicketState.CLOSED: frozenset({TicketState.OPEN, TicketState.CALLBACK_DUE}),
    }
)


class BestTime(StrEnum):
    """When a caller would like to be called back."""

    ANY = "any"
    MORNING = "morning"
    AFTERNOON = "afternoon"


class Attempt(StrEnum):
    """What became of an attempt to call back."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    GIVEN_UP = "given_up"
    """The coordinator closes the ticket: a wrong number, a wish, a person who is helped already."""
    LEFT = "left"
    """It is left to somebody else, with some words for them."""


def before(state: TicketState) -> frozenset[TicketState]:
    """The states from which `state` may be reached."""
    return frozenset(source for source, targets in MOVES.items() if state in targets)
