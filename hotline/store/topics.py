"""What screens show, by topic: a transaction that changes it touches the topic."""

from typing import Final

from hotline.queue.ids import AccountId, MediatorId

BOARD: Final = "board"
"""Who waits and who answers."""
CALLBACKS: Final = "callbacks"
"""Who is to be called back, and who has claimed it."""


def of_mediator(mediator: MediatorId) -> str:
    """What concerns one mediator alone: their state, their offers, their callbacks."""
    return f"mediator:{mediator}"


def of_account(account: AccountId) -> str:
    """Whether somebody may still see what they see: their sessions were ended, their role is another."""
    return f"account:{account}"
