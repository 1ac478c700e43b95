"""Requests that cannot be answered: each in plain words, with its own status, and one thing to do."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, abort
from werkzeug.test import TestResponse

from hotline import dashboard
from hotline.queue.ids import MediatorId
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import accounts
from tests import factories
from tests.dashboard.visitor import Visitor, account, visitor

LoggedIn = Callable[..., Visitor]
MAIN = re.compile(r'<a class="button main" href="([^"]+)">([^<]+)</a>')
STATUSES = [400, 403, 404, 405, 413, 500, 503]


@pytest.fixture
def app(services: Services) -> Iterator[Flask]:
    """With an address for each status."""
    made = dashboard.create(services)
    made.add_url_rule("/fails/<int:code>", "fails", abort)
    made.add_url_rule("/breaks", "breaks", breaks)
    yield made
    made.extensions["live"].close()


def breaks() -> str:
    raise RuntimeError("something that nobody thought of")


@pytest.fixture
def amina(services: Services) -> MediatorId:
    return factories.mediator(services, "Amina", factories.number(1))


def leads_to(answer: TestResponse) -> tuple[str, str]:
    """The one thing to do: where it leads, and what it says."""
    ((address, words),) = MAIN.findall(answer.text)
    return address, words


@pytest.mark.parametrize("status", STATUSES)
def test_every_error_is_a_page_in_the_frame(logged_in: LoggedIn, amina: MediatorId, status: int) -> None:
    me = logged_in(Role.MEDIATOR, mediator=amina)
    answer = me.get(f"/fails/{status}")
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert '<html lang="fr">' in answer.text
    assert "Rien n’est perdu" in answer.text
    assert answer.text.count("<h1>") == 1
    assert leads_to(answer) == ("/", "Retour à mon poste" if status < 500 else "Retour à l’accueil")
    assert not re.search(r"Bad Request|Forbidden|Not Found|Not Allowed|Server|Too Large", answer.text)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_pages_that_other_people_have(logged_in: LoggedIn, amina: MediatorId) -> None:
    me = logged_in(Role.MEDIATOR, mediator=amina)
    assert "Cette page ne vous est pas ouverte" in me.get("/people").text
    assert "Il n’y a rien à cette adresse" in me.get("/nowhere").text
    answer = me.get("/desk/1/take")
    assert (answer.status_code, set(answer.allow)) == (405, {"OPTIONS", "POST"})
    assert "On y arrive par un bouton" in answer.text


def test_what_is_too_long(logged_in: LoggedIn, amina: MediatorId) -> None:
    me = logged_in(Role.MEDIATOR, mediator=amina)
    answer = me.post("/profile/person", name="x" * 300_000)
    assert answer.status_code == 413
    assert "C’est trop long" in answer.text


@pytest.mark.parametrize(
    ("role", "link"),
    [(None, "Se connecter"), (Role.MEDIATOR, "Retour à l’accueil"), (Role.COORDINATOR, "Retour au tableau")],
)
def test_whoever_has_no_desk_is_led_elsewhere(
    app: Flask, services: Services, role: Role | None, link: str
) -> None:
    me = visitor(app, services, account(services, role) if role else None)
    assert leads_to(me.get("/nowhere"))[1] == link


def test_in_english(app: Flask, services: Services, amina: MediatorId) -> None:
    key = account(services, Role.MEDIATOR, amina)
    services.store.run(lambda tx: accounts.change(tx, key, {"language": "en"}))
    assert '<html lang="en">' in visitor(app, services, key).get("/nowhere").text
    nobody = visitor(app, services)
    assert '<html lang="en">' in nobody.get("/fails/503", headers={"Accept-Language": "en"}).text


@pytest.mark.parametrize("known", [True, False])
def test_a_form_from_another_session(
    app: Flask, services: Services, logged_in: LoggedIn, known: bool
) -> None:
    me = logged_in(Role.COORDINATOR) if known else visitor(app, services)
    me.token = "of another session"
    answer = me.post("/account/login")
    assert (answer.status_code, answer.headers["X-Refused"]) == (400, "session")
    assert "n’a pas été fait" in answer.text
    assert leads_to(answer) == (("/", "Retour au tableau") if known else ("/account/login", "Me reconnecter"))


def test_only_a_refused_session_is_called_so(logged_in: LoggedIn) -> None:
    me = logged_in(Role.COORDINATOR)
    answer = me.post("/people/invite", role="king")
    assert answer.status_code == 400
    assert "X-Refused" not in answer.headers


@pytest.mark.parametrize("status", STATUSES)
def test_the_pages_script_is_told_in_short(logged_in: LoggedIn, amina: MediatorId, status: int) -> None:
    me = logged_in(Role.MEDIATOR, mediator=amina)
    answer = me.client.get(f"/fails/{status}", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.mimetype) == (status, "text/plain")
    assert 0 < len(answer.text) < 80
    asked: Any
    for asked in ({"headers": {"Accept": "application/json"}}, {"json": {}}):
        answer = me.client.get(f"/fails/{status}", **asked)
        assert (answer.status_code, answer.mimetype) == (status, "application/json")
        assert set(answer.get_json()) == {"error"}


@pytest.mark.parametrize("sent", [{"headers": {"HX-Request": "true"}}, {"json": {"note": "x"}}])
def test_the_pages_script_is_told_of_a_refused_session(
    logged_in: LoggedIn, amina: MediatorId, sent: dict[str, Any]
) -> None:
    me = logged_in(Role.MEDIATOR, mediator=amina)
    answer = me.client.post("/desk/1/note", **sent)
    assert (answer.status_code, answer.headers["X-Refused"]) == (400, "session")
    assert len(answer.data) < 120


def test_what_breaks_is_said_without_the_database(
    app: Flask, services: Services, logged_in: LoggedIn, amina: MediatorId, monkeypatch: pytest.MonkeyPatch
) -> None:
    me = logged_in(Role.MEDIATOR, mediator=amina)
    assert "notre côté" in me.get("/breaks").text

    def away(*_args: object) -> None:
        raise RuntimeError("the database is away")

    monkeypatch.setattr(type(services.store), "reading", away)
    monkeypatch.setattr(type(services.store), "run", away)
    for path in ("/desk", "/breaks", "/fails/503", "/nowhere"):
        answer = me.get(path)
        assert (answer.status_code, answer.mimetype) == (503 if path == "/fails/503" else 500, "text/html")
        assert "Rien n’est perdu" in answer.text
        assert leads_to(answer) == ("/", "Retour à l’accueil")
    short = me.client.get("/desk/now", headers={"HX-Request": "true"})
    assert (short.status_code, short.mimetype) == (500, "text/plain")


@pytest.mark.parametrize("path", ["/invitation/the-secret", "/account/reset/the-secret"])
def test_a_link_that_opens_an_account_stands_in_no_log(
    app: Flask,
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    path: str,
) -> None:
    def away(*_args: object, **_more: object) -> None:
        raise RuntimeError("the database is away")

    for view in ("invitation.page", "security.reset_password"):
        monkeypatch.setitem(app.view_functions, view, away)
    assert visitor(app, services, page="/account/login").get(path).status_code == 500
    assert f"Exception on {path.replace('the-secret', '<token>')} [GET]" in caplog.text
    assert "the database is away" in caplog.text, "what went wrong is said"
    assert "the-secret" not in caplog.text


def test_a_file_that_is_not_there_is_not_kept_as_if_it_were(app: Flask, services: Services) -> None:
    answer = visitor(app, services).get("/static/nothing.css?v=1")
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"


def test_whose_talk_it_is_is_nobodys_business(logged_in: LoggedIn, amina: MediatorId) -> None:
    """A page all the same: somebody may have been sent there after logging in."""
    answer = logged_in(Role.MEDIATOR, mediator=amina).get("/desk/12/write-up")
    assert answer.status_code == 404
    assert "Il n’y a rien à cette adresse" in answer.text
