"""To whom a talk can be handed on, as the desk offers it."""

import pytest
from sqlalchemy import select

from hotline.dashboard import desk_view
from hotline.dashboard.desk_view import Scene
from hotline.queue.ids import LegSid, MediatorId, OfferId
from hotline.queue.mediators import Availability, Standing
from hotline.queue.offers import OfferState
from hotline.services import Services
from hotline.store import mediators, offers, write_ups
from hotline.store.offers import OfferRow
from hotline.switchboard import duty
from hotline.switchboard.moment import Moment
from tests import factories
from tests.dashboard.ledger import Ledger
from tests.dashboard.statements import counted


@pytest.fixture
def amina(services: Services) -> MediatorId:
    """Beside others: two who cannot be rung just now, and one who does not speak the caller's language."""
    names = ("Zoé", "bruno", "Élise", "Dominique")
    for number, name in enumerate(names, 2):
        factories.mediator(services, name, factories.number(number), ["work"])
    factories.mediator(services, "Eve", factories.number(6), languages=["en"])
    factories.mediator(services, "Farid", factories.number(7), shifts=())
    away = factories.mediator(services, "Gaëlle", factories.number(8))
    factories.at_once(services, lambda m: duty.pause(m, away, None))
    return factories.mediator(services, "Amina", factories.number(1))


def is_offered(services: Services, amina: MediatorId) -> OfferId:
    """A call is held out to Amina."""
    place = Ledger(services).waits(Ledger(services).call())
    factories.at_once(services, lambda m: offers.add(m.tx, place, amina, m.now, m.now))
    stands(services, amina, Availability.OFFERED)
    with services.store.reading() as tx:
        return OfferId(tx.connection.execute(select(OfferRow.id)).scalar_one())


def talks(m: Moment, amina: MediatorId, offer: OfferId) -> None:
    offers.ring(m.tx, offer, m.now)
    offers.accept(m.tx, offer, LegSid("leg"), m.now, m.now)
    write_ups.start(m.tx, offer, amina, "taxes", m.now)


def stands(services: Services, amina: MediatorId, now: Availability) -> None:
    came = list(Availability)
    factories.at_once(services, lambda m: mediators.claim(m.tx, amina, came, Standing(now), m.now))


def offered_names(services: Services, amina: MediatorId, scene: Scene) -> list[str]:
    with services.store.reading() as tx:
        desk = desk_view.at(services, tx, amina, services.clock.now())
    assert desk.scene is scene
    assert desk.caller is not None
    return [one.name for one in desk.caller.others]


def test_whoever_is_free_is_listed_by_name_while_the_talk_goes_on(
    services: Services, amina: MediatorId
) -> None:
    offer = is_offered(services, amina)
    assert offered_names(services, amina, Scene.OFFER) == []
    factories.at_once(services, lambda m: talks(m, amina, offer))
    stands(services, amina, Availability.ON_CALL)
    assert offered_names(services, amina, Scene.TALK) == ["bruno", "Dominique", "Élise", "Zoé"]
    factories.at_once(services, lambda m: offers.end(m.tx, offer, OfferState.FINISHED, m.now))
    stands(services, amina, Availability.WRAP_UP)
    assert offered_names(services, amina, Scene.WRITE_UP) == []


def test_nobody_is_looked_for_before_the_talk(services: Services, amina: MediatorId) -> None:
    is_offered(services, amina)
    with counted(services.store.engine) as statements:
        offered_names(services, amina, Scene.OFFER)
    assert not any("mediator_languages" in statement for statement in statements)
