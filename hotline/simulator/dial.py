"""The verb Dial: rings one or several numbers for a caller and connects whoever takes the call."""

import xml.etree.ElementTree as ET

from hotline.simulator.dialled import Dialling
from hotline.simulator.engine import Steps, wait
from hotline.simulator.exchange import Exchange
from hotline.simulator.legs import Leg, LegGone, LegUpdated
from hotline.simulator.walk import Outcome, Walk, flag_of, hear

MAX_NUMBERS = 10


def dial(walk: Walk, verb: ET.Element) -> Steps[Outcome]:
    numbers = _numbers(walk, verb)
    if not flag_of(verb, "answerOnBridge"):
        walk.leg.answer()
    shows = verb.get("callerId") or walk.leg.ends.from_number
    dialling = Dialling(walk, verb, shows, _may_show(walk, verb.get("callerId")))
    hear(walk.exchange, walk.leg, "ringing", by="tone")
    try:
        yield from _try_numbers(dialling, numbers, in_turn=flag_of(verb, "sequential"))
    except LegGone as gone:
        _abandon(dialling, gone)
        raise
    except LegUpdated:
        _abandon(dialling, None)
        raise
    return walk.action(verb, dialling.result())


def _try_numbers(dialling: Dialling, numbers: list[ET.Element], *, in_turn: bool) -> Steps[None]:
    rounds = [[number] for number in numbers] if in_turn else [numbers]
    for numbers_of_round in rounds:
        dialling.begin_round()
        for number in numbers_of_round:
            dialling.start(number)
        if numbers_of_round:
            yield from wait(dialling.over)
        if dialling.bridged is not None:
            return


def _abandon(dialling: Dialling, gone: LegGone | None) -> None:
    """The caller's leg has ended or was sent elsewhere: end the others, and report if that is due."""
    walk = dialling.walk
    dialling.cut(gone.by if gone else "line")
    if gone is None and not walk.exchange.faults.readings.updated_parent_requests_action:
        return
    walk.exchange.engine.spawn(_report_result(dialling))


def _report_result(dialling: Dialling) -> Steps[None]:
    yield from wait(dialling.over)
    dialling.walk.report(dialling.walk.action(dialling.verb, dialling.result()))


def _numbers(walk: Walk, verb: ET.Element) -> list[ET.Element]:
    found = [child for child in verb if child.tag == "Number"]
    if not found and (verb.text or "").strip():
        bare = ET.Element("Number")
        bare.text = verb.text
        found = [bare]
    if len(found) != len(verb) and len(verb):
        walk.exchange.violate(walk.leg, "this carrier connects a Dial to Number only")
    if len(found) > MAX_NUMBERS:
        walk.exchange.violate(walk.leg, f"13216: a Dial takes at most {MAX_NUMBERS} numbers")
    return found[:MAX_NUMBERS]


def _may_show(walk: Walk, caller_id: str | None) -> bool:
    """Whether the callee's network takes the call with this caller ID."""
    if caller_id is None:
        return _is_e164(walk.leg.ends.from_number)
    if _is_ours(walk.exchange, walk.leg, caller_id):
        return True
    walk.exchange.violate(walk.leg, f"13214: callerId {caller_id} is not a number of this account")
    return False


def _is_ours(exchange: Exchange, leg: Leg, number: str) -> bool:
    return number in exchange.lines or number in (leg.ends.from_number, leg.ends.to_number)


def _is_e164(number: str) -> bool:
    return number.startswith("+") and number[1:].isdecimal() and 7 <= len(number) - 1 <= 15
