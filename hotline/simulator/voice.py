"""The voice of the carrier: turns sentences into sound files, in a separate program which may be missing.

The synthesiser (eSpeak NG) has a licence of its own, so it never enters the carrier's process: this
module runs itself as a child, `python -m hotline.simulator.voice`, and speaks with it in lines of JSON.
"""

import contextlib
import ctypes
import hashlib
import json
import os
import re
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
import wave
from collections import OrderedDict
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

from hotline.simulator.sayings import SLOW, reading_time

PROGRAM = (sys.executable, "-m", "hotline.simulator.voice")
VOICES = {"fr": "fr", "en": "en"}
# Words a minute: below everyday speech, as for somebody who hears it for the first time.
CALM, SLOWER = 140, 110
# A breath between two sentences, in the sound itself so that file and duration agree.
BREATH = 0.25
PATIENCE = 3.0
REST_AFTER_FAILURE = 30.0
ROOM = 64 * 1024 * 1024


class Speaker:
    """Speaks for the carrier; without the synthesiser everything stays silent and lasts its reading time."""

    def __init__(
        self,
        program: Sequence[str] = PROGRAM,
        *,
        patience: float = PATIENCE,
        room: int = ROOM,
        installed: bool | None = None,
    ) -> None:
        self.installed = find_spec("espeakng_loader") is not None if installed is None else installed
        self._child = Child(program, patience)
        self._room = room
        self._folder = tempfile.TemporaryDirectory(prefix="hotline-voice-")
        self._kept: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._silent_until = 0.0
        self._lock = threading.Lock()
        if self.installed:
            self._child.start()

    def audio_for(self, text: str, language: str) -> tuple[str | None, float]:
        """Where the spoken text is served, and the seconds that it lasts."""
        name = hashlib.sha256(f"{language}\n{text}".encode()).hexdigest()[:32]
        with self._lock:
            seconds = self._seconds(name, text, language)
        if seconds is None:
            return None, reading_time(text, language)
        return f"/audio/{name}.wav", seconds

    def sound(self, name: str) -> Path | None:
        """The file of a spoken text, while it is kept."""
        with self._lock:
            return self._path(name) if name in self._kept else None

    def close(self) -> None:
        with self._lock:
            # A webhook that is answered late must not start it once more.
            self.installed = False
            self._child.stop()
            self._folder.cleanup()

    def _path(self, name: str) -> Path:
        return Path(self._folder.name, f"{name}.wav")

    def _seconds(self, name: str, text: str, language: str) -> float | None:
        if name in self._kept:
            self._kept.move_to_end(name)
            return self._kept[name][0]
        if not self.installed or time.monotonic() < self._silent_until:
            return None
        try:
            seconds = self._child.speak(request_for(text, language, self._path(name)))
        except OSError:
            # A voice that fails must not make every sentence of a call wait for it.
            self._silent_until = time.monotonic() + REST_AFTER_FAILURE
            return None
        if seconds is not None:
            self._keep(name, seconds)
        return seconds

    def _keep(self, name: str, seconds: float) -> None:
        self._kept[name] = seconds, self._path(name).stat().st_size
        while len(self._kept) > 1 and sum(size for _, size in self._kept.values()) > self._room:
            oldest, _ = self._kept.popitem(last=False)
            self._path(oldest).unlink(missing_ok=True)


def request_for(text: str, language: str, path: Path) -> dict[str, Any]:
    primary = re.match("[a-zA-Z]*", language.removesuffix(SLOW))
    code = (primary[0] if primary else "").lower() or "en"
    speed = SLOWER if language.endswith(SLOW) else CALM
    return {"text": text, "voice": VOICES.get(code, code), "speed": speed, "path": str(path)}


class Child:
    """The speaking program: started when needed, and again when it has died."""

    def __init__(self, program: Sequence[str], patience: float) -> None:
        self._program = program
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.stop()
            self._process = subprocess.Popen(
                self._program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        return self._process

    def speak(self, request: dict[str, Any]) -> float | None:
        """The seconds of the sound, or None for a language that it cannot speak; OSError if it fails."""
        try:
            return self._ask(request)
        except TimeoutError:
            raise
        except OSError:
            # It has died since the last sentence: a new one is asked once more.
            return self._ask(request)

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            # Closing writes what is still buffered, to nobody.
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()
        process.wait()

    def _ask(self, request: dict[str, Any]) -> float | None:
        process = self.start()
        if process.stdin is None or process.stdout is None:
            raise OSError("the child has no pipes")
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            seconds = json.loads(self._line(process.stdout.fileno()))["seconds"]
        except OSError:
            self.stop()
            raise
        return float(seconds) if seconds is not None else None

    def _line(self, descriptor: int) -> bytes:
        limit = time.monotonic() + self._patience
        line = b""
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([descriptor], [], [], max(limit - time.monotonic(), 0))
            if not ready:
                raise TimeoutError
            more = os.read(descriptor, 65536)
            if not more:
                raise OSError("the child has died")
            line += more
        return line


class Synthesiser:
    """eSpeak NG through its shared library; used in the child only."""

    SYNCHRONOUS, UTF8, RATE = 2, 1, 1
    CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)

    def __init__(self) -> None:
        loader = import_module("espeakng_loader")
        self._library = ctypes.CDLL(loader.get_library_path())
        data = os.fsencode(loader.get_data_path())
        self.hertz: int = self._library.espeak_Initialize(self.SYNCHRONOUS, 0, data, 0)
        if self.hertz <= 0:
            raise OSError("the synthesiser does not start")
        self._samples = bytearray()
        # Kept here: the library calls it as long as it lives.
        self._callback = self.CALLBACK(self._take)
        self._library.espeak_SetSynthCallback(self._callback)

    def speak(self, text: str, voice: str, speed: int) -> bytes:
        """The samples: 16 bit, mono, `hertz` a second."""
        self._samples.clear()
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise LookupError(voice)
        self._library.espeak_SetParameter(self.RATE, speed, 0)
        spoken = text.replace("\0", " ").encode()
        self._library.espeak_Synth(spoken, len(spoken) + 1, 0, 1, 0, self.UTF8, None, None)
        return bytes(self._samples)

    def _take(self, samples: Any, count: int, _events: Any) -> int:
        if samples and count > 0:
            self._samples += ctypes.string_at(samples, count * 2)
        return 0


def write_sound(path: str, samples: bytes, hertz: int) -> float:
    samples += bytes(2 * int(BREATH * hertz))
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(hertz)
        file.writeframes(samples)
    return len(samples) / 2 / hertz


def answer(synthesiser: Synthesiser, line: bytes) -> dict[str, Any]:
    request = json.loads(line)
    try:
        samples = synthesiser.speak(request["text"], request["voice"], request["speed"])
    except LookupError:
        return {"seconds": None}
    return {"seconds": write_sound(request["path"], samples, synthesiser.hertz)}


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer line by line; the end of the requests is the end of the parent."""
    synthesiser = Synthesiser()
    for line in requests:
        answers.write(json.dumps(answer(synthesiser, line)).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    # A Ctrl+C in the terminal is for the parent, whose end closes our input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve(sys.stdin.buffer, sys.stdout.buffer)
