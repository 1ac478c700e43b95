"""The folder of a server whose owner was killed outright is removed at the next start; others stay."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hotline.cli import embedded
from tests.integration.said import DEADLINE

OWNER = """
import signal
from hotline.cli import embedded
with embedded.place() as server:
    print(server.directory, flush=True)
    input()
"""


@contextmanager
def owner() -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A process that owns a folder."""
    with subprocess.Popen(
        [sys.executable, "-c", OWNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield process, Path(process.stdout.readline().strip())


def test_what_a_killed_owner_left_goes_at_the_next_start_and_nothing_else() -> None:
    with owner() as (alive, kept), owner() as (killed, left):
        killed.send_signal(signal.SIGKILL)
        killed.wait(DEADLINE)
        assert left.is_dir()
        with embedded.place() as server:
            assert not left.exists()
            assert kept.is_dir()
            assert server.directory.is_dir()
        alive.communicate("\n", timeout=DEADLINE)
    assert not kept.exists()


@pytest.fixture
def nobodys() -> Iterator[Path]:
    """A folder of such a name in which nobody has signed yet."""
    path = Path(tempfile.mkdtemp(prefix=embedded.PREFIX))
    yield path
    for file in path.iterdir():
        file.unlink()
    path.rmdir()


def test_a_folder_that_says_nothing_about_its_owner_is_left_alone(nobodys: Path) -> None:
    with embedded.place():
        assert nobodys.is_dir()


def test_a_mark_that_leads_elsewhere_is_not_followed(nobodys: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "file"
    elsewhere.touch()
    (nobodys / embedded.OWNER).symlink_to(elsewhere)
    with embedded.place():
        assert nobodys.is_dir()


def test_it_names_its_owner() -> None:
    with embedded.place() as server:
        assert (server.directory / embedded.OWNER).read_text() == f"{os.getpid()}\n"
