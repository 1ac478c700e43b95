"""Accounts as the log-in library writes them: what it has changed, not what others changed meanwhile."""

from collections.abc import Iterator

import pytest
from flask import Flask

from hotline.dashboard.users import Accounts, User
from hotline.queue.ids import AccountId
from hotline.services import Services
from hotline.store import accounts
from hotline.store.accounts import Account
from hotline.store.topics import of_account
from tests.dashboard.visitor import account
from tests.fakes import KeptEvents


@pytest.fixture
def key(services: Services) -> AccountId:
    made = account(services)
    services.store.run(
        lambda tx: accounts.change(tx, made, {"password": "old", "recovery_codes": ["a", "b"]})
    )
    return made


@pytest.fixture
def known(app: Flask, services: Services) -> Iterator[Accounts]:
    """As during a request."""
    with app.app_context():
        yield Accounts(services.store)


def read(known: Accounts, key: AccountId) -> User:
    found = known.find_user(id=key)
    assert found is not None
    return found


def written(services: Services, key: AccountId) -> Account:
    with services.store.reading() as tx:
        found = accounts.get(tx, key)
    assert found is not None
    return found


def test_an_account_that_is_closed_meanwhile_stays_closed(
    services: Services, known: Accounts, key: AccountId
) -> None:
    user = read(known, key)
    services.store.run(lambda tx: accounts.change(tx, key, {"active": False, "session": "another"}))
    user.password = "new"
    known.put(user)
    known.commit()
    found = written(services, key)
    assert (found.password, found.active, found.session) == ("new", False, "another")


def test_a_second_factor_that_is_set_up_meanwhile_stays(
    services: Services, known: Accounts, key: AccountId
) -> None:
    user = read(known, key)
    services.store.run(lambda tx: accounts.change(tx, key, {"totp_secret": "sealed"}))
    assert user.mf_recovery_codes is not None
    # the library takes a used code out of the list that it has been given
    del user.mf_recovery_codes[0]
    known.put(user)
    known.commit()
    found = written(services, key)
    assert (found.totp_secret, found.recovery_codes) == ("sealed", ["b"])


def test_what_was_written_is_not_written_again(services: Services, known: Accounts, key: AccountId) -> None:
    user = read(known, key)
    user.fs_uniquifier = "mine"
    known.put(user)
    known.commit()
    services.store.run(lambda tx: accounts.change(tx, key, {"session": "another"}))
    user.password = "new"
    known.put(user)
    known.commit()
    found = written(services, key)
    assert (found.session, found.password) == ("another", "new")


def test_what_is_put_unchanged_writes_nothing(services: Services, known: Accounts, key: AccountId) -> None:
    before = written(services, key)
    known.put(read(known, key))
    known.commit()
    assert written(services, key) == before


def test_pages_that_are_open_elsewhere_hear_that_their_sessions_are_over(
    services: Services, known: Accounts, key: AccountId
) -> None:
    """As when a password is changed: the library gives the account another word for its sessions."""
    assert isinstance(services.events, KeptEvents)
    user = read(known, key)
    known.set_uniquifier(user)
    known.put(user)
    known.commit()
    assert any(of_account(key) in topics for topics in services.events.published)
