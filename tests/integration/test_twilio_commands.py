"""The command `twilio`: what it shows, sets and refuses, against the local carrier over real HTTP."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hotline.cli import main
from hotline.simulator.carrier import Carrier
from hotline.simulator.exchange import Line
from hotline.simulator.faults import RestFault
from hotline.simulator.trace import Kind
from hotline.telephony.account import webhooks
from hotline.telephony.urls import OVERRIDES
from tests import factories
from tests.integration.accounts import (
    ACCOUNT,
    Front,
    account,
    answering,
    api,
    carrier,
    front,
    hotline,
    line,
    served,
    two_lines,
)
from tests.integration.shell import Run, done, environ, refused, run

__all__ = ["account", "api", "carrier", "environ", "front", "line", "run"]

HOME = "https://line.example.org"
BIN = "https://handler.example.com/twiml/EH1"
WANTED = [
    ("VoiceUrl", f"{HOME}/voice/incoming{OVERRIDES}"),
    ("VoiceFallbackUrl", f"{HOME}/voice/fallback{OVERRIDES}"),
    ("StatusCallback", f"{HOME}/voice/status{OVERRIDES}"),
    ("SmsUrl", f"{HOME}/sms/incoming"),
]
CONNECTED = "The lines are connected. Now: hotline doctor"
Connect = Callable[..., Result]


@pytest.fixture
def connect(run: Run, account: dict[str, str]) -> Connect:
    return lambda *words, **changes: run("twilio", "connect", *words, **(account | changes))


def urls(line: Line) -> tuple[str, str, str, str]:
    return line.voice_url, line.fallback_url, line.status_url, line.sms_url


def methods(line: Line) -> tuple[str, str, str, str]:
    return line.voice_method, line.fallback_method, line.status_method, line.sms_method


def changed(carrier: Carrier) -> int:
    """How often something was set by REST."""
    return len(
        [entry for entry in carrier.trace if entry.params.get("method") == "POST" and entry.kind is Kind.REST]
    )


def test_the_difference_is_shown_and_then_set(connect: Connect, line: Line) -> None:
    line.voice_url, line.voice_method, line.sms_method = "https://elsewhere.example", "GET", "GET"
    shown = done(connect("--yes"))
    assert shown[:7] == [
        factories.LINE,
        f"  VoiceUrl: https://elsewhere.example -> {WANTED[0][1]}",
        "  VoiceMethod: GET -> POST",
        f"  VoiceFallbackUrl: (nothing) -> {WANTED[1][1]}",
        f"  StatusCallback: (nothing) -> {WANTED[2][1]}",
        f"  SmsUrl: (nothing) -> {WANTED[3][1]}",
        "  SmsMethod: GET -> POST",
    ]
    assert shown[7].startswith("The fallback is ours")
    assert "silent when this machine is down" in shown[7]
    assert shown[8:] == [CONNECTED]
    assert urls(line) == tuple(url for _, url in WANTED)
    assert methods(line) == ("POST", "POST", "POST", "POST")


def test_what_is_right_is_left_alone(connect: Connect, carrier: Carrier) -> None:
    done(connect("--yes"))
    assert done(connect())[1:2] == ["  already right"]
    assert changed(carrier) == 1


def test_a_dry_run_changes_nothing(connect: Connect, line: Line, carrier: Carrier) -> None:
    shown = done(connect("--dry-run"))
    assert shown[1] == f"  VoiceUrl: (nothing) -> {WANTED[0][1]}"
    assert shown[-1] == "Nothing was changed."
    assert (urls(line), changed(carrier)) == (("", "", "", ""), 0)


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize(("typed", "sets"), [("y\n", 1), ("n\n", 0), ("", 0)])
def test_it_asks_before_it_sets(account: dict[str, str], carrier: Carrier, typed: str, sets: int) -> None:
    result = CliRunner().invoke(main, ["twilio", "connect"], input=typed, env=account)
    assert "Change this at the carrier? [y/N]" in result.output
    assert (changed(carrier), result.exit_code) == (sets, 0 if sets else 1)
    if typed == "n\n":
        assert result.stderr == "Error: nothing was changed\n"


def test_a_connected_line_rings_here(run: Run, account: dict[str, str], carrier: Carrier) -> None:
    with hotline(account) as address:
        done(run("twilio", "connect", "--yes", **(account | {"HOTLINE_PUBLIC_URL": address})))
        leg = carrier.call(factories.CALLER, factories.LINE)
        carrier.advance(3)
        assert "Bonjour." in leg.heard_text()
        leg.hang_up()
        carrier.advance(3)
    asked = [(one.params["path"], one.params["status"]) for one in carrier.trace if one.kind is Kind.WEBHOOK]
    assert asked == [("/voice/incoming", 200), ("/voice/status", 204)]


def test_a_document_hosted_elsewhere_is_the_better_fallback(connect: Connect, line: Line) -> None:
    shown = done(connect("--yes", "--fallback", BIN))
    assert f"  VoiceFallbackUrl: (nothing) -> {BIN}" in shown
    assert "  VoiceFallbackMethod: POST -> GET" in shown
    assert "callers hear it even when this machine is down" in shown[-2]
    assert (line.fallback_url, line.fallback_method) == (BIN, "GET")


def test_such_a_document_is_not_given_up_unnoticed(connect: Connect, line: Line) -> None:
    done(connect("--yes", "--fallback", BIN))
    assert "this gives up a fallback hosted elsewhere" in connect("--dry-run").stderr
    assert "gives up" not in connect("--dry-run", "--fallback", BIN).stderr
    line.fallback_url = "https://earlier.example/voice/fallback"
    assert "gives up" not in connect("--dry-run").stderr


@pytest.mark.parametrize("fallback", ["EH1", "ftp://example.com/x", "https:///x"])
def test_a_fallback_that_is_no_address_is_refused(connect: Connect, fallback: str) -> None:
    refused(connect("--fallback", fallback), f"{fallback!r} is no address like https://")


def test_a_number_that_the_account_does_not_have(connect: Connect, carrier: Carrier) -> None:
    del carrier.lines[factories.LINE]
    carrier.add_line(f"{factories.LINE}5", voice_url="")
    result = connect("--yes")
    assert "WARNING: not in this account: buy it there" in result.stderr
    assert result.stderr.splitlines()[-1] == f"Error: not connected: {factories.LINE}"
    assert (result.exit_code, changed(carrier)) == (1, 0)


def test_the_others_are_connected_all_the_same(
    run: Run, account: dict[str, str], tmp_path: Path, line: Line
) -> None:
    result = run("twilio", "connect", "--yes", **(account | {"HOTLINE_CONFIG": two_lines(tmp_path)}))
    assert result.stderr.splitlines()[-1] == "Error: not connected: +33199009999"
    assert (result.exit_code, line.voice_url) == (1, WANTED[0][1])


OTHER = "what answers is not the carrier's REST interface"


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (401, "{}", "the carrier refuses TWILIO_ACCOUNT_SID with the first TWILIO_AUTH_TOKEN"),
        (404, "{}", "the carrier knows no such account"),
        (429, "{}", "takes no more requests just now (status 429): try again"),
        (500, "oh", "the carrier's REST interface is in trouble (status 500): try again later"),
        (302, "", f"{OTHER} (status 302)"),
        (200, "<h1>Hello</h1>", OTHER),
        (200, "[]", OTHER),
        (200, '{"numbers": []}', OTHER),
        (200, '{"incoming_phone_numbers": [{"sid": "PN1"}]}', OTHER),
        (200, '{"incoming_phone_numbers": ["PN1"]}', OTHER),
    ],
)
def test_what_the_carrier_refuses_is_said_plainly(
    connect: Connect, status: int, body: str, message: str
) -> None:
    with served(lambda _: answering(status, body)) as other:
        refused(connect("--yes", TWILIO_API_BASE=other), message, code=1)


def test_a_wrong_token(connect: Connect) -> None:
    refused(connect(TWILIO_AUTH_TOKEN="another"), "the carrier refuses TWILIO_ACCOUNT_SID", code=1)


def test_an_answer_that_is_lost_while_it_is_set(connect: Connect, carrier: Carrier) -> None:
    carrier.faults.rest = [RestFault("lost", path="IncomingPhoneNumbers/")]
    result = connect("--yes")
    assert (
        result.stderr == "Error: the carrier's REST interface is in trouble (status 500): try again later\n"
    )
    assert result.exit_code == 1
    assert "  already right" in done(connect("--yes"))


def test_a_carrier_out_of_reach(connect: Connect) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    result = connect(TWILIO_API_BASE=f"http://127.0.0.1:{port}")
    refused(result, "the carrier's REST interface is out of reach (ConnectionError)", code=1)


@pytest.mark.parametrize(
    ("public_url", "warnings"),
    [
        (HOME, []),
        ("http://line.example.org", ["not https://"]),
        ("https://localhost", ["cannot reach it"]),
        ("http://127.0.0.1:8000", ["cannot reach it", "not https://"]),
        ("https://192.168.1.20", ["cannot reach it"]),
        ("https://[fd00::1]", ["cannot reach it"]),
        ("https://machine", ["cannot reach it"]),
        ("https://machine.local", ["cannot reach it"]),
    ],
)
def test_an_address_of_little_use_is_allowed_with_a_warning(
    connect: Connect, line: Line, public_url: str, warnings: list[str]
) -> None:
    result = connect("--yes", HOTLINE_PUBLIC_URL=public_url)
    done(result)
    assert [warning in one for warning, one in zip(warnings, result.stderr.splitlines(), strict=True)] == [
        True for _ in warnings
    ]
    assert line.sms_url == f"{public_url}/sms/incoming"


def test_a_region_is_named(connect: Connect) -> None:
    shown = done(connect("--dry-run", TWILIO_REGION="ie1", TWILIO_EDGE="dublin"))
    assert shown[0] == "In the region ie1: it counts once calls to the numbers are routed there."
    assert "region" not in done(connect("--dry-run"))[0]


def test_an_application_that_answers_in_our_place(connect: Connect, front: Front) -> None:
    front.values["voice_application_sid"] = "AP1"
    result = connect("--yes")
    assert "VoiceApplicationSid is set, so the carrier ignores the addresses: add --clear" in result.stderr
    assert result.stderr.splitlines()[-1] == f"Error: not connected: {factories.LINE}"
    assert front.values["voice_application_sid"] == "AP1"
    shown = done(connect("--yes", "--clear-application"))
    assert "  VoiceApplicationSid: AP1 -> (nothing)" in shown
    assert shown[-1] == CONNECTED
    assert front.values["voice_application_sid"] == ""


def test_a_trunk_is_not_ours_to_clear(connect: Connect, front: Front) -> None:
    front.values["trunk_sid"] = "TK1"
    result = connect("--yes", "--clear-application")
    assert "TrunkSid is set, so the carrier ignores the addresses: remove the number from it" in result.stderr
    assert (result.exit_code, front.values["trunk_sid"]) == (1, "TK1")


def test_what_the_carrier_does_not_take_is_noticed(connect: Connect, front: Front) -> None:
    front.values["voice_url"] = "https://elsewhere.example"
    result = connect("--yes")
    assert result.stderr == (
        f"Error: {factories.LINE}: the carrier did not take VoiceUrl; set it in its console\n"
    )
    assert result.exit_code == 1


def test_a_number_for_calls_alone_gets_no_address_for_messages(
    connect: Connect, front: Front, line: Line
) -> None:
    front.values["capabilities"] = {"voice": True, "sms": False}
    assert not any("Sms" in shown for shown in done(connect("--yes")))
    assert line.sms_url == ""


def test_wishes_for_connections_stand_on_voice_addresses_of_ours_alone() -> None:
    ours, static = webhooks(HOME), webhooks(HOME, BIN)
    assert [name for name, value in ours.items() if "#" in value] == [
        "VoiceUrl",
        "VoiceFallbackUrl",
        "StatusCallback",
    ]
    assert static["VoiceFallbackUrl"] == BIN


def test_no_token_is_shown(connect: Connect) -> None:
    shown = connect("--yes", "--fallback", BIN).output + connect(TWILIO_AUTH_TOKEN="wrong-one").output
    assert "0123456789abcdef" not in shown
    assert "wrong-one" not in shown
    assert ACCOUNT not in shown
