"""Which numbers are never blocked, whoever asks for it."""

from enum import StrEnum

from hotline.store import mediators
from hotline.store.transactions import Tx
from hotline.switchboard.lines import Lines


class Spared(StrEnum):
    THE_LINES = "the_lines"
    A_MEDIATORS = "a_mediators"
    """Blocked, it would ring for calls and get no answer when it calls."""


def spared(tx: Tx, lines: Lines, number: str) -> Spared | None:
    """Why a number cannot be blocked; None when it can."""
    if lines.are_called_at(number):
        return Spared.THE_LINES
    return Spared.A_MEDIATORS if mediators.by_number(tx, number) is not None else None
