"""The mediator's desk, page by page: the switch."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from hotline.queue.ids import MediatorId
from hotline.queue.mediators import Availability
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import mediators
from tests import factories
from tests.dashboard.visitor import Visitor
from tests.fakes import SetClock

LoggedIn = Callable[..., Visitor]


@pytest.fixture
def amina(services: Services) -> MediatorId:
    return factories.mediator(services, "Amina", factories.number(1))


def availability(services: Services, mediator: MediatorId) -> Availability:
    with services.store.reading() as tx:
        found = mediators.get(tx, mediator)
    assert found is not None
    return found.availability


def test_whoever_is_not_logged_in_is_asked_who_they_are(app: Flask) -> None:
    answer = Visitor(app.test_client()).get("/desk")
    assert answer.status_code == 302
    assert "/account/login" in answer.location


def test_the_switch_is_where_the_mediator_put_it(
    services: Services, amina: MediatorId, logged_in: LoggedIn, clock: SetClock
) -> None:
    me = logged_in(Role.MEDIATOR, mediator=amina)
    assert "Vous êtes disponible" in me.get("/desk").text
    assert "Vous êtes en pause" in me.post("/desk/away", reason="meal", minutes="30").text
    assert availability(services, amina) is Availability.AWAY
    assert "Vous êtes disponible" in me.post("/desk/available").text
    assert "pas de permanence" in me.post("/desk/off").text
    assert availability(services, amina) is Availability.OFF
    assert "Vous êtes disponible" in me.post("/desk/available").text


def test_a_pause_ends_by_itself(
    services: Services, amina: MediatorId, logged_in: LoggedIn, clock: SetClock
) -> None:
    me = logged_in(Role.MEDIATOR, mediator=amina)
    me.post("/desk/away", reason="break", minutes="10")
    clock.instant += timedelta(minutes=11)
    services.store.run(lambda tx: mediators.release(tx, clock.now()))
    assert "Vous êtes disponible" in me.get("/desk/now").text


def test_a_form_without_its_token_changes_nothing(
    services: Services, amina: MediatorId, logged_in: LoggedIn
) -> None:
    me = logged_in(Role.MEDIATOR, mediator=amina)
    me.token = ""
    assert me.post("/desk/off").status_code == 400
    assert availability(services, amina) is Availability.AVAILABLE
