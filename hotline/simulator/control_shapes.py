"""The JSON shapes of the control interface: telephones, calls, trace."""

from typing import Any

from hotline.simulator.carrier import Carrier
from hotline.simulator.exchange import WaitingQueue
from hotline.simulator.legs import Heard, Leg
from hotline.simulator.phones import Phone
from hotline.simulator.trace import TraceEntry


def phones_json(carrier: Carrier) -> dict[str, Any]:
    lines = [{"number": line.number, "name": line.name} for line in carrier.lines.values()]
    return {"lines": lines, "phones": [phone_json(one) for one in carrier.exchange.phones.values()]}


def phone_json(phone: Phone) -> dict[str, Any]:
    leg = phone.leg or phone.ringing_leg
    return {
        "number": phone.number,
        "name": phone.name,
        "behaviour": phone.behaviour,
        "state": phone.state,
        "leg": leg.sid if leg else None,
        "shows": phone.shows,
        "talking_to": phone.talking_to.number if phone.talking_to else None,
    }


def leg_json(leg: Leg) -> dict[str, Any]:
    return {
        "sid": leg.sid,
        "from": leg.ends.from_number,
        "to": leg.ends.to_number,
        "direction": leg.ends.direction,
        "parent": leg.ends.parent_sid,
        "status": str(leg.status),
        "started_at": leg.created_at.isoformat(),
        "heard": [heard_json(one) for one in leg.heard],
        "gathering": leg.gathering is not None,
        "recording": leg.recording is not None,
        "in_queue": leg.in_queue,
        "talking_to": leg.talking_to.number if leg.talking_to else None,
        "ended_by": leg.ended_by,
        "ended_at": leg.ended_at.isoformat() if leg.ended_at else None,
    }


def heard_json(heard: Heard) -> dict[str, Any]:
    return {
        "at": heard.at.isoformat(),
        "text": heard.text,
        "language": heard.language,
        "by": heard.by,
        "audio": heard.audio,
        "waiting": heard.waiting,
    }


def entry_json(entry: TraceEntry) -> dict[str, Any]:
    return {
        "n": entry.n,
        "at": entry.at.isoformat(),
        "leg": entry.leg,
        "kind": str(entry.kind),
        "params": entry.params,
    }


def queue_json(queue: WaitingQueue) -> dict[str, Any]:
    return {"name": queue.name, "waiting": [leg.sid for leg in queue.waiting]}


def state_json(carrier: Carrier, shown_calls: int = 30) -> dict[str, Any]:
    """All that the page shows: every open call, and the latest which have ended."""
    exchange = carrier.exchange
    recent = list(exchange.legs.values())[-shown_calls:]
    older_open = [leg for leg in exchange.legs.values() if leg.is_open and leg not in recent]
    return phones_json(carrier) | {
        "version": exchange.trace.last,
        "now": carrier.now().isoformat(),
        "calls": [leg_json(leg) for leg in [*older_open, *recent]],
        "queues": [queue_json(one) for one in exchange.queues.values()],
        "violations": exchange.violations[-shown_calls:],
    }
