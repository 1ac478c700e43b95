"""The settings of the dashboard: mails into a folder, and proxies in front."""

from pathlib import Path

import pytest

from hotline.settings import SettingsError, read

ENOUGH = {
    "HOTLINE_PUBLIC_URL": "https://line.example.org",
    "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000001",
    "TWILIO_AUTH_TOKEN": "token",
    "SECRET_KEY": "0123456789abcdef",
}
MAIL = {
    "HOTLINE_MAIL_URL": "smtp://127.0.0.1",
    "HOTLINE_MAIL_FROM": "line@example.org",
    "HOTLINE_ALARM_TO": "amina@example.org",
}


def test_mails_are_sent_or_written_down() -> None:
    assert read(ENOUGH).mail_folder is None
    assert read(ENOUGH | {"HOTLINE_MAIL_FOLDER": " "}).mail_folder is None
    found = read(ENOUGH | {"HOTLINE_MAIL_FOLDER": "/tmp/mails"})
    assert (found.mail_folder, found.mail) == (Path("/tmp/mails"), None)
    with pytest.raises(SettingsError, match=r"^HOTLINE_MAIL_FOLDER and HOTLINE_MAIL_URL exclude each other"):
        read(ENOUGH | MAIL | {"HOTLINE_MAIL_FOLDER": "/tmp/mails"})


@pytest.mark.parametrize(("value", "many"), [("", 0), (" ", 0), ("0", 0), (" 1 ", 1), ("9", 9)])
def test_proxies_in_front(value: str, many: int) -> None:
    assert read(ENOUGH | {"HOTLINE_PROXIES": value}).proxies == many
    assert read(ENOUGH).proxies == 0


@pytest.mark.parametrize("value", ["-1", "10", "one", "1.5", "²", "yes"])
def test_proxies_that_are_no_number(value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read(ENOUGH | {"HOTLINE_PROXIES": value})
    assert str(caught.value) == f"HOTLINE_PROXIES must be a number from 0 to 9, not {value!r}"
