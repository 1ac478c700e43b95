"""The demonstration's page: accounts that open, right codes, mails; and none of it on a real line."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from hotline import dashboard
from hotline.cli.seed import DEMO, seed_demo
from hotline.dashboard import invitations
from hotline.dashboard.demo_accounts import PASSWORD
from hotline.mailing.folder import FolderMail
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import accounts, mediators
from tests.dashboard.doors import Door, is_in, link_in
from tests.dashboard.visitor import Visitor

COORDINATION = "coordination@demo.example.org"
AMINA = "amina@demo.example.org"


@pytest.fixture
def demo(services: Services, tmp_path: Path) -> Services:
    settings = replace(services.settings, mail_folder=tmp_path / "mails")
    made = replace(services, settings=settings, mail=FolderMail(tmp_path / "mails"))
    seed_demo(made)
    return made


@pytest.fixture
def door(demo: Services) -> Door:
    return Door(dashboard.create(demo), demo)


def row(page: str, email: str) -> str:
    (found,) = [part for part in page.split('<li class="account">') if email in part]
    return found


def test_all_mediators_have_an_account_of_their_own(demo: Services) -> None:
    with demo.store.reading() as tx:
        found = {one.email: one for one in accounts.every(tx)}
        assert len(found) == len(DEMO) + 2
        for one in DEMO:
            mediator = mediators.by_number(tx, one.number)
            assert (found[one.email].mediator_id, found[one.email].role) == (mediator, Role.MEDIATOR)
    assert found[COORDINATION].role is Role.COORDINATOR
    assert found["administration@demo.example.org"].role is Role.ADMINISTRATOR
    assert {"elise@demo.example.org", "chloe@demo.example.org"} < set(found)


def test_seeding_again_changes_no_account(demo: Services) -> None:
    with demo.store.reading() as tx:
        before = accounts.every(tx)
    seed_demo(demo)
    with demo.store.reading() as tx:
        assert accounts.every(tx) == before


def test_the_accounts_open_as_the_page_says(door: Door) -> None:
    page = door.browser().get("/demo").text
    assert PASSWORD in page
    assert not re.search(r">\d{6}<", row(page, AMINA)), "none is asked for"
    amina, coordination = door.browser(), door.browser()
    assert door.log_in(amina, PASSWORD, AMINA).location == "/"
    assert "Vous êtes disponible" in amina.get("/desk").text
    door.log_in(coordination, PASSWORD, COORDINATION)
    (code,) = re.findall(r">(\d{6})<", row(door.browser().get("/demo").text, COORDINATION))
    coordination.post("/account/tf-validate", code=code)
    assert is_in(coordination)


def test_mails_are_shown_with_links_that_can_be_clicked(door: Door) -> None:
    door.browser().post("/account/reset", email=AMINA)
    page = door.browser().get("/demo").text
    (link,) = set(re.findall(r'href="(http://127\.0\.0\.1:1/account/reset/[^"]+)"', page))
    assert f"à {AMINA}" in page
    assert door.browser().get(link_in(link)).status_code == 200


def test_the_accounts_are_those_that_the_password_opens(door: Door, demo: Services) -> None:
    """Somebody who has been invited chooses a password of their own."""
    with door.app.test_request_context():
        made = invitations.invite(demo, "zoe@demo.example.org", "Zoé", Role.MEDIATOR, send=False)
    visitor = door.browser()
    assert "zoe@demo" not in visitor.get("/demo").text
    path = link_in(made.link)
    visitor.get(path)
    visitor.post(path, password="une phrase à moi", again="une phrase à moi")
    page = door.browser().get("/demo").text
    assert "zoe@demo" not in page
    assert AMINA in page


def test_what_a_mail_holds_is_text(door: Door, demo: Services) -> None:
    demo.mail.send("<b>a</b>", "<script>alert(1)</script>", to=AMINA)
    page = door.browser().get("/demo").text
    assert "<script>alert" not in page
    assert "&lt;b&gt;a" in page


def test_nothing_is_shown_anew_until_there_is_something_new(door: Door, demo: Services) -> None:
    visitor = door.browser()
    (again,) = re.findall(r'hx-get="(/demo/now\?seen=\w+)"', visitor.get("/demo").text)
    assert visitor.get(again).status_code in (200, 204), "200: the six digits have changed just now"
    demo.mail.send("News", "text", to=AMINA)
    assert "News" in visitor.get(again).text


@pytest.mark.parametrize("host", ["example.com", "127.0.0.1.example.com", "192.0.2.1:8000"])
def test_it_is_shown_to_this_machine_alone(door: Door, host: str) -> None:
    assert door.browser("192.0.2.1").get("/demo").status_code == 404
    assert door.browser().get("/demo", base_url=f"http://{host}").status_code == 404
    assert door.browser().get("/demo", base_url="http://127.0.0.1:8002").status_code == 200


def test_a_real_line_has_no_such_page(services: Services, tmp_path: Path) -> None:
    for change in ({"mail_folder": None}, {"mail_folder": tmp_path, "fiction_numbers": False}):
        settings = replace(services.settings, **change)
        app: Flask = dashboard.create(replace(services, settings=settings))
        assert Visitor(app.test_client()).get("/demo").status_code == 404
