"""The board: the queue in its order, who answers, the day's figures, and what it never shows."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from hotline.dashboard import board as boards
from hotline.dashboard.board import Board
from hotline.queue.mediators import Availability, Standing
from hotline.queue.offers import OfferState
from hotline.queue.outcomes import Outcome
from hotline.queue.roles import Role
from hotline.queue.tickets import Attempt
from hotline.services import Services
from hotline.store import calls, mediators
from hotline.switchboard import promises
from tests import factories
from tests.dashboard.ledger import Ledger
from tests.dashboard.statements import counted
from tests.dashboard.visitor import Visitor, visitor
from tests.fakes import SetClock

LoggedIn = Callable[..., Visitor]


@pytest.fixture
def ledger(services: Services) -> Ledger:
    return Ledger(services)


def shown(services: Services, language: str = "fr") -> Board:
    with services.store.reading() as tx:
        return boards.at(services, tx, language, services.clock.now())


def painted(services: Services, app: Flask, language: str = "fr") -> str:
    return boards.painting(services, app)(language)


@pytest.mark.parametrize("role", list(Role))
def test_everybody_may_look_at_the_board(role: Role, logged_in: LoggedIn) -> None:
    page = logged_in(role).get("/board")
    assert page.status_code == 200
    assert "Personne n’attend" in page.text
    assert "Personne n’est de permanence" in page.text
    assert 'data-live="/live?board=1"' in page.text


def test_whoever_has_no_telephone_here_is_told_how_to_answer(services: Services, logged_in: LoggedIn) -> None:
    claude = logged_in(Role.COORDINATOR)
    assert 'href="/welcome">indiquez votre téléphone' in claude.get("/board").text
    amina = logged_in(
        mediator=factories.mediator(services, "Amina", factories.number(1)), email="amina@example.org"
    )
    assert "/welcome" not in amina.get("/board").text


def test_nobody_else_may(app: Flask, services: Services) -> None:
    nobody = visitor(app, services)
    assert "/account/login" in nobody.get("/board").location
    assert "/account/login" in nobody.get("/board/now").location


def test_the_queue_is_in_its_order(services: Services, ledger: Ledger, clock: SetClock, app: Flask) -> None:
    first = ledger.call()
    ledger.promises(first, ledger.waits(first))
    clock.pass_(60)
    ledger.is_rung_for(ledger.waits(ledger.call(), "health"))
    clock.pass_(60)
    ledger.waits(ledger.call(), None, "en")
    clock.pass_(5)
    rows = shown(services).rows
    assert [(row.position, row.topic, row.is_callback, row.rings) for row in rows] == [
        (1, "Santé", False, True),
        (2, "Tous les thèmes", False, False),
        (1, "Impôts", True, False),
    ]
    assert [row.language for row in rows] == [None, "anglais", None]
    assert [row.wait for row in rows] == ["1:05", "0:05", "2 min"]
    text = painted(services, app)
    assert text.index("<caption>Au téléphone") < text.index("Santé") < text.index("<caption>À rappeler")


def test_a_callback_whose_time_has_not_come_has_no_position(
    services: Services, ledger: Ledger, clock: SetClock, app: Flask
) -> None:
    later = ledger.call()
    ledger.promises(later, ledger.waits(later), clock.now() + timedelta(hours=2))
    on_the_line = ledger.call()
    ledger.waits(on_the_line)
    board = shown(services)
    assert [row.is_callback for row in board.rows] == [False]
    assert (board.queue.calls, board.queue.callbacks, board.queue.later) == (1, 0, 1)
    assert "Un rappel est prévu pour plus tard" in painted(services, app)
    clock.pass_(7200)
    assert [row.is_callback for row in shown(services).rows] == [False, True]


def test_no_number_is_on_the_board(services: Services, ledger: Ledger, app: Flask) -> None:
    ledger.waits(ledger.call())
    factories.mediator(services, "Amina", factories.number(1))
    text = painted(services, app)
    assert "Amina" in text
    assert factories.CALLER[-8:] not in text.replace(" ", "")
    assert factories.number(1)[-8:] not in text.replace(" ", "")


def test_whoever_is_on_the_line_is_shown_before_callbacks(
    services: Services, ledger: Ledger, clock: SetClock
) -> None:
    ledger.waits(ledger.call(), "health")
    for _ in range(boards.MOST_ROWS + 2):
        clock.pass_(1)
        call = ledger.call()
        ledger.promises(call, ledger.waits(call))
    clock.pass_(60)
    ledger.waits(ledger.call(), "work")
    rows = shown(services).rows
    assert len(rows) == boards.MOST_ROWS
    assert [(row.position, row.topic) for row in rows if not row.is_callback] == [
        (1, "Santé"),
        (2, "Emploi"),
    ]
    assert [row.position for row in rows if row.is_callback] == list(range(1, boards.MOST_ROWS - 1))


def test_nobody_was_called_back_who_went_away_at_the_question_for_a_number(
    services: Services, ledger: Ledger
) -> None:
    call = ledger.call(number=None)
    ledger.promises(call, ledger.waits(call))
    factories.at_once(services, lambda m: promises.settle(m, calls.get(m.tx, call)))
    today = shown(services).today
    assert (today.promised, today.kept) == (1, 0)


def test_a_long_queue_is_shown_from_its_head(services: Services, ledger: Ledger, app: Flask) -> None:
    for _ in range(boards.MOST_ROWS + 2):
        ledger.waits(ledger.call())
    board = shown(services)
    assert (len(board.rows), board.unseen, board.queue.calls) == (boards.MOST_ROWS, 2, boards.MOST_ROWS + 2)
    assert "Et 2 personnes de plus" in painted(services, app)


def put(services: Services, name: str, state: Availability, shifts: bool = True) -> None:
    number = factories.number(10 + len(name))
    key = factories.mediator(services, name, number, shifts=factories.ALWAYS if shifts else ())
    came = list(Availability)
    now = services.clock.now()
    services.store.run(lambda tx: mediators.claim(tx, key, came, Standing(state), now))


def test_mediators_by_what_they_do(services: Services, app: Flask) -> None:
    put(services, "Amina", Availability.AVAILABLE)
    put(services, "Zo", Availability.AVAILABLE)
    put(services, "Bruno L.", Availability.AWAY)
    put(services, "Chloé Ma.", Availability.OFF)
    put(services, "Dominique R.", Availability.ON_CALL, shifts=False)
    put(services, "Élise Garnier", Availability.AVAILABLE, shifts=False)
    board = shown(services)
    names = {group.state: [one.name for one in group.people] for group in board.groups if group.many}
    assert names == {
        Availability.AVAILABLE: ["Amina", "Zo"],
        Availability.ON_CALL: ["Dominique R."],
        Availability.AWAY: ["Bruno L."],
    }
    assert board.others == 2
    text = painted(services, app)
    assert "Élise Garnier" not in text
    assert "2 autres personnes ne sont pas de permanence" in text


def test_closed_accounts_are_nobody_who_is_not_on_duty(services: Services) -> None:
    put(services, "Amina", Availability.AVAILABLE, shifts=False)
    put(services, "Bruno L.", Availability.AWAY)
    put(services, "Chloé Ma.", Availability.ON_CALL)
    with services.store.reading() as tx:
        closed = [one.id for one in mediators.every(tx) if one.name != "Amina"]
    for key in closed:
        factories.at_once(services, lambda m, one=key: mediators.set_active(m.tx, one, False))  # type: ignore[misc]  # mypy sees no default
    board = shown(services)
    names = [one.name for group in board.groups for one in group.people]
    assert (names, board.others) == (["Chloé Ma."], 1), "a last talk goes on"


def test_the_figures_of_the_day(services: Services, ledger: Ledger, clock: SetClock) -> None:
    amina = factories.mediator(services, "Amina", factories.number(1))
    clock.instant = datetime(2026, 11, 22, 22, 59, 59, tzinfo=UTC)
    ledger.answers(amina, ledger.waits(ledger.call()))
    clock.pass_(1)  # midnight in Paris
    for wait in (10, 60, 61):
        place = ledger.waits(ledger.call())
        clock.pass_(wait)
        ledger.answers(amina, place)
    place = ledger.waits(ledger.call())
    ledger.answers(amina, place, OfferState.WITHDRAWN)
    left = ledger.call()
    ledger.leaves(left, place)
    ledger.call(Outcome.SHORT)
    ledger.call(Outcome.BLOCKED)
    board = shown(services)
    today = board.today
    assert (today.calls, today.answered, today.in_time, today.abandoned) == (6, 3, 2, 1)
    assert board.level == 50


def test_a_talk_under_way_counts_as_answered(services: Services, ledger: Ledger) -> None:
    amina = factories.mediator(services, "Amina", factories.number(1))
    ledger.answers(amina, ledger.waits(ledger.call()), OfferState.ACCEPTED)
    assert shown(services).level == 100


def test_whoever_rings_again_waits_since_then(services: Services, ledger: Ledger, clock: SetClock) -> None:
    amina = factories.mediator(services, "Amina", factories.number(1))
    place = ledger.waits(ledger.call())
    clock.pass_(1800)
    again = ledger.call()
    ledger.moves_to(place, again)
    clock.pass_(20)
    ledger.answers(amina, place)
    assert shown(services).today.in_time == 1


def test_callbacks_promised_and_kept(services: Services, ledger: Ledger, clock: SetClock) -> None:
    for result in (Attempt.REACHED, Attempt.GIVEN_UP):
        call = ledger.call()
        ledger.closes(ledger.promises(call, ledger.waits(call)), result)
    call = ledger.call()
    ticket = ledger.promises(call, ledger.waits(call))
    today = shown(services).today
    assert (today.promised, today.kept) == (3, 1)
    clock.instant += timedelta(days=1)
    ledger.closes(ticket)
    today = shown(services).today
    assert (today.promised, today.kept) == (0, 1)


def test_nothing_to_divide(services: Services, app: Flask) -> None:
    assert shown(services).level is None
    assert "<dd>–</dd>" in painted(services, app)


def test_it_speaks_the_language_of_the_page(services: Services, ledger: Ledger, app: Flask) -> None:
    ledger.waits(ledger.call(), "health")
    assert shown(services, "en").rows[0].topic == "Health"
    painted(services, app, "en")


@pytest.mark.parametrize("many", [3, 30])
def test_the_statements_do_not_grow_with_the_people(services: Services, ledger: Ledger, many: int) -> None:
    for number in range(many):
        factories.mediator(services, f"M{number}", factories.number(number))
        ledger.waits(ledger.call())
    with services.store.reading() as tx, counted(tx.connection.engine) as statements:
        boards.at(services, tx, "fr", services.clock.now())
    assert len(statements) == 10
