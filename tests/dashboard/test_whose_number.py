"""A number that the team knows already: who proves it goes on, and asking tells nobody whose it is."""

import pytest
from flask import Flask

from hotline.queue.ids import AccountId, MediatorId
from hotline.queue.mediators import Availability, Standing
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import accounts, mediators, number_checks, shifts
from hotline.store.mediators import Mediator
from tests import factories
from tests.dashboard.visitor import Visitor, account, visitor
from tests.fakes import NotedCarrier

WRITTEN, NUMBER, ANOTHER = "06 39 98 01 23", "+33639980123", "06 39 98 01 24"
TOPICS = {"skill": ["taxes", "benefits"], "language": ["fr"]}


@pytest.fixture
def zed(app: Flask, services: Services) -> Visitor:
    """Invited, and without a telephone yet."""
    return visitor(app, services, account(services, name="Zed", email="zed@example.org"), "/welcome")


@pytest.fixture
def claude(app: Flask, services: Services) -> Visitor:
    key = account(services, Role.COORDINATOR, name="Claude", email="claude@example.org")
    return visitor(app, services, key)


def team(services: Services, name: str, number: str = NUMBER) -> tuple[AccountId, MediatorId]:
    """Somebody of the team with an account and that number."""
    mediator = factories.mediator(services, name, number)
    return account(services, mediator=mediator, email=f"{name}@example.org".lower(), name=name), mediator


def prove(services: Services, someone: Visitor, written: str = WRITTEN) -> str:
    """Go through the call; where the right code leads."""
    key = someone.account
    assert key is not None
    assert someone.post("/number", number=written).location == "/number/code"
    with services.store.reading() as tx:
        check = number_checks.of(tx, key)
    assert check is not None
    return someone.post("/number/code", code=check.code).location


def mediator_of(services: Services, someone: AccountId | None) -> MediatorId | None:
    assert someone is not None
    with services.store.reading() as tx:
        found = accounts.get(tx, someone)
    assert found is not None
    return found.mediator_id


def telephone(services: Services, key: MediatorId) -> Mediator:
    with services.store.reading() as tx:
        found = mediators.get(tx, key)
    assert found is not None
    return found


def is_rung(services: Services, key: MediatorId) -> bool:
    with services.store.reading() as tx:
        on_duty = shifts.is_on_duty(tx, key, services.clock.now())
    return on_duty and telephone(services, key).availability is Availability.AVAILABLE


def test_whoever_was_added_at_the_shell_is_the_same_person_with_an_account(
    zed: Visitor, services: Services
) -> None:
    before = factories.mediator(services, "Zed at the shell", NUMBER, ["health"], ["fr", "en"])
    assert prove(services, zed) == "/welcome/topics"
    asked = zed.get("/welcome/topics").text
    assert all(f'value="{one}" checked' in asked for one in ("health", "fr", "en"))
    zed.post("/welcome/topics", **TOPICS)
    assert mediator_of(services, zed.account) == before
    assert telephone(services, before).name == "Zed"
    with services.store.reading() as tx:
        assert mediators.skills(tx, before) == ["benefits", "taxes"]
        assert len(shifts.of(tx, before)) == 7
    assert is_rung(services, before)


def test_whoever_was_closed_and_comes_again_has_their_telephone_back(
    zed: Visitor, claude: Visitor, services: Services
) -> None:
    earlier, mediator = team(services, "Zed before")
    claude.post(f"/people/{earlier}/close")
    prove(services, zed)
    zed.post("/welcome/topics", **TOPICS)
    assert (mediator_of(services, zed.account), mediator_of(services, earlier)) == (mediator, None)
    assert is_rung(services, mediator), "the pause of the closed account is over"
    claude.post(f"/people/{earlier}/reopen")
    assert mediator_of(services, zed.account) == mediator
    assert is_rung(services, mediator)


def test_a_colleagues_number_is_called_like_any_other_and_refused_to_who_has_the_code(
    zed: Visitor, services: Services, carrier: NotedCarrier
) -> None:
    bruno, mediator = team(services, "Bruno")
    answers = [zed.post("/number", number=one) for one in (WRITTEN, ANOTHER)]
    assert [(one.status_code, one.location) for one in answers] == [(302, "/number/code")] * 2
    pages = [zed.get("/number/code").text.replace(one, "") for one in (ANOTHER,)]
    assert "Bruno" not in pages[0]
    assert [number for number, _shown, _check in carrier.called_up] == [NUMBER, "+33639980124"]
    assert prove(services, zed) == "/number"
    page = zed.get("/number").text
    assert "Bruno a déjà ce numéro dans l’équipe" in page
    assert "la coordination peut le libérer" in page
    assert zed.get("/welcome/topics").location == "/number", "nothing is proven"
    assert mediator_of(services, bruno) == mediator
    assert is_rung(services, mediator)


def test_a_number_that_becomes_a_colleagues_after_the_code(zed: Visitor, services: Services) -> None:
    prove(services, zed)
    team(services, "Bruno")
    assert zed.post("/welcome/topics", **TOPICS).location == "/number"
    assert "Bruno a déjà ce numéro" in zed.get("/number").text
    assert mediator_of(services, zed.account) is None


def test_a_freed_number_goes_to_who_proves_it(zed: Visitor, claude: Visitor, services: Services) -> None:
    bruno, mediator = team(services, "Bruno")
    page = claude.get(f"/people/{bruno}").text
    assert ("•• •• •• •• 23" in page, "Oui, libérer ce numéro" in page, WRITTEN in page) == (
        True,
        True,
        False,
    )
    said = claude.get(claude.post(f"/people/mediators/{mediator}/free-number").location).text
    assert "Le numéro est libéré" in said
    assert ("sans numéro" in said, "Libérer ce numéro" in said) == (True, False)
    assert not is_rung(services, mediator)
    prove(services, zed)
    zed.post("/welcome/topics", **TOPICS)
    assert mediator_of(services, zed.account) not in (None, mediator)


def test_whose_number_was_freed_is_told_and_gives_another(
    app: Flask, claude: Visitor, services: Services
) -> None:
    bruno, mediator = team(services, "Bruno")
    me = visitor(app, services, bruno, "/desk")
    claude.post(f"/people/mediators/{mediator}/free-number")
    desk = me.get("/desk").text
    assert ("n’a plus de numéro ici" in desk, 'href="/number"' in desk) == (True, True)
    me.post("/desk/available")
    assert not is_rung(services, mediator), "there is nothing that could ring"
    assert "n’a plus de numéro ici" in me.get("/profile").text
    assert "Garder mon numéro actuel" not in me.get("/number").text
    assert prove(services, me, ANOTHER) == "/profile"
    assert "•• •• •• •• 24" in me.get("/profile").text
    assert is_rung(services, mediator)


@pytest.mark.parametrize("busy", [Availability.OFFERED, Availability.ON_CALL, Availability.WRAP_UP])
def test_no_number_is_freed_during_a_call(claude: Visitor, services: Services, busy: Availability) -> None:
    bruno, mediator = team(services, "Bruno")
    now = services.clock.now()
    free = [Availability.AVAILABLE]
    services.store.run(lambda tx: mediators.claim(tx, mediator, free, Standing(busy), now))
    said = claude.get(claude.post(f"/people/mediators/{mediator}/free-number").location).text
    assert "réessayez juste après" in said
    assert telephone(services, mediator).has_number
    assert mediator_of(services, bruno) == mediator


def test_mediators_free_no_numbers(zed: Visitor, services: Services) -> None:
    _bruno, mediator = team(services, "Bruno")
    assert zed.post(f"/people/mediators/{mediator}/free-number").status_code == 403
    assert telephone(services, mediator).has_number


def test_who_changes_to_a_number_of_an_old_record_stays_who_they_are(
    app: Flask, services: Services, claude: Visitor
) -> None:
    old = factories.mediator(services, "An old record", NUMBER)
    bruno, mediator = team(services, "Bruno", factories.number(1))
    me = visitor(app, services, bruno, "/desk")
    assert prove(services, me) == "/profile"
    assert mediator_of(services, bruno) == mediator
    assert (telephone(services, old).has_number, is_rung(services, old)) == (False, False)
    assert "•• •• •• •• 23" in me.get("/profile").text
    assert "Cette personne n’a plus de numéro ici" in claude.get(f"/people/mediators/{old}").text


def test_a_telephone_that_talks_for_the_line_changes_hands_afterwards(app: Flask, services: Services) -> None:
    old = factories.mediator(services, "An old record", NUMBER)
    bruno, _mediator = team(services, "Bruno", factories.number(1))
    me = visitor(app, services, bruno, "/desk")
    now = services.clock.now()
    talks = Standing(Availability.ON_CALL)
    services.store.run(lambda tx: mediators.claim(tx, old, [Availability.AVAILABLE], talks, now))
    assert prove(services, me) == "/profile"
    page = me.get("/profile").text
    assert ("en communication pour la ligne" in page, "•• •• •• •• 01" in page) == (True, True)
    assert telephone(services, old).has_number


def test_the_shifts_of_whoever_has_no_number_cover_nothing(claude: Visitor, services: Services) -> None:
    _bruno, mediator = team(services, "Bruno")
    assert "Les sept jours à venir sont couverts" in claude.get("/shifts").text
    claude.post(f"/people/mediators/{mediator}/free-number")
    assert "personne n’est là" in claude.get("/shifts").text
