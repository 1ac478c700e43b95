"""The second factor for people who mistype: the key stays, and codes open however they are written."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import accounts
from tests.dashboard.doors import EMAIL, Door, is_in
from tests.dashboard.visitor import Visitor

KEY = re.compile(r"<code>([A-Z2-7-]{16,})</code>")
CODES = re.compile(r"<code>([0-9a-f-]{14})</code>")
ACTION = re.compile(r'action="(/account/tf-(?:setup/|validate)[^"]*)"')
WRONG = "Ce code n’est pas le bon"


def begin(visitor: Visitor) -> str:
    """The page with a new key."""
    visitor.get("/account/tf-setup")
    page = visitor.post("/account/tf-setup", setup="authenticator").text
    assert KEY.search(page)
    return page


def part(found: re.Pattern[str], page: str) -> str:
    (one,) = found.findall(page)
    return str(one)


def secret(visitor: Visitor) -> str:
    with visitor.client.session_transaction() as session:
        return str(session["tf_totp_secret"])


def inside(door: Door) -> Visitor:
    visitor = door.browser()
    door.log_in(visitor)
    assert is_in(visitor)
    return visitor


def mistyped(visitor: Visitor, page: str) -> str:
    """The page after a wrong code, wherever that is."""
    answer = visitor.post(part(ACTION, page), code="000000")
    return visitor.get(answer.location).text if answer.status_code == 302 else answer.text


@pytest.mark.parametrize("role", [Role.MEDIATOR, Role.COORDINATOR])
def test_a_mistyped_digit_keeps_the_key(door: Door, role: Role) -> None:
    """The application on the telephone has this key already."""
    door.account(role)
    visitor = door.browser()
    door.log_in(visitor)
    page = begin(visitor)
    for again in (mistyped(visitor, page), visitor.get("/account/tf-setup").text):
        assert part(KEY, again) == part(KEY, page)
        assert 'src="data:image/svg+xml' in again
        assert 'name="code"' in again
        assert "code de secours" not in again, "there is none yet"
        page = again
    answer = visitor.post(part(ACTION, page), code=door.six_digits(secret(visitor)))
    assert answer.location in ("/profile", "/account/mf-recovery-codes")
    assert is_in(visitor)
    assert door.known().totp_secret


def test_a_mistyped_digit_is_told(door: Door) -> None:
    for role, email in ((Role.MEDIATOR, "amina@example.org"), (Role.COORDINATOR, "claude@example.org")):
        door.account(role, email)
        visitor = door.browser()
        door.log_in(visitor, email=email)
        assert mistyped(visitor, begin(visitor)).count(WRONG) == 1


def test_another_key_can_be_asked_for(door: Door) -> None:
    door.account()
    visitor = inside(door)
    page = begin(visitor)
    assert "Recommencer avec une autre clé" in page
    assert part(KEY, begin(visitor)) != part(KEY, page)


def test_whoever_sits_down_next_does_not_see_the_key(door: Door) -> None:
    door.account()
    door.account(email="bruno@example.org")
    visitor = inside(door)
    begin(visitor)
    visitor.post("/account/logout")
    visitor.get("/account/login")
    door.log_in(visitor, email="bruno@example.org")
    page = visitor.get("/account/tf-setup").text
    assert "Commencer" in page
    assert not KEY.search(page)


def to_second_factor(door: Door) -> Visitor:
    visitor = door.browser()
    visitor.get(door.log_in(visitor).location)
    return visitor


@pytest.mark.parametrize("write", ["{0} {1}", " {0}\N{NO-BREAK SPACE}{1} ", "{0}-{1}"])
def test_six_digits_open_however_they_are_written(door: Door, write: str) -> None:
    door.with_codes()
    digits = door.six_digits(door.known().totp_secret or "")
    visitor = to_second_factor(door)
    visitor.post("/account/tf-validate", code=write.format(digits[:3], digits[3:]))
    assert is_in(visitor)


def test_the_field_of_the_six_digits(door: Door) -> None:
    door.with_codes()
    visitor = to_second_factor(door)
    field = part(re.compile(r'<input [^>]*name="code"[^>]*>'), visitor.get("/account/tf-validate").text)
    assert 'inputmode="numeric"' in field
    assert "pattern" not in field
    assert WRONG in visitor.post("/account/tf-validate", code=" ").text


def backup_codes(door: Door) -> list[str]:
    """Those of an account that has a second factor."""
    visitor = to_second_factor(door)
    visitor.post("/account/tf-validate", code=door.six_digits(door.known().totp_secret or ""))
    visitor.get("/account/mf-recovery-codes")
    found = CODES.findall(visitor.post("/account/mf-recovery-codes", generate_new_codes="1").text)
    return [str(one) for one in found]


@pytest.mark.parametrize(
    "write",
    [
        str.upper,
        str.title,
        lambda code: f" {code} ",
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " "),
        lambda code: " ".join(code.replace("-", "\N{EN DASH}")),
    ],
)
def test_a_backup_code_opens_however_it_is_written(door: Door, write: Callable[[str], str]) -> None:
    """From paper, on a telephone that begins with a capital, or pasted with what stands around it."""
    door.with_codes()
    codes = backup_codes(door)
    code = next((one for one in codes if re.search("[a-f]", one)), codes[0])
    later = to_second_factor(door)
    later.post("/account/mf-recovery", code=write(code))
    assert is_in(later)
    assert sorted([*(door.known().recovery_codes or []), code]) == sorted(codes)


def test_what_is_no_backup_code_opens_nothing(door: Door) -> None:
    door.with_codes()
    backup_codes(door)
    later = to_second_factor(door)
    for code in ("", " - ", "0000-0000-0000", "é"):
        assert "n’est pas le bon, ou il a déjà servi" in later.post("/account/mf-recovery", code=code).text
    assert not is_in(later)


def test_a_backup_code_is_offered_to_whom_has_one(door: Door) -> None:
    door.with_codes()
    page: Any = to_second_factor(door).get("/account/tf-validate").text
    assert "utiliser un code de secours" not in page
    backup_codes(door)
    page = to_second_factor(door).get("/account/tf-validate").text
    assert "utiliser un code de secours" in page
    assert EMAIL not in page


@pytest.mark.parametrize("codes", [[], ["0000-0000-0000"]])
@pytest.mark.parametrize(
    ("role", "whom"),
    [
        (Role.MEDIATOR, "Demandez de l’aide à la coordination"),
        (Role.COORDINATOR, "Demandez de l’aide à une personne qui administre la ligne"),
        (Role.ADMINISTRATOR, "Demandez de l’aide à une personne qui administre la ligne"),
    ],
)
def test_whoever_has_lost_everything_is_told_whom_to_ask(
    door: Door, services: Services, role: Role, whom: str, codes: list[str]
) -> None:
    """Those who have codes too: they may be with the telephone."""
    key = door.with_codes(role)
    services.store.run(lambda tx: accounts.change(tx, key, {"recovery_codes": codes}))
    visitor = to_second_factor(door)
    for path in ("/account/tf-validate", "/account/mf-recovery"):
        assert visitor.get(path).text.count(whom) == 1


@pytest.mark.parametrize("again", [False, True])
def test_back_to_the_page_of_the_code_leads_home_and_logs_nobody_out(door: Door, again: bool) -> None:
    """Also when its form is sent twice."""
    door.with_codes()
    visitor = to_second_factor(door)
    visitor.post("/account/tf-validate", code=door.six_digits(door.known().totp_secret or ""))
    visitor.get("/profile")
    path = "/account/tf-validate"
    answer = visitor.post(path, code="000000") if again else visitor.get(path)
    assert answer.location == "/"
    assert is_in(visitor)
    assert "Trop de temps" not in visitor.get("/profile").text
