"""A mediator's own shifts: the one that is now, those to come, and what is taken out of the rota."""

from collections.abc import Callable

import pytest

from hotline.queue.ids import MediatorId
from hotline.queue.mediators import Availability
from hotline.queue.roles import Role
from hotline.queue.shifts import Shift, parse_hours
from hotline.services import Services
from hotline.store import mediators, shifts
from tests import factories
from tests.dashboard.visitor import Visitor

LoggedIn = Callable[..., Visitor]
NOW = "En ce moment, jusqu’à"
MONDAY, WEDNESDAY = 0, 2


def on_duty(services: Services, *when: tuple[int, str]) -> MediatorId:
    """Somebody with these shifts; it is Monday, 11:00 in Paris."""
    rota = [Shift(day, parse_hours(hours), factories.ZONE) for day, hours in when]
    return factories.mediator(services, "Amina", factories.number(1), shifts=rota)


@pytest.mark.parametrize(
    ("hours", "until"), [("09:00-12:00", "12:00</strong>"), ("10:00-02:00", "02:00, mardi 24 novembre")]
)
def test_the_shift_that_is_now_comes_first(
    services: Services, logged_in: LoggedIn, hours: str, until: str
) -> None:
    key = on_duty(services, (MONDAY, hours), (WEDNESDAY, "09:00-12:00"))
    mine = logged_in(Role.MEDIATOR, mediator=key).get("/day").text.partition("Mes permanences")[2]
    assert f"{NOW} {until}" in mine
    assert 0 < mine.index(NOW) < mine.index("mercredi 25 novembre") < mine.index("lundi 30 novembre")


def test_no_shift_now_and_none_at_all(services: Services, logged_in: LoggedIn) -> None:
    page = logged_in(Role.MEDIATOR, mediator=on_duty(services)).get("/day").text
    assert NOW not in page
    assert "Aucune permanence" in page


def test_whoever_has_finished_is_not_promised_a_shift_that_was_removed(
    services: Services, logged_in: LoggedIn
) -> None:
    key = on_duty(services, (MONDAY, "09:00-12:00"), (WEDNESDAY, "09:00-12:00"))
    me = logged_in(Role.MEDIATOR, mediator=key)
    assert "mercredi 25 novembre à 09:00" in me.post("/desk/off").text
    monday, wednesday = _keys(services, key)
    coordinator = logged_in(Role.COORDINATOR)
    coordinator.post(f"/shifts/{wednesday}/remove")
    shown = me.get("/desk/now").text
    assert "mercredi" not in shown
    assert "lundi 30 novembre à 09:00" in shown
    coordinator.post(f"/shifts/{monday}/remove")
    assert "Vous n’êtes pas de permanence" in me.get("/desk/now").text
    with services.store.reading() as tx:
        here = mediators.get(tx, key)
    assert here is not None
    assert here.availability is Availability.OFF
    assert here.until is None


def _keys(services: Services, mediator: MediatorId) -> list[int]:
    with services.store.reading() as tx:
        return list(shifts.of(tx, mediator))
