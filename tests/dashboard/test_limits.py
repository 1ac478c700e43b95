"""How often one may try: however an address is written, and also whoever is logged in."""

import re

import pytest

from tests.dashboard.doors import EMAIL, Door, is_in
from tests.dashboard.visitor import PASSWORD, Visitor

STOPPED = [200] * 10 + [429] * 2
FULL_WIDTH = EMAIL.replace("example", "\N{FULLWIDTH LATIN SMALL LETTER E}xample")
HERE = "/account/verify", "/account/change"


@pytest.mark.parametrize("path", ["/account/login", "/account/reset"])
def test_an_address_is_one_however_it_is_written(door: Door, path: str) -> None:
    """As the account is looked up; another one of the same place is counted by itself."""
    door.account()
    visitor = door.browser()
    spellings = [EMAIL, EMAIL.upper(), FULL_WIDTH]
    forms = [{"email": spellings[n % 3], "password": "wrong"} for n in range(12)]
    assert [visitor.post(path, **form).status_code for form in forms] == STOPPED
    assert visitor.post(path, email="bruno@example.org", password="wrong").status_code == 200


def test_the_other_spellings_open_the_same_account(door: Door) -> None:
    door.account()
    for email in (EMAIL.upper(), FULL_WIDTH):
        visitor = door.browser()
        door.log_in(visitor, email=email)
        assert is_in(visitor)


def test_json_is_counted_as_a_form_is(door: Door) -> None:
    door.account()
    visitor = door.browser()
    for n in range(10):
        body = {"email": [EMAIL] if n % 2 else EMAIL, "password": "wrong"}
        assert visitor.post_json("/account/login", **body).status_code == 400
    assert visitor.post_json("/account/login", email=EMAIL, password="wrong").status_code == 429
    assert door.log_in(visitor, "wrong").status_code == 429


@pytest.mark.parametrize("email", ["", "no address", "a\0b@example.org", "a" * 5000])
def test_what_is_no_address_is_no_trouble(door: Door, email: str) -> None:
    assert [door.log_in(door.browser(), email=email).status_code for _ in range(12)] == STOPPED


def guess(visitor: Visitor, path: str, password: str = "not this one") -> int:
    new = "cheval pile agrafe correcte"
    return visitor.post(path, password=password, new_password=new, new_password_confirm=new).status_code


def inside(door: Door, address: str = "127.0.0.1") -> Visitor:
    visitor = door.browser(address)
    door.log_in(visitor)
    visitor.get("/profile")
    return visitor


@pytest.mark.parametrize("path", HERE)
def test_whoever_finds_a_page_open_does_not_guess_the_password(door: Door, path: str) -> None:
    """Nor from many addresses, with a cookie that was copied; whoever has it logs in anew and goes on."""
    door.account()
    visitor = inside(door)
    answers = []
    for n in range(12):
        visitor.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{n}"
        answers.append(guess(visitor, path))
    assert answers == STOPPED
    assert guess(visitor, path, PASSWORD) == 429
    owner = inside(door)
    assert guess(owner, path, PASSWORD) == 302


@pytest.mark.parametrize("path", ["/account/login", *HERE])
def test_too_many_passwords_lead_to_another_one(door: Door, path: str) -> None:
    door.account()
    visitor = door.browser() if path == "/account/login" else inside(door)
    page = [visitor.post(path, email=EMAIL, password="wrong").text for _ in range(11)][-1]
    assert re.findall(r'class="button main" href="([^"]+)"', page) == ["/account/reset"]


@pytest.mark.parametrize("path", ["/account/tf-validate", "/account/mf-recovery"])
def test_what_is_said_of_too_many_codes_is_true_of_codes(door: Door, path: str) -> None:
    door.with_codes()
    visitor = door.browser()
    door.log_in(visitor)
    page = [visitor.post(path, code="000000").text for _ in range(11)][-1]
    assert "un autre code toutes les trente secondes" in page
    assert "mot de passe" not in page
    assert re.findall(r'class="button main" href="([^"]+)"', page) == ["/account/tf-validate"]
