"""Callbacks as one mediator sees them: those that are theirs to serve, and those that suit nobody."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, bindparam, not_, or_, select

from hotline.queue.ids import AccountId, MediatorId, TicketId
from hotline.store import callbacks
from hotline.store.callbacks import IS_DUE, IS_LATER, OPEN_CALLBACK, Due, Whose
from hotline.store.claims import LASTS, ClaimRow
from hotline.store.places import SUITS, SUITS_NOBODY, PlaceRow
from hotline.store.transactions import Tx
from hotline.store.write_ups import WriteUpRow

MOST: Final = 50
"""Of a list that many are shown: nobody calls back more people in a day."""
_PROMISED = select(WriteUpRow.ticket_id).where(
    WriteUpRow.mediator_id == bindparam("mediator"), WriteUpRow.ticket_id.is_not(None)
)
_CLAIMED = select(ClaimRow.ticket_id).where(
    ClaimRow.account_id == bindparam("account"), ClaimRow.at > bindparam("claimed_after")
)
_IS_CLAIMED = PlaceRow.ticket_id.in_(_CLAIMED)
# what they have promised or have claimed is theirs, whatever they know
_THEIRS = or_(SUITS, PlaceRow.ticket_id.in_(_PROMISED), _IS_CLAIMED)


@dataclass(frozen=True, slots=True)
class Part:
    """The first of a list, in its order, and how many there are besides."""

    first: list[Due]
    more: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """`claimed`: what the mediator is calling just now, due or not; it is in none of the lists."""

    claimed: list[Due]
    due: Part
    nobodys: Part
    """Due, and nobody in the team has the topic or the language: anybody may see what they can do."""
    later: Part
    """Theirs, and nobody's."""


def of(tx: Tx, mediator: MediatorId, account: AccountId, now: datetime) -> Backlog:
    """What that mediator, who logs in with that account, has to serve."""

    def whose(which: ColumnElement[bool]) -> Whose:
        return Whose(which, {"mediator": mediator, "account": account, "claimed_after": now - LASTS})

    claimed = Whose(_IS_CLAIMED, {"account": account, "claimed_after": now - LASTS})
    return Backlog(
        claimed=callbacks.due(tx, now, whose=claimed) + callbacks.later(tx, now, whose=claimed),
        due=_part(tx, now, IS_DUE, whose(and_(_THEIRS, not_(_IS_CLAIMED)))),
        nobodys=_part(tx, now, IS_DUE, whose(and_(SUITS_NOBODY, not_(_THEIRS)))),
        later=_part(tx, now, IS_LATER, whose(and_(or_(SUITS_NOBODY, _THEIRS), not_(_IS_CLAIMED)))),
    )


def is_offered(tx: Tx, mediator: MediatorId, account: AccountId, ticket: TicketId, now: datetime) -> bool:
    """Whether it stands in any of those lists."""
    values = {"mediator": mediator, "account": account, "claimed_after": now - LASTS, "ticket": ticket}
    this = and_(PlaceRow.ticket_id == bindparam("ticket"), or_(SUITS_NOBODY, _THEIRS))
    return callbacks.many(tx, now, OPEN_CALLBACK, Whose(this, values)) > 0


def _part(tx: Tx, now: datetime, kind: ColumnElement[bool], whose: Whose) -> Part:
    listed = callbacks.due if kind is IS_DUE else callbacks.later
    first = listed(tx, now, MOST, whose)
    more = callbacks.many(tx, now, kind, whose) - MOST if len(first) == MOST else 0
    return Part(first, more)
