"""Whatever changes the board or somebody's day is told to whoever has it open."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from hotline.queue.ids import AccountId, MediatorId, OfferId, ShiftId, TicketId
from hotline.queue.shifts import Hours, Shift
from hotline.queue.tickets import Attempt
from hotline.store import accounts, mediators
from hotline.store.topics import BOARD
from hotline.switchboard import callbacks, claiming, desk, duty
from hotline.switchboard.moment import Moment
from tests import factories
from tests.calls import talks
from tests.calls.stage import Stage
from tests.dashboard.visitor import account
from tests.news import News

AMINA = MediatorId(2)
HER_ACCOUNT = AccountId(1)
TICKET = TicketId(1)
A_SHIFT = Shift(2, Hours(540, 720), factories.ZONE)
ANOTHER = "+33639980002"


@pytest.fixture
def news(stage: Stage) -> Iterator[News]:
    """Somebody is to be called back, and Amina is there; from now on all that happens is looked on at."""
    talks.promised(stage)
    stage.mediator("Amina", "taxes")
    account(stage.services, mediator=AMINA)
    watched = News(stage.services)
    watched.watch(stage.services.store)
    yield watched
    assert watched.untold == []


def _attempt(result: Attempt, m: Moment) -> None:
    claiming.claim(m, TICKET, HER_ACCOUNT, AMINA)
    assert callbacks.note_theirs(m, TICKET, result, "occupé", HER_ACCOUNT)


HAPPENINGS: dict[str, Callable[[Moment], object]] = {
    "somebody new": lambda m: duty.take_on(m, "Bruno", "+33639980177", ["fr"], ["taxes"]),
    "another name": lambda m: mediators.rename(m.tx, AMINA, "Amina B."),
    "other topics": lambda m: duty.change(m, AMINA, None, ["fr", "en"], ["work"]),
    "an account is closed": lambda m: mediators.set_active(m.tx, AMINA, active=False),
    "a shift more": lambda m: duty.add_shift(m, AMINA, A_SHIFT),
    "a shift less": lambda m: duty.remove_shift(m, ShiftId(8)),
    "away": lambda m: duty.step_away(m, AMINA, "meal", None),
    "paused": lambda m: duty.pause(m, AMINA, None),
    "off": lambda m: duty.go_off(m, AMINA),
    "by hand": lambda m: duty.be_available(m, AMINA, m.now),
    "claimed": lambda m: claiming.claim(m, TICKET, HER_ACCOUNT, AMINA),
    **{f"called back: {one}": partial(_attempt, one) for one in Attempt},
}


@pytest.mark.parametrize("happening", HAPPENINGS.values(), ids=HAPPENINGS.keys())
def test_what_people_do_on_pages(stage: Stage, news: News, happening: Callable[[Moment], object]) -> None:
    factories.at_once(stage.services, happening)
    stage.carrier.advance(60)


def test_what_is_restored_or_given_back(stage: Stage, news: News) -> None:
    def claim(m: Moment) -> None:
        assert claiming.claim(m, TICKET, HER_ACCOUNT, AMINA) is None

    for work in (
        claim,
        lambda m: callbacks.give_back(m, TICKET, HER_ACCOUNT, None),
        claim,
        lambda m: callbacks.note_theirs(m, TICKET, Attempt.REACHED, None, HER_ACCOUNT),
        lambda m: callbacks.restore(m, TICKET, HER_ACCOUNT),
        claim,
        lambda m: accounts.change(m.tx, HER_ACCOUNT, {"name": "Amina B."}),
    ):
        factories.at_once(stage.services, work)
    stage.carrier.advance(46 * 60)
    assert stage.state("Amina") == "available"


def test_what_is_promised_in_a_talk_is_on_the_board_at_once(stage: Stage, news: News) -> None:
    caller = stage.asks("2", ANOTHER)
    assert stage.rings("Amina")
    offer = OfferId(talks.offer_of(stage, "Amina"))
    stage.connect(caller, stage.phones["Amina"])

    def promise(m: Moment) -> set[str]:
        assert desk.promise_callback(m, AMINA, offer, None)
        return set(m.tx.touched)

    assert BOARD in factories.at_once(stage.services, promise)
    stage.leaves(caller)
