"""A worker that is told to stop ends, wherever it is: a handler of signals runs between any two lines."""

import subprocess
import sys

from tests.integration.said import DEADLINE

EVERYWHERE = """
import dataclasses, faulthandler, os, signal, sys, threading
from datetime import timedelta
from hotline import settings, worker
from hotline.jobs.schedule import Periodic
from hotline.services import Services

environ = {"HOTLINE_PUBLIC_URL": "http://127.0.0.1", "TWILIO_ACCOUNT_SID": "A", "TWILIO_AUTH_TOKEN": "t",
           "SECRET_KEY": "k" * 16}
parts = dict.fromkeys([field.name for field in dataclasses.fields(Services)])
services = Services(**parts | {"settings": settings.read(environ)})
to_go, heeds = 0, False

def trace(frame, what, _):
    global to_go, heeds
    if frame.f_code.co_filename not in (worker.__file__, threading.__file__):
        return None
    heeds = heeds or (what == "return" and frame.f_code.co_name == "heed_signals")
    if heeds and what == "line":
        to_go -= 1
        if to_go == 0:
            signal.raise_signal(signal.SIGTERM)
    return trace

lines = 0
while to_go <= 0:  # else it has ended before that many lines
    lines += 1
    to_go, heeds = lines, False
    faulthandler.dump_traceback_later(30, exit=True)
    asleep = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGTERM))
    asleep.start()
    sys.settrace(trace)
    worker.run(services, [Periodic("tick", timedelta(seconds=0.05), lambda: None)])
    sys.settrace(None)
    asleep.cancel()
    asleep.join()
print(lines)
"""
"""Runs a worker again and again; it is told to stop at its first line, at its second, and so on."""


def test_wherever_its_main_thread_is() -> None:
    done = subprocess.run(
        [sys.executable, "-c", EVERYWHERE], capture_output=True, text=True, timeout=2 * DEADLINE
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 30
