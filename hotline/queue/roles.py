"""What somebody who has an account may do."""

from enum import StrEnum


class Role(StrEnum):
    """Each may do what those before it may."""

    MEDIATOR = "mediator"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


_ORDER = tuple(Role)


def includes(role: Role, wanted: Role) -> bool:
    """Whether `role` may do what `wanted` may."""
    return _ORDER.index(role) >= _ORDER.index(wanted)


def needs_second_factor(role: Role) -> bool:
    """Whoever sees more than their own calls proves twice who they are."""
    return role is not Role.MEDIATOR
