"""How the carrier may misbehave, and how it reads what the contract leaves open."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar


@dataclass
class CallbackFault:
    """Spoil the status callbacks whose path contains `path` and whose event is `event` (empty: any)."""

    does: Literal["drop", "duplicate", "delay", "reorder"]
    path: str = ""
    event: str = ""
    seconds: float = 2.0
    times: int | None = None
    chance: float = 1.0


@dataclass
class WebhookRepeat:
    """Ask a voice webhook a second time, as if the first answer had been lost, and follow the second."""

    path: str = ""
    token: Literal["same", "new"] = "same"
    times: int | None = 1
    chance: float = 1.0


@dataclass
class RestFault:
    """Spoil the next `times` REST requests.

    slow: do it after `seconds`; hang: say nothing for `seconds` and do nothing; lost: do it, answer 500.
    """

    does: Literal["429", "500", "slow", "hang", "lost"]
    times: int | None = 1
    path: str = ""
    seconds: float = 3.0
    chance: float = 1.0


@dataclass
class Readings:
    """Both readings of what the contract does not settle."""

    parallel_cut: Literal["first_pickup", "whisper_end"] = "first_pickup"
    updated_parent_requests_action: bool = True
    failing_whisper: Literal["bridge", "end"] = "bridge"
    redirected_action: Literal["first", "after"] = "first"
    refused_whisper: Literal["completed", "no-answer"] = "completed"
    caller_gone_while_ringing: Literal["canceled", "no-answer"] = "canceled"


Rule = TypeVar("Rule", CallbackFault, WebhookRepeat, RestFault)


@dataclass
class Faults:
    callbacks: list[CallbackFault] = field(default_factory=list)
    repeats: list[WebhookRepeat] = field(default_factory=list)
    rest: list[RestFault] = field(default_factory=list)
    readings: Readings = field(default_factory=Readings)
    seed: int = 1

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def for_callback(self, path: str, event: str) -> CallbackFault | None:
        return self._use([rule for rule in self.callbacks if rule.path in path and rule.event in ("", event)])

    def for_webhook(self, path: str) -> WebhookRepeat | None:
        return self._use([rule for rule in self.repeats if rule.path in path])

    def for_rest(self, path: str) -> RestFault | None:
        return self._use([rule for rule in self.rest if rule.path in path])

    def _use(self, rules: Sequence[Rule]) -> Rule | None:
        for rule in rules:
            if rule.times == 0 or self._random.random() >= rule.chance:
                continue
            if rule.times is not None:
                rule.times -= 1
            return rule
        return None
