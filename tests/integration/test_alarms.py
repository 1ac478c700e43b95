"""Alarms on a real database: what raises them, when they are told, and what is told."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import update

from hotline.queue.alarms import Kind
from hotline.queue.ids import LegSid, MediatorId
from hotline.store.alarms import AlarmRow
from hotline.switchboard import alarms, duty
from hotline.switchboard.moment import Moment
from tests.integration.desk import Desk, opened
from tests.integration.watch import SHUT, Watch, lines, minutes, titles


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with opened(database_url) as desk:
        yield desk


@pytest.fixture
def watch(desk: Desk) -> Watch:
    return Watch(desk, lines(hours=SHUT), desk.services.store)


@pytest.fixture
def open_watch(desk: Desk) -> Watch:
    return Watch(desk, lines(), desk.services.store)


NOBODY = "PERSONNE N'EST DE PERMANENCE"


def test_an_open_line_with_nobody_on_duty(open_watch: Watch) -> None:
    (text,) = open_watch.look()
    assert titles(text) == [f"{NOBODY} / Ligne demo", f"{NOBODY} / Ligne reunion"]
    assert "Constaté le 23/11/2026 à 11:00 (heure : Europe/Paris)" in text
    assert "Constaté le 23/11/2026 à 14:00 (heure : Indian/Reunion)" in text
    assert "Détail : langue : français" in text


def test_a_shut_line_needs_nobody(watch: Watch) -> None:
    assert watch.look() == []


def test_somebody_on_duty_who_speaks_the_first_language(open_watch: Watch) -> None:
    open_watch.desk.mediator(["benefits"], ["en"])
    assert len(titles(open_watch.look()[0])) == 2
    open_watch.desk.clock.pass_(3600)
    open_watch.desk.mediator(["benefits"], ["en", "fr"])
    assert open_watch.look() == []


def test_somebody_who_has_paused_is_not_there(open_watch: Watch) -> None:
    def pause(mediator: MediatorId) -> bool:
        return open_watch.desk.at_once(lambda m: duty.pause(m, mediator, None))

    assert pause(open_watch.desk.mediator())
    assert NOBODY in open_watch.look()[0]


def test_what_lasts_is_told_every_half_hour(open_watch: Watch) -> None:
    sent = open_watch.looks(timedelta(minutes=95))
    assert [when for when, _ in sent] == minutes(0, 30, 60, 90)
    assert "Constaté le 23/11/2026 à 12:30 ; message précédent le 23/11/2026 à 12:00" in sent[-1][1]


def test_what_is_over_is_not_told_again(open_watch: Watch) -> None:
    assert len(open_watch.looks(timedelta(minutes=5))) == 1
    open_watch.desk.mediator()
    assert open_watch.looks(timedelta(minutes=60)) == []


def test_a_wait_above_the_limit(watch: Watch) -> None:
    for n in range(3):
        watch.desk.arrive(LegSid(f"leg {n}"))
    watch.desk.mediator()
    for n in range(3):  # the first is offered the only mediator: rung, not waiting
        watch.desk.key(LegSid(f"leg {n}"), "2")
        watch.desk.clock.pass_(30)
    watch.desk.clock.pass_(600 - 60)
    assert watch.look() == []
    watch.desk.clock.pass_(1)
    (text,) = watch.look()
    assert titles(text) == ["UNE ATTENTE DÉPASSE 10 MINUTES / Ligne demo"]
    assert "Détail : 1 en attente, le plus longtemps : 10 minutes" in text
    watch.desk.clock.pass_(1800)
    assert "Détail : 2 en attente, le plus longtemps : 40 minutes" in watch.look()[0]
    watch.desk.everybody_goes()
    assert watch.look() == []


def test_what_happened_is_counted_for_each_line_and_told_at_once(watch: Watch) -> None:
    for detail in ("first", "second", "x" * 500):
        watch.happen(detail=detail)
        watch.desk.clock.pass_(60)
    watch.happen(subject="reunion")
    watch.happen(Kind.REST_FAILING, "")
    (text,) = watch.look()
    assert titles(text) == [
        "UN APPEL S'EST MAL PASSÉ / Ligne demo",
        "UN APPEL S'EST MAL PASSÉ / Ligne reunion",
        "L'OPÉRATEUR TÉLÉPHONIQUE NE RÉPOND PAS À NOS DEMANDES / Toutes les lignes",
    ]
    assert "3 fois depuis le 23/11/2026 à 11:00, la dernière fois le 23/11/2026 à 11:02" in text
    assert f"\nDétail : {'x' * 200}\n" in text


def test_what_happens_on_and_on_is_told_every_half_hour_with_its_number(watch: Watch) -> None:
    told = list[str]()
    for _ in range(61):
        watch.happen()
        told += watch.look()
        watch.desk.clock.pass_(60)
    assert ["30 fois" in text for text in told] == [False, True, True]
    assert "depuis le 23/11/2026 à 11:01, la dernière fois le 23/11/2026 à 11:30" in told[1]


def test_a_line_that_was_taken_away_is_named_all_the_same(watch: Watch) -> None:
    watch.happen(subject="former")
    assert titles(watch.look()[0]) == ["UN APPEL S'EST MAL PASSÉ / Ligne former"]


def test_a_kind_of_another_version_is_passed_over(watch: Watch) -> None:
    watch.happen()
    watch.desk.at_once(lambda m: m.tx.connection.execute(update(AlarmRow).values(kind="on_fire")))
    assert watch.look() == []


def test_what_is_rolled_back_has_not_happened(watch: Watch) -> None:
    def happen(m: Moment) -> None:
        alarms.raise_(m, Kind.CALL_FAILED, "demo")
        raise EOFError

    with pytest.raises(EOFError):
        watch.desk.at_once(happen)
    assert watch.look() == []


def test_without_mail_or_with_it_the_log_tells_once_and_how_grave(
    watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    watch.mail.refuses = True
    for kind in (Kind.CALL_FAILED, Kind.LONG_WAIT):
        watch.happen(kind, detail="hard times")
    watch.looks(timedelta(minutes=5))
    logged = [(one.levelno, one.message) for one in caplog.records if one.message.startswith("alarm")]
    what, since = "demo (hard times)", "count 1 since 2026-11-23 10:00:00+00:00"
    assert sorted(logged) == [
        (logging.WARNING, f"alarm: long_wait {what}, {since}"),
        (logging.ERROR, f"alarm: call_failed {what}, {since}"),
    ]
