"""Nobody acts for somebody else: not on their offer, not on the callback that they have claimed."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from hotline.store.messages import MessageRow
from hotline.store.reveals import RevealRow
from tests.calls.stage import Stage
from tests.calls.talks import again, desk_of, offer_of, over, promised
from tests.dashboard.visitor import Visitor


def test_nobody_takes_or_declines_a_call_that_is_held_out_to_somebody_else(stage: Stage) -> None:
    stage.mediator("Amina", "taxes")
    stage.mediator("Bruno", "work")
    caller = stage.asks("2")
    assert stage.rings("Amina")
    offer, bruno = offer_of(stage, "Amina"), desk_of(stage, "Bruno")
    stage.phones["Amina"].answer()
    stage.carrier.advance(1)
    bruno.post(f"/desk/{offer}/take")
    bruno.post(f"/desk/{offer}/leave")
    stage.carrier.advance(5)
    assert caller.talking_to is None
    stage.phones["Amina"].press("1")
    assert stage.carrier.advance_until(lambda: caller.talking_to is stage.phones["Amina"].leg, 10)


@pytest.fixture
def claimed(stage: Stage) -> tuple[int, Visitor, Visitor]:
    """A callback, the desk of Amina, who has claimed it, and that of Bruno."""
    caller = promised(stage)
    stage.mediator("Amina", "taxes")
    stage.mediator("Bruno", "taxes")
    (ticket,) = stage.tickets(caller)
    amina, bruno = desk_of(stage, "Amina"), desk_of(stage, "Bruno")
    assert amina.post(f"/day/{ticket.id}/claim").status_code == 200
    return ticket.id, amina, bruno


@pytest.mark.parametrize("what", ["give-back", "number", "attempt"])
def test_a_claimed_callback_is_its_claimants(
    stage: Stage, claimed: tuple[int, Visitor, Visitor], what: str
) -> None:
    ticket, amina, bruno = claimed
    assert bruno.post(f"/day/{ticket}/{what}", result="reached").status_code == 409
    assert "Quelqu’un d’autre rappelle" in bruno.post(f"/day/{ticket}/claim").text
    assert amina.post(f"/day/{ticket}/attempt", result="reached").status_code == 200


def test_nobody_else_hears_its_messages(stage: Stage, claimed: tuple[int, Visitor, Visitor]) -> None:
    ticket, amina, bruno = claimed
    assert bruno.get(f"/day/{ticket}/message/1").status_code == 409
    assert amina.get(f"/day/{ticket}/message/1").status_code == 404, "there is none"
    with stage.services.store.reading() as tx:
        assert tx.connection.execute(select(MessageRow.id)).all() == []


def test_each_look_at_a_number_to_call_back_is_written_down(
    stage: Stage, claimed: tuple[int, Visitor, Visitor]
) -> None:
    ticket, amina, _ = claimed
    for _again in range(2):
        assert "06 39 98" in amina.post(f"/day/{ticket}/number").text
    with stage.services.store.reading() as tx:
        looks = tx.connection.execute(select(RevealRow.at)).scalars().all()
    assert looks == [stage.services.clock.now()] * 2


def test_a_day_begins_at_midnight_where_the_line_is(stage: Stage) -> None:
    stage.mediator("Amina", "taxes")
    desk = desk_of(stage, "Amina")
    before = datetime(2026, 11, 23, 22, 50, tzinfo=UTC)  # ten to midnight
    stage.is_quiet_for((before - stage.services.clock.now()).total_seconds())
    talk = over(stage, again(stage, desk, "+33639980001"))
    desk.post_json(f"/desk/{talk.offer}/note", note="Hier soir", revision=0)
    desk.post(f"/desk/{talk.offer}/finish", disposition="solved")
    assert "Hier soir" in desk.get("/day").text
    stage.carrier.advance(15 * 60)
    assert "Hier soir" not in desk.get("/day").text
