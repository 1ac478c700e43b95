"""Mails as files: each is whole, for its owner alone, and in order."""

from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from hotline import wiring
from hotline.mailing.folder import FolderMail
from hotline.switchboard.ports import MailTrouble
from tests import factories


def test_a_mail_is_a_file_that_can_be_read(tmp_path: Path, database_url: str) -> None:
    folder = tmp_path / "below" / "mails"
    settings = replace(factories.settings(database_url), mail_folder=folder)
    mail = wiring.build(settings).mail
    assert isinstance(mail, FolderMail)
    mail.send("Été", "Bonjour,\n\nà demain : http://127.0.0.1/a?b=c\n", to="amina@example.org")
    mail.send("Alarm", "Nobody is on duty.\n")
    first, second = (message_from_bytes(one.read_bytes(), policy=policy.default) for one in files(folder))
    body = first.get_body(("plain",))
    assert body is not None
    assert (first["To"], first["Subject"]) == ("amina@example.org", "Été")
    assert body.get_content() == "Bonjour,\n\nà demain : http://127.0.0.1/a?b=c\n"
    assert (second["To"], second["Subject"]) == ("coordinators@localhost", "Alarm")


def files(folder: Path) -> list[Path]:
    found = sorted(folder.iterdir())
    assert all(one.suffix == ".eml" for one in found), "none half written"
    assert all(one.stat().st_mode & 0o077 == 0 for one in [*found, folder])
    return found


@pytest.mark.parametrize(
    ("folder", "subject", "to"),
    [("/dev/null/mails", "a", "amina@example.org"), (None, "a\nBcc: b@example.org", "amina@example.org")],
)
def test_a_mail_that_cannot_be_written(tmp_path: Path, folder: str | None, subject: str, to: str) -> None:
    with pytest.raises(MailTrouble):
        FolderMail(Path(folder) if folder else tmp_path).send(subject, "text", to=to)
    assert list(tmp_path.glob("*.eml")) == []
