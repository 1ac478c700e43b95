"""Mediators are reminded of their shifts: by one mail, once, and not of what nobody calls in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from hotline.queue.ids import MediatorId
from hotline.queue.roles import Role
from hotline.queue.shifts import Shift, parse_hours
from hotline.store import accounts, shifts
from hotline.store import reminders as stored
from hotline.switchboard import duty, reminders
from hotline.switchboard.lines import Lines
from hotline.switchboard.ports import MailTrouble
from tests import factories
from tests.dashboard.visitor import account
from tests.fakes import KeptMail
from tests.integration.desk import Desk, opened
from tests.integration.watch import lines

TUESDAY = 1
HOUR = 3600
DAY = 24 * HOUR
MORNING = Shift(TUESDAY, parse_hours("09:00-12:00"), factories.ZONE)


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with opened(database_url) as desk:
        yield desk


@pytest.fixture
def mail() -> KeptMail:
    return KeptMail()


def amina(desk: Desk) -> MediatorId:
    """A mediator with an account that has been taken up, and a shift tomorrow morning."""
    return somebody(desk, "amina")


def somebody(desk: Desk, name: str, number: int = 1) -> MediatorId:
    key = factories.mediator(desk.services, name.title(), factories.number(number), shifts=[MORNING])
    who = account(desk.services, Role.MEDIATOR, key, f"{name}@example.org")
    desk.services.store.run(lambda tx: accounts.change(tx, who, {"password": "a hash"}))
    return key


NAMES = ("amina", "bruno", "chloe", "driss", "elise")


def everybody(desk: Desk) -> None:
    for number, name in enumerate(NAMES):
        somebody(desk, name, number)


@dataclass
class Picky(KeptMail):
    """Some mailboxes are dead."""

    dead: tuple[str, ...] = ()

    def send(self, subject: str, text: str, to: str | None = None) -> None:
        if to is not None and to.partition("@")[0] in self.dead:
            raise MailTrouble("the mail server refuses the address")
        super().send(subject, text, to)

    @property
    def reached(self) -> list[str]:
        return sorted(to.partition("@")[0] for to, _subject, _text in self.letters)


def look(desk: Desk, mail: KeptMail, here: Lines | None = None) -> list[str]:
    """One run; the subjects of what it sent."""
    known = len(mail.letters)
    reminders.remind(desk.services.store, here or lines(), mail, desk.clock, "https://example.org")
    return [subject for _, subject, _ in mail.letters[known:]]


def test_a_mail_a_day_before_each_shift_and_no_second_one(desk: Desk, mail: KeptMail) -> None:
    amina(desk)
    assert look(desk, mail) == ["Votre permanence\N{NO-BREAK SPACE}: mardi 24 novembre, de 09:00 à 12:00"]
    assert mail.letters[0][0] == "amina@example.org"
    assert [look(desk, mail) for _ in range(3)] == [[]] * 3
    desk.clock.pass_(6 * DAY)
    assert look(desk, mail) == []
    desk.clock.pass_(DAY)
    assert look(desk, mail) == ["Votre permanence\N{NO-BREAK SPACE}: mardi 1er décembre, de 09:00 à 12:00"]


def test_what_could_not_be_sent_is_sent_later(desk: Desk, mail: KeptMail) -> None:
    amina(desk)
    mail.refuses = True
    assert look(desk, mail) == []
    mail.refuses = False
    assert len(look(desk, mail)) == 1


def test_a_dead_mailbox_keeps_nobody_elses_mail(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    everybody(desk)
    mail = Picky(dead=("amina", "driss"))
    look(desk, mail)
    assert mail.reached == ["bruno", "chloe", "elise"]
    said = [one for one in caplog.records if one.name == reminders.__name__]
    assert [one.levelname for one in said] == ["WARNING"] * 2
    assert not any("example.org" in one.getMessage() for one in said)


def test_while_no_mail_goes_out_it_is_not_tried_for_everybody(desk: Desk, mail: KeptMail) -> None:
    everybody(desk)
    mail.refuses = True
    look(desk, mail)
    assert mail.asked == reminders.REFUSALS


def test_however_many_mailboxes_are_dead_the_others_are_reached(desk: Desk) -> None:
    everybody(desk)
    mail = Picky(dead=("amina", "bruno", "chloe", "driss"))
    for _ in NAMES:
        look(desk, mail)
        desk.clock.pass_(reminders.ROUND.total_seconds())
    assert mail.reached == ["elise"]


def test_whoever_is_paused_without_end_is_not_told_that_their_telephone_will_ring(
    desk: Desk, mail: KeptMail
) -> None:
    key = amina(desk)
    desk.at_once(lambda m: duty.pause(m, key, None))
    assert look(desk, mail) == []
    desk.at_once(lambda m: duty.pause(m, key, m.now + timedelta(days=3)))
    assert look(desk, mail) == []
    desk.at_once(lambda m: duty.pause(m, key, m.now + timedelta(hours=3)))
    assert len(look(desk, mail)) == 1


def test_whoever_comes_back_from_a_pause_is_told_then(desk: Desk, mail: KeptMail) -> None:
    key = amina(desk)
    desk.at_once(lambda m: duty.pause(m, key, None))
    assert look(desk, mail) == []
    desk.come_back(key)
    assert len(look(desk, mail)) == 1


def test_two_shifts_at_the_same_time_are_told_once_and_both(desk: Desk, mail: KeptMail) -> None:
    key = amina(desk)
    once = Shift(date(2026, 11, 24), MORNING.hours, MORNING.zone)
    desk.at_once(lambda m: duty.add_shift(m, key, once))
    assert len(look(desk, mail)) == 1
    assert mail.letters[0][2].count("mardi 24 novembre") == 1
    with desk.services.store.reading() as tx:
        (rota,) = stored.wanted(tx)
    assert None not in rota.told.values()
    assert len(rota.told) == 2


def test_two_workers_send_one_mail(desk: Desk, mail: KeptMail) -> None:
    class Slow(KeptMail):
        def send(self, subject: str, text: str, to: str | None = None) -> None:
            assert look(desk, mail) == [], "a second worker, while the first one sends"
            super().send(subject, text, to)

    amina(desk)
    assert len(look(desk, Slow())) == 1


@pytest.mark.parametrize("values", [{"active": False}, {"password": None}, {"wants_reminders": False}])
def test_who_is_not_reminded(desk: Desk, mail: KeptMail, values: dict[str, object]) -> None:
    key = amina(desk)
    with desk.services.store.reading() as tx:
        (owner,) = [one.id for one in accounts.every(tx) if one.mediator_id == key]
    desk.services.store.run(lambda tx: accounts.change(tx, owner, values))
    assert look(desk, mail) == []


def test_nobody_is_expected_while_every_line_is_shut(desk: Desk, mail: KeptMail) -> None:
    amina(desk)
    shut = {"always": False, "tue": ["15:00-18:00"]}  # on La Réunion: from noon in Paris
    assert look(desk, mail, lines(hours=shut)) == []
    assert len(look(desk, mail, lines(hours=shut | {"tue": ["14:00-18:00"]}))) == 1


def test_a_shift_that_is_taken_out_meanwhile_is_not_told(desk: Desk, mail: KeptMail) -> None:
    key = amina(desk)
    with desk.services.store.reading() as tx:
        (first,) = shifts.of(tx, key)
    desk.services.store.run(lambda tx: shifts.remove(tx, first))
    assert look(desk, mail) == []
    desk.at_once(lambda m: duty.add_shift(m, key, Shift(TUESDAY, parse_hours("10:00-12:00"), "Europe/Paris")))
    assert len(look(desk, mail)) == 1
