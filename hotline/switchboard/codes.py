"""The four digits that one person says to another to prove who they are."""

import secrets


def new_code() -> str:
    return f"{secrets.randbelow(10_000):04}"
