"""The blocked numbers as coordinators see them: masked, the newest first, a page at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hotline.dashboard import words
from hotline.ivr import numbers
from hotline.queue.ids import ProposalId
from hotline.store import callers, proposals
from hotline.store.callers import Block
from hotline.store.proposals import Proposal
from hotline.store.transactions import Tx

MOST: Final = 50
"""Numbers on a page."""


@dataclass(frozen=True, slots=True)
class Number:
    """As it stands on the page: masked, or in full for whoever asked for just this one."""

    text: str
    is_masked: bool
    last: str
    """Two digits, to say which one is meant."""
    anchor: str


@dataclass(frozen=True, slots=True)
class Blocks:
    """`blocked`: each with the name that it has in addresses. `proposed`: on the first page alone."""

    blocked: list[tuple[str, Number, Block]]
    proposed: list[tuple[Number, Proposal]]
    page: int
    before: int
    """How many are on the pages before this one."""
    many: int
    """On all pages."""

    @property
    def upto(self) -> int:
        return self.before + len(self.blocked)


def at(tx: Tx, page: int, region: str, in_full: str = "") -> Blocks:
    """That page, or the last one where there are not so many. `in_full`: the anchor that is not masked."""
    many = callers.how_many_blocked(tx)
    page = max(1, min(page, -(-many // MOST)))
    before = (page - 1) * MOST
    number = _numbers(region, in_full)
    blocked = [(tx.sealer.index(one.number), one) for one in callers.latest_blocks(tx, before, MOST)]
    return Blocks(
        blocked=[(index.hex(), number(one.number, anchor(index)), one) for index, one in blocked],
        proposed=[(number(one.number, anchor(one.id)), one) for one in proposals.pending(tx) if page == 1],
        page=page,
        before=before,
        many=many,
    )


def page_of(tx: Tx, index: bytes) -> int:
    """On which page the number with that index stands; the first one when it is not blocked."""
    return callers.blocked_since(tx, index) // MOST + 1


def anchor(key: bytes | ProposalId) -> str:
    """Where on the page a number stands."""
    return f"blocked-{key.hex()[:12]}" if isinstance(key, bytes) else f"proposed-{key}"


def _numbers(region: str, in_full: str) -> Callable[[str, str], Number]:
    def number(written: str, where: str) -> Number:
        masked = where != in_full
        text = words.masked(written) if masked else numbers.readable(written, region)
        return Number(text, masked, written[-2:], where)

    return number
