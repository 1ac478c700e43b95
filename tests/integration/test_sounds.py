"""The hold music as the carrier gets it: open, kept, in pieces, and played to its end without a gap."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from hotline import wiring
from hotline.app import create_app
from hotline.simulator.carrier import Carrier
from hotline.simulator.fetch import WebAnswer, WebRequest
from hotline.simulator.scripted import ScriptedCustomer
from hotline.telephony import music
from hotline.telephony.urls import Urls
from tests import factories

BASE = "https://line.example.org/hotline"
URLS = Urls(BASE)
each_part = pytest.mark.parametrize("part", range(music.PARTS))


@pytest.fixture
def web(tmp_path: Path) -> Iterator[FlaskClient]:
    nowhere = f"sqlite:///{tmp_path / 'none.sqlite3'}"
    services = wiring.build(factories.settings(nowhere, public_url=BASE))
    yield create_app(services).test_client()
    services.store.close()


def path(part: int) -> str:
    return urlsplit(URLS.music(part)).path


@each_part
def test_a_part_is_served_to_everybody(web: FlaskClient, part: int) -> None:
    answer = web.get(path(part))
    assert (answer.status_code, answer.mimetype) == (200, "audio/wav")
    assert answer.data == music.wav(part)
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert set(answer.headers["Cache-Control"].split(", ")) == {"public", "max-age=86400"}


def test_the_proxy_may_strip_the_prefix(web: FlaskClient) -> None:
    assert web.get(path(0).removeprefix("/hotline")).status_code == 200


def test_only_the_head_may_be_asked_for(web: FlaskClient) -> None:
    whole, head = web.get(path(1)), web.head(path(1))
    assert (head.status_code, head.data) == (200, b"")
    for name in ("Content-Length", "Content-Type", "Cache-Control", "ETag"):
        assert head.headers[name] == whole.headers[name]


def test_what_is_kept_is_not_sent_again(web: FlaskClient) -> None:
    tag = web.get(path(1)).headers["ETag"]
    again = web.get(path(1), headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert web.get(path(2), headers={"If-None-Match": tag}).status_code == 200


def test_telephones_in_browsers_ask_for_pieces(web: FlaskClient) -> None:
    piece = web.get(path(1), headers={"Range": "bytes=100-199"})
    assert (piece.status_code, piece.data) == (206, music.wav(1)[100:200])
    assert piece.headers["Content-Range"] == f"bytes 100-199/{len(music.wav(1))}"
    assert web.get(path(1), headers={"Range": "bytes=9999999-"}).status_code == 416


@pytest.mark.parametrize("name", [f"hold-{music.PARTS}.wav", "hold--1.wav", "hold-x.wav", "hold-0.mp3", ""])
def test_there_is_nothing_else(web: FlaskClient, name: str) -> None:
    assert web.get(f"/sounds/{name}").status_code == 404


def test_nothing_can_be_sent_there(web: FlaskClient) -> None:
    assert web.post(path(0)).status_code == 405


def test_counting_on_begins_again() -> None:
    assert [URLS.music(part) for part in range(music.PARTS, 2 * music.PARTS)] == [
        URLS.music(part) for part in range(music.PARTS)
    ]
    assert len({URLS.music(part) for part in range(music.PARTS)}) == music.PARTS
    assert all(urlsplit(URLS.music(part)).fragment == "" for part in range(music.PARTS))


def test_every_process_composes_the_same() -> None:
    """Or two workers would each say that what the other has sent is out of date."""
    program = (
        "import hashlib; from hotline.telephony.music import PARTS, wav\n"
        "raise SystemExit(hashlib.sha256(b''.join(wav(n) for n in range(PARTS))).hexdigest())"
    )
    here = hashlib.sha256(b"".join(music.wav(part) for part in range(music.PARTS))).hexdigest()
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert other.stderr.strip() == here


def test_a_carrier_plays_all_of_it_without_a_gap(web: FlaskClient) -> None:
    customer = ScriptedCustomer()
    parts = range(music.PARTS + 1)
    customer["/voice"] = "".join(f"<Play>{URLS.music(part)}</Play>" for part in parts)

    def fetch(request: WebRequest) -> WebAnswer:
        if "/sounds/" not in request.url:
            return customer(request)
        answer = web.get(urlsplit(request.url).path, headers=dict(request.headers))
        return WebAnswer(answer.status_code, answer.data, answer.content_type)

    start = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    carrier = Carrier(account_sid="AC1", auth_token="12345", start=start, fetch=fetch)
    carrier.add_line(factories.LINE, voice_url="http://customer.test/voice")
    leg = carrier.call(factories.CALLER, factories.LINE)
    carrier.advance(600)
    assert [one.audio for one in leg.heard] == [URLS.music(part) for part in parts]
    played = [*(one.at for one in leg.heard), leg.ended_at]
    assert played == [start + part * timedelta(seconds=music.PART_SECONDS) for part in range(len(played))]
