"""The mediator's desk, page by page: the switch."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from hotline.dashboard import board
from hotline.queue.ids import MediatorId
from hotline.queue.mediators import MISSED, Availability, Standing
from hotline.queue.roles import Role
from hotline.queue.shifts import Hours, Shift
from hotline.services import Services
from hotline.store import mediators
from hotline.switchboard import duty
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
    assert "Vous avez terminé" in me.post("/desk/off").text
    assert availability(services, amina) is Availability.OFF
    assert "Vous êtes disponible" in me.post("/desk/available").text


def test_a_reason_is_told_where_it_says_something(amina: MediatorId, logged_in: LoggedIn) -> None:
    me = logged_in(Role.MEDIATOR, mediator=amina)
    assert "Votre raison : un repas." in me.post("/desk/away", reason="meal", minutes="30").text
    me.post("/desk/available")
    assert "Votre raison" not in me.post("/desk/away", reason="break", minutes="30").text


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


@pytest.fixture
def twice_a_week(services: Services) -> MediatorId:
    """On Mondays, as today, and Wednesdays, from nine to twelve."""
    days = [Shift(day, Hours(9 * 60, 12 * 60), factories.ZONE) for day in (0, 2)]
    return factories.mediator(services, "Bruno", factories.number(2), shifts=days)


def test_whoever_has_finished_is_told_until_when(twice_a_week: MediatorId, logged_in: LoggedIn) -> None:
    shown = logged_in(Role.MEDIATOR, mediator=twice_a_week).post("/desk/off").text
    assert "Vous avez terminé" in shown
    assert "prochaine permanence : mercredi 25 novembre à 09:00" in shown
    assert "pas de permanence" not in shown


def test_when_their_shift_is_over_there_is_none_now(
    twice_a_week: MediatorId, logged_in: LoggedIn, clock: SetClock
) -> None:
    me = logged_in(Role.MEDIATOR, mediator=twice_a_week)
    me.post("/desk/off")
    clock.instant = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    shown = me.get("/desk/now").text
    assert "Vous n’êtes pas de permanence" in shown
    assert "mercredi 25 novembre à 09:00" in shown


def test_whoever_has_finished_without_a_shift_to_come_is_told_so(
    services: Services, logged_in: LoggedIn, clock: SetClock
) -> None:
    today = Shift(clock.now().date(), Hours(9 * 60, 12 * 60), factories.ZONE)
    amina = factories.mediator(services, "Amina", factories.number(1), shifts=[today])
    shown = logged_in(Role.MEDIATOR, mediator=amina).post("/desk/off").text
    assert "tant que vous ne vous rendez pas disponible" in shown


def test_the_board_says_why_somebody_is_away(
    services: Services, app: Flask, amina: MediatorId, logged_in: LoggedIn, clock: SetClock
) -> None:
    me, paint = logged_in(Role.MEDIATOR, mediator=amina), board.painting(services, app)
    me.post("/desk/away", reason="meal", minutes="30")
    assert "(un repas)" in paint("fr")
    factories.at_once(services, lambda m: duty.pause(m, amina, None))
    assert "(par la coordination)" in paint("fr")
    missed = Standing(Availability.AWAY, reason=MISSED)
    services.store.run(lambda tx: mediators.claim(tx, amina, [Availability.AWAY], missed, clock.now()))
    assert "(n’a pas répondu)" in paint("fr")
    me.post("/desk/away", reason="other", minutes="30")
    assert "Amina <" in paint("fr")
    assert "(" not in paint("fr")


def test_a_pause_by_somebody_else_is_told_as_theirs(
    services: Services, amina: MediatorId, logged_in: LoggedIn
) -> None:
    me = logged_in(Role.MEDIATOR, mediator=amina)
    factories.at_once(services, lambda m: duty.pause(m, amina, None))
    shown = me.get("/desk").text
    assert "La coordination vous a mis·e en pause" in shown
    assert "sonné plusieurs fois" not in shown


def test_whoever_has_their_pause_ended_by_somebody_else_is_told_so(
    services: Services, amina: MediatorId, logged_in: LoggedIn
) -> None:
    me, told = logged_in(Role.MEDIATOR, mediator=amina), "La coordination a mis fin à votre pause"
    factories.at_once(services, lambda m: duty.end_pause(m, amina))
    assert told not in me.get("/desk").text, "they were"
    factories.at_once(services, lambda m: duty.pause(m, amina, None))
    factories.at_once(services, lambda m: duty.end_pause(m, amina))
    assert told in me.get("/desk").text
    me.post("/desk/away", reason="meal", minutes="30")
    assert told not in me.post("/desk/available").text


def test_whoever_had_finished_for_good_is_on_again_with_a_new_shift(
    services: Services, logged_in: LoggedIn, clock: SetClock
) -> None:
    amina = factories.mediator(services, "Amina", factories.number(1), shifts=())
    me = logged_in(Role.MEDIATOR, mediator=amina)
    me.post("/desk/off")
    tomorrow = Shift(clock.now().date() + timedelta(days=1), Hours(9 * 60, 12 * 60), factories.ZONE)
    factories.at_once(services, lambda m: duty.add_shift(m, amina, tomorrow))
    clock.instant += timedelta(hours=23)
    factories.at_once(services, lambda m: mediators.release(m.tx, m.now))
    assert availability(services, amina) is Availability.AVAILABLE
    assert "Vous êtes disponible" in me.get("/desk").text
