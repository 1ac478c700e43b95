"""The command `doctor` as a whole, how it runs its checks, and those at the carrier, over real HTTP."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from threading import Event

import pytest

from hotline.cli import doctor_carrier
from hotline.cli.doctor_findings import Check, Finding, Installation, State, examine, fine
from hotline.simulator.carrier import Carrier
from hotline.simulator.exchange import Line
from hotline.simulator.faults import RestFault
from hotline.telephony.account import webhooks
from tests import factories
from tests.fakes import SetClock
from tests.integration.accounts import Front, account, answering, api, carrier, front, line, served
from tests.integration.examined import NOWHERE, Look, alive, home, look
from tests.integration.shell import environ, run

__all__ = ["account", "alive", "api", "carrier", "environ", "front", "home", "line", "look", "run"]

BIN = "https://handler.example.com/twiml/EH1"


def connected(line: Line, public_url: str, fallback: str | None = None) -> None:
    wanted = webhooks(public_url, fallback)
    line.voice_url, line.voice_method = wanted["VoiceUrl"], wanted["VoiceMethod"]
    line.fallback_url, line.fallback_method = wanted["VoiceFallbackUrl"], wanted["VoiceFallbackMethod"]
    line.status_url, line.sms_url = wanted["StatusCallback"], wanted["SmsUrl"]


def test_a_line_that_lacks_nothing(look: Look, home: str, line: Line, alive: str) -> None:
    connected(line, home)
    report = look(HOTLINE_PUBLIC_URL=home, REDIS_URL=alive)
    assert report.states == {
        "settings": "OK",
        "scripts": "OK",
        "database": "OK",
        "migrations": "OK",
        "SECRET_KEY": "OK",
        "Redis": "OK",
        "worker": "OK",
        "mail": "NOTE",
        "carrier": "OK",
        "token": "OK",
        "clock": "OK",
        "address": "NOTE",
        "web server": "OK",
        "unsigned": "OK",
        "signed": "OK",
        factories.LINE: "OK",
    }
    assert report.code == 0
    assert report.words[factories.LINE] == "asks us; its fallback is ours"


def test_one_mistake_is_enough_for_the_exit_code(look: Look, home: str) -> None:
    report = look(HOTLINE_PUBLIC_URL=home)
    assert (report.all(State.WRONG), report.code) == ([factories.LINE], 1)


def test_a_carrier_out_of_reach(look: Look) -> None:
    report = look(TWILIO_API_BASE=NOWHERE)
    assert report.words["carrier"].startswith(
        "the carrier's REST interface is out of reach (ConnectionError)"
    )
    assert report.words["token"] == report.words["clock"] == "not looked at: first put right carrier"
    assert report.words[factories.LINE] == "not looked at: first put right token"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (RestFault("500"), "the carrier's REST interface is in trouble (status 500): try again later"),
        (RestFault("429"), "the carrier takes no more requests just now (status 429): try again in a minute"),
    ],
)
def test_a_carrier_in_trouble(look: Look, carrier: Carrier, fault: RestFault, words: str) -> None:
    carrier.faults.rest = [fault]
    assert look().words["carrier"] == words


def test_a_wrong_token_leaves_the_clock(look: Look) -> None:
    report = look(TWILIO_AUTH_TOKEN="hush-hush")
    assert "refuses TWILIO_ACCOUNT_SID with the first TWILIO_AUTH_TOKEN" in report.words["token"]
    assert report.states["clock"] == State.OK
    assert report.words[factories.LINE] == "not looked at: first put right token"
    assert "hush" not in report.text


def test_something_that_is_not_the_carrier(look: Look) -> None:
    with served(lambda _: answering(200, "Hello")) as other:
        report = look(TWILIO_API_BASE=other)
    assert report.words["token"].startswith("what answers is not the carrier's REST interface")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "right"), (-25, "right"), (-40, "40 s fast, by the carrier's"), (40, "40 s slow, by the carrier's")],
)
def test_the_clock_is_compared_with_the_carriers(
    account: dict[str, str], front: Front, seconds: int, words: str
) -> None:
    now = datetime(2026, 11, 23, 10, tzinfo=UTC)
    front.date = format_datetime(now + timedelta(seconds=seconds), usegmt=True)
    found = doctor_carrier.clock(Installation(account, SetClock(now)))
    assert found.words.startswith(words)
    assert found.state == (State.OK if words == "right" else State.WRONG)


def test_a_carrier_that_does_not_tell_the_time(look: Look, front: Front) -> None:
    front.date = "some day"
    assert look().states["clock"] == State.NOTE


def test_a_number_that_the_account_does_not_have(look: Look, carrier: Carrier) -> None:
    del carrier.lines[factories.LINE]
    assert look().words[factories.LINE].startswith("the account does not have it: buy it there")


def test_a_number_that_asks_others(look: Look, line: Line) -> None:
    connected(line, NOWHERE)
    line.voice_url, line.sms_method = "https://elsewhere.example", "GET"
    assert look().words[factories.LINE] == (
        "VoiceUrl, SmsMethod not as expected: `hotline twilio connect` puts that right"
    )


def test_a_number_without_a_fallback(look: Look, line: Line) -> None:
    connected(line, NOWHERE)
    line.fallback_url = ""
    assert look().words[factories.LINE].startswith("VoiceFallbackUrl not as expected")


def test_a_fallback_hosted_elsewhere_is_as_expected(look: Look, line: Line) -> None:
    connected(line, NOWHERE, BIN)
    assert look().words[factories.LINE] == "asks us; its fallback is hosted elsewhere"


@pytest.mark.parametrize(
    ("field", "name"), [("voice_application_sid", "VoiceApplicationSid"), ("trunk_sid", "TrunkSid")]
)
def test_what_answers_in_our_place(look: Look, line: Line, front: Front, field: str, name: str) -> None:
    connected(line, NOWHERE)
    front.values[field] = "XX1"
    assert (
        look().words[factories.LINE].startswith(f"{name} answers in our place: see `hotline twilio connect")
    )


def test_trouble_with_one_number(look: Look, carrier: Carrier) -> None:
    # the first two answers are for token and clock
    carrier.faults.rest = [RestFault("slow", times=2, seconds=0), RestFault("500")]
    report = look()
    assert report.states["token"] == State.OK
    assert report.words[factories.LINE].startswith("the carrier's REST interface is in trouble")


def test_a_check_has_a_limit_of_time_and_the_next_is_run_all_the_same() -> None:
    never = Event()

    def waits(_here: Installation) -> Finding:
        never.wait()
        return fine("at last")

    checks = [Check("slow", waits), Check("quick", lambda _: fine("good"))]
    found = list(examine(Installation({}), checks, limit=0.02))
    never.set()
    assert found == [
        ("slow", Finding(State.WRONG, "nothing was heard within 0.02 s")),
        ("quick", fine("good")),
    ]


def test_a_check_that_breaks_is_one_line_all_the_same() -> None:
    def breaks(_here: Installation) -> Finding:
        raise ZeroDivisionError("hush-hush")

    assert list(examine(Installation({}), [Check("broken", breaks)])) == [
        ("broken", Finding(State.WRONG, "could not be looked at (ZeroDivisionError)"))
    ]


def test_what_was_skipped_is_not_there_for_others_either() -> None:
    checks = [
        Check("one", lambda _: Finding(State.WRONG, "bad")),
        Check("two", lambda _: fine("good"), ("one",)),
        Check("three", lambda _: fine("good"), ("two",)),
        Check("four", lambda _: Finding(State.NOTE, "well")),
        Check("five", lambda _: fine("good"), ("four",)),
    ]
    found = {name: finding.state for name, finding in examine(Installation({}), checks)}
    assert found == {"one": "WRONG", "two": "SKIPPED", "three": "SKIPPED", "four": "NOTE", "five": "OK"}
