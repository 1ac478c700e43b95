"""The commands refuse in one plain line what cannot work."""

import os
import socket

import pytest
from click.testing import CliRunner

from hotline.cli import main

SETTINGS = {
    "HOTLINE_PUBLIC_URL": "http://127.0.0.1:8000",
    "TWILIO_ACCOUNT_SID": "AC0",
    "TWILIO_AUTH_TOKEN": "token",
    "SECRET_KEY": "0123456789abcdef",
}


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    for key in list(os.environ):
        if key in SETTINGS or key.startswith("HOTLINE_"):
            monkeypatch.delenv(key)
    return CliRunner()


@pytest.mark.parametrize("command", ["serve", "web", "worker"])
def test_a_missing_setting_is_named_without_a_traceback(runner: CliRunner, command: str) -> None:
    result = runner.invoke(main, [command])
    assert result.exit_code == 2
    assert result.stderr == "Error: HOTLINE_PUBLIC_URL is missing: set it in the environment\n"


@pytest.mark.parametrize("command", ["serve", "web"])
def test_a_taken_port_is_named(runner: CliRunner, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        result = runner.invoke(main, [command, "--port", str(port)], env=SETTINGS)
    assert result.exit_code == 1
    assert result.stderr == f"Error: port {port} is taken: choose another with --port\n"
