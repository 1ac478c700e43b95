"""The expected wait in hold: silent while too little is known, then said, and never growing."""

from collections.abc import Callable

import pytest

from hotline.simulator.legs import Leg
from hotline.simulator.phones import Phone
from tests.calls import heard
from tests.calls.stage import Stage

WRAP_UP = 600
TALK = 240


@pytest.fixture
def stage(make_stage: Callable[..., Stage]) -> Stage:
    return make_stage(timings__wrap_up=WRAP_UP)


def talks(stage: Stage, many: int) -> list[Phone]:
    """So many mediators, each in a talk that has lasted for four minutes."""
    phones = [stage.mediator(f"mediator {n}", "taxes") for n in range(many)]
    for n, phone in enumerate(phones):
        stage.connect(stage.asks("2", caller=f"+336399801{50 + n}"), phone)
    stage.carrier.advance(TALK)
    return phones


def waiting(stage: Stage) -> list[Leg]:
    callers = [stage.holds(f"+3363998000{n}") for n in (1, 2)]
    stage.carrier.advance(5)
    return callers


def test_silent_with_four_talks_and_said_after_the_fifth(stage: Stage) -> None:
    """A good fourteen minutes a caller, shared by five: 3 minutes for the first, 6 for the second."""
    *others, last = talks(stage, 5)
    for phone in others:
        phone.hang_up()
    first, second = waiting(stage)
    stage.carrier.advance(70)
    assert len(heard.positions(second)) == 2
    assert heard.waits(first) == heard.waits(second) == []
    last.hang_up()
    stage.carrier.advance(80)
    assert heard.waits(first)[-1] == 5
    assert heard.waits(second)[-1] == 10
    assert "Il y a une personne avant vous. L'attente est d'environ 10 minutes." in second.heard_text()


def test_fewer_mediators_or_longer_talks_never_make_it_grow(stage: Stage) -> None:
    """Two mediators are left of six: the second in the queue would now wait for 15 minutes."""
    *others, last = talks(stage, 6)
    for phone in others:
        phone.hang_up()
    first, second = waiting(stage)
    stage.hears(second, "environ")
    assert heard.waits(second) == [5]
    for n in range(4):
        stage.pause(f"mediator {n}")
    stage.carrier.advance(130)
    last.hang_up()
    stage.carrier.advance(70)
    assert len(heard.waits(second)) >= 3
    assert set(heard.waits(first) + heard.waits(second)) == {5}
    third = stage.holds("+33639980003")
    stage.hears(third, "environ")
    assert heard.waits(third) == [25]
