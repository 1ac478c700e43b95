"""The dashboard's pages: one process, its own clock, mails and jobs that are kept."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from hotline import dashboard
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.switchboard.lines import Lines, line
from tests import factories, scripts
from tests.dashboard.doors import Door
from tests.dashboard.visitor import Visitor, account, visitor
from tests.databases import KeptStore, _given, _template, database_url
from tests.fakes import AnySignature, KeptEvents, KeptJobs, KeptMail, NotedCarrier, SetClock

__all__ = ["_given", "_template", "database_url"]


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def mail() -> KeptMail:
    return KeptMail()


@pytest.fixture
def carrier() -> NotedCarrier:
    return NotedCarrier()


@pytest.fixture
def services(database_url: str, clock: SetClock, mail: KeptMail, carrier: NotedCarrier) -> Iterator[Services]:
    settings = factories.settings(database_url)
    events = KeptEvents()
    made = Services(
        settings=settings,
        store=KeptStore(settings.database_url, settings.secret_key, events.publish),
        lines=Lines([line("demo", scripts.body(), fiction_numbers=True)], True),
        clock=clock,
        carrier=carrier,
        jobs=KeptJobs(),
        events=events,
        webhooks=AnySignature(),
        mail=mail,
    )
    yield made
    made.store.close()


@pytest.fixture
def app(services: Services) -> Iterator[Flask]:
    before = set(threading.enumerate())
    made = dashboard.create(services)
    made.config["TESTING"] = True
    yield made
    made.extensions["live"].close()
    for thread in set(threading.enumerate()) - before:
        if thread.name in ("live", "painter"):
            thread.join(10)


@pytest.fixture
def logged_in(app: Flask, services: Services) -> Callable[..., Visitor]:
    """Somebody with an account of that role, and a mediator's telephone if `mediator` is given."""

    def make(role: Role = Role.MEDIATOR, **more: Any) -> Visitor:
        return visitor(app, services, account(services, role, **more))

    return make


@pytest.fixture
def coordinator(logged_in: Callable[..., Visitor]) -> Visitor:
    return logged_in(Role.COORDINATOR, name="Claude", email="claude@example.org")


@pytest.fixture
def administrator(logged_in: Callable[..., Visitor]) -> Visitor:
    return logged_in(Role.ADMINISTRATOR, name="Odile", email="odile@example.org")


@pytest.fixture
def door(app: Flask, services: Services) -> Door:
    return Door(app, services)
