"""Alarms in trouble: mail that fails, workers that race or die, and a database that is away."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest

from hotline import jobs, wiring
from hotline.jobs.schedule import PERIODIC
from hotline.queue.alarms import Kind
from hotline.settings import MailSettings, MailTls
from hotline.store import alarms as stored
from hotline.store.transactions import Store, Tx
from hotline.switchboard import alarms
from hotline.switchboard.moment import Moment
from tests import factories
from tests.fakes import KeptMail
from tests.integration import post_office
from tests.integration.desk import Desk, opened
from tests.integration.post_office import HOST, Office
from tests.integration.watch import SHUT, Watch, lines, minutes, titles

SECRET = "a secret for the tests"
NOWHERE = "postgresql+psycopg://127.0.0.1:1/none"
AWAY = "LA BASE DE DONNÉES NE RÉPOND PAS / Toutes les lignes"
FAILED = "UN APPEL S'EST MAL PASSÉ / Ligne demo"


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with opened(database_url) as desk:
        yield desk


@pytest.fixture
def watch(desk: Desk) -> Watch:
    return Watch(desk, lines(hours=SHUT), desk.services.store)


def test_a_mail_that_fails_is_tried_each_minute_and_loses_nothing(
    watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    watch.happen()
    watch.mail.refuses = True
    assert watch.looks(timedelta(minutes=4)) == []
    assert watch.mail.asked == 5
    trouble = "the mail of 1 alarms was not sent (the mail server answers 451); tried again in 0:01:00"
    assert caplog.messages.count(trouble) == 5
    watch.happen()
    watch.mail.refuses = False
    ((when, text),) = watch.looks(timedelta(minutes=20))
    assert when < timedelta(minutes=1)
    assert "2 fois" in text


def test_what_a_worker_took_on_and_died_with_is_told_by_another(watch: Watch) -> None:
    watch.happen()
    dying = Watch(watch.desk, watch.lines, watch.store, mail=_Deadly())
    with pytest.raises(SystemExit):
        dying.look()
    assert [when for when, _ in watch.looks(timedelta(minutes=29))] == minutes(1)


class _Deadly(KeptMail):
    def send(self, subject: str, text: str, to: str | None = None) -> None:
        raise SystemExit


def test_what_happens_while_a_mail_is_under_way_is_for_the_next_one(watch: Watch) -> None:
    class Slow(KeptMail):
        def send(self, subject: str, text: str, to: str | None = None) -> None:
            super().send(subject, text)
            watch.desk.clock.pass_(60)
            watch.happen()

    watch.happen()
    watch.mail = Slow()
    assert len(watch.look()) == 1
    watch.mail = KeptMail()
    watch.desk.clock.pass_(60)
    watch.happen()
    ((when, text),) = watch.looks(timedelta(minutes=60))
    assert when == timedelta(minutes=28)
    assert "2 fois depuis le 23/11/2026 à 11:01, la dernière fois le 23/11/2026 à 11:02" in text


def at_the_same_time(database_url: str, many: int, work: Callable[[Store], object]) -> None:
    """Work of so many processes, each with connections of its own."""
    together, stores = Barrier(many), [Store(database_url, SECRET) for _ in range(many)]

    def run(store: Store) -> None:
        together.wait()
        work(store)

    try:
        with ThreadPoolExecutor(many) as pool:
            list(pool.map(run, stores))
    finally:
        for store in stores:
            store.close()


def test_of_several_workers_one_tells(watch: Watch, database_url: str) -> None:
    for _ in range(10):
        for kind in Kind:
            watch.happen(kind)
        told = list[str]()

        def look(store: Store, told: list[str] = told) -> None:
            told += Watch(watch.desk, watch.lines, store).look()

        at_the_same_time(database_url, 4, look)
        assert len([title for text in told for title in titles(text)]) == len(Kind)
        watch.desk.clock.pass_(3600)


def test_who_saw_an_alarm_that_another_has_taken_on_since_leaves_it(watch: Watch) -> None:
    watch.happen()
    now = watch.desk.clock.now()
    with watch.store.reading() as tx:
        (seen,) = stored.every(tx)
    assert watch.store.run(lambda tx: stored.claim(tx, seen, now))
    assert not watch.store.run(lambda tx: stored.claim(tx, seen, now))
    assert not watch.store.run(lambda tx: stored.claim(tx, seen, now + timedelta(hours=1)))


def test_what_many_raise_at_once_is_counted_exactly(watch: Watch, database_url: str) -> None:
    now = watch.desk.clock.now()

    def fail(store: Store) -> None:
        for _ in range(25):
            store.run(lambda tx: stored.raise_(tx, Kind.CALL_FAILED, "demo", "", now))

    at_the_same_time(database_url, 4, fail)
    assert "100 fois" in watch.look()[0]


def test_who_raises_an_alarm_holds_no_lock_on_it_and_a_look_waits_for_nobody(watch: Watch) -> None:
    def happen(m: Moment) -> list[str]:
        alarms.raise_(m, Kind.CALL_FAILED, "demo")
        assert stored.every(m.tx) == []
        return watch.look()

    assert watch.desk.at_once(happen) == []
    assert len(watch.look()) == 1


def test_an_alarm_that_cannot_be_written_costs_no_call(
    watch: Watch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    empty = Store(f"sqlite:///{tmp_path / 'empty.sqlite3'}", SECRET)

    def happen(tx: Tx) -> str:
        alarms.raise_(watch.desk.moment(tx), Kind.CALL_FAILED, "demo")
        return "the answer"

    assert empty.run(happen) == "the answer"
    assert caplog.messages == ["alarm: call_failed demo could not be written"]
    empty.close()


@pytest.fixture
def away_store() -> Iterator[Store]:
    store = Store(NOWHERE, SECRET)
    yield store
    store.close()


def test_a_database_that_is_away_is_told_every_half_hour(watch: Watch, away_store: Store) -> None:
    watch.store = away_store
    sent = watch.looks(timedelta(minutes=61))
    assert [(when, titles(text)) for when, text in sent] == [(when, [AWAY]) for when in minutes(0, 30, 60)]
    assert "Détail : OperationalError" in sent[0][1]


@pytest.mark.parametrize("name", ["", "empty.sqlite3"])
def test_a_database_that_cannot_be_opened_or_has_no_tables(watch: Watch, tmp_path: Path, name: str) -> None:
    watch.store = Store(f"sqlite:///{tmp_path / name}", SECRET)
    (text,) = watch.look()
    assert titles(text) == [AWAY]
    watch.store.close()


def test_a_database_that_comes_back_is_no_news(watch: Watch, away_store: Store) -> None:
    here = watch.store
    watch.store = away_store
    assert len(watch.looks(timedelta(minutes=2))) == 1
    watch.store = here
    watch.happen()
    assert [titles(text) for _, text in watch.looks(timedelta(minutes=60))] == [[FAILED]]


def test_an_outage_that_could_not_be_mailed_is_told_after_it(
    watch: Watch, away_store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    here = watch.store
    watch.store, watch.mail.refuses = away_store, True
    assert watch.looks(timedelta(minutes=2)) == []
    assert watch.mail.asked == 3
    assert len([one for one in caplog.messages if one.startswith("alarm: store_away (Operation")]) == 1
    watch.store, watch.mail.refuses = here, False
    watch.desk.clock.pass_(60)
    watch.happen()
    (text,) = watch.look()
    assert titles(text) == [AWAY, FAILED]
    assert "9 fois depuis le 23/11/2026 à 11:00, la dernière fois le 23/11/2026 à 11:02" in text
    assert watch.looks(timedelta(minutes=60)) == []


def test_the_worker_does_it_every_15_seconds_and_by_smtp(
    desk: Desk, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (periodic,) = [each for each in PERIODIC if each.name == "alarms"]
    assert periodic.every == timedelta(seconds=15)
    monkeypatch.setattr(jobs, "_services", None)  # so that it is put back
    with post_office.opened(Office()) as office:
        mail = MailSettings(
            HOST, office.port, MailTls.NONE, None, None, "line@example.org", ("a@example.org",)
        )
        built = wiring.build(factories.settings(database_url, mail=mail), clock=desk.clock)
        jobs.use(replace(built, lines=lines()))
        periodic.job()
        periodic.job()
        built.store.close()
    ((recipients, sent),) = office.mails
    assert recipients == ["a@example.org"]
    assert sent["Subject"] == "Alerte : Personne n'est de permanence (demo), et 1 de plus"
    assert "Ligne reunion" in sent.get_content()
