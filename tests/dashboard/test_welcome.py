"""The first minutes of a mediator: what will happen, the number that a call checks, the topics."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from hotline.queue.mediators import Availability
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import accounts, mediators, number_checks
from hotline.store.number_checks import NumberCheck
from hotline.switchboard.ports import CarrierTrouble
from tests import factories
from tests.dashboard.visitor import Visitor, account, visitor
from tests.fakes import NotedCarrier, SetClock

WRITTEN, NUMBER = "06 39 98 01 23", "+33639980123"
TOPICS = {"skill": ["taxes", "benefits"], "language": ["fr"]}


@pytest.fixture
def me(app: Flask, services: Services) -> Visitor:
    return visitor(app, services, account(services), "/welcome")


def check_of(services: Services, someone: Visitor) -> NumberCheck:
    assert someone.account is not None
    with services.store.reading() as tx:
        found = number_checks.of(tx, someone.account)
    assert found is not None
    return found


def wrong_code(services: Services, someone: Visitor) -> str:
    return f"{(int(check_of(services, someone).code) + 1) % 10_000:04}"


def prove(services: Services, someone: Visitor, written: str = WRITTEN) -> str:
    """Go through the call; where the right code leads."""
    assert someone.post("/number", number=written).location == "/number/code"
    return someone.post("/number/code", code=check_of(services, someone).code).location


def test_three_screens_say_what_will_happen(me: Visitor) -> None:
    first, second, third = (me.get(f"/welcome?screen={n}").text for n in (1, 2, 3))
    assert ("1 sur 3" in first, "01 99 00 12 34" in first) == (True, True)
    assert "Votre messagerie ne répondra jamais à votre place" in second
    assert "ne voit jamais votre numéro" in third
    assert 'href="/number"' in third
    assert me.get("/welcome?screen=99").text.count("3 sur 3") == 1


def test_somebody_becomes_a_mediator(me: Visitor, services: Services, carrier: NotedCarrier) -> None:
    assert me.get("/desk").location == "/welcome"
    assert prove(services, me) == "/welcome/topics"
    assert [(number, shown) for number, shown, _check in carrier.called_up] == [(NUMBER, factories.LINE)]
    assert 'value="fr" checked' in me.get("/welcome/topics").text
    assert me.post("/welcome/topics", **TOPICS).location == "/desk"
    assert me.account is not None
    with services.store.reading() as tx:
        found = accounts.get(tx, me.account)
        assert found is not None
        assert found.mediator_id is not None
        mediator = mediators.get(tx, found.mediator_id)
        assert mediator is not None
        assert (mediator.name, mediator.availability) == ("Amina", Availability.AVAILABLE)
        assert mediators.number(tx, mediator.id) == NUMBER
        assert mediators.skills(tx, mediator.id) == ["benefits", "taxes"]
        assert number_checks.of(tx, me.account) is None
    assert me.get("/welcome").location == "/desk"
    assert "Tout est prêt" in me.get("/desk").text


def test_a_second_click_makes_no_second_mediator(me: Visitor, services: Services) -> None:
    prove(services, me)
    me.post("/welcome/topics", **TOPICS)
    assert me.post("/welcome/topics", **TOPICS).location == "/desk"
    with services.store.reading() as tx:
        assert len(mediators.every(tx)) == 1


def test_topics_and_languages_are_those_of_the_lines(me: Visitor, services: Services) -> None:
    prove(services, me)
    page = me.get("/welcome/topics").text
    assert all(label in page for label in ("impôts", "allocations et RSA", "anglais"))
    for form, says in [
        ({"language": ["fr"]}, "au moins un thème"),
        ({"skill": ["nothing we know"], "language": ["fr"]}, "au moins un thème"),
        ({"skill": ["taxes"], "language": ["xx"]}, "au moins une langue"),
    ]:
        answer = me.post("/welcome/topics", **form)
        assert (answer.status_code, says in answer.text) == (422, True)
    assert 'value="taxes" checked' in answer.text, "what was ticked stays so"


def test_nobody_gets_past_the_number(me: Visitor, services: Services) -> None:
    assert me.get("/welcome/topics").location == "/number"
    assert me.post("/welcome/topics", **TOPICS).location == "/welcome"
    me.post("/number", number=WRITTEN)
    assert me.post("/welcome/topics", **TOPICS).location == "/welcome"
    with services.store.reading() as tx:
        assert mediators.every(tx) == []


def test_whoever_left_in_the_middle_goes_on_there(me: Visitor, services: Services, clock: SetClock) -> None:
    prove(services, me)
    assert me.get("/welcome").location == "/welcome/topics"
    clock.instant += timedelta(days=1)
    assert "1 sur 3" in me.get("/welcome").text, "a number may have changed hands since"


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("", "pas un numéro de téléphone"),
        ("bonjour", "pas un numéro de téléphone"),
        ("01 99", "pas un numéro de téléphone"),
        (factories.LINE, "le numéro de la ligne elle-même"),
        ("01 99 00 12 34", "le numéro de la ligne elle-même"),
    ],
)
def test_numbers_that_cannot_be_ones_own(me: Visitor, carrier: NotedCarrier, written: str, says: str) -> None:
    answer = me.post("/number", number=written)
    assert (answer.status_code, says in answer.text) == (422, True)
    assert carrier.called_up == []


def test_a_code_is_guessed_five_times_at_most(me: Visitor, services: Services) -> None:
    me.post("/number", number=WRITTEN)
    wrong = wrong_code(services, me)
    answers = [me.post("/number/code", code=wrong) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [422] * 4 + [302]
    assert "Ce n’est pas ce code-là" in answers[0].text
    assert me.post("/number/code", code=check_of(services, me).code).location == "/number"
    assert "Ce code ne sert plus" in me.get("/number").text
    assert prove(services, me) == "/welcome/topics", "another call, another code"


def test_a_code_is_over_after_a_quarter_of_an_hour(me: Visitor, services: Services, clock: SetClock) -> None:
    me.post("/number", number=WRITTEN)
    clock.instant += timedelta(minutes=15)
    assert me.post("/number/code", code=check_of(services, me).code).location == "/number"
    assert me.get("/number/code").location == "/number"


def test_a_code_may_be_keyed_with_spaces_and_commas(me: Visitor, services: Services) -> None:
    me.post("/number", number=WRITTEN)
    code = ", ".join(check_of(services, me).code)
    assert me.post("/number/code", code=code).location == "/welcome/topics"


def test_the_code_is_no_longer_of_use_for_another_number(me: Visitor, services: Services) -> None:
    me.post("/number", number="06 39 98 01 24")
    older = check_of(services, me)
    me.post("/number", number=WRITTEN)
    newer = check_of(services, me)
    assert newer.token != older.token
    if newer.code != older.code:
        assert me.post("/number/code", code=older.code).status_code == 422


def test_three_calls_in_a_quarter_of_an_hour(
    me: Visitor, services: Services, carrier: NotedCarrier, clock: SetClock
) -> None:
    for n in range(3):
        me.post("/number", number=f"06 39 98 01 2{n}")
        clock.instant += timedelta(minutes=1)
    answer = me.post("/number", number=WRITTEN)
    assert (answer.status_code, "à 11:15" in answer.text) == (429, True), "local time"
    assert len(carrier.called_up) == 3
    clock.instant += timedelta(minutes=12)
    assert prove(services, me) == "/welcome/topics"


def test_the_carrier_does_not_answer(me: Visitor, services: Services, carrier: NotedCarrier) -> None:
    def away() -> None:
        raise CarrierTrouble("status 500")

    carrier.trouble = away
    for _ in range(4):
        answer = me.post("/number", number=WRITTEN)
        assert (answer.status_code, "Rien n’est perdu" in answer.text) == (503, True)
        assert f'value="{WRITTEN}"' in answer.text
    carrier.trouble = lambda: None
    assert prove(services, me) == "/welcome/topics", "calls that were not made do not count"


def test_the_call_is_made_outside_of_any_transaction(
    me: Visitor, services: Services, carrier: NotedCarrier
) -> None:
    """Another process can see the check, and write, when the carrier is asked."""
    seen: list[str] = []

    def look() -> None:
        seen.append(check_of(services, me).number)
        services.store.run(lambda tx: number_checks.was_not_called(tx, "nobody's"))

    carrier.trouble = look
    me.post("/number", number=WRITTEN)
    assert seen == [NUMBER]


def test_a_coordinator_may_go_on_without_a_telephone(app: Flask, services: Services) -> None:
    someone = visitor(app, services, account(services, Role.COORDINATOR), "/welcome")
    assert "Je ne prends pas d’appels" in someone.get("/welcome").text


def entries(page: str) -> list[str]:
    """What the menu leads to."""
    menu = page.partition("<nav")[2].partition("</nav>")[0]
    return re.findall(r'<li><a href="([^"]+)"', menu)


def test_the_menu_leads_nowhere_back(me: Visitor, services: Services) -> None:
    for path in ("/welcome", "/number"):
        assert entries(me.get(path).text) == ["/profile"]
    assert entries(me.get("/profile").text) == ["/board", "/profile"]
    assert me.get("/profile").status_code == 200
    prove(services, me)
    assert entries(me.get("/welcome/topics").text) == ["/profile"]
    me.post("/welcome/topics", **TOPICS)
    for path in ("/desk", "/number"):
        assert entries(me.get(path).text) == ["/desk", "/day", "/board", "/profile"]


def test_the_menu_of_a_coordinator_without_a_telephone(app: Flask, services: Services) -> None:
    someone = visitor(app, services, account(services, Role.COORDINATOR), "/welcome")
    assert entries(someone.get("/welcome").text) == ["/profile"]
    theirs = ["/board", "/people", "/shifts", "/blocks", "/profile"]
    assert entries(someone.get("/board").text) == theirs


def test_only_who_is_logged_in(app: Flask) -> None:
    nobody = Visitor(app.test_client())
    for path in ("/welcome", "/welcome/topics", "/number", "/number/code", "/profile"):
        assert "/account/login" in nobody.get(path).location
