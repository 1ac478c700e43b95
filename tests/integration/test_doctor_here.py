"""What `hotline doctor` says of settings, scripts, database, Redis and worker."""

from datetime import timedelta
from pathlib import Path

import pytest
from redis import Redis
from rq import SimpleWorker
from sqlalchemy.exc import OperationalError

from hotline.cli import doctor_here, embedded
from hotline.cli.doctor_findings import Installation, State
from tests import scripts
from tests.fakes import SetClock
from tests.integration import post_office
from tests.integration.accounts import account, api, carrier, front
from tests.integration.examined import Look, alive, look, worker_on
from tests.integration.post_office import HOST, Office
from tests.integration.shell import AMINA, Run, environ, run

__all__ = ["account", "alive", "api", "carrier", "environ", "front", "look", "run"]


def test_a_missing_setting_leaves_nothing_to_look_at(look: Look) -> None:
    report = look(SECRET_KEY="")
    assert report.words["settings"] == "SECRET_KEY is missing: set it in the environment"
    assert report.all(State.WRONG) == ["settings"]
    assert len(report.all(State.SKIPPED)) == len(report.states) - 1
    assert report.words["database"] == "not looked at: first put right settings"
    assert report.words["numbers"] == "not looked at: first put right scripts and token"
    assert report.code == 1


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("REDIS_URL", "//:hush-hush@127.0.0.1"),
        ("HOTLINE_PUBLIC_URL", "https://u:hush-hush@h/?"),
        ("TWILIO_API_BASE", "hush-hush"),
        ("HOTLINE_FICTION_NUMBERS", "hush-hush"),
        ("SECRET_KEY", "hush-hush"),
    ],
)
def test_a_setting_that_may_hold_a_password_is_not_repeated(look: Look, setting: str, value: str) -> None:
    report = look(**{setting: value})
    assert setting in report.words["settings"]
    assert report.states["settings"] == State.WRONG
    assert "hush" not in report.text


def test_a_script_with_a_mistake(look: Look, tmp_path: Path) -> None:
    (tmp_path / "lines").mkdir()
    text = (scripts.CONFIG / "lines" / "demo.toml").read_text(encoding="utf-8")
    (tmp_path / "lines" / "demo.toml").write_text(text.replace('region = "FR"', 'region = "XX"'), "utf-8")
    report = look(HOTLINE_CONFIG=str(tmp_path))
    assert report.words["scripts"].endswith("demo.toml: region: 'XX' is not a region like FR")
    assert report.words["numbers"] == "not looked at: first put right scripts"
    assert report.states["token"] == State.OK


def test_a_database_that_is_not_there_is_not_made(look: Look, tmp_path: Path) -> None:
    file = tmp_path / "below" / "other.sqlite3"
    report = look(DATABASE_URL=f"sqlite:///{file}")
    assert f"there is no file {file} yet: `hotline db upgrade` makes it" in report.words["database"]
    assert not file.parent.exists()
    assert report.words["migrations"] == "not looked at: first put right database"
    assert report.words["SECRET_KEY"] == "not looked at: first put right migrations"


def test_a_file_that_is_no_database(look: Look, tmp_path: Path) -> None:
    file = tmp_path / "other.sqlite3"
    file.write_text("a letter to grandmother " * 100)
    report = look(DATABASE_URL=f"sqlite:///{file}")
    assert report.words["database"] == "the file is no SQLite database: correct DATABASE_URL"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "DATABASE_URL must look like postgresql+psycopg://… or sqlite:///file"),
        ("sqlite://", "DATABASE_URL must look like postgresql+psycopg://… or sqlite:///file"),
        ("postgresql+psycopg://u:hush-hush@127.0.0.1:1/x", "no server listens there: start it, or correct"),
    ],
)
def test_an_address_of_no_database(look: Look, url: str, words: str) -> None:
    report = look(DATABASE_URL=url)
    assert report.words["database"].startswith(words)
    assert "hush" not in report.text


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ('FATAL:  password authentication failed for user "u"', "it refuses the user or the password"),
        ("fe_sendauth: no password supplied", "it refuses the user or the password"),
        ('FATAL:  role "u" does not exist', "it knows no such user"),
        ('FATAL:  database "x" does not exist', "the server has no such database"),
        ("failed to resolve host 'hush': Name or service not known", "its host is not known"),
        ("connection timeout expired", "its server does not answer"),
        ("attempt to write a readonly database", "this user may not write it"),
        ("unable to open database file", "this user may not open it"),
        ("database is locked", "another process keeps it locked"),
        ("the hush", "it cannot be used (Exception)"),
    ],
)
def test_what_a_database_says_is_put_in_our_words(message: str, words: str) -> None:
    said = doctor_here.database_trouble(OperationalError("SELECT", {}, Exception(message)))
    assert said.startswith(words)
    assert "hush" not in said


def test_a_database_behind(look: Look, tmp_path: Path) -> None:
    file = tmp_path / "empty.sqlite3"
    file.touch()
    report = look(DATABASE_URL=f"sqlite:///{file}")
    assert report.states["database"] == State.OK
    assert "run `hotline db upgrade`" in report.words["migrations"]


def test_another_secret(run: Run, look: Look) -> None:
    assert run("mediators", "add", "Amina", AMINA).exit_code == 0
    report = look(SECRET_KEY="quite another secret")
    assert "it is not the one that the numbers in the database were sealed with" in report.words["SECRET_KEY"]
    assert AMINA not in report.text
    assert look().states["SECRET_KEY"] == State.OK


def test_without_redis_it_is_said_what_that_means(look: Look) -> None:
    report = look()
    assert report.words["Redis"] == "`hotline serve` brings its own, as REDIS_URL is not set"
    assert (report.states["Redis"], report.states["worker"]) == (State.OK, State.NOTE)
    assert "it is a part of `hotline serve`" in report.words["worker"]


@pytest.mark.parametrize("url", ["redis://:hush-hush@127.0.0.1:1/0", "redis://127.0.0.1:1/0"])
def test_redis_away(look: Look, url: str) -> None:
    report = look(REDIS_URL=url)
    assert report.words["Redis"].startswith("no answer at REDIS_URL (")
    assert report.words["worker"] == "not looked at: first put right Redis"
    assert "hush" not in report.text


def test_redis_wants_a_password(look: Look) -> None:
    with embedded.running() as server:
        with Redis.from_url(server.url) as client:
            client.config_set("requirepass", "hush-hush")
        report = look(REDIS_URL=server.url)
        assert report.words["Redis"] == "it refuses the password in REDIS_URL, or wants one"
        assert look(REDIS_URL=f"{server.url}?password=hush-hush").states["Redis"] == State.OK


def test_no_worker(look: Look, redis_url: str) -> None:
    report = look(REDIS_URL=redis_url)
    assert report.words["worker"].startswith("none is running: start `hotline serve`, or `hotline worker`")


def test_a_worker_of_another_queue_is_none(look: Look, redis_url: str) -> None:
    worker_on(redis_url, "other")
    assert look(REDIS_URL=redis_url).words["worker"].startswith("none is running")


@pytest.mark.parametrize(("silent", "state"), [(59, State.OK), (61, State.WRONG)])
def test_a_worker_that_went_silent(account: dict[str, str], alive: str, silent: int, state: State) -> None:
    with Redis.from_url(alive) as client:
        (worker,) = SimpleWorker.all(connection=client)
    assert worker.last_heartbeat is not None
    now = SetClock(worker.last_heartbeat + timedelta(seconds=silent))
    found = doctor_here.worker(Installation(account | {"REDIS_URL": alive}, now))
    assert found.state == state
    if state == State.WRONG:
        assert found.words == "no sign of life for 61 s: restart it"


MAIL = {"HOTLINE_MAIL_FROM": "line@example.org", "HOTLINE_ALARM_TO": "amina@example.org"}


def test_alarms_that_go_to_the_log_alone_are_worth_a_word(look: Look) -> None:
    report = look()
    assert report.states["mail"] == State.NOTE
    assert "set HOTLINE_MAIL_URL, HOTLINE_MAIL_FROM and HOTLINE_ALARM_TO" in report.words["mail"]


def test_a_mail_server_is_greeted_and_given_nothing(look: Look) -> None:
    with post_office.opened(Office()) as office:
        report = look(HOTLINE_MAIL_URL=f"smtp://{HOST}:{office.port}", **MAIL)
    assert report.states["mail"] == State.OK, report.words["mail"]
    assert office.mails == []


def test_a_mail_server_that_does_not_know_us_or_is_not_there(look: Look) -> None:
    with post_office.opened(Office(password="another")) as office:
        url = f"smtp://line:hush-hush@{HOST}:{office.port}"
        report = look(HOTLINE_MAIL_URL=url, **MAIL)
    assert report.states["mail"] == State.WRONG
    assert "refuses the user or the password" in report.words["mail"]
    gone = look(HOTLINE_MAIL_URL=url, **MAIL)
    assert "alarms would not arrive (ConnectionRefusedError)" in gone.words["mail"]
    assert "hush" not in report.text + gone.text
