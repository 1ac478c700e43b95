"""The verb Play: a sound lasts as long as its file, is fetched once, and may not be there."""

import struct
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.simulator.carrier import Carrier
from hotline.simulator.fetch import WebAnswer
from hotline.simulator.legs import Leg
from hotline.simulator.sayings import DEFAULT_PLAY_SECONDS, sound_seconds
from hotline.simulator.scripted import ScriptedCustomer, silence
from hotline.simulator.trace import Kind
from hotline.simulator.web import create_app

Call = Callable[[str], Leg]
THEN = "<Play>/m.wav</Play><Say>Ensuite</Say><Pause length='9'/>"
MU_LAW, PCM = 7, 1


def audio(body: bytes, kind: str = "audio/wav") -> WebAnswer:
    return WebAnswer(200, body, kind)


def chunk(name: bytes, inside: bytes) -> bytes:
    return name + struct.pack("<I", len(inside)) + inside + bytes(len(inside) % 2)


def wav(*chunks: bytes) -> bytes:
    return chunk(b"RIFF", b"WAVE" + b"".join(chunks))


def form(*, tag: int = PCM, rate: int = 8000, size: int = 2, channels: int = 1) -> bytes:
    step = size * channels
    return chunk(b"fmt ", struct.pack("<HHIIHH", tag, channels, rate, rate * step, step, size * 8))


def errors(carrier: Carrier) -> list[object]:
    return [one.params["code"] for one in carrier.trace if one.kind is Kind.ERROR]


def after(leg: Leg, text: str) -> float:
    """The seconds from the answering of the leg until it heard this."""
    assert leg.answered_at is not None
    [heard] = [one for one in leg.heard if one.text == text]
    return (heard.at - leg.answered_at) / timedelta(seconds=1)


@pytest.mark.parametrize("seconds", [0.5, 8, 61.25])
def test_a_sound_lasts_as_long_as_its_file(
    call: Call, carrier: Carrier, customer: ScriptedCustomer, seconds: float
) -> None:
    customer["/m.wav"] = silence(seconds)
    leg = call(THEN)
    carrier.advance(100)
    assert after(leg, "Ensuite") == pytest.approx(seconds)
    assert [one.by for one in leg.heard] == ["play", "say"]
    assert leg.heard[0].audio == "http://customer.test/m.wav"


def test_a_file_is_fetched_once_and_without_a_signature(
    call: Call, carrier: Carrier, customer: ScriptedCustomer
) -> None:
    leg = call('<Play loop="3">/m.wav#rc=2</Play><Play>/m.wav#rc=2</Play><Play>/n.wav</Play>')
    call("<Play>/m.wav#rc=2</Play>")
    carrier.advance(60)
    assert [one.by for one in leg.heard] == ["play"] * 5
    [fetched] = customer.requests_of("/m.wav")
    assert (fetched.method, fetched.url) == ("GET", "http://customer.test/m.wav")
    assert "X-Twilio-Signature" not in fetched.headers
    assert len(customer.requests_of("/n.wav")) == 1


def test_a_test_may_say_how_long_a_sound_lasts(
    call: Call, carrier: Carrier, customer: ScriptedCustomer
) -> None:
    carrier.voice.play_seconds["http://customer.test/m.wav"] = 2.5
    leg = call(THEN)
    carrier.advance(5)
    assert after(leg, "Ensuite") == pytest.approx(2.5)
    assert customer.requests_of("/m.wav") == []


NO_SOUND = [wav(form()), wav(form(), chunk(b"data", b"")), wav(chunk(b"data", bytes(16000)))]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (WebAnswer(0, failure="connect"), "11205"),
        (WebAnswer(0, failure="read-timeout"), "11200"),
        (WebAnswer(404, b"", "audio/wav"), "11200"),
        (WebAnswer(200, b"<Response/>", "text/xml"), "13420"),
        (WebAnswer(200, silence(3).body), "13420"),
        (audio(wav(form(rate=0), chunk(b"data", bytes(16000)))), "13420"),
        *[(audio(body), "13420") for body in NO_SOUND],
    ],
)
def test_what_cannot_be_played_is_an_error_and_silence(
    call: Call, carrier: Carrier, customer: ScriptedCustomer, answer: WebAnswer, code: str
) -> None:
    customer["/m.wav"] = answer
    leg = call('<Play loop="0">/m.wav</Play><Say>Ensuite</Say><Pause length="9"/>')
    carrier.advance(1)
    assert errors(carrier) == [code]
    assert [one.text for one in leg.heard] == ["Ensuite"]
    assert after(leg, "Ensuite") == pytest.approx(0.1)
    assert leg.is_open


def test_in_a_gather_the_error_has_a_number_of_its_own(
    call: Call, carrier: Carrier, customer: ScriptedCustomer
) -> None:
    customer["/m.wav"] = "<Say>Ceci n’est pas un son</Say>"
    customer["/keys"] = "<Say>Merci</Say>"
    leg = call('<Gather numDigits="1" action="/keys"><Play>/m.wav</Play></Gather>')
    assert errors(carrier) == ["13325"]
    leg.press("9")
    assert leg.heard_text() == "Merci"


def test_a_file_that_could_not_be_fetched_is_asked_for_again(
    call: Call, carrier: Carrier, customer: ScriptedCustomer
) -> None:
    customer["/m.wav"] = [WebAnswer(503), silence(4)]
    leg = call("<Play>/m.wav</Play><Play>/m.wav</Play><Say>Ensuite</Say>")
    carrier.advance(5)
    assert [one.by for one in leg.heard] == ["play", "say"]
    assert after(leg, "Ensuite") == pytest.approx(4.1)


def test_a_slow_file_begins_late(call: Call, carrier: Carrier, customer: ScriptedCustomer) -> None:
    found = silence(3)
    customer["/m.wav"] = WebAnswer(200, found.body, found.content_type, took=2)
    leg = call(THEN)
    carrier.advance(6)
    assert after(leg, "http://customer.test/m.wav") == pytest.approx(2)
    assert after(leg, "Ensuite") == pytest.approx(5)


def test_a_key_that_comes_while_the_file_is_fetched_is_in_time(
    call: Call, carrier: Carrier, customer: ScriptedCustomer
) -> None:
    found = silence(3)
    customer["/m.wav"] = WebAnswer(200, found.body, found.content_type, took=2)
    customer["/keys"] = "<Say>Merci</Say>"
    leg = call('<Gather numDigits="1" action="/keys"><Play>/m.wav</Play></Gather>')
    carrier.advance(1)
    leg.press("9")
    carrier.advance(1.5)
    assert leg.heard_text() == "Merci"


def test_a_caller_may_hang_up_while_the_file_is_fetched(
    call: Call, carrier: Carrier, customer: ScriptedCustomer
) -> None:
    customer["/m.wav"] = WebAnswer(200, silence(3).body, "audio/wav", took=2)
    leg = call(THEN)
    leg.hang_up()
    carrier.advance(5)
    assert (leg.heard, leg.ended_by) == ([], "caller")


@settings(deadline=None)
@given(
    seconds=st.integers(1, 5),
    tag=st.sampled_from([PCM, MU_LAW]),
    size=st.sampled_from([1, 2]),
    channels=st.integers(1, 2),
    rate=st.sampled_from([8000, 11025, 22050]),
    between=st.binary(max_size=9),
)
def test_the_length_is_in_the_header(
    seconds: int, tag: int, size: int, channels: int, rate: int, between: bytes
) -> None:
    head = form(tag=tag, rate=rate, size=size, channels=channels)
    data = bytes(seconds * rate * size * channels)
    assert sound_seconds(wav(chunk(b"LIST", between), head, chunk(b"data", data))) == seconds


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_a_broken_file_breaks_nothing(rest: bytes) -> None:
    body = wav(form(), chunk(b"data", bytes(160)))[:-100] + rest
    assert sound_seconds(body) >= 0
    with pytest.raises(ValueError, match="WAV"):
        sound_seconds(b"RIFF\0\0\0\0WAVE" + rest[:7])


def test_a_format_that_is_not_read_lasts_a_moment() -> None:
    assert sound_seconds(b"ID3\x03 and so on") == DEFAULT_PLAY_SECONDS


def test_the_trace_names_the_file(call: Call, carrier: Carrier) -> None:
    call("<Play>/sounds/m.wav?v=1</Play>")
    told = create_app(carrier).test_client().get("/page/trace?after=0&lang=en").json
    assert told is not None
    assert "06 39 98 00 01 hears a sound: m.wav." in [one["text"] for one in told["entries"]]


def test_what_is_heard_in_a_queue_is_marked(call: Call, carrier: Carrier, customer: ScriptedCustomer) -> None:
    customer["/wait"] = ["<Play>/m.wav</Play>", "<Leave/>"]
    leg = call('<Enqueue waitUrl="/wait">aide</Enqueue><Play>/n.wav</Play>')
    carrier.advance(4)
    shown = create_app(carrier).test_client().get(f"/control/calls/{leg.sid}").json
    assert shown is not None
    assert [one["waiting"] for one in shown["heard"]] == [True, False]
