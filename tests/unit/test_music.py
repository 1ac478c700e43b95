"""The hold music, measured as a telephone would hear it."""

import cmath
import io
import math
import wave
from array import array
from collections.abc import Sequence
from functools import cache
from sys import byteorder

import pytest

from hotline.telephony import music

each_part = pytest.mark.parametrize("part", range(music.PARTS))
BLOCK = 4096
NEARLY_NOTHING = 0.001


@cache
def sound(part: int) -> Sequence[float]:
    """The samples of a part's file, between -1 and 1."""
    with wave.open(io.BytesIO(music.wav(part))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, music.RATE)
        whole = array("h", file.readframes(file.getnframes()))
    if byteorder == "big":
        whole.byteswap()
    return [one / 32768 for one in whole]


def level(samples: Sequence[float]) -> float:
    """Decibels below full scale."""
    return 10 * math.log10(sum(one * one for one in samples) / len(samples) + 1e-12)


def levels(samples: Sequence[float], milliseconds: int) -> list[float]:
    many = music.RATE * milliseconds // 1000
    return [level(samples[at : at + many]) for at in range(0, len(samples), many)]


def spectrum(samples: Sequence[complex]) -> list[complex]:
    """The discrete Fourier transform of a power of two of samples."""
    half = len(samples) // 2
    if not half:
        return list(samples)
    even, odd = spectrum(samples[::2]), spectrum(samples[1::2])
    turned = [cmath.rect(1, -math.pi * n / half) * one for n, one in enumerate(odd)]
    both = list(zip(even, turned, strict=True))
    return [one + other for one, other in both] + [one - other for one, other in both]


def energies(block: Sequence[float]) -> list[tuple[float, float]]:
    """The frequencies in a block with soft edges, and how much there is of each."""
    soft = [one * math.sin(math.pi * n / BLOCK) for n, one in enumerate(block)]
    return [(n * music.RATE / BLOCK, abs(one) ** 2) for n, one in enumerate(spectrum(soft)[: BLOCK // 2])]


@each_part
def test_a_part_is_as_long_as_it_says_and_a_caller_never_waits_long_for_its_end(part: int) -> None:
    assert len(sound(part)) == music.PART_SECONDS * music.RATE
    assert 5 <= music.PART_SECONDS <= 10


@each_part
def test_it_is_softer_than_the_prompts_and_never_bursts_out(part: int) -> None:
    assert -25 <= level(sound(part)) <= -23
    assert max(abs(one) for one in sound(part)) < 0.5
    assert max(levels(sound(part), 100)) < -16


@each_part
def test_it_is_never_silent_for_long(part: int) -> None:
    assert min(levels(sound(part), 500)) > -35


@each_part
def test_nothing_clicks_where_parts_meet(part: int) -> None:
    end, begin = sound(part), sound((part + 1) % music.PARTS)
    assert abs(begin[0]) < NEARLY_NOTHING
    assert abs(end[-1]) < NEARLY_NOTHING
    assert max(map(abs, [*end[-16:], *begin[:4]])) < NEARLY_NOTHING
    # it dies away, and rises again, within some milliseconds: neither is cut
    assert levels(end, 20)[-1] < levels(end, 20)[-2] < levels(end, 20)[-4] < levels(end, 20)[-6]
    assert levels(begin, 5)[0] < levels(begin, 5)[1] < levels(begin, 5)[2]


@each_part
def test_a_telephone_carries_nearly_all_of_it(part: int) -> None:
    inside = total = 0.0
    for begin in range(0, len(sound(part)) - BLOCK, 3 * BLOCK):
        for hertz, energy in energies(sound(part)[begin : begin + BLOCK]):
            total += energy
            inside += energy if 300 <= hertz <= 3400 else 0
    assert total > 0
    assert inside / total > 0.98


def test_the_parts_differ() -> None:
    assert len({music.wav(part) for part in range(music.PARTS)}) == music.PARTS >= 4
