"""Reads wished faults from JSON, and refuses words that mean nothing."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from hotline.simulator.faults import CallbackFault, Faults, Readings, RestFault, WebhookRepeat

T = TypeVar("T")


def apply(faults: Faults, wished: Mapping[str, Any]) -> None:
    """Replace the kinds of faults which are named; ValueError says what cannot be read."""
    unknown = set(wished) - {"callbacks", "repeats", "rest", "readings"}
    if unknown:
        raise ValueError(f"unknown kinds of faults: {sorted(unknown)}")
    callbacks = [_make(CallbackFault, one) for one in wished.get("callbacks", [])]
    repeats = [_make(WebhookRepeat, one) for one in wished.get("repeats", [])]
    rest = [_make(RestFault, one) for one in wished.get("rest", [])]
    readings = _make(Readings, asdict(faults.readings) | wished.get("readings", {}))
    faults.callbacks = callbacks if "callbacks" in wished else faults.callbacks
    faults.repeats = repeats if "repeats" in wished else faults.repeats
    faults.rest = rest if "rest" in wished else faults.rest
    faults.readings = readings


def as_json(faults: Faults) -> dict[str, Any]:
    shown = asdict(faults)
    del shown["seed"]
    return shown


def _make(kind: type[T], given: Mapping[str, Any]) -> T:
    hints = get_type_hints(kind)
    for name, value in given.items():
        hint = hints.get(name)
        if get_origin(hint) is Literal and value not in get_args(hint):
            raise ValueError(f"{name} is one of {list(get_args(hint))}, not {value!r}")
    try:
        return kind(**given)
    except TypeError as error:
        raise ValueError(str(error)) from None
