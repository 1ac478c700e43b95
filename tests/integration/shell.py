"""A shell in which commands are typed: what they print, and how they refuse."""

import os
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from hotline.cli import main
from tests import scripts

Run = Callable[..., Result]
AMINA = "+33639980101"


@pytest.fixture
def environ(database_url: str) -> dict[str, str]:
    return {
        "DATABASE_URL": database_url,
        "HOTLINE_PUBLIC_URL": "https://line.example.org",
        "HOTLINE_CONFIG": str(scripts.CONFIG),
        "HOTLINE_FICTION_NUMBERS": "1",
        "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000001",
        "TWILIO_AUTH_TOKEN": "token",
        "SECRET_KEY": "a secret for the tests",
    }


@pytest.fixture
def run(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Run:
    for key in list(os.environ):
        if key in {"REDIS_URL"} or key.startswith(("HOTLINE_", "TWILIO_")):
            monkeypatch.delenv(key)

    def invoke(*words: str, **changes: str) -> Result:
        return CliRunner().invoke(main, words, env=environ | changes)

    return invoke


def done(result: Result) -> list[str]:
    """The lines that a command printed when all went well."""
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


def refused(result: Result, message: str, code: int = 2) -> None:
    """One plain line says what is wrong; no traceback."""
    assert result.exit_code == code, result.output
    assert isinstance(result.exception, SystemExit)
    assert message in result.stderr
    assert result.stdout == ""
