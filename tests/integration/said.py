"""What a process that a test has started says, waited for without sleeping."""

import os
import selectors
import subprocess
import time
from typing import Final

DEADLINE: Final = 60.0


def said(process: subprocess.Popen[bytes], last: str) -> str:
    """What it says, up to `last`."""
    assert process.stdout is not None
    heard, until = b"", time.monotonic() + DEADLINE
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while last.encode() not in heard:
            assert selector.select(until - time.monotonic()), f"waited for {last!r} after {heard.decode()!r}"
            more = os.read(process.stdout.fileno(), 4096)
            assert more, f"ended without {last!r}: {heard.decode()!r}"
            heard += more
    return heard.decode()
