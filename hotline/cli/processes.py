"""Starts several processes, shows what they say, restarts one that dies, and leaves none behind."""

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType, TracebackType
from typing import Any, Final, Self

from hotline.cli.tether import Tether

STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TURN: Final = 0.1
"""Seconds: how soon a death, a signal or readiness is noticed."""


@dataclass(frozen=True, slots=True)
class Command:
    """A process to run."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    needed_by_others: bool = False
    """Ended after the others, which talk to it to their last moment."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often to restart and how long to wait, in seconds."""

    restarts: int = 5
    first_delay: float = 0.5
    """Doubled with each restart."""
    healthy_after: float = 60.0
    """Who has run for this long gets all their restarts again."""
    stop_within: float = 8.0


class StopAskedError(Exception):
    """Somebody wants us to end: Ctrl-C or SIGTERM."""


class ProcessTroubleError(Exception):
    """A process cannot be kept running; the message says which and why."""


@dataclass(slots=True)
class _Child:
    command: Command
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    restarts: int = 0
    restart_at: float | None = None
    is_starting: bool = False
    """We wait for it to be ready: should it end now, there is no sense in starting it again."""
    unfinished: bytes = field(default=b"")
    """What it said since its last line break."""

    def send(self, number: signal.Signals) -> None:
        """To the whole group: what a process started ends with it."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):  # macOS: EPERM for a group of zombies
                os.killpg(self.process.pid, number)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """Runs commands, inside a `with`; single-threaded, and takes the signals while it is open."""

    def __init__(self, say: Callable[[str], None], patience: Patience | None = None) -> None:
        self._say_it = say
        self._patience = patience or Patience()
        self._children: list[_Child] = []
        self._selector = selectors.DefaultSelector()
        self._stop_asked = False
        self._handlers: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        self._tether = Tether()
        for number in STOP_SIGNALS:
            self._handlers[number] = signal.signal(number, self._ask_to_stop)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._end([child for child in self._children if not child.command.needed_by_others])
            self._end(self._children)
        finally:
            self._tether.close()
            self._selector.close()
            for number, handler in self._handlers.items():
                signal.signal(number, handler)

    def start(self, command: Command, ready: Callable[[], bool] | None = None, within: float = 60.0) -> None:
        """Start a command and, given a check, wait until it is ready.

        Raises ProcessTroubleError when it dies or stays silent, StopAskedError on a signal.
        """
        child = _Child(command)
        self._children.append(child)
        self._launch(child)
        if ready is not None:
            self._await(child, ready, within)

    def watch(self) -> None:
        """Keep everything running; ends only by StopAskedError or ProcessTroubleError."""
        while True:
            self._turn()

    def _await(self, child: _Child, ready: Callable[[], bool], within: float) -> None:
        until = time.monotonic() + within
        child.is_starting = True
        while not ready():
            self._turn()
            if time.monotonic() >= until:
                raise ProcessTroubleError(f"{child.command.name} was not ready within {within:g} s")
        child.is_starting = False

    def _turn(self) -> None:
        self._listen()
        if self._stop_asked:
            raise StopAskedError
        for child in self._children:
            if child.restart_at is None and not child.is_running():
                self._bury(child)
            elif child.restart_at is not None and time.monotonic() >= child.restart_at:
                self._launch(child)

    def _launch(self, child: _Child) -> None:
        child.restart_at = None
        try:
            process = subprocess.Popen(
                list(child.command.argv),
                env={**child.command.env, "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                bufsize=0,
                process_group=0,  # Ctrl-C reaches us alone, and we tell them: once
            )
        except OSError as error:
            raise ProcessTroubleError(f"{child.command.name} cannot be started: {error}") from error
        child.process, child.started_at = process, time.monotonic()
        self._tether.hold(process.pid)
        if process.stdout is not None:
            os.set_blocking(process.stdout.fileno(), False)
            self._selector.register(process.stdout, selectors.EVENT_READ, child)

    def _bury(self, child: _Child) -> None:
        """A process died that should not have: plan its restart, or give up."""
        process = child.process
        if process is None:
            return
        self._clear_away(child)
        name, patience = child.command.name, self._patience
        if child.is_starting:
            raise ProcessTroubleError(f"{name} ended {_how(process)} while it was starting")
        if time.monotonic() - child.started_at >= patience.healthy_after:
            child.restarts = 0
        child.restarts += 1
        if child.restarts > patience.restarts:
            raise ProcessTroubleError(
                f"{name} ended {child.restarts} times in a row, the last time {_how(process)}; giving up"
            )
        delay = patience.first_delay * 2 ** (child.restarts - 1)
        child.restart_at = time.monotonic() + delay
        self._say(f"{name} ended {_how(process)}; starting it again in {delay:g} s")

    def _end(self, children: Sequence[_Child]) -> None:
        for child in children:
            child.send(signal.SIGTERM)
        until = time.monotonic() + self._patience.stop_within
        while any(child.is_running() for child in children) and time.monotonic() < until:
            self._listen()
        for child in children:
            self._clear_away(child)

    def _clear_away(self, child: _Child) -> None:
        """Leave nothing of a process: not itself, not what it started, not its last words."""
        child.send(signal.SIGKILL)
        process, child.process = child.process, None
        if process is None:
            return
        process.wait()
        self._tether.let_go(process.pid)
        if process.stdout is not None and not process.stdout.closed:
            self._hear(child, process.stdout.fileno())
            self._hang_up(process.stdout)
        if child.unfinished:
            self._repeat(child, child.unfinished)
            child.unfinished = b""

    def _listen(self) -> None:
        for key, _ in self._selector.select(TURN):
            if self._hear(key.data, key.fd):
                self._hang_up(key.fileobj)

    def _hear(self, child: _Child, source: int) -> bool:
        """Pass on the whole lines that are there; true when there will be no more."""
        while True:
            try:
                heard = os.read(source, 65_536)
            except BlockingIOError:
                return False
            if not heard:
                return True
            *lines, child.unfinished = (child.unfinished + heard).split(b"\n")
            for line in lines:
                self._repeat(child, line)

    def _hang_up(self, stream: Any) -> None:
        with suppress(KeyError):
            self._selector.unregister(stream)
        stream.close()

    def _repeat(self, child: _Child, line: bytes) -> None:
        self._say(f"{child.command.name:>8} | {line.decode(errors='replace').rstrip()}")

    def _say(self, text: str) -> None:
        try:
            self._say_it(text)
        except OSError:  # nobody reads us any more (a closed terminal, `| head`): then it is over
            self._stop_asked = True

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop_asked = True


def _how(process: subprocess.Popen[bytes]) -> str:
    code = process.returncode
    return f"by signal {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
