"""An offer: one place held out to one mediator. Its states and legal moves."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final


class OfferState(StrEnum):
    ASSIGNED = "assigned"
    RINGING = "ringing"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    """Nobody took it in time: busy, unanswered, a voicemail. The only miss."""
    WITHDRAWN = "withdrawn"
    """The caller left, or the two were never bridged: never a miss."""
    FINISHED = "finished"
    """The talk that it led to is over."""


MOVES: Final = MappingProxyType(
    {
        OfferState.ASSIGNED: frozenset(
            {OfferState.RINGING, OfferState.EXPIRED, OfferState.WITHDRAWN, OfferState.DECLINED}
        ),
        OfferState.RINGING: frozenset(
            {OfferState.ACCEPTED, OfferState.DECLINED, OfferState.EXPIRED, OfferState.WITHDRAWN}
        ),
        OfferState.ACCEPTED: frozenset({OfferState.FINISHED, OfferState.WITHDRAWN}),
        OfferState.DECLINED: frozenset[OfferState](),
        OfferState.EXPIRED: frozenset[OfferState](),
        OfferState.WITHDRAWN: frozenset[OfferState](),
        OfferState.FINISHED: frozenset[OfferState](),
    }
)
LIVE: Final = frozenset({OfferState.ASSIGNED, OfferState.RINGING, OfferState.ACCEPTED})
PENDING: Final = frozenset({OfferState.ASSIGNED, OfferState.RINGING})


def before(state: OfferState) -> frozenset[OfferState]:
    """The states from which `state` may be reached."""
    return frozenset(source for source, targets in MOVES.items() if state in targets)


def missed(state: OfferState) -> bool:
    """Whether an offer that ended so counts as a miss of its mediator."""
    return state is OfferState.EXPIRED
