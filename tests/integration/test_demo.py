"""The demonstration as a whole: it comes up, says where, can be looked into, and leaves nothing running."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from hotline.cli.readiness import next_free, page_answers, port_answers
from tests.integration.said import DEADLINE, said
from tests.scripts import CONFIG

HOTLINE = (sys.executable, "-m", "hotline.cli")
FIRST, SECOND = "+33199001234", "+33199005678"
LAST_WORDS = "To stop everything: Ctrl-C."


@contextmanager
def started(home: Path, environ: Mapping[str, str], *more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A demonstration that somebody starts in the folder `home`."""
    port = next_free("127.0.0.1", 18_000 + os.getpid() % 1000 * 2)
    argv = [*HOTLINE, "demo", "--no-open", "--port", str(port), *more]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, bufsize=0, cwd=home, env=environ) as demo:
        try:
            yield demo
        finally:
            demo.terminate()


def shell(*words: str, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """A command in another terminal."""
    return subprocess.run(
        [*HOTLINE, *words], capture_output=True, text=True, timeout=DEADLINE, cwd=home, env=clean() | more
    )


def clean() -> dict[str, str]:
    ours = ("HOTLINE_", "TWILIO_", "REDIS_URL", "DATABASE_URL", "SECRET_KEY")
    return {key: value for key, value in os.environ.items() if not key.startswith(ours)}


def ports_in(greeting: str) -> list[int]:
    """Of the page, and of the web server."""
    return [int(port) for port in re.findall(r"^(?:To open|The dashboard).*?:(\d+)/$", greeting, re.M)]


def stop(demo: subprocess.Popen[bytes]) -> None:
    demo.send_signal(signal.SIGINT)
    said(demo, "Stopped: nothing is left running.")
    assert demo.wait(DEADLINE) == 0


@pytest.fixture
def two_lines(tmp_path: Path) -> Path:
    """A folder with the demonstration line, and one more that comes before it in the alphabet."""
    folder = tmp_path / "lines to try"
    (folder / "lines").mkdir(parents=True)
    first = (CONFIG / "lines" / "demo.toml").read_text(encoding="utf-8")
    second = first.replace(FIRST, SECOND).replace('"Bonjour."', '"Ici la deuxième ligne."')
    (folder / "lines" / "demo.toml").write_text(first, encoding="utf-8")
    (folder / "lines" / "another.toml").write_text(second, encoding="utf-8")
    return folder


def test_it_comes_up_takes_a_call_and_leaves_nothing_running(tmp_path: Path) -> None:
    config = {"HOTLINE_CONFIG": str(CONFIG)}
    with started(tmp_path, clean() | config, "--folder", str(tmp_path / "demo")) as demo:
        greeting = said(demo, LAST_WORDS)
        ports = ports_in(greeting)
        assert len(ports) == 2
        assert "--demo" not in greeting, "it would look into another folder"
        assert all(page_answers(f"http://127.0.0.1:{port}/") for port in ports)
        accounts = f"http://127.0.0.1:{ports[1]}/demo"
        assert greeting.count(accounts) == 2, "in French and in English"
        assert "amina@demo.example.org" in requests.get(accounts, timeout=DEADLINE).text
        telephones = requests.get(f"http://127.0.0.1:{ports[0]}/", timeout=DEADLINE).text
        assert f'href="{accounts}"' in telephones
        carrier = ("--carrier", f"http://127.0.0.1:{ports[0]}")
        heard = shell("call", "--keys", "2", "--hang-up-after", "4", *carrier, home=tmp_path)
        assert (heard.returncode, heard.stderr) == (0, "")
        told = [heard.stdout.index(part) for part in ("Bonjour.", "[2]", "J'appelle une personne")]
        assert told == sorted(told)
        assert heard.stdout.endswith("-- the call is over, ended by the caller\n")
        stop(demo)
    assert not any(port_answers("127.0.0.1", port) for port in ports)


def test_it_has_all_lines_and_can_be_looked_into_from_another_terminal(
    tmp_path: Path, two_lines: Path
) -> None:
    real = {"DATABASE_URL": "sqlite:////dev/null/real", "TWILIO_AUTH_TOKEN": "real", "SECRET_KEY": "r" * 16}
    with started(tmp_path, clean() | real | {"HOTLINE_CONFIG": str(two_lines)}) as demo:
        greeting = said(demo, LAST_WORDS)
        assert greeting.count(".venv/bin/hotline --demo calls") == 2, "in French and in English"
        short = ("--hang-up-after", "2")
        assert "Bonjour." in shell("--demo", "call", *short, home=tmp_path, **real).stdout
        second = shell("--demo", "call", *short, "--to", SECOND, home=tmp_path, **real)
        assert "Ici la deuxième ligne." in second.stdout
        nobodys = shell("--demo", "call", "--to", "+33199009999", home=tmp_path)
        assert "+33199009999 is not a line of this carrier" in nobodys.stderr
        assert f"its lines are {FIRST}, {SECOND}: name one with --to" in nobodys.stderr
        calls = shell("--demo", "calls", home=tmp_path, **real)
        assert "Redis: reachable" in shell("--demo", "doctor", home=tmp_path).stdout
        stop(demo)
    assert calls.stderr == ""
    assert re.findall(r"  (demo|another)  \+33639980001  ", calls.stdout) == ["demo", "another"]
    assert shell("--demo", "calls", home=tmp_path, **real).stdout == calls.stdout, "when it is over, too"
    assert "OK       Redis: `hotline serve` brings" in shell("--demo", "doctor", home=tmp_path).stdout
    assert (tmp_path / "var/demo/environment.json").stat().st_mode & 0o077 == 0


def test_looking_into_what_is_not_there(tmp_path: Path) -> None:
    looked = shell("--demo", "calls", home=tmp_path)
    assert looked.returncode == 1
    assert f"there is no demonstration in {tmp_path}/var/demo yet: start it with `make run`" in looked.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    refused = shell("demo", "--folder", "/dev/null/below/demo", home=tmp_path)
    assert refused.returncode == 1
    assert (
        "/dev/null/below/demo cannot be made (Not a directory): choose another with --folder"
        in refused.stderr
    )
