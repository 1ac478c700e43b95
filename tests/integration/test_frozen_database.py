"""A database that refuses nothing and answers nothing: it is an alarm, and callers hear us all the same."""

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from threading import Event
from xml.etree import ElementTree

import pytest
from flask import Flask
from sqlalchemy import Connection

from hotline.services import Services
from hotline.store.limited import Limited, Overdue
from hotline.store.transactions import Store
from hotline.switchboard.alarms import LONGEST_LOOK, Away
from hotline.telephony import caller_webhooks
from hotline.telephony.urls import OVERRIDES
from tests import factories
from tests.calls.severable import SeverableStore
from tests.integration.desk import Desk, opened
from tests.integration.watch import SHUT, Watch, lines, titles

SECRET = "a secret for the tests"
AWAY = "LA BASE DE DONNÉES NE RÉPOND PAS / Toutes les lignes"
MOMENT = 0.05
"""Seconds by the wall's clock."""
LONG = 30.0


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with opened(database_url) as desk:
        yield desk


@pytest.fixture
def store(database_url: str) -> Iterator[SeverableStore]:
    store = SeverableStore(database_url, SECRET)
    yield store
    store.close()


# the time limit


def test_what_comes_back_in_time_is_handed_on_be_it_an_error() -> None:
    limit = Limited(LONG, at_once=1)
    assert [limit.run(lambda: 7) for _ in range(3)] == [7, 7, 7]
    with pytest.raises(TimeoutError, match="its own"):
        limit.run(_fails)
    assert limit.run(lambda: 7) == 7


def _fails() -> int:
    raise TimeoutError("its own")


def test_what_hangs_keeps_its_place_until_it_comes_back() -> None:
    thaw, back, begun = Event(), Event(), list[int]()

    def hang() -> None:
        begun.append(1)
        thaw.wait(LONG)
        back.set()

    limit = Limited(MOMENT, at_once=2)
    for _ in range(5):
        with pytest.raises(Overdue):
            limit.run(hang)
    assert len(begun) == 2
    thaw.set()
    assert back.wait(LONG)
    patient = Limited(LONG, at_once=1)
    assert patient.run(lambda: 7) == 7


# the alarm


class Counting(SeverableStore):
    """Counts those who come to it frozen."""

    hanging = 0

    def _hang(self, connection: Connection) -> None:
        self.hanging += 1
        super()._hang(connection)


@pytest.fixture
def watch(desk: Desk, database_url: str) -> Iterator[Watch]:
    store = Counting(database_url, SECRET)
    yield Watch(desk, lines(hours=SHUT), store, away=Away(Limited(MOMENT, at_once=1)))
    store.close()


def test_a_frozen_database_is_told_without_it_and_no_second_look_is_begun(
    watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    store = watch.store
    assert isinstance(store, Counting)
    store.freezes()
    (text,) = watch.look()
    assert titles(text) == [AWAY]
    assert "Détail : pas de réponse en 0.05 s" in text
    for _ in range(4):
        watch.desk.clock.pass_(15)
        assert watch.look() == []
    assert store.hanging == 1
    assert [one for one in caplog.messages if one.startswith("alarm: store_away")] == [
        "alarm: store_away (pas de réponse en 0.05 s), count 1 since 2026-11-23 10:00:00+00:00"
    ]
    watch.desk.clock.pass_(1800)
    assert titles(watch.look()[0]) == [AWAY]


def test_when_it_thaws_the_looks_go_on(watch: Watch) -> None:
    store = watch.store
    assert isinstance(store, Counting)
    store.freezes()
    assert len(watch.look()) == 1
    store.mend()
    comes_back(watch.away.limit)
    watch.away.limit = Limited(LONG, at_once=1)
    watch.happen()
    watch.desk.clock.pass_(15)
    assert titles(watch.look()[0]) == ["UN APPEL S'EST MAL PASSÉ / Ligne demo"]


def comes_back(limit: Limited) -> None:
    """Return when what has hung there is over."""
    until = time.monotonic() + LONG
    while time.monotonic() < until:
        with suppress(Overdue):
            return limit.run(lambda: None)
    raise TimeoutError


def test_a_look_is_given_far_longer_than_it_takes() -> None:
    assert Away().limit.seconds == LONGEST_LOOK == 30


# the fallback


def falls_back(services: Services, limit: Limited) -> str:
    """What the caller hears whose answer of ours has failed."""
    form = {"CallSid": "CAx", "To": factories.LINE, "From": factories.CALLER, "CallStatus": "in-progress"}
    with Flask("here").test_request_context("/voice/fallback", method="POST", data=form):
        document = caller_webhooks.fallback(services, limit).get_data(as_text=True)
    return " ".join(ElementTree.fromstring(document).itertext())


def served(desk: Desk, store: Store) -> Services:
    return replace(desk.services, store=store)


def test_the_fallback_says_who_we_are_and_begins_nothing_more_when_too_much_hangs(
    desk: Desk, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = Counting(database_url, SECRET)
    services, limit = served(desk, store), Limited(MOMENT, at_once=2)
    script = services.lines.lines[0].script
    store.freezes()
    for _ in range(5):
        heard = falls_back(services, limit)
        for language in script.languages:
            assert language.prompts.out_of_order[0] in heard
    assert store.hanging == 2
    assert caplog.messages.count("fell back without the database") == 5
    store.close()


def test_with_the_database_it_goes_on_with_the_call(desk: Desk, store: SeverableStore) -> None:
    heard = falls_back(served(desk, store), Limited(LONG, at_once=1))
    assert "Bonjour" in heard
    assert "Pour les impôts" in heard


def test_the_carrier_waits_longer_for_it_than_it_takes() -> None:
    assert "rt=6000" in OVERRIDES
    assert caller_webhooks.LAST_RESORT.seconds <= 4
