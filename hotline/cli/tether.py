"""Ends what we started even when we are killed outright: a shell that notices our death."""

import subprocess
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

# The shell reads lines from a pipe of which only we hold the other end, so it comes to the end of
# the input when we end, however that happens; then it ends the process groups of the last line.
# The kernel's own way (PR_SET_PDEATHSIG) exists on Linux only, where it is tied to a thread, not to
# the process; a pipe is the same on Linux and macOS.
SCRIPT: Final = 'while read -r line; do groups=$line; done; for g in $groups; do kill -s TERM -- "-$g"; done'


class Tether:
    """Holds the process groups that must not outlive us."""

    def __init__(self) -> None:
        self._groups: set[int] = set()
        self._shell = subprocess.Popen(
            ["/bin/sh", "-c", SCRIPT],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,  # a terminal that closes or sends Ctrl-C must not end it first
        )

    def hold(self, group: int) -> None:
        self._groups.add(group)
        self._tell(self._groups)

    def let_go(self, group: int) -> None:
        self._groups.discard(group)
        self._tell(self._groups)

    def close(self) -> None:
        """Let go of everything: whoever calls this has ended its processes."""
        self._tell(())
        if self._shell.stdin is not None:
            self._shell.stdin.close()
        self._shell.wait()

    def _tell(self, groups: Iterable[int]) -> None:
        line = " ".join(str(group) for group in sorted(groups))
        if self._shell.stdin is not None:
            with suppress(BrokenPipeError):  # somebody ended the shell: nothing more to be had from it
                self._shell.stdin.write(f"{line}\n".encode())
