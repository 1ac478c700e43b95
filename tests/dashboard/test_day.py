"""A mediator's day: whom it shows, how many at once, and that whoever is to be called back is on a page."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from hotline.dashboard import board as boards
from hotline.dashboard import day_view
from hotline.dashboard.day_view import Day
from hotline.queue.ids import AccountId, MediatorId, TicketId
from hotline.queue.tickets import Attempt
from hotline.services import Services
from hotline.store import claims, mediators, tickets
from hotline.store.backlog import MOST
from hotline.store.claims import LASTS
from hotline.store.places import PlaceRow
from tests import factories
from tests.dashboard.ledger import Ledger
from tests.dashboard.statements import counted
from tests.dashboard.visitor import Visitor, account, visitor
from tests.fakes import SetClock

LoggedIn = Callable[..., Visitor]
NOBODYS = "Personne de l’équipe n’a ce thème ou cette langue"


@pytest.fixture
def ledger(services: Services) -> Ledger:
    return Ledger(services)


@pytest.fixture
def amina(services: Services) -> MediatorId:
    """Knows about taxes, and speaks French."""
    return factories.mediator(services, "Amina", factories.number(1), shifts=())


@pytest.fixture
def me(services: Services, amina: MediatorId) -> AccountId:
    return account(services, mediator=amina)


@pytest.fixture
def day(services: Services, amina: MediatorId, me: AccountId) -> Callable[[], Day]:
    def shown() -> Day:
        with services.store.reading() as tx:
            return day_view.at(services, tx, amina, me, services.clock.now())

    return shown


def due(ledger: Ledger, topic: str = "taxes", language: str = "fr", **more: timedelta) -> TicketId:
    """Somebody who is to be called back; `after`: not before that."""
    call = ledger.call()
    not_before = ledger.now + more["after"] if more else None
    return ledger.promises(call, ledger.waits(call, topic, language), not_before)


def tries(services: Services, ticket: TicketId, who: AccountId) -> None:
    result, note, now = Attempt.NOT_REACHED, "sonne dans le vide", services.clock.now()
    services.store.run(lambda tx: tickets.note_attempt(tx, ticket, result, note, who, now))


def listed(some: list[day_view.Callback]) -> list[TicketId]:
    return [one.ticket.id for one in some]


def test_many_callbacks_for_others_hide_none(
    services: Services, ledger: Ledger, logged_in: LoggedIn, amina: MediatorId
) -> None:
    for _ in range(MOST + 2):
        due(ledger)
    mary = factories.mediator(services, "Mary", factories.number(2), languages=["en"])
    english = due(ledger, language="en")
    page = logged_in(mediator=mary).get("/day").text
    assert f'id="claim-{english}"' in page
    assert page.count('id="claim-') == 1


def test_what_needs_no_skill_is_for_all_who_speak_its_language(
    services: Services, ledger: Ledger, day: Callable[[], Day]
) -> None:
    """They have asked for a person, whoever it is: the topic stays, and nobody needs to know about it."""
    factories.mediator(services, "Driss", factories.number(2), ["equipment"], shifts=())
    ticket = due(ledger, "equipment")
    assert listed(day().callbacks) == []
    any_skill = update(PlaceRow).where(PlaceRow.ticket_id == ticket).values(skill=None)
    services.store.run(lambda tx: tx.connection.execute(any_skill))
    assert listed(day().callbacks) == [ticket]


@pytest.mark.parametrize(("topic", "language"), [("equipment", "fr"), ("taxes", "en")])
def test_what_suits_nobody_is_shown_to_everybody(
    ledger: Ledger, logged_in: LoggedIn, amina: MediatorId, topic: str, language: str
) -> None:
    ticket = due(ledger, topic, language)
    here = logged_in(mediator=amina)
    page = here.get("/day").text
    assert "Tout est à jour" not in page
    assert f'id="claim-{ticket}"' in page.partition(NOBODYS)[2]
    claimed = here.post(f"/day/{ticket}/claim").text
    assert "Vous rappelez cette personne" in claimed
    assert NOBODYS not in claimed
    again = here.post(f"/day/{ticket}/attempt", result="not_reached").text
    assert f'id="later-{ticket}"' in again


@pytest.mark.parametrize("how", ["closed", "no number"])
def test_who_does_not_answer_any_more_suits_nothing(
    services: Services, ledger: Ledger, day: Callable[[], Day], how: str
) -> None:
    driss = factories.mediator(services, "Driss", factories.number(2), ["equipment"], shifts=())
    ticket = due(ledger, "equipment")
    assert listed(day().nobodys) == []
    if how == "closed":
        services.store.run(lambda tx: mediators.set_active(tx, driss, active=False))
    else:
        free = [one.availability for one in services.store.run(mediators.every)]
        services.store.run(lambda tx: mediators.free_number(tx, driss, free))
    assert listed(day().nobodys) == [ticket]


def test_the_board_says_how_many_suit_nobody(
    services: Services, ledger: Ledger, app: Flask, amina: MediatorId
) -> None:
    due(ledger)
    assert "personne de l’équipe" not in boards.painting(services, app)("fr")
    due(ledger, "equipment")
    due(ledger, "equipment", after=timedelta(hours=1))
    with services.store.reading() as tx:
        assert boards.at(services, tx, "fr", services.clock.now()).queue.nobodys == 2
    assert "personne de l’équipe n’a leur thème" in boards.painting(services, app)("fr")


def test_of_long_lists_the_rest_is_counted(ledger: Ledger, logged_in: LoggedIn, amina: MediatorId) -> None:
    for _ in range(MOST + 1):
        due(ledger)
    for _ in range(MOST + 2):
        due(ledger, "equipment")
    for _ in range(MOST + 3):
        due(ledger, after=timedelta(hours=1))
    page = logged_in(mediator=amina).get("/day").text
    assert page.count('id="claim-') == 2 * MOST
    mine, nobodys, later = (
        page.partition(NOBODYS)[0],
        page.partition(NOBODYS)[2],
        page.partition("Plus tard")[2],
    )
    assert "Et une personne de plus." in mine
    assert "Et 2 personnes de plus." in nobodys
    assert "Et 3 personnes de plus." in later


def test_what_they_have_claimed_is_shown_however_many_wait_longer(
    services: Services, ledger: Ledger, day: Callable[[], Day], me: AccountId, clock: SetClock
) -> None:
    for _ in range(MOST):
        due(ledger)
    clock.pass_(1)
    last = due(ledger)
    services.store.run(lambda tx: claims.take(tx, last, me, clock.now()))
    assert listed(day().callbacks)[-1] == last
    assert (len(day().callbacks), day().more) == (MOST + 1, 0)


@pytest.mark.parametrize("many", [1, 20])
def test_the_statements_do_not_grow_with_the_callbacks(
    services: Services, ledger: Ledger, day: Callable[[], Day], me: AccountId, many: int
) -> None:
    for _ in range(many):
        for ticket in (due(ledger), due(ledger, "equipment"), due(ledger, after=timedelta(hours=1))):
            tries(services, ticket, me)
    day()
    with counted(services.store.engine) as sent:
        shown = day()
    assert len(shown.callbacks + shown.nobodys + shown.later) == 3 * many
    assert len(sent) == 13


def test_an_open_page_looks_again_when_somebodys_time_comes(
    services: Services, app: Flask, ledger: Ledger, day: Callable[[], Day], me: AccountId
) -> None:
    assert day().changes_in == 0
    due(ledger, after=timedelta(seconds=90))
    due(ledger, after=timedelta(seconds=60))
    assert day().changes_in == 61
    assert 'data-changes-in="61"' in visitor(app, services, me).get("/day").text


def test_and_when_somebody_elses_claim_ends(
    services: Services, ledger: Ledger, day: Callable[[], Day], clock: SetClock
) -> None:
    other = account(services, email="other@example.org")
    ticket = due(ledger)
    services.store.run(lambda tx: claims.take(tx, ticket, other, clock.now()))
    clock.pass_(60)
    assert day().changes_in == LASTS.total_seconds() - 60 + 1
