"""`hotline serve`, `web` and `worker` as processes: they come up, answer the carrier, and leave nothing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from hotline.cli.readiness import next_free, page_answers, port_answers
from tests.integration.said import DEADLINE, said
from tests.scripts import CONFIG


@pytest.fixture
def port() -> int:
    return next_free("127.0.0.1", 20_000 + os.getpid() % 1000 * 4)


@pytest.fixture
def environ(database_url: str, port: int) -> dict[str, str]:
    known = {key: value for key, value in os.environ.items() if not key.startswith(("HOTLINE_", "REDIS_"))}
    return known | {
        "DATABASE_URL": database_url,
        "HOTLINE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "HOTLINE_CONFIG": str(CONFIG),
        "HOTLINE_FICTION_NUMBERS": "1",
        "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000001",
        "TWILIO_AUTH_TOKEN": "test-token",
        "TWILIO_API_BASE": "http://127.0.0.1:1",
        "SECRET_KEY": "a secret for the tests",
    }


@contextmanager
def hotline(environ: Mapping[str, str], *argv: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "hotline.cli", *argv],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        bufsize=0,
    )
    with process:
        try:
            yield process
            process.terminate()
            process.wait(DEADLINE)
        finally:
            process.kill()


def refusal(environ: Mapping[str, str], *argv: str) -> str:
    """What a start that is refused says."""
    done = subprocess.run(
        [sys.executable, "-m", "hotline.cli", *argv],
        env=environ,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
    )
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    return done.stderr


def to_the_end(process: subprocess.Popen[bytes]) -> str:
    """All that it says until it has ended."""
    assert process.stdout is not None
    return process.stdout.read().decode()


def status_of(address: str) -> int:
    """The status with which a webhook that nobody signed is answered."""
    try:
        with urlopen(
            Request(address, urlencode({"CallSid": "CA1"}).encode(), method="POST"), timeout=10
        ) as got:
            return int(got.status)
    except HTTPError as error:
        error.close()
        return error.code


def test_serve_is_a_whole_installation(environ: dict[str, str], port: int) -> None:
    with hotline(environ, "serve", "--port", str(port)) as serving:
        said(serving, f"Hotline listens on http://127.0.0.1:{port}")
        assert status_of(f"http://127.0.0.1:{port}/voice/incoming") == 403
        assert "is taken" in refusal(environ, "serve", "--port", str(port))
        serving.send_signal(signal.SIGTERM)
        assert "Redis" not in to_the_end(serving), "its server was there to the worker's last moment"
        assert serving.wait(DEADLINE) == 0
    assert not port_answers("127.0.0.1", port)


def test_web_and_worker_run_one_part_each(environ: dict[str, str], port: int) -> None:
    with hotline(environ, "web", "--port", str(port)) as web, hotline(environ, "worker") as worker:
        said(worker, "REDIS_URL is not set")
        until = time.monotonic() + DEADLINE
        while not page_answers(f"http://127.0.0.1:{port}/"):
            assert time.monotonic() < until
        assert status_of(f"http://127.0.0.1:{port}/voice/incoming") == 403
        for each in (web, worker):
            each.send_signal(signal.SIGTERM)
            assert each.wait(DEADLINE) == 0


@pytest.mark.parametrize("part", ["serve", "web", "worker"])
def test_no_part_starts_with_another_secret(environ: dict[str, str], part: str) -> None:
    add = ("mediators", "add", "Amina", "+33639980101", "--skill", "taxes", "--language", "fr")
    subprocess.run(
        [sys.executable, "-m", "hotline.cli", *add],
        env=environ,
        check=True,
        capture_output=True,
        timeout=DEADLINE,
    )
    other = environ | {"SECRET_KEY": "quite another secret of theirs"}
    assert "SECRET_KEY is not the one" in refusal(other, part)


def test_the_web_server_takes_the_settings_of_its_own_folder(
    environ: dict[str, str], port: int, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    (own / "lines").mkdir(parents=True)
    (own / "lines" / "demo.toml").write_bytes((CONFIG / "lines" / "demo.toml").read_bytes())
    (own / "gunicorn.py").write_text(
        "worker_class = 'gthread'\nthreads = 2\nproc_name = 'ours'\nprint('ours', flush=True)\n"
    )
    with hotline(environ | {"HOTLINE_CONFIG": str(own)}, "web", "--port", str(port)) as web:
        assert "ours" in said(web, "Listening at")
        web.terminate()
        assert web.wait(DEADLINE) == 0


def test_a_worker_waits_for_a_database_that_is_away(environ: dict[str, str]) -> None:
    """Were it to end, it would end the web server with it, which can still say when to call."""
    away = environ | {"DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/nothing"}
    with hotline(away, "worker") as worker:
        said(worker, "alarm: store_away")
        assert worker.poll() is None
