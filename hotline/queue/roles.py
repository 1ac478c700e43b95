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


def may_reset_second_factor(role: Role, of: Role) -> bool:
    """Whether `role` may take away the second factor of somebody else: never of who may do as much as they.

    But administrators help one another: nobody is above them.
    """
    return role is Role.ADMINISTRATOR or (role is Role.COORDINATOR and of is Role.MEDIATOR)
