"""Logging in: password, second factor, recovery codes, and how often one may try."""

import re
from dataclasses import replace

import pytest

from hotline import dashboard
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import accounts
from tests.dashboard.doors import EMAIL, Door, is_in
from tests.dashboard.visitor import Visitor

CODES = re.compile(r"<code>([0-9a-f-]{14})</code>")
KEY = re.compile(r"<code>([A-Z2-7-]{16,})</code>")


def give_code(visitor: Visitor, code: str) -> int:
    return visitor.post("/account/tf-validate", code=code).status_code


def test_a_mediator_is_in_with_a_password(door: Door) -> None:
    door.account()
    visitor = door.browser()
    assert not is_in(visitor)
    assert door.log_in(visitor).location == "/"
    assert is_in(visitor)


def test_who_has_an_account_cannot_be_found_out(door: Door) -> None:
    door.account()
    wrong, unknown = (
        door.log_in(door.browser(), "not this one", email).text.replace(email, "…")
        for email in (EMAIL, "nobody@example.org")
    )
    says = "L’adresse ou le mot de passe n’est pas le bon"
    assert says in wrong
    assert re.sub(r'"[\w.-]{60,}"', "", wrong) == re.sub(r'"[\w.-]{60,}"', "", unknown)


def test_an_account_that_has_not_been_opened_has_no_password_to_guess(door: Door) -> None:
    door.account(password=None)
    visitor = door.browser()
    for password in ("", "None", "null"):
        door.log_in(visitor, password)
    assert not is_in(visitor)


def test_a_closed_account_is_not_let_in_and_is_put_out(door: Door, services: Services) -> None:
    key = door.account()
    visitor = door.browser()
    door.log_in(visitor)
    services.store.run(lambda tx: accounts.change(tx, key, {"active": False}))
    assert not is_in(visitor)
    door.log_in(later := door.browser())
    assert not is_in(later)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_whoever_sees_more_sets_up_a_second_factor(door: Door, role: Role) -> None:
    door.account(role)
    visitor = door.browser()
    assert door.log_in(visitor).location == "/account/tf-setup"
    assert not is_in(visitor)
    visitor.get("/account/tf-setup")
    shown = visitor.post("/account/tf-setup", setup="authenticator").text
    with visitor.client.session_transaction() as session:
        secret = session["tf_totp_secret"]
    assert KEY.search(shown)
    assert give_code(visitor, "000000") == 200
    assert not is_in(visitor)
    (action,) = re.findall(r'action="(/account/tf-validate[^"]*)"', shown)
    leads_to = visitor.post(action, code=door.six_digits(secret)).location
    assert leads_to == "/account/mf-recovery-codes"
    assert is_in(visitor)
    assert "Créer cinq codes" in visitor.get(leads_to).text


def test_the_second_factor_is_asked_for_each_time(door: Door) -> None:
    door.with_codes()
    visitor = door.browser()
    leads_to = door.log_in(visitor).location
    assert leads_to.startswith("/account/tf-validate")
    assert 'action="/account/tf-validate"' in visitor.get(leads_to).text, "and to no address of a proxy's"
    assert not is_in(visitor)
    answer = visitor.post("/account/tf-validate", code="000000")
    assert "Ce code n’est pas le bon" in answer.text
    assert not is_in(visitor)
    assert give_code(visitor, door.six_digits(door.known().totp_secret or "")) == 302
    assert is_in(visitor)
    assert door.log_in(door.browser()).location.startswith("/account/tf-validate")


def test_six_digits_that_somebody_has_seen_open_nothing_more(door: Door) -> None:
    door.with_codes()
    digits = door.six_digits(door.known().totp_secret or "")
    for inside in (True, False):
        visitor = door.browser()
        door.log_in(visitor)
        give_code(visitor, digits)
        assert is_in(visitor) is inside


def test_a_recovery_code_opens_once(door: Door) -> None:
    door.with_codes()
    visitor = door.browser()
    door.log_in(visitor)
    give_code(visitor, door.six_digits(door.known().totp_secret or ""))
    visitor.get("/account/mf-recovery-codes")
    codes = CODES.findall(visitor.post("/account/mf-recovery-codes", generate_new_codes="1").text)
    assert len(codes) == len(set(codes)) == 5
    for inside in (True, False):
        later = door.browser()
        door.log_in(later)
        answer = later.post("/account/mf-recovery", code=codes[0])
        assert is_in(later) is inside
    assert "il a déjà servi" in answer.text
    assert len(door.known().recovery_codes or []) == 4


def test_a_recovery_code_without_the_password_is_nothing(door: Door) -> None:
    door.with_codes()
    visitor = door.browser()
    assert visitor.post("/account/mf-recovery", code="0000-0000-0000").status_code == 302
    assert not is_in(visitor)


def test_ten_wrong_attempts_lock_nobody_else_out(door: Door) -> None:
    """One who guesses is stopped; the owner, elsewhere, is not, nor a colleague at the same place."""
    door.account()
    door.account(email="bruno@example.org")
    guesser = door.browser("192.0.2.1")
    answers = [door.log_in(guesser, f"guess number {n}").status_code for n in range(12)]
    assert answers == [200] * 10 + [429] * 2
    stopped = door.log_in(guesser)
    assert (stopped.status_code, "Trop d’essais" in stopped.text) == (429, True)
    assert door.log_in(door.browser("192.0.2.2")).status_code == 302
    assert door.log_in(door.browser("192.0.2.1"), email="bruno@example.org").status_code == 302


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "unix:///nowhere/socket?db=0"])
def test_without_redis_attempts_are_counted_here(services: Services, url: str) -> None:
    settings = replace(services.settings, redis_url=url)
    door = Door(dashboard.create(replace(services, settings=settings)), services)
    door.account()
    guesser = door.browser()
    assert [door.log_in(guesser, "wrong").status_code for _ in range(12)][-1] == 429
    assert door.log_in(door.browser("192.0.2.2")).status_code == 302


def test_six_digits_are_not_guessed_from_many_addresses(door: Door) -> None:
    door.with_codes()
    answers = []
    for n in range(12):
        visitor = door.browser(f"192.0.2.{n}")
        door.log_in(visitor)
        answers.append(give_code(visitor, "000000"))
    assert answers == [200] * 10 + [429] * 2


def test_whoever_is_sent_to_log_in_comes_back_to_the_page_they_wanted(door: Door) -> None:
    door.account()
    visitor = door.browser()
    sent = visitor.get("/profile").location
    visitor.get(sent)
    form = {"email": EMAIL, "password": "quatre mots bien choisis"}
    assert visitor.post(sent, **form).location == "/profile"


def test_nobody_is_sent_to_another_site_after_logging_in(door: Door) -> None:
    door.account()
    visitor = door.browser()
    form = {"email": EMAIL, "password": "quatre mots bien choisis"}
    answer = visitor.post("/account/login?next=https://example.com/", **form)
    assert "example.com" not in (answer.location or "")


def test_whoever_is_in_is_not_told_so_on_a_page_that_stays_open(door: Door) -> None:
    door.with_codes()
    visitor = door.browser()
    door.log_in(visitor)
    give_code(visitor, door.six_digits(door.known().totp_secret or ""))
    assert 'class="notice' not in visitor.get("/board").text


def test_a_coordinator_without_a_telephone_begins_at_the_board(door: Door) -> None:
    door.with_codes()
    visitor = door.browser()
    door.log_in(visitor)
    give_code(visitor, door.six_digits(door.known().totp_secret or ""))
    assert visitor.get("/").location == "/board"


def test_to_log_in_is_asked_for_once_and_not_of_whom_has(door: Door) -> None:
    """Each page that is open asks for it when its session is over."""
    asks = "Connectez-vous pour voir cette page"
    door.account()
    visitor = door.browser()
    for path in ("/desk", "/board"):
        sent = visitor.get(path).location
    assert visitor.get(sent).text.count(asks) == 1
    for path in ("/desk", "/board"):
        visitor.get(path)
    door.log_in(visitor)
    assert asks not in visitor.get("/profile").text
