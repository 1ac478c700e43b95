"""From the instant at which a mediator is free to the ring of their telephone, with every process running."""

import json
import os
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import Request, urlopen

from hotline.cli.readiness import next_free
from tests.integration.said import said
from tests.scripts import CONFIG

TIMES = 12
PATIENCE = 60.0
ÉLISE = "+33639980105"
"""The only mediator of the demonstration who speaks English and knows about health."""


@dataclass(frozen=True, slots=True)
class Result:
    """Seconds."""

    median: float
    longest: float


def measure() -> Result:
    """Callers wait for one mediator, whose time for notes is none; each talk that ends frees her."""
    with TemporaryDirectory(prefix="hotline-bench-") as folder:
        config = _config(Path(folder))
        port = next_free("127.0.0.1", 22_000)
        argv = [sys.executable, "-m", "hotline.cli", "demo", "--no-open", "--port", str(port)]
        demo = subprocess.Popen(
            [*argv, "--folder", f"{folder}/demo"],
            env={**os.environ, "HOTLINE_CONFIG": str(config)},
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        try:
            said(demo, "To stop everything: Ctrl-C.")
            times = _rings(Control(f"http://127.0.0.1:{port}"))
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait(30)
    return Result(statistics.median(times), max(times))


def _config(folder: Path) -> Path:
    script = (CONFIG / "lines" / "demo.toml").read_text(encoding="utf-8")
    quick = re.sub(r"^wrap_up = \d+", "wrap_up = 0", script, flags=re.MULTILINE)
    (folder / "lines").mkdir()
    (folder / "lines" / "demo.toml").write_text(quick, encoding="utf-8")
    return folder


class Control:
    """The control interface of the local carrier."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._callers = count(1)

    def post(self, path: str, body: Mapping[str, str]) -> Any:
        headers = {"Content-Type": "application/json"}
        with urlopen(Request(self._base + path, json.dumps(body).encode(), headers), timeout=10) as answer:
            return json.load(answer)

    def get(self, path: str) -> Any:
        with urlopen(self._base + path, timeout=30) as answer:
            return json.load(answer)

    def waits(self) -> str:
        """A new caller who has chosen English and health, and is rung for or in hold."""
        number = f"+3363998{next(self._callers):04}"
        sid: str = self.post("/control/calls", {"from": number, "to": "+33199001234"})["sid"]
        for key in "83":
            self.until(lambda: self.call(sid)["gathering"])
            self.post(f"/control/legs/{sid}/keys", {"keys": key})
            self.until(partial(self._hears_more_than, sid, len(self.call(sid)["heard"])))
        return sid

    def call(self, sid: str) -> Any:
        return self.get(f"/control/calls/{sid}")

    def is_held(self, sid: str) -> bool:
        return self.call(sid)["in_queue"] is not None

    def _hears_more_than(self, sid: str, many: int) -> bool:
        return len(self.call(sid)["heard"]) > many

    def mediator(self) -> Any:
        phones = self.get("/control/phones")["phones"]
        return next(phone for phone in phones if phone["number"] == ÉLISE)

    def accept(self) -> None:
        leg = self.mediator()["leg"]
        self.post(f"/control/legs/{leg}/answer", {})
        self.until(lambda: self.call(leg)["gathering"])
        self.post(f"/control/legs/{leg}/keys", {"keys": "1"})
        self.until(lambda: self.mediator()["talking_to"] is not None)

    def until(self, happened: Callable[[], Any]) -> None:
        """Wait for news of the carrier until it has happened."""
        version, end = -1, time.monotonic() + PATIENCE
        while not happened():
            if time.monotonic() > end:
                raise TimeoutError("the line did not get there")
            version = self.get(f"/control/state?after={version}&wait=0.2")["version"]


def _rings(control: Control) -> list[float]:
    control.waits()
    control.until(lambda: control.mediator()["state"] == "ringing")
    control.accept()
    times = []
    for _ in range(TIMES):
        sid = control.waits()
        control.until(partial(control.is_held, sid))
        control.post(f"/control/legs/{control.mediator()['leg']}/hang-up", {})
        free = time.monotonic()
        control.until(lambda: control.mediator()["state"] == "ringing")
        times.append(time.monotonic() - free)
        control.accept()
    return times
