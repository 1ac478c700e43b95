"""Logging out: whose telephone rings on for the line is told so."""

from datetime import timedelta

import pytest
from flask import Flask

from hotline.dashboard.invitations import invite
from hotline.queue.ids import MediatorId
from hotline.queue.mediators import Availability, Standing
from hotline.queue.roles import Role
from hotline.queue.shifts import Shift, parse_hours
from hotline.services import Services
from hotline.store import accounts, mediators
from hotline.switchboard import duty
from tests import factories
from tests.dashboard.visitor import PASSWORD, Visitor, account, visitor
from tests.fakes import SetClock

STILL = "peut encore sonner"


def with_shifts(app: Flask, services: Services, *hours: str) -> tuple[Visitor, MediatorId]:
    """Somebody who is on duty on Mondays (it is one, 11:00 in Paris)."""
    shifts = [Shift(0, parse_hours(one), factories.ZONE) for one in hours]
    key = factories.mediator(services, "Amina", factories.number(1), shifts=shifts)
    return visitor(app, services, account(services, Role.MEDIATOR, key), "/desk"), key


def log_out(me: Visitor) -> str:
    """The page that it leads to."""
    answer = me.post("/account/logout")
    assert answer.location == "/account/login"
    return me.get(answer.location).text


def test_whose_telephone_rings_on_is_told_until_when_and_how_to_stop_it(
    app: Flask, services: Services
) -> None:
    me, _key = with_shifts(app, services, "09:00-12:00", "12:00-13:30")
    page = log_out(me)
    assert f"Votre téléphone {STILL} pour la ligne jusqu’à 13:30" in page
    assert "« J’ai terminé »" in page
    assert '<p class="notice neutral"' in page
    assert STILL not in me.get("/account/login").text, "it is said once"


def test_until_another_day(app: Flask, services: Services) -> None:
    me, _key = with_shifts(app, services, "09:00-02:00")
    assert "jusqu’à mardi 24 novembre, 02:00" in log_out(me)


def test_whoever_is_on_duty_around_the_clock(app: Flask, services: Services) -> None:
    key = factories.mediator(services, "Amina", factories.number(1))
    page = log_out(visitor(app, services, account(services, Role.MEDIATOR, key), "/desk"))
    assert f"Votre téléphone {STILL} pour la ligne : pour l’arrêter" in page


def test_by_their_own_switch(app: Flask, services: Services, clock: SetClock) -> None:
    me, key = with_shifts(app, services)
    until = clock.now() + timedelta(hours=2)
    factories.at_once(services, lambda m: duty.be_available(m, key, until))
    assert "jusqu’à 13:00" in log_out(me)


@pytest.mark.parametrize(
    ("minutes", "end"), [(30, "11:30"), (24 * 60 * 7 - 60, "lundi 30 novembre, 10:00"), (90, None)]
)
def test_a_pause_that_ends_by_itself_during_a_shift(
    app: Flask, services: Services, clock: SetClock, minutes: int, end: str | None
) -> None:
    me, key = with_shifts(app, services, "09:00-12:00")
    until = clock.now() + timedelta(minutes=minutes)
    factories.at_once(services, lambda m: duty.step_away(m, key, "meal", until))
    page = log_out(me)
    assert ("notice" in page) is (end is not None), "after the shift nothing rings"
    assert end is None or f"Votre pause se termine toute seule ({end}), et votre téléphone" in page


@pytest.mark.parametrize("why", ["done", "paused", "no shift", "no telephone"])
def test_whose_telephone_is_quiet_is_told_nothing(app: Flask, services: Services, why: str) -> None:
    if why == "no telephone":
        me = visitor(app, services, account(services))
    else:
        me, key = with_shifts(app, services, "12:00-13:00" if why == "no shift" else "09:00-12:00")
        away = {"done": Availability.OFF, "paused": Availability.AWAY}.get(why, Availability.AVAILABLE)
        now = services.clock.now()
        services.store.run(lambda tx: mediators.claim(tx, key, list(Availability), Standing(away), now))
    assert "notice" not in log_out(me)


def test_whoever_opens_an_invitation_is_not_told_of_somebody_elses_telephone(
    app: Flask, services: Services
) -> None:
    """On a device where somebody was logged in: that ends, and it is not for the newcomer to know."""
    me, _key = with_shifts(app, services, "09:00-12:00")
    link = invite(services, "zoe@example.org", "Zoé", Role.MEDIATOR, send=False).link
    path = link.removeprefix(services.settings.public_url)
    me.get(path)
    answer = me.post(path, password=PASSWORD, again=PASSWORD)
    assert answer.location == "/welcome"
    assert "notice" not in me.get("/welcome").text


def test_whoever_must_log_in_first_reads_a_neutral_notice(app: Flask, services: Services) -> None:
    nobody = visitor(app, services)
    page = nobody.get(nobody.get("/desk").location).text
    assert '<p class="notice neutral" role="status">Connectez-vous pour voir cette page.</p>' in page


def test_the_language_stays(app: Flask, services: Services) -> None:
    me, _key = with_shifts(app, services)
    assert me.account is not None
    key = me.account
    services.store.run(lambda tx: accounts.change(tx, key, {"language": "en"}))
    page = log_out(me)
    assert '<html lang="en">' in page
    assert "I have forgotten my password" in page
