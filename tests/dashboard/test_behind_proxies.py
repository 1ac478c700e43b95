"""Behind a proxy: who asks, under which path, and what is believed of what a proxy says."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hotline.app import create_app
from hotline.services import Services
from tests.dashboard.doors import EMAIL, Door
from tests.dashboard.visitor import PASSWORD, Visitor

PREFIX = "https://line.example.org/help"


def door(services: Services, **changes: object) -> FlaskClient:
    """The whole application with other settings."""
    settings = replace(services.settings, **changes)  # type: ignore[arg-type]  # any of its fields
    return create_app(replace(services, settings=settings)).test_client()


def guesses(client: FlaskClient, seen_as: Iterator[str]) -> list[int]:
    """The answers to twelve wrong passwords, each of which a proxy says to come from that address."""
    visitor = Visitor(client)
    visitor.get("/account/login")
    form = {"email": "amina@example.org", "password": "not this one", "csrf_token": visitor.token}
    headers = [{"X-Forwarded-For": address} for _n, address in zip(range(12), seen_as, strict=False)]
    return [client.post("/account/login", data=form, headers=one).status_code for one in headers]


def addresses(before: str = "", after: str = "") -> Iterator[str]:
    """Another address each time, with others before and after it."""
    for n in range(1, 100):
        yield f"{before}192.0.2.{n}{after}"


def test_without_proxies_nobody_is_believed(services: Services) -> None:
    assert guesses(door(services), addresses()) == [200] * 10 + [429] * 2


def test_a_proxy_tells_addresses_apart(services: Services) -> None:
    client = door(services, proxies=1)
    assert guesses(client, addresses()) == [200] * 12
    assert guesses(client, iter(["198.51.100.1"] * 12)) == [200] * 10 + [429] * 2


def test_what_was_said_before_our_own_proxies_is_not_believed(services: Services) -> None:
    assert guesses(door(services, proxies=1), addresses(after=", 198.51.100.1")) == [200] * 10 + [429] * 2
    assert guesses(door(services, proxies=2), addresses("x, ", ", 10.0.0.1")) == [200] * 12


@pytest.mark.parametrize("path", ["/help/desk", "/desk"])
def test_pages_lead_to_one_another_whether_the_proxy_strips_the_prefix_or_not(
    services: Services, path: str
) -> None:
    client = door(services, public_url=PREFIX)
    assert client.get(path).location.startswith("/help/account/login")
    login = client.get(path.replace("desk", "account/login"))
    assert 'action="/help/account/login"' in login.text


@pytest.mark.parametrize(("public_url", "path"), [(PREFIX, "/help"), ("https://line.example.org", "/")])
def test_cookies_go_to_our_own_pages_alone(services: Services, public_url: str, path: str) -> None:
    """What else is served by that name does not get them; and logging out takes them away again."""
    client = door(services, public_url=public_url)
    pages: Flask = client.application.extensions["pages"]
    known = Door(pages, services)
    known.account()
    visitor = Visitor(client)
    below = path.rstrip("/")
    visitor.get(f"{below}/account/login", base_url="https://line.example.org")
    form = {"email": EMAIL, "password": PASSWORD, "remember": "y", "csrf_token": visitor.token}
    more: dict[str, Any] = {"base_url": "https://line.example.org", "headers": {"Referer": public_url}}
    answer = client.post(f"{below}/account/login", data=form, **more)
    assert [re.findall("Path=([^;]+)", one) for one in answer.headers.getlist("Set-Cookie")] == [[path]] * 2
    visitor.get(f"{below}/profile", base_url="https://line.example.org")
    form = {"csrf_token": visitor.token}
    answer = client.post(f"{below}/account/logout", data=form, **more)
    cleared = [one for one in answer.headers.getlist("Set-Cookie") if "hotline_remember=;" in one]
    assert [re.findall("Path=([^;]+)", one) for one in cleared] == [[path]]


def test_cookies_go_over_https_alone_where_the_line_does(services: Services) -> None:
    cookie = door(services, public_url=PREFIX).get("/account/login").headers["Set-Cookie"]
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax"))
