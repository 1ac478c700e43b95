"""What the carrier is asked over real HTTP: whether a leg is over, for a voice message, to delete one."""

import io
import wave
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from flask import Response, request

from hotline.queue.ids import LegSid
from hotline.simulator.carrier import Carrier
from hotline.simulator.faults import RestFault
from hotline.simulator.legs import Leg
from hotline.switchboard.ports import CarrierTrouble, Recording
from hotline.telephony.rest import MOST_RECORDINGS, TwilioCarrier
from tests import factories
from tests.integration.carriers import (
    ACCOUNT,
    SECONDS,
    TOKEN,
    adapter,
    answering,
    api_base,
    carrier,
    customer,
    hanging,
    held,
    recording,
    served,
)

__all__ = ["api_base", "carrier", "customer", "held", "recording"]
Ask = Callable[[TwilioCarrier], object]
QUESTIONS: list[Any] = [
    pytest.param(lambda one: one.is_over(LegSid("CA1")), id="is_over"),
    pytest.param(lambda one: one.recordings(LegSid("CA1")), id="recordings"),
    pytest.param(lambda one: one.message("RE1"), id="message"),
    pytest.param(lambda one: one.delete_message("RE1"), id="delete_message"),
]


# whether a leg is over


def test_a_leg_is_over_when_the_carrier_says_so(api_base: str, carrier: Carrier, held: Leg) -> None:
    asking = adapter(api_base)
    assert not asking.is_over(LegSid(held.sid))
    held.hang_up()
    carrier.advance(1)
    assert asking.is_over(LegSid(held.sid))


@pytest.mark.parametrize(
    ("status", "over"),
    [
        ("queued", False),
        ("initiated", False),
        ("ringing", False),
        ("in-progress", False),
        ("completed", True),
        ("busy", True),
        ("failed", True),
        ("no-answer", True),
        ("canceled", True),
        ("something new", False),
    ],
)
def test_each_status(status: str, over: bool) -> None:
    """One that is not known ends nobody's call."""
    body = f'{{"sid": "CA1", "status": "{status}"}}'
    with served(answering(lambda: Response(body, 200, mimetype="application/json"))) as base:
        assert adapter(base).is_over(LegSid("CA1")) is over


@pytest.mark.parametrize("body", ['{"sid": "CA1"}', '{"status": null}', "{}", "[]", "null", "<h1>Hello</h1>"])
def test_an_answer_without_a_status_ends_nobody_s_call(body: str) -> None:
    with (
        served(answering(lambda: Response(body, 200, mimetype="application/json"))) as base,
        suppress(CarrierTrouble),
    ):
        assert not adapter(base).is_over(LegSid("CA1"))


def test_a_leg_that_the_carrier_does_not_know_is_not_over(api_base: str) -> None:
    """It may be that of another account."""
    with pytest.raises(CarrierTrouble, match=r"^status 404, code 20404$"):
        adapter(api_base).is_over(LegSid("CA1"))


# what was recorded on a leg


def test_the_recordings_of_a_leg_are_its_own(api_base: str, carrier: Carrier, recording: str) -> None:
    (speaker,) = carrier.legs.values()
    other = carrier.call(factories.CALLER, factories.LINE)
    found = adapter(api_base).recordings(LegSid(speaker.sid))
    assert found == [Recording(recording, SECONDS, finished=True)]
    assert adapter(api_base).recordings(LegSid(other.sid)) == []


def test_that_the_carrier_does_not_know_a_leg_says_nothing_of_its_recordings(api_base: str) -> None:
    with pytest.raises(CarrierTrouble, match=r"^status 404$"):
        adapter(api_base).recordings(LegSid("CA1"))


@pytest.mark.parametrize(
    ("status", "duration", "found"),
    [
        ("completed", '"12"', [Recording("RE1", 12, finished=True)]),
        ("completed", "12", [Recording("RE1", 12, finished=True)]),
        ("completed", '"9999999"', [Recording("RE1", 86400, finished=True)]),
        ("in-progress", '"-1"', [Recording("RE1", 0, finished=False)]),
        ("paused", "null", [Recording("RE1", 0, finished=False)]),
        ("stopped", '""', [Recording("RE1", 0, finished=False)]),
        ("processing", '"12"', [Recording("RE1", 12, finished=False)]),
        ("something new", '"12"', [Recording("RE1", 12, finished=False)]),
        ("absent", '"0"', []),
        ("failed", '"0"', []),
    ],
)
def test_each_status_of_a_recording(status: str, duration: str, found: list[Recording]) -> None:
    body = f'{{"recordings": [{{"sid": "RE1", "status": "{status}", "duration": {duration}}}]}}'
    with served(answering(lambda: Response(body, 200, mimetype="application/json"))) as base:
        assert adapter(base).recordings(LegSid("CA1")) == found


def test_the_oldest_recording_comes_first() -> None:
    """The carrier lists the newest first; an answer whose pages never end is read no further."""
    one = '{{"sid": "RE{}", "status": "completed", "duration": "1"}}'
    listed = ", ".join(one.format(n) for n in (2, 1))
    body = f'{{"recordings": [{listed}], "next_page_uri": "/2010-04-01/again.json"}}'
    with served(answering(lambda: Response(body, 200, mimetype="application/json"))) as base:
        names = [one.name for one in adapter(base).recordings(LegSid("CA1"))]
    assert len(names) == MOST_RECORDINGS
    assert names[-2:] == ["RE1", "RE2"]


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        "[]",
        "null",
        "<h1>Hello</h1>",
        '{"recordings": null}',
        '{"recordings": [null]}',
        '{"recordings": [{"status": "completed"}]}',
        '{"message": "Hello"}',
    ],
)
def test_an_answer_without_a_list_does_not_say_that_there_is_nothing(body: str) -> None:
    with (
        served(answering(lambda: Response(body, 200, mimetype="application/json"))) as base,
        pytest.raises(CarrierTrouble),
    ):
        adapter(base).recordings(LegSid("CA1"))


# a voice message


def test_a_message_is_the_sound_itself(api_base: str, recording: str) -> None:
    with wave.open(io.BytesIO(adapter(api_base).message(recording))) as sound:
        assert sound.getnframes() / sound.getframerate() == SECONDS


def test_a_message_that_is_gone_is_trouble(api_base: str) -> None:
    with pytest.raises(CarrierTrouble):
        adapter(api_base).message("RE1")


def test_a_deleted_message_is_gone_and_deleting_it_again_is_fine(
    api_base: str, carrier: Carrier, recording: str
) -> None:
    asking = adapter(api_base)
    for _ in range(2):
        asking.delete_message(recording)
        assert carrier.exchange.recordings == {}


def test_a_wrong_token_deletes_nothing_and_says_so(api_base: str, carrier: Carrier, recording: str) -> None:
    with pytest.raises(CarrierTrouble, match="status 401"):
        adapter(api_base, tokens=("wrong",)).delete_message(recording)
    assert list(carrier.exchange.recordings) == [recording]


# where the sound lies elsewhere


def signs_in() -> Response:
    """Says with which name the request was signed in, if it was."""
    given = request.authorization
    told = "nobody" if given is None else f"{given.username} {given.password}"
    return Response(f"{told}; {sorted(request.headers.keys())}", 200)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_elsewhere_nobody_learns_our_token(host: str) -> None:
    """Another name, or another port of the same machine."""
    with served(answering(signs_in)) as storage:
        there = storage.replace("127.0.0.1", host)
        with served(answering(lambda: Response("", 302, {"Location": f"{there}/RE1.wav"}))) as base:
            told = adapter(base).message("RE1").decode()
    assert told.startswith("nobody; ")
    assert "Authorization" not in told
    assert TOKEN not in told


def test_the_carrier_itself_does() -> None:
    """So the test above can fail."""
    with served(answering(signs_in)) as base:
        told = adapter(base).message("RE1").decode()
    assert told.startswith(f"{ACCOUNT} {TOKEN}; ")


def test_a_redirection_that_never_ends_is_trouble() -> None:
    with (
        served(answering(lambda: Response("", 302, {"Location": "/again"}))) as base,
        pytest.raises(CarrierTrouble, match=r"^TooManyRedirects$"),
    ):
        adapter(base).message("RE1")


# trouble


@pytest.mark.parametrize("ask", QUESTIONS)
@pytest.mark.parametrize("fault", ["429", "500"])
def test_a_carrier_that_refuses_is_in_trouble(api_base: str, carrier: Carrier, fault: Any, ask: Ask) -> None:
    carrier.faults.rest = [RestFault(fault)]
    with pytest.raises(CarrierTrouble):
        ask(adapter(api_base))
    assert carrier.faults.rest[0].times == 0


@pytest.mark.parametrize("ask", QUESTIONS)
def test_a_carrier_that_does_not_answer_is_given_up(ask: Ask) -> None:
    with hanging() as base, pytest.raises(CarrierTrouble, match=r"^ReadTimeout$"):
        ask(adapter(base, timeout=0.05))


@pytest.mark.parametrize("ask", QUESTIONS)
def test_no_proxy_and_no_password_file_of_the_environment_comes_between(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, ask: Ask
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    seen: list[Any] = []

    def note() -> Response:
        seen.append(request.authorization)
        is_list = request.path.endswith("/Recordings.json")
        body = '{"recordings": []}' if is_list else '{"status": "completed"}'
        return Response(body, 204 if request.method == "DELETE" else 200)

    with served(answering(note)) as base:
        ask(adapter(base))
    (given,) = seen
    assert (given.username, given.password) == (ACCOUNT, TOKEN)
