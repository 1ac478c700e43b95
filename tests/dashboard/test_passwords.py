"""What may be a password: nothing that is guessed at once, and sentences of any length; how it is kept."""

import pytest

from hotline.dashboard import demo_accounts, passwords
from tests import quickly
from tests.dashboard.doors import Door

GUESSED = (
    *("motdepasse", "motdepasse1", "mot de passe", "azertyuiop", "azerty12345", "bonjourbonjour"),
    *("marseille13", "jetaimejetaime", "chocolat123", "soleil2026!", "janvier2026", "fevrier2026"),
    *("médiation2026", "Hotline2026", "amina@example", "Amina2026!", "aaaaaaaaaa", "1234567890"),
)
GOOD = (
    *("quatre mots bien choisis", "cheval pile agrafe", "le chat dort sur le toit", "kX9qLm2WpT"),
    *(demo_accounts.PASSWORD, "un café sans sucre à midi " * 4),
)


def wrong(door: Door, password: str) -> str:
    """What is said of it, for Amina; nothing where nothing is wrong."""
    key = door.account()
    assert key
    with door.app.test_request_context():
        said, _kept = door.security.password_util.validate(password, False, user=door.user())
    return " ".join(said or [])


@pytest.mark.parametrize("password", GUESSED)
def test_what_is_guessed_first_is_refused_with_what_makes_a_good_one(door: Door, password: str) -> None:
    assert "trois ou quatre mots sans lien" in wrong(door, password)


@pytest.mark.parametrize("password", GOOD)
def test_what_is_not_guessed_is_taken(door: Door, password: str) -> None:
    assert wrong(door, password) == ""


def test_it_is_said_wherever_one_is_chosen(door: Door) -> None:
    door.account()
    visitor = door.browser()
    door.log_in(visitor)
    visitor.get("/account/change")
    form = {"password": "quatre mots bien choisis", "new_password": "motdepasse"}
    page = visitor.post("/account/change", **form, new_password_confirm="motdepasse").text
    assert "trop facile à deviner" in page
    assert page.count('aria-invalid="true"') == 1


@pytest.fixture
def at_its_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "COST", quickly.REAL_COST)


@pytest.mark.usefixtures("at_its_cost")
def test_whoever_reads_the_database_has_to_guess_slowly(door: Door) -> None:
    door.account()
    kept = door.known().password
    assert kept is not None
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
