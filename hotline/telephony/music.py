"""The line's own hold music, composed here and free of rights: each part is a sound file for the carrier."""

import cmath
import io
import math
import operator
import wave
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, repeat
from sys import byteorder
from typing import Final

RATE: Final = 8000
"""Samples a second: what a telephone carries, so that no carrier has to convert it."""
PART_SECONDS: Final = 8
"""Short enough for a caller to be fetched between two parts."""
_BEATS: Final = 8
_FADE: Final = RATE // 5
"""Samples at a part's end in which what still sounds dies away: nothing clicks where the next part begins."""
_LEVEL: Final = 0.12
"""Brings the whole to 24 dB below full scale: as loud as a person on the telephone, softer than prompts."""
_NOTE: Final = RATE * 13 // 5
"""Samples after which nobody hears a note any more."""


@dataclass(frozen=True, slots=True)
class _Partial:
    """One pure tone of a note: its multiple of the note's pitch, its share, and how fast it dies away."""

    multiple: float
    share: float
    seconds: float = math.inf


@dataclass(frozen=True, slots=True)
class _Part:
    """Two chords, four beats each, and the melody above them as (beat, note)."""

    chords: tuple[str, str]
    melody: tuple[tuple[float, str], ...]


# Two tones close together beat slowly, which is warm; the upper ones die away first, as in a music box.
_BELL: Final = (
    _Partial(1, 0.82, 1.0),
    _Partial(1.0012, 0.18, 1.0),
    _Partial(2, 0.28, 0.5),
    _Partial(3, 0.1, 0.25),
)
_STRING: Final = (_Partial(1, 0.82, 0.8), _Partial(1.0012, 0.18, 0.8), _Partial(2, 0.2, 0.35))
_ON_THE_BEAT: Final = 0.7
_OFF_THE_BEAT: Final = 0.55
_CARPET: Final = 0.14

# No note is below 300 Hz, which a telephone does not carry.
_CHORDS: Final = {
    "F": ("F4", "A4", "C5", "F5"),
    "Gm": ("G4", "Bb4", "D5", "G5"),
    "Am": ("E4", "A4", "C5", "E5"),
    "Bb": ("F4", "Bb4", "D5", "F5"),
    "C": ("E4", "G4", "C5", "E5"),
    "Dm": ("F4", "A4", "D5", "F5"),
}
# Which note of its chord each half beat takes. A part's last half beat is left to what still sounds.
_PATTERN: Final = (0, 1, 2, 3, 2, 1, 2, 1)
_PARTS: Final = (
    _Part(("F", "Am"), ((0, "C6"), (2, "A5"), (3, "G5"), (4, "E5"), (6, "G5"))),
    _Part(("Bb", "F"), ((0, "F5"), (1.5, "G5"), (2, "Bb5"), (4, "A5"), (6.5, "F5"))),
    _Part(("Gm", "Dm"), ((0, "D6"), (2, "Bb5"), (3, "A5"), (4, "F5"), (5.5, "G5"), (6, "A5"))),
    _Part(("Bb", "C"), ((0, "G5"), (1, "F5"), (2, "D5"), (4, "E5"), (5, "G5"), (6, "C6"))),
    _Part(("Dm", "Am"), ((0, "A5"), (1.5, "F5"), (2, "C6"), (4, "A5"), (5, "E5"))),
    _Part(("Bb", "C"), ((0, "D5"), (1, "F5"), (2, "A5"), (3, "G5"), (4, "E5"), (6, "G5"))),
)
PARTS: Final = len(_PARTS)
"""Each goes on where the one before it ended, and the first where the last did."""
_SEMITONES: Final = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


@cache
def wav(part: int) -> bytes:
    """A part, counted from 0, as a file: 16 bit, one channel."""
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(_little_endian(_samples(_PARTS[part])))
    return held.getvalue()


def _samples(part: _Part) -> Iterable[float]:
    """A part as samples between -1 and 1."""
    sound = [0.0] * (PART_SECONDS * RATE)
    for bar, chord in enumerate(part.chords):
        _add(sound, bar * 4, _carpet(chord), _CARPET)
    for half in range(2 * _BEATS - 1):
        bar, at = divmod(half, len(_PATTERN))
        note = _CHORDS[part.chords[bar]][_PATTERN[at]]
        _add(sound, half / 2, _struck(note, _STRING), _OFF_THE_BEAT if half % 2 else _ON_THE_BEAT)
    for beat, note in part.melody:
        _add(sound, beat, _struck(note, _BELL), 1)
    sound[-_FADE:] = map(operator.mul, sound[-_FADE:], _fall(_FADE))
    return (one * _LEVEL for one in sound)


def _add(sound: list[float], beat: float, note: Sequence[float], share: float) -> None:
    begin = round(beat * len(sound) / _BEATS)
    end = min(begin + len(note), len(sound))
    sound[begin:end] = [old + share * new for old, new in zip(sound[begin:end], note, strict=False)]


@cache
def _struck(name: str, partials: tuple[_Partial, ...]) -> Sequence[float]:
    """A note that is struck, softly, and dies away."""
    sound = _together(name, partials, _NOTE)
    rise, fall = _rise(RATE // 80), _fall(RATE // 5)
    sound[: len(rise)] = map(operator.mul, sound, rise)
    sound[-len(fall) :] = map(operator.mul, sound[-len(fall) :], fall)
    return sound


@cache
def _carpet(chord: str) -> Sequence[float]:
    """A chord that swells and fades beneath its four beats, so that there is never silence."""
    half = PART_SECONDS * RATE // 4
    notes = [_together(name, (_Partial(1, 1),), 2 * half) for name in _CHORDS[chord]]
    return [sum(tones) * loud for *tones, loud in zip(*notes, _rise(half) + _fall(half), strict=True)]


def _together(name: str, partials: tuple[_Partial, ...], count: int) -> list[float]:
    hertz = _hertz(name)
    return [sum(tones) for tones in zip(*(_tone(hertz, one, count) for one in partials), strict=True)]


def _tone(hertz: float, partial: _Partial, count: int) -> Iterable[float]:
    """A pure tone of which a third is left after the partial's seconds."""
    step = cmath.rect(math.exp(-1 / (partial.seconds * RATE)), math.tau * hertz * partial.multiple / RATE)
    turned = accumulate(repeat(step, count - 1), operator.mul, initial=complex(partial.share))
    return (one.imag for one in turned)


@cache
def _rise(count: int) -> list[float]:
    """From 0 to 1, gently at both ends."""
    return [(1 - math.cos(math.pi * n / count)) / 2 for n in range(count)]


def _fall(count: int) -> list[float]:
    return _rise(count)[::-1]


def _hertz(name: str) -> float:
    """The pitch of a note such as A4 or Bb5."""
    semitones = _SEMITONES[name[0]] - name.count("b") + 12 * (int(name[-1]) - 4)
    return math.pow(2, (semitones - _SEMITONES["A"]) / 12) * 440


def _little_endian(sound: Iterable[float]) -> bytes:
    whole = array("h", (round(one * 32767) for one in sound))
    if byteorder == "big":
        whole.byteswap()
    return whole.tobytes()
