"""The carrier's voice: a program beside it that may fail, hang, die or be missing."""

import os
import signal
import subprocess
import sys
import wave
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hotline.simulator.carrier import Carrier
from hotline.simulator.legs import Leg
from hotline.simulator.sayings import SLOW, reading_time, spoken_language
from hotline.simulator.voice import CALM, PROGRAM, SLOWER, Child, Speaker, request_for
from hotline.simulator.web import create_app

Call = Callable[[str], Leg]
Make = Callable[..., Speaker]

# Each answers, in the voice's own lines, after it has written a file of 1000 bytes.
SPEAKS = """
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    open(asked["path"], "wb").write(bytes(1000))
    print(json.dumps({"seconds": None if asked["voice"] == "xx" else 1.5}), flush=True)
"""
SPEAKS_ONCE = SPEAKS + "    break\n"
HANGS = "import sys; sys.stdin.read()"
DIES = "pass"


@pytest.fixture
def make() -> Iterator[Make]:
    made: list[Speaker] = []

    def speaker(program: str, *, patience: float = 10, room: int = 10_000) -> Speaker:
        command = (sys.executable, "-c", program)
        made.append(Speaker(command, patience=patience, room=room, installed=True))
        return made[-1]

    yield speaker
    for one in made:
        one.close()


def name_of(address: str | None) -> str:
    assert address is not None
    return address.removeprefix("/audio/").removesuffix(".wav")


def test_what_is_spoken_is_kept(make: Make) -> None:
    speaker = make(SPEAKS)
    address, seconds = speaker.audio_for("Bonjour", "fr-FR")
    assert seconds == 1.5
    path = speaker.sound(name_of(address))
    assert path is not None
    path.write_bytes(b"kept")
    assert speaker.audio_for("Bonjour", "fr-FR") == (address, 1.5)
    assert path.read_bytes() == b"kept"
    assert speaker.audio_for("Bonjour", "en-US")[0] != address


def test_the_oldest_sounds_make_room(make: Make) -> None:
    speaker = make(SPEAKS, room=2_500)
    names = [name_of(speaker.audio_for(text, "fr-FR")[0]) for text in ("un", "deux")]
    speaker.audio_for("un", "fr-FR")
    names.append(name_of(speaker.audio_for("trois", "fr-FR")[0]))
    assert [speaker.sound(name) is not None for name in names] == [True, False, True]


def test_a_program_that_has_died_is_started_again(make: Make) -> None:
    speaker = make(SPEAKS_ONCE)
    for text in ("un", "deux", "trois"):
        assert speaker.audio_for(text, "fr-FR")[1] == 1.5


@pytest.mark.parametrize(("program", "patience"), [(HANGS, 0.05), (DIES, 10)])
def test_without_a_voice_a_text_lasts_its_reading_time(make: Make, program: str, patience: float) -> None:
    speaker = make(program, patience=patience)
    expected = (None, reading_time("Bonjour", "fr-FR"))
    assert speaker.audio_for("Bonjour", "fr-FR") == expected
    # It rests now: the next sentence does not wait for it.
    assert speaker.audio_for("Bonjour", "fr-FR") == expected


def test_a_language_that_it_cannot_speak_silences_no_other(make: Make) -> None:
    speaker = make(SPEAKS)
    assert speaker.audio_for("…", "xx")[0] is None
    assert speaker.audio_for("Bonjour", "fr-FR")[0] is not None


def test_a_missing_synthesiser_starts_nothing() -> None:
    speaker = Speaker((sys.executable, "-c", "raise SystemExit"), installed=False)
    assert speaker.audio_for("Bonjour", "fr-FR") == (None, reading_time("Bonjour", "fr-FR"))
    speaker.close()


def test_a_killed_child_is_replaced() -> None:
    child = Child((sys.executable, "-c", SPEAKS), patience=10)
    first = child.start().pid
    os.kill(first, signal.SIGKILL)
    assert child.speak({"path": os.devnull, "voice": "fr"}) == 1.5
    assert child.pid not in (first, None)
    child.stop()


@pytest.mark.parametrize(
    ("language", "voice", "speed"),
    [
        ("fr-FR", "fr", CALM),
        ("fr-FR" + SLOW, "fr", SLOWER),
        ("en-US", "en", CALM),
        ("ar-AE", "ar", CALM),
        ("", "en", CALM),
    ],
)
def test_languages_and_speeds(language: str, voice: str, speed: int) -> None:
    request = request_for("…", language, Path("0.wav"))
    assert (request["voice"], request["speed"]) == (voice, speed)


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("Bonjour", "fr-FR"),
        ('<prosody rate="slow">Bonjour</prosody>', "fr-FR" + SLOW),
        ('<prosody rate="fast">Bonjour</prosody>', "fr-FR"),
    ],
)
def test_ssml_asks_for_a_slow_voice(inside: str, expected: str) -> None:
    assert spoken_language(ET.fromstring(f"<Say>{inside}</Say>"), "fr-FR") == expected


def test_a_call_is_heard(carrier: Carrier, call: Call, make: Make) -> None:
    speaker = make(SPEAKS)
    carrier.voice.audio_for = speaker.audio_for
    leg = call('<Say language="fr-FR"><prosody rate="slow">Bonjour</prosody></Say><Pause length="9"/>')
    heard = leg.heard[0]
    assert (heard.text, heard.language) == ("Bonjour", "fr-FR")
    assert heard.audio is not None
    with create_app(carrier, speaker).test_client().get(heard.audio) as answer:
        assert (answer.status_code, answer.mimetype, len(answer.data)) == (200, "audio/wav", 1000)


class TestWithTheSynthesiser:
    @pytest.fixture
    def speaker(self) -> Iterator[Speaker]:
        pytest.importorskip("espeakng_loader")
        made = Speaker(patience=20)
        yield made
        made.close()

    def test_it_speaks(self, speaker: Speaker) -> None:
        address, seconds = speaker.audio_for("Bonjour, vous êtes à la ligne d’aide.", "fr-FR")
        path = speaker.sound(name_of(address))
        assert path is not None
        with wave.open(str(path)) as file:
            assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 22050)
            assert file.getnframes() / 22050 == pytest.approx(seconds)
        assert 1.5 < seconds < 5

    def test_slow_is_slower(self, speaker: Speaker) -> None:
        text = "Vous pouvez raccrocher à tout moment."
        assert speaker.audio_for(text, "fr-FR" + SLOW)[1] > speaker.audio_for(text, "fr-FR")[1]

    def test_an_unknown_language_is_not_spoken(self, speaker: Speaker) -> None:
        assert speaker.audio_for("…", "zz-ZZ")[0] is None
        assert speaker.audio_for("Hello", "en-GB")[0] is not None

    def test_the_program_ends_with_its_input(self, speaker: Speaker) -> None:
        assert speaker.installed
        assert subprocess.run(PROGRAM, input=b"", timeout=20, check=False).returncode == 0
