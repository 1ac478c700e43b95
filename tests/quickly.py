"""What is slow, done once for all tests, or cheaply: what is compiled, and how passwords are kept."""

from collections.abc import Callable
from types import CodeType
from typing import Any, Final

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from hotline.dashboard import passwords

REAL_COST: Final = passwords.COST


def cheaply(patch: pytest.MonkeyPatch) -> None:
    """Keep passwords so that they are guessed in no time; those of the tests may be."""
    patch.setattr(passwords, "COST", dict.fromkeys(REAL_COST, 1) | {"argon2__memory_cost": 8})


def once(patch: pytest.MonkeyPatch) -> None:
    """Compile each template and each address once, for all applications."""
    patch.setattr(Flask, "jinja_options", Flask.jinja_options | {"bytecode_cache": Compiled()})
    patch.setattr(Rule, "_compile_builder", _kept(Rule._compile_builder))


class Compiled(BytecodeCache):
    """What Jinja has compiled."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._kept[bucket.key, bucket.checksum] = bucket.code


def _kept(make: Callable[[Rule, bool], Any]) -> Callable[[Rule, bool], Any]:
    """What builds a rule's addresses knows nothing of its application but what is in the key."""
    kept: dict[tuple[object, ...], Any] = {}

    def builder(rule: Rule, append_unknown: bool = True) -> Any:
        key = (rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown)
        if key not in kept:
            kept[key] = make(rule, append_unknown)
        return kept[key]

    return builder
