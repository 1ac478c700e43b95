"""Pauses, as coordinators see and end them: of whoever pauses, has finished, or may not come in any more."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from hotline.dashboard import board
from hotline.queue.ids import AccountId, MediatorId
from hotline.queue.mediators import Availability, Standing
from hotline.queue.offers import OfferState
from hotline.queue.roles import Role
from hotline.queue.routing import Need
from hotline.queue.shifts import Shift, parse_hours
from hotline.services import Services
from hotline.store import accounts, candidates, mediators, offers, shifts
from hotline.store.mediators import Mediator
from hotline.switchboard import duty, sweeps
from tests import factories
from tests.dashboard.ledger import Ledger
from tests.dashboard.visitor import Visitor, account, visitor
from tests.fakes import SetClock

LoggedIn = Callable[..., Visitor]
END = "Mettre fin à la pause"


@pytest.fixture
def amina(services: Services) -> MediatorId:
    return factories.mediator(services, "Amina", factories.number(1), ["taxes"], ["fr"])


@pytest.fixture
def her(services: Services, amina: MediatorId) -> AccountId:
    """Amina's account."""
    return account(services, Role.MEDIATOR, amina)


def telephone(services: Services, key: MediatorId) -> Mediator:
    with services.store.reading() as tx:
        found = mediators.get(tx, key)
    assert found is not None
    return found


def is_on_duty(services: Services, key: MediatorId) -> bool:
    with services.store.reading() as tx:
        return shifts.is_on_duty(tx, key, services.clock.now())


def is_open(services: Services, key: AccountId) -> bool:
    with services.store.reading() as tx:
        found = accounts.get(tx, key)
    assert found is not None
    return found.active


def then(visitor: Visitor, answer: TestResponse) -> str:
    """The page that a change leads to."""
    assert answer.status_code == 302, answer.text
    return visitor.get(answer.location).text


def test_a_pause_by_a_coordinator(
    services: Services, amina: MediatorId, coordinator: Visitor, clock: SetClock
) -> None:
    path = f"/people/mediators/{amina}"
    assert "pendant la pause" in then(coordinator, coordinator.post(f"{path}/pause", minutes="30"))
    assert telephone(services, amina).until == clock.now() + timedelta(minutes=30)
    assert "en pause (par la coordination)" in coordinator.get(path).text
    assert "les appels peuvent reprendre" in then(coordinator, coordinator.post(f"{path}/resume"))
    assert telephone(services, amina).availability is Availability.AVAILABLE
    coordinator.post(f"{path}/pause", minutes="")
    assert telephone(services, amina).until is None
    assert coordinator.post(f"{path}/pause", minutes="7").status_code == 400


def talks(services: Services, key: MediatorId) -> None:
    standing = Standing(Availability.ON_CALL)
    now = services.clock.now()
    services.store.run(lambda tx: mediators.claim(tx, key, list(Availability), standing, now))


def test_nobody_is_paused_while_they_talk(
    services: Services, amina: MediatorId, coordinator: Visitor
) -> None:
    talks(services, amina)
    done = coordinator.post(f"/people/mediators/{amina}/pause", minutes="30")
    assert "réessayez juste après" in then(coordinator, done)
    assert telephone(services, amina).availability is Availability.ON_CALL


def finishes(app: Flask, services: Services, her: AccountId) -> None:
    """Amina says at her desk that she has finished."""
    me = visitor(app, services, her)
    me.get("/desk")
    assert "Vous avez terminé" in me.post("/desk/off").text


def test_whoever_has_finished_is_shown_as_that(
    app: Flask, services: Services, amina: MediatorId, her: AccountId, coordinator: Visitor
) -> None:
    """Ending a pause would make the telephone ring of somebody who has gone."""
    finishes(app, services, her)
    page = coordinator.get(f"/people/{her}").text
    assert '<span class="tag ">a terminé</span>' in page
    assert re.findall(r'<option value="(\d*)">', page) == ["1440", ""], "shorter ones would change nothing"
    assert "ne sonnera pas avant sa prochaine permanence (mardi 24 novembre à 00:00)" in page
    assert END not in page
    assert "a terminé" in coordinator.get("/people").text
    late = then(coordinator, coordinator.post(f"/people/mediators/{amina}/resume"))
    assert "Il n’y a pas de pause à laquelle mettre fin" in late
    assert telephone(services, amina).availability is Availability.OFF


def test_whoever_has_finished_outside_their_shifts_is_off_duty(
    app: Flask, services: Services, coordinator: Visitor
) -> None:
    key = factories.mediator(services, "Bruno", factories.number(2), shifts=())
    factories.at_once(services, lambda m: duty.go_off(m, key))
    page = coordinator.get(f"/people/mediators/{key}").text
    assert "hors permanence" in page
    assert "tant qu’elle ne se rend pas disponible" in page


def test_a_pause_of_whoever_has_finished_never_brings_them_back_early(
    app: Flask, services: Services, amina: MediatorId, her: AccountId, coordinator: Visitor, clock: SetClock
) -> None:
    path = f"/people/mediators/{amina}/pause"
    finishes(app, services, her)
    before = telephone(services, amina)
    assert "ne recevra plus d’appels" in then(coordinator, coordinator.post(path, minutes="30"))
    assert telephone(services, amina) == before, "she is off for longer"
    coordinator.post(path, minutes="1440")
    here = telephone(services, amina)
    assert (here.availability, here.until) == (Availability.AWAY, clock.now() + timedelta(days=1))
    finishes(app, services, her)
    coordinator.post(path, minutes="")
    here = telephone(services, amina)
    assert (here.availability, here.until) == (Availability.AWAY, None), "the next shift does not ring her"
    assert END in coordinator.get(f"/people/{her}").text


def test_a_pause_that_ends_outside_the_shifts(services: Services, coordinator: Visitor) -> None:
    shift = Shift(1, parse_hours("09:00-12:00"), factories.ZONE)
    key = factories.mediator(services, "Bruno", factories.number(2), shifts=[shift])
    factories.at_once(services, lambda m: duty.pause(m, key, None))
    page = then(coordinator, coordinator.post(f"/people/mediators/{key}/resume"))
    assert "La pause est finie. En ce moment, la personne n’est pas de permanence" in page


def test_a_closed_account_has_no_pause_to_end(
    services: Services, amina: MediatorId, her: AccountId, coordinator: Visitor
) -> None:
    page = then(coordinator, coordinator.post(f"/people/{her}/close"))
    assert "son téléphone ne sonne plus pour la ligne" in page
    assert END not in page
    assert "Mettre en pause" not in page
    late = then(coordinator, coordinator.post(f"/people/mediators/{amina}/resume"))
    assert "Il n’y a pas de pause" in late
    assert "les appels peuvent reprendre" not in late
    page = then(coordinator, coordinator.post(f"/people/{her}/reopen"))
    assert "Si son téléphone doit sonner, mettez fin à la pause" in page
    assert END in page


def test_an_account_is_closed_while_its_owner_talks(
    services: Services, amina: MediatorId, her: AccountId, coordinator: Visitor
) -> None:
    talks(services, amina)
    page = then(coordinator, coordinator.post(f"/people/{her}/close"))
    assert "c’est son dernier appel" in page
    assert not is_open(services, her)
    assert telephone(services, amina).availability is Availability.ON_CALL
    assert not is_on_duty(services, amina), "whatever the rota says: it does not ring again"
    page = then(coordinator, coordinator.post(f"/people/{her}/reopen"))
    assert "son téléphone peut sonner pendant ses permanences" in page
    assert "mettez fin à la pause" not in page
    assert is_on_duty(services, amina)


def test_whoever_was_closed_in_mid_talk_is_never_rung_again(
    services: Services, amina: MediatorId, her: AccountId, coordinator: Visitor, clock: SetClock
) -> None:
    ledger = Ledger(services)
    first = ledger.waits(ledger.call())
    ledger.answers(amina, first, OfferState.ACCEPTED)
    talks(services, amina)
    coordinator.post(f"/people/{her}/close")
    wrap_up = Standing(Availability.WRAP_UP, clock.now() + timedelta(minutes=2))
    factories.at_once(services, lambda m: mediators.claim(m.tx, amina, list(Availability), wrap_up, m.now))
    clock.pass_(180)
    place = ledger.waits(ledger.call())
    sweeps.sweep(services.store, services.lines, services.jobs, clock)
    assert telephone(services, amina).availability is Availability.AVAILABLE, "the writing is over"
    with services.store.reading() as tx:
        assert offers.live_of(tx, place) is None
        assert not candidates.is_free(tx, amina, clock.now())
        assert candidates.to_hand_on_to(tx, "fr", MediatorId(0), clock.now()) == []
        assert not candidates.anyone_present(tx, Need("fr", "taxes"), clock.now())
    assert "compte fermé" in coordinator.get(f"/people/{her}").text
    coordinator.post(f"/people/{her}/reopen")
    clock.pass_(1)
    sweeps.sweep(services.store, services.lines, services.jobs, clock)
    with services.store.reading() as tx:
        assert offers.live_of(tx, place) is not None, "the same call would have rung her"


def test_a_pause_that_ends_on_another_day_says_so(
    app: Flask, services: Services, amina: MediatorId, coordinator: Visitor, logged_in: LoggedIn
) -> None:
    path = f"/people/mediators/{amina}"
    me = logged_in(mediator=amina, email="amina@example.org")
    for minutes, end in (("1440", "mardi 24 novembre, 11:00"), ("120", "13:00")):
        coordinator.post(f"{path}/resume")
        coordinator.post(f"{path}/pause", minutes=minutes)
        for page in (
            coordinator.get(path, follow_redirects=True).text,
            coordinator.get("/people").text,
            board.painting(services, app)("fr"),
        ):
            assert f"jusqu’à {end}<" in page
        assert f"ne sonnera pas avant {end}." in me.get("/desk").text
    assert "until 1" in board.painting(services, app)("en")


def test_nonsense_is_no_pause(services: Services, amina: MediatorId, coordinator: Visitor) -> None:
    for nonsense in ("abc", "-30", "31", "1e9", "٣٠", " "):
        answer = coordinator.post(f"/people/mediators/{amina}/pause", minutes=nonsense)
        assert answer.status_code == 400, nonsense
    assert telephone(services, amina).availability is Availability.AVAILABLE


def test_a_closed_account_pauses_until_no_time(
    services: Services, amina: MediatorId, her: AccountId, coordinator: Visitor, clock: SetClock
) -> None:
    until = clock.now() + timedelta(hours=1)
    factories.at_once(services, lambda m: duty.pause(m, amina, until))
    factories.at_once(services, lambda m: mediators.set_active(m.tx, amina, False))
    services.store.run(lambda tx: accounts.change(tx, her, {"active": False}))
    page = coordinator.get(f"/people/{her}").text
    assert "jusqu’à" not in page
    assert "Ses permanences ne comptent plus au planning" in page
    team = coordinator.get("/people").text
    assert "compte fermé" in team
    for gone in ("jusqu’à", "00:00–24:00"):
        assert gone not in page
        assert gone not in team


def test_an_open_desk_looks_again_when_the_pause_is_over(
    services: Services, amina: MediatorId, logged_in: LoggedIn, clock: SetClock
) -> None:
    until = clock.now() + timedelta(minutes=10)
    factories.at_once(services, lambda m: duty.pause(m, amina, until))
    assert 'data-changes-in="601"' in logged_in(mediator=amina).get("/desk").text
