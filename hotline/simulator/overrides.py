"""Reads the connection overrides that a customer writes into the fragment of a webhook address."""

from dataclasses import dataclass
from urllib.parse import parse_qs, urldefrag

from hotline.simulator.fetch import WebAnswer


@dataclass(frozen=True, slots=True)
class Overrides:
    connect_timeout: float = 5.0
    read_timeout: float = 15.0
    retries: int = 1
    policies: frozenset[str] = frozenset({"ct"})

    def wants_retry(self, answer: WebAnswer) -> bool:
        if "all" in self.policies:
            return not answer.ok
        return _kind_of_failure(answer) in self.policies


def _kind_of_failure(answer: WebAnswer) -> str | None:
    match answer.failure:
        case "connect":
            return "ct"
        case "read-timeout":
            return "rt"
        case None:
            return {4: "4xx", 5: "5xx"}.get(answer.status // 100)


def split(url: str) -> tuple[str, Overrides]:
    """The address to ask, without its fragment, and what the fragment wished for."""
    address, fragment = urldefrag(url)
    wishes = {key: values[-1] for key, values in parse_qs(fragment).items()}
    return address, Overrides(
        connect_timeout=_seconds(wishes, "ct", 5000, 100, 10000),
        read_timeout=min(
            _seconds(wishes, "rt", 15000, 100, 15000), _seconds(wishes, "tt", 15000, 100, 15000)
        ),
        retries=_number(wishes, "rc", 1, 0, 5),
        policies=frozenset(wishes.get("rp", "ct").split(",")),
    )


def _seconds(wishes: dict[str, str], name: str, default: int, low: int, high: int) -> float:
    return _number(wishes, name, default, low, high) / 1000


def _number(wishes: dict[str, str], name: str, default: int, low: int, high: int) -> int:
    text = wishes.get(name, "")
    return min(max(int(text), low), high) if text.isdecimal() else default
