"""What keeps the hotline from starting is said plainly, before anything is started or written."""

from pathlib import Path

import pytest

from tests.integration.shell import Run, environ, refused, run

__all__ = ["environ", "run"]


@pytest.mark.parametrize("part", ["serve", "web"])
@pytest.mark.parametrize("port", ["99999", "-5", "0"])
def test_a_port_that_is_none(run: Run, part: str, port: str) -> None:
    refused(run(part, "--port", port), f"{port} is not in the range 1<=x<=65535")


@pytest.mark.parametrize("part", ["serve", "web"])
@pytest.mark.parametrize("host", ["nowhere.invalid", "192.0.2.1", "2001:db8::1", "a..b"])
def test_an_address_of_another_machine(run: Run, part: str, host: str) -> None:
    words = f"{host} is not an address of this machine: choose another with --host"
    refused(run(part, "--host", host), words, code=1)


@pytest.mark.parametrize(
    "value",
    [
        "redis://:hush@127.0.0.1:abc",
        "redis://127.0.0.1:0",
        "redis://[::1/0",
        "redis:///0",
        "redis://:hush@h/one",
        "unix:///s?db=one",
        "unix://",
    ],
)
def test_a_redis_that_cannot_be(run: Run, value: str) -> None:
    result = run("calls", REDIS_URL=value)
    refused(result, "REDIS_URL must look like redis://127.0.0.1:6379/0 or unix:///folder/socket")
    assert "hush" not in result.output


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("mysql://hush@x", "DATABASE_URL is of no use: it must look like postgresql+psycopg://…"),
        (
            "sqlite:////dev/null/x/y",
            "DATABASE_URL is of no use: its folder cannot be made (Not a directory: /",
        ),
    ],
)
@pytest.mark.parametrize("command", [("serve",), ("web",), ("seed", "demo"), ("calls",)])
def test_a_database_that_cannot_be(run: Run, command: tuple[str, ...], value: str, reason: str) -> None:
    result = run(*command, DATABASE_URL=value)
    refused(result, reason)
    assert "hush" not in result.output


@pytest.mark.parametrize(
    "value", ["redis://h", "rediss://u:p@h:6380/2/", "redis://h/?db=3", "unix:///s?db=3"]
)
def test_a_redis_that_may_be_there(run: Run, value: str) -> None:
    assert run("calls", REDIS_URL=value).exit_code == 0


@pytest.mark.parametrize("command", [("serve",), ("seed", "demo")])
def test_a_mistake_in_a_script_leaves_the_database_alone(
    run: Run, command: tuple[str, ...], tmp_path: Path
) -> None:
    file = tmp_path / "new.sqlite3"
    result = run(*command, DATABASE_URL=f"sqlite:///{file}", HOTLINE_CONFIG=str(tmp_path))
    refused(result, f"no line: {tmp_path / 'lines'} holds no file")
    assert not file.exists()
