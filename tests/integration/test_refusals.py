"""What a command says when it cannot do its work: in a line or two, never a traceback."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hotline.cli import main

ENOUGH = {
    "HOTLINE_PUBLIC_URL": "http://127.0.0.1:1",
    "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000001",
    "TWILIO_AUTH_TOKEN": "token",
    "SECRET_KEY": "a secret for the tests",
}


def run(*arguments: str, **changes: str) -> Result:
    return CliRunner().invoke(main, arguments, env=ENOUGH | changes)


@pytest.mark.parametrize("address", ["postgres://localhost/x", "nonsense", "sqlite://", "mysql://x/y"])
def test_an_address_of_no_database(address: str) -> None:
    result = run("mediators", "list", DATABASE_URL=address)
    assert result.exit_code == 2
    assert "DATABASE_URL" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("arguments", [["mediators", "list"], ["shifts", "list"], ["calls"]])
def test_a_database_that_is_not_up_to_date(tmp_path: Path, arguments: list[str]) -> None:
    result = run(*arguments, DATABASE_URL=f"sqlite:///{tmp_path}/empty.sqlite3")
    assert result.exit_code == 2
    assert "hotline db upgrade" in result.output


def test_a_database_that_does_not_answer() -> None:
    result = run("calls", DATABASE_URL="postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert result.exit_code == 2
    assert "the database cannot be used" in result.output


def test_bringing_it_up_to_date(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/new.sqlite3"
    assert run("db", "upgrade", DATABASE_URL=address).exit_code == 0
    assert run("calls", DATABASE_URL=address).output == "No call yet.\n"


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = run("db", "upgrade", DATABASE_URL=f"sqlite:///{tmp_path}/file/new.sqlite3")
    assert result.exit_code == 1
    assert "the database's folder cannot be made" in result.output


def test_a_missing_setting_is_named() -> None:
    result = run("calls", SECRET_KEY="")
    assert result.exit_code == 2
    assert "SECRET_KEY" in result.output


def test_a_secret_that_does_not_fit_the_database(tmp_path: Path) -> None:
    address = {"DATABASE_URL": f"sqlite:///{tmp_path}/sealed.sqlite3"}
    assert run("db", "upgrade", **address).exit_code == 0
    assert run("mediators", "add", "Amina", "+33199001201", **address).exit_code == 0
    result = run("mediators", "list", SECRET_KEY="another secret of the tests", **address)
    assert result.exit_code == 2
    assert "SECRET_KEY is not the one" in result.output


@pytest.mark.parametrize(
    "changes", [{"REDIS_URL": "nonsense"}, {"TWILIO_REGION": "ie1"}, {"TWILIO_EDGE": "dublin"}]
)
def test_settings_that_cannot_work(changes: dict[str, str]) -> None:
    result = run("calls", **changes)
    assert result.exit_code == 2
    assert next(iter(changes)) in result.output


def test_a_real_line_is_not_seeded_with_numbers_of_films() -> None:
    result = run("seed", "demo")
    assert result.exit_code == 1
    assert "HOTLINE_FICTION_NUMBERS" in result.output
