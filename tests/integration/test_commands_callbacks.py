"""What a coordinator does at the shell for those who are to be called back, and about blocked numbers."""

import re
import wave
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hotline.ivr.events import Keyed, Silent
from hotline.queue.ids import LegSid
from hotline.queue.outcomes import Outcome
from hotline.queue.tickets import BestTime
from hotline.simulator.carrier import Carrier
from hotline.simulator.faults import RestFault
from hotline.store import callbacks, callers, tickets
from tests.factories import CALLER, LINE
from tests.integration.carriers import SECONDS, TOKEN, api_base, carrier, customer, recording
from tests.integration.desk import Desk, opened
from tests.integration.shell import Run, done, environ, refused, run

__all__ = ["api_base", "carrier", "customer", "environ", "recording", "run"]
FIRST, SECOND = LegSid("caller 1"), LegSid("caller 2")
OTHER = "+33639980002"
BEGAN = datetime(2024, 1, 15, 10, 0, tzinfo=UTC)
"""Long ago for the commands, which go by the wall clock."""


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """Nobody is on duty: whoever calls is to be called back."""
    with opened(database_url) as desk:
        desk.clock.instant = BEGAN
        yield desk


def promised(desk: Desk, leg: LegSid = FIRST, shown: str = CALLER) -> str:
    """The code that the caller was told."""
    desk.arrive(leg, shown)
    desk.key(leg, "2")
    desk.event(leg, 2, Keyed("0639980003") if shown == "anonymous" else Keyed("1"))
    for turn in (3, 4):
        desk.event(leg, turn, Silent())
    desk.caller_left(leg)
    desk.clock.pass_(60)
    return desk.ticket_of(leg).code


def message_of(desk: Desk, recording: str, leg: LegSid = FIRST) -> None:
    """A voice message of somebody who withholds their number."""
    desk.arrive(leg, "anonymous")
    desk.key(leg, "2")
    desk.recorded(leg, recording)
    desk.caller_left(leg)


# the list


def test_nobody_yet(run: Run, desk: Desk) -> None:
    assert done(run("callbacks")) == ["Nobody is to be called back."]


def test_in_the_order_of_the_places_with_all_that_whoever_calls_must_know(run: Run, desk: Desk) -> None:
    codes = [promised(desk), promised(desk, SECOND, "anonymous")]
    desk.at_once(lambda m: tickets.set_best(m.tx, desk.ticket_of(FIRST).id, BestTime.MORNING))
    message_of(desk, "RE1", LegSid("message"))
    about = "taxes, fr, best time:"
    assert done(run("callbacks")) == [
        f"   1  {CALLER}  code {codes[0]}  since 2024-01-15 11:00  {about} morning",
        f"   2  +33639980003  code {codes[1]}  since 2024-01-15 11:01  {about} any",
        "   3  no number: listen to the message  no code told"
        f"  since 2024-01-15 11:02  {about} any, message of 12 s",
    ]


def test_what_is_for_later_is_listed_apart(run: Run, desk: Desk) -> None:
    promised(desk)
    promised(desk, SECOND, OTHER)
    place = desk.due()[0].place
    at = datetime(2100, 6, 1, 12, 0, tzinfo=UTC)
    desk.at_once(lambda m: callbacks.postpone(m.tx, place, at))
    shown = done(run("callbacks"))
    assert [line.split()[0] for line in shown] == ["2", "Later:", "1", "not"]
    assert shown[-1] == "      not before 2100-06-01 14:00"


# attempts


def test_reached(run: Run, desk: Desk) -> None:
    promised(desk)
    told = done(run("callbacks", "reached", "1", "--note", "the form is sent"))
    assert told == ["Done: they are no longer in the list."]
    assert done(run("callbacks")) == ["Nobody is to be called back."]
    refused(run("callbacks", "reached", "1"), "ticket 1 is not to be called back; see: hotline callbacks")


def test_not_reached(run: Run, desk: Desk) -> None:
    promised(desk)
    before = datetime.now(UTC)
    told = done(run("callbacks", "not-reached", "1", "--note", "engaged"))
    assert told == ["Noted: they stay in the list, after a pause."]
    later, row, when, attempt = done(run("callbacks"))
    assert (later, row.split()[0]) == ("Later:", "1")
    assert re.fullmatch(r" {6}not before \d{4}-\d\d-\d\d \d\d:\d\d", when)
    assert re.fullmatch(r" {6}\d{4}-\d\d-\d\d \d\d:\d\d  not reached  engaged", attempt)
    with desk.services.store.reading() as tx:
        (due,) = callbacks.later(tx, before)
    assert due.not_before is not None
    assert timedelta() <= due.not_before - before - timedelta(hours=1) < timedelta(minutes=1)


def test_closing_wants_a_reason(run: Run, desk: Desk) -> None:
    promised(desk)
    refused(run("callbacks", "close", "1"), "Missing option '--note'")
    assert done(run("callbacks", "close", "1", "--note", "a wrong number")) == ["Closed."]
    assert done(run("callbacks")) == ["Nobody is to be called back."]


@pytest.mark.parametrize("verb", ["reached", "not-reached", "close"])
@pytest.mark.parametrize("ticket", ["7", "0", str(2**40), "x"])
def test_no_such_ticket(run: Run, desk: Desk, verb: str, ticket: str) -> None:
    result = run("callbacks", verb, ticket, "--note", "why")
    refused(result, "ticket 7 is not to be called back" if ticket == "7" else "Invalid value for 'TICKET'")


# a voice message


def test_a_message_is_fetched_from_the_carrier(
    run: Run, desk: Desk, api_base: str, recording: str, tmp_path: Path
) -> None:
    message_of(desk, recording)
    file = tmp_path / "message.wav"
    here = {"TWILIO_API_BASE": api_base, "TWILIO_AUTH_TOKEN": TOKEN}
    assert done(run("callbacks", "message", "1", "--to", str(file), **here)) == [f"12 seconds, in {file}"]
    with wave.open(str(file)) as sound:
        assert sound.getnframes() / sound.getframerate() == SECONDS


def test_each_message_is_a_file_of_its_own(
    run: Run, desk: Desk, api_base: str, carrier: Carrier, recording: str, tmp_path: Path
) -> None:
    message_of(desk, recording)
    carrier.exchange.recordings["RE2"] = carrier.exchange.recordings[recording]
    desk.recorded(FIRST, "RE2")
    (listed, *_) = done(run("callbacks"))
    assert listed.endswith("message of 12 s, message of 12 s")
    file, here = tmp_path / "left.wav", {"TWILIO_API_BASE": api_base, "TWILIO_AUTH_TOKEN": TOKEN}
    said = done(run("callbacks", "message", "1", "--to", str(file), **here))
    assert said == [f"12 seconds, in {file}", f"12 seconds, in {tmp_path / 'left-2.wav'}"]
    assert file.read_bytes() == (tmp_path / "left-2.wav").read_bytes()


def test_a_message_goes_into_no_folder_that_is_not_there(
    run: Run, desk: Desk, api_base: str, recording: str, tmp_path: Path
) -> None:
    message_of(desk, recording)
    file, here = tmp_path / "missing" / "left.wav", {"TWILIO_API_BASE": api_base, "TWILIO_AUTH_TOKEN": TOKEN}
    result = run("callbacks", "message", "1", "--to", str(file), **here)
    refused(result, f"{file} cannot be written: No such file or directory", code=1)


@pytest.mark.parametrize(("trouble", "status"), [("429", 429), ("gone", 404), ("a wrong token", 401)])
def test_a_message_that_the_carrier_does_not_hand_out(
    run: Run,
    desk: Desk,
    api_base: str,
    carrier: Carrier,
    recording: str,
    tmp_path: Path,
    trouble: str,
    status: int,
) -> None:
    message_of(desk, "RE0" if trouble == "gone" else recording)
    file, token = tmp_path / "message.wav", "wrong" if trouble == "a wrong token" else TOKEN
    if trouble == "429":
        carrier.faults.rest = [RestFault("429")]
    here = {"TWILIO_API_BASE": api_base, "TWILIO_AUTH_TOKEN": token}
    result = run("callbacks", "message", "1", "--to", str(file), **here)
    refused(result, f"the carrier does not hand it out just now (status {status})", code=1)
    assert not file.exists()


@pytest.mark.parametrize("ticket", ["1", "7"])
def test_there_is_no_message(run: Run, desk: Desk, tmp_path: Path, ticket: str) -> None:
    promised(desk)
    result = run("callbacks", "message", ticket, "--to", str(tmp_path / "message.wav"))
    refused(result, f"there is no voice message with ticket {ticket}")


# blocked numbers


def test_a_number_is_blocked_listed_and_taken_again(run: Run, desk: Desk) -> None:
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    assert done(run("blocks", "list")) == ["No number is blocked."]
    assert done(run("blocks", "add", "06 39 98 00 01", "--reason", "threats")) == [f"Blocked: {CALLER}"]
    assert done(run("blocks", "list")) == [f"{CALLER}  since {today}  until it is removed  threats"]
    assert done(run("blocks", "remove", CALLER)) == [f"No longer blocked: {CALLER}"]
    assert done(run("blocks", "list")) == ["No number is blocked."]


def test_for_so_many_days(run: Run, desk: Desk) -> None:
    before = datetime.now(UTC)
    done(run("blocks", "add", CALLER, "--reason", "threats", "--days", "7"))
    with desk.services.store.reading() as tx:
        (block,) = callers.blocks(tx)
    assert block.until is not None
    assert timedelta() <= block.until - before - timedelta(days=7) < timedelta(minutes=1)
    assert done(run("blocks", "list"))[0].endswith(f"until {block.until:%Y-%m-%d}  threats")


def test_whoever_is_blocked_at_the_shell_is_not_taken(run: Run, desk: Desk) -> None:
    done(run("blocks", "add", CALLER, "--reason", "threats"))
    desk.arrive(FIRST)
    desk.caller_left(FIRST)
    assert desk.became(FIRST) is Outcome.BLOCKED


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("add", CALLER), "Missing option '--reason'"),
        (("add", "123", "--reason", "threats"), "'123' is not a telephone number like +33 1 99 00 12 34"),
        (("add", CALLER, "--reason", "x" * 201), "a reason has at most 200 letters"),
        (("add", CALLER, "--reason", "threats", "--days", "0"), "Invalid value for '--days'"),
        (("add", LINE, "--reason", "threats"), "the line's own number"),
        (("remove", OTHER), f"{OTHER} is not blocked; see: hotline blocks list"),
        (("remove", "123"), "'123' is not a telephone number"),
    ],
)
def test_what_cannot_be_blocked_or_taken_again(
    run: Run, desk: Desk, words: tuple[str, ...], message: str
) -> None:
    refused(run("blocks", *words), message)
    assert done(run("blocks", "list")) == ["No number is blocked."]


@pytest.mark.parametrize("words", [["callbacks"], ["blocks", "list"], ["callbacks", "reached", "1"]])
def test_a_database_that_is_not_up_to_date(run: Run, tmp_path: Path, words: list[str]) -> None:
    refused(run(*words, DATABASE_URL=f"sqlite:///{tmp_path}/empty.sqlite3"), "hotline db upgrade")
