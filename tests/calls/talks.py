"""A talk with Amina, and her desk; and somebody who is to be called back."""

from typing import NamedTuple

from hotline.queue.ids import OfferId
from hotline.simulator.legs import Leg
from hotline.store import offers, write_ups
from hotline.store.write_ups import WriteUp
from tests import factories
from tests.calls import words
from tests.calls.stage import Stage
from tests.dashboard.visitor import Visitor, account, visitor


class Talk(NamedTuple):
    caller: Leg
    desk: Visitor
    offer: int


def desk_of(stage: Stage, name: str) -> Visitor:
    key = account(stage.services, mediator=stage.names[name], email=f"{name}@example.org", name=name)
    return visitor(stage.app.extensions["pages"], stage.services, key)


def offer_of(stage: Stage, name: str) -> int:
    with stage.services.store.reading() as tx:
        found = offers.of_mediator(tx, stage.names[name])
    assert found is not None
    return found.id


def promised(stage: Stage) -> Leg:
    """Somebody who is to be called back about taxes; nobody is there but Chloé, who talks."""
    stage.busy("Chloé")
    caller = stage.holds()
    stage.carrier.advance(3)
    caller.press("9")
    stage.hears(caller, words.CODE, within=120)
    stage.leaves(caller)
    return caller


def rung(stage: Stage, number: str = factories.CALLER) -> tuple[Leg, Visitor]:
    """Amina's telephone rings for a caller; her desk is open."""
    stage.mediator("Amina", "taxes")
    desk = desk_of(stage, "Amina")
    caller = stage.asks("2", number)
    assert stage.rings("Amina")
    return caller, desk


def talk(stage: Stage) -> Talk:
    """Amina talks; her desk is open."""
    stage.mediator("Amina", "taxes")
    desk = desk_of(stage, "Amina")
    return again(stage, desk, "+33639980001")


def again(stage: Stage, desk: Visitor, number: str) -> Talk:
    """The next talk."""
    caller = stage.asks("2", number)
    assert stage.rings("Amina")
    offer = offer_of(stage, "Amina")
    stage.connect(caller, stage.phones["Amina"])
    return Talk(caller, desk, offer)


def over(stage: Stage, talk: Talk) -> Talk:
    """The caller hangs up."""
    stage.leaves(talk.caller)
    return talk


def written(stage: Stage, offer: int) -> WriteUp:
    with stage.services.store.reading() as tx:
        found = write_ups.get(tx, OfferId(offer))
    assert found is not None
    return found


def change(stage: Stage, statement: str) -> None:
    """As rows might be, whoever wrote them."""
    stage.services.store.run(lambda tx: tx.connection.exec_driver_sql(statement))
