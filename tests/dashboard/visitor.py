"""Somebody in front of the dashboard: requests with the token of the forms, as a browser sends them."""

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hotline.dashboard import log_ins
from hotline.dashboard.users import User
from hotline.queue.ids import AccountId, MediatorId
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import accounts

TOKEN = re.compile(r'"X-CSRFToken": "([^"]+)"')
PASSWORD = "quatre mots bien choisis"


class Answer(TestResponse, Response):  # type: ignore[misc]  # as the client makes it by itself
    """As a person reads it: how wide a space is they do not see."""

    @property
    def text(self) -> str:
        return super().text.translate(
            dict.fromkeys(map(ord, "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"), " ")
        )


def browser(app: Flask) -> FlaskClient:
    made = app.test_client()
    made.response_wrapper = Answer
    return made


@dataclass
class Visitor:
    """`token` is that of the last whole page that was seen."""

    client: FlaskClient
    account: AccountId | None = None
    token: str = ""

    def get(self, path: str, **more: Any) -> TestResponse:
        answer = self.client.get(path, **more)
        found = TOKEN.search(answer.text) if answer.mimetype == "text/html" else None
        self.token = found[1] if found else self.token
        return answer

    def post(self, path: str, **form: Any) -> TestResponse:
        # whole, with what is done once it has been answered
        headers = {"X-CSRFToken": self.token}
        return self.client.post(path, data=form, headers=headers, buffered=True)

    def post_json(self, path: str, **body: Any) -> TestResponse:
        return self.client.post(path, json=body, headers={"X-CSRFToken": self.token})


def account(
    services: Services,
    role: Role = Role.MEDIATOR,
    mediator: MediatorId | None = None,
    email: str | None = None,
    name: str = "Amina",
) -> AccountId:
    """An account that has been taken up; without a password that would open it."""
    address = email or f"{role}-{mediator or 0}@example.org"
    session = f"session of {address}"
    now = services.clock.now()
    key = services.store.run(lambda tx: accounts.add(tx, address, name, role, "fr", session, now))
    services.store.run(lambda tx: accounts.change(tx, key, {"mediator_id": mediator}))
    return key


def visitor(
    app: Flask, services: Services, account_id: AccountId | None = None, page: str = "/board"
) -> Visitor:
    """Somebody who is logged in as that account (None: as nobody), and has opened a page."""
    made = Visitor(browser(app), account_id)
    if account_id is not None:
        with services.store.reading() as tx:
            found = accounts.get(tx, account_id)
        assert found is not None
        with made.client.session_transaction() as session:
            session["_user_id"] = log_ins.begun(User(found), services.clock.now())
            session["_fresh"] = True
            session["fs_cc"] = "set"
            session["fs_paa"] = services.clock.now().timestamp()
    made.get(page)
    return made


def cookie(app: Flask, services: Services, account_id: AccountId) -> str:
    """What a browser sends that is logged in as that account: `Cookie`, for requests made by other means."""
    found = visitor(app, services, account_id).client.get_cookie("hotline")
    assert found is not None
    return f"hotline={found.value}"
