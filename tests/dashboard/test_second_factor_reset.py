"""Whoever has lost their second factor: who takes it away, whose, and what becomes of the account then."""

from collections.abc import Callable

import pytest

from hotline.queue.ids import AccountId
from hotline.queue.roles import Role
from hotline.store import accounts
from tests.dashboard.doors import Door, is_in, link_in
from tests.dashboard.visitor import Visitor
from tests.fakes import KeptMail

LoggedIn = Callable[..., Visitor]
OWNER = "zoe@example.org"
SWITCH = "Enlever le second code"


def lost(door: Door, role: Role) -> AccountId:
    """An account whose second factor nobody has any more."""
    key = door.with_codes(role, OWNER)
    codes = {"recovery_codes": ["0000-0000-0000"], "totp_counter": 7}
    door.services.store.run(lambda tx: accounts.change(tx, key, codes))
    return key


def reset(me: Visitor, account: AccountId) -> str:
    """What is said then."""
    me.get(f"/people/{account}")
    answer = me.post(f"/people/{account}/second-factor")
    return me.get(answer.location).text if answer.status_code == 302 else str(answer.status_code)


@pytest.mark.parametrize(
    ("by", "of", "may"),
    [
        (Role.MEDIATOR, Role.MEDIATOR, False),
        (Role.COORDINATOR, Role.MEDIATOR, True),
        (Role.COORDINATOR, Role.COORDINATOR, False),
        (Role.COORDINATOR, Role.ADMINISTRATOR, False),
        (Role.ADMINISTRATOR, Role.MEDIATOR, True),
        (Role.ADMINISTRATOR, Role.COORDINATOR, True),
        (Role.ADMINISTRATOR, Role.ADMINISTRATOR, True),
    ],
)
def test_who_takes_away_whose(
    door: Door, logged_in: LoggedIn, mail: KeptMail, by: Role, of: Role, may: bool
) -> None:
    key = lost(door, of)
    me = logged_in(by, name="Claude", email="claude@example.org")
    assert (SWITCH in me.get(f"/people/{key}").text) is may
    said = reset(me, key)
    known = door.known(OWNER)
    assert ("Le second code est enlevé" in said) is may
    assert (known.totp_secret is None, known.recovery_codes is None, known.totp_counter is None) == (may,) * 3
    assert len(mail.letters) == int(may)


def test_nobody_takes_away_their_own(door: Door, logged_in: LoggedIn) -> None:
    me = logged_in(Role.ADMINISTRATOR)
    key = me.account
    assert key is not None
    door.services.store.run(lambda tx: accounts.change(tx, key, {"totp_secret": "sealed"}))
    assert SWITCH not in me.get(f"/people/{key}").text
    assert "demandez à quelqu’un d’autre" in reset(me, key)
    with door.services.store.reading() as tx:
        found = accounts.get(tx, key)
    assert found is not None
    assert found.totp_secret == "sealed"


def test_sessions_end_and_another_one_is_set_up_at_the_next_log_in(door: Door, logged_in: LoggedIn) -> None:
    """The password is still asked for; and who was between the two steps begins anew."""
    key = lost(door, Role.COORDINATOR)
    inside, between = door.browser(), door.browser()
    for one in (inside, between):
        door.log_in(one, email=OWNER)
    old = door.known(OWNER).totp_secret or ""
    inside.post("/account/mf-recovery", code="0000-0000-0000")
    assert is_in(inside)
    reset(logged_in(Role.ADMINISTRATOR), key)
    between.post("/account/tf-validate", code=door.six_digits(old))
    assert (is_in(inside), is_in(between)) == (False, False)
    visitor = door.browser()
    assert door.log_in(visitor, email=OWNER).location == "/account/tf-setup"
    assert not is_in(visitor)


def test_a_mediator_is_in_with_the_password_alone(door: Door, logged_in: LoggedIn) -> None:
    reset(logged_in(Role.COORDINATOR), lost(door, Role.MEDIATOR))
    visitor = door.browser()
    door.log_in(visitor, email=OWNER)
    assert is_in(visitor)


def test_the_owner_is_told_by_whom(door: Door, logged_in: LoggedIn, mail: KeptMail) -> None:
    me = logged_in(Role.ADMINISTRATOR, name="Odile", email="odile@example.org")
    key = lost(door, Role.COORDINATOR)
    door.services.store.run(lambda tx: accounts.change(tx, key, {"name": "Zoé"}))
    reset(me, key)
    ((to, subject, text),) = mail.letters
    assert (to, subject) == (OWNER, "Le second code de votre compte a été enlevé")
    assert text.startswith("Bonjour Zoé,\n\nOdile vient d’enlever le second code")
    assert [link_in(part) for part in text.split("Vous ne l’avez pas demandé")] == [
        "/account/login",
        "/account/reset",
    ]


def test_there_is_nothing_to_take_away_twice(door: Door, logged_in: LoggedIn, mail: KeptMail) -> None:
    key = lost(door, Role.MEDIATOR)
    me = logged_in(Role.COORDINATOR)
    reset(me, key)
    assert SWITCH not in me.get(f"/people/{key}").text
    assert "n’a pas de second code" in reset(me, key)
    assert len(mail.letters) == 1


def test_an_account_that_is_not_there(logged_in: LoggedIn) -> None:
    assert "n’existe plus" in reset(logged_in(Role.COORDINATOR), AccountId(999))
