"""Virtual time: it moves when told to, runs what is due, and calls periodic work of the customer's."""

from collections.abc import Callable
from datetime import timedelta

from hotline.simulator.carrier import Carrier
from hotline.simulator.legs import Leg

START = "2026-11-02T09:00:00+00:00"


def test_time_moves_when_told(carrier: Carrier) -> None:
    assert carrier.now().isoformat() == START
    carrier.advance(90.5)
    assert carrier.now().isoformat() == "2026-11-02T09:01:30.500000+00:00"


def test_time_stops_where_the_predicate_holds(carrier: Carrier, call: Callable[[str], Leg]) -> None:
    leg = call('<Pause length="20"/>')
    began = carrier.now()
    assert carrier.advance_until(lambda: not leg.is_open, limit=60)
    assert carrier.now() - began == timedelta(seconds=20)
    assert not carrier.advance_until(lambda: leg.is_open, limit=60)
    assert carrier.now() - began == timedelta(seconds=80)
    assert carrier.advance_until(lambda: True)


def test_small_steps_add_up(carrier: Carrier, call: Callable[[str], Leg]) -> None:
    leg = call('<Pause length="3"/>')
    for _ in range(30):
        assert leg.is_open
        carrier.advance(0.1)
    assert not leg.is_open


def test_periodic_work_runs_by_this_clock(carrier: Carrier) -> None:
    ticks = []
    carrier.every(5, lambda: ticks.append(carrier.now().isoformat()))
    carrier.advance(11)
    assert ticks == ["2026-11-02T09:00:05+00:00", "2026-11-02T09:00:10+00:00"]


def test_each_call_has_its_own_identifier(call: Callable[[str], Leg]) -> None:
    first, second = call("<Say>A</Say>"), call("<Say>A</Say>")
    assert first.sid != second.sid
    assert len(first.sid) == 34
    assert first.sid.startswith("CA")
