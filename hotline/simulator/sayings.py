"""How long speech and sound files last, and what the words of a <Say> with SSML are."""

import re
import struct
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

SayDuration = Callable[[str, str], float]
AudioFor = Callable[[str, str], tuple[str | None, float]]
# Marks a language tag whose text is to be spoken slowly, in the private part that BCP 47 keeps free.
SLOW = "-x-slow"
# So long a sound lasts whose length its file does not say in a way that we can read, such as MP3.
DEFAULT_PLAY_SECONDS = 3.0
DEFAULT_BREAK_SECONDS = 0.5


def reading_time(text: str, language: str) -> float:
    return 0.3 + 0.06 * len(text)


@dataclass
class Voice:
    """The carrier's voice. `audio_for` (address and seconds of the spoken text) replaces `say_duration`.

    `play_seconds` holds the lengths of the sounds whose address is known already: those are not fetched.
    """

    say_duration: SayDuration = reading_time
    audio_for: AudioFor | None = None
    play_seconds: dict[str, float] = field(default_factory=dict)

    def speak(self, text: str, language: str) -> tuple[str | None, float]:
        if self.audio_for is not None:
            return self.audio_for(text, language)
        return None, self.say_duration(text, language)


def sound_seconds(body: bytes) -> float:
    """The length of a sound file; ValueError for a WAV that holds no sound."""
    if body[:4] != b"RIFF" or body[8:12] != b"WAVE":
        return DEFAULT_PLAY_SECONDS
    chunks = dict(_chunks(body))
    if len(chunks.get(b"fmt ", b"")) < 16 or not chunks.get(b"data"):
        raise ValueError("a WAV without a format or without sound")
    # Bytes a second: right for samples of any size, also for mu-law.
    [speed] = struct.unpack_from("<I", chunks[b"fmt "], 8)
    if not speed:
        raise ValueError("a WAV that never ends")
    return len(chunks[b"data"]) / float(speed)


def _chunks(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at + 8 <= len(body):
        name, size = struct.unpack_from("<4sI", body, at)
        yield name, body[at + 8 : at + 8 + size]
        # A chunk of odd length is followed by an empty byte.
        at += 8 + size + size % 2


def spoken_language(say: ET.Element, language: str) -> str:
    """The language that a voice is asked for, marked when the SSML wants it slow."""
    slow = any(one.get("rate") in ("slow", "x-slow") for one in say.iter("prosody"))
    return language + SLOW if slow else language


def words_and_breaks(say: ET.Element) -> tuple[str, float]:
    """The spoken words of a <Say>, and the seconds of silence that its SSML asks for."""
    words = " ".join(" ".join(_words(say)).split())
    # The pieces were joined by blanks, which belong before no full stop or comma.
    words = re.sub(r" ([.,])", r"\1", words)
    return words, sum(_break_seconds(one) for one in say.iter("break"))


def _words(element: ET.Element) -> list[str]:
    if element.tag == "sub" and "alias" in element.attrib:
        return [element.attrib["alias"]]
    found = [element.text or ""]
    for child in element:
        found += [*_words(child), child.tail or ""]
    return found


def _break_seconds(element: ET.Element) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s)", element.get("time", ""))
    if match is None:
        return DEFAULT_BREAK_SECONDS
    return float(match[1]) / (1000 if match[2] == "ms" else 1)
