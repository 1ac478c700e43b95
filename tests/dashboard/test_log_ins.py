"""One log-in: logging out ends it wherever its cookies have got to, and no other one; none lasts for ever."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from hotline import jobs
from hotline.dashboard import log_ins
from hotline.dashboard.invitations import invite
from hotline.jobs import log_ins as job
from hotline.queue.roles import Role
from hotline.services import Services
from hotline.store import logged_out
from hotline.store.logged_out import LoggedOutRow
from tests.dashboard.doors import EMAIL, Door, is_in
from tests.dashboard.statements import counted
from tests.dashboard.visitor import PASSWORD, Visitor, browser
from tests.fakes import SetClock

NOW = SetClock().now()
SESSION, REMEMBER = "hotline", "hotline_remember"


@pytest.fixture
def door(app: Flask, services: Services) -> Door:
    made = Door(app, services)
    made.account()
    return made


@pytest.fixture
def me(door: Door) -> Visitor:
    return inside(door)


def inside(door: Door) -> Visitor:
    """Logged in on a device that is to remember it."""
    visitor = door.browser()
    visitor.post("/account/login", email=EMAIL, password=PASSWORD, remember="y")
    visitor.get("/profile")
    return visitor


def copied(door: Door, visitor: Visitor, *names: str) -> Visitor:
    """Another browser, with these cookies of the visitor's."""
    thief = Visitor(browser(door.app))
    for name in names:
        cookie = visitor.client.get_cookie(name)
        assert cookie is not None, name
        thief.client.set_cookie(name, cookie.decoded_value)
    return thief


@pytest.mark.parametrize("names", [[SESSION], [REMEMBER], [SESSION, REMEMBER]])
def test_logging_out_ends_it_wherever_its_cookies_are(door: Door, me: Visitor, names: list[str]) -> None:
    assert is_in(copied(door, me, *names))
    used, unused = copied(door, me, *names), copied(door, me, *names)
    assert is_in(used)
    me.post("/account/logout")
    assert (is_in(used), is_in(unused), is_in(me)) == (False, False, False)


def test_it_ends_no_other_one(door: Door, me: Visitor) -> None:
    other = inside(door)
    me.post("/account/logout")
    assert is_in(other)
    assert is_in(inside(door))


def test_two_windows_may_log_out_at_once(services: Services) -> None:
    services.store.run(lambda tx: logged_out.add(tx, "a log-in", NOW))
    services.store.run(lambda tx: logged_out.add(tx, "a log-in", NOW + timedelta(days=1)))
    with services.store.reading() as tx:
        assert tx.connection.execute(select(LoggedOutRow.until)).scalars().all() == [NOW]


def test_an_invitation_that_is_taken_up_ends_whose_device_it_was(door: Door, me: Visitor) -> None:
    stolen = copied(door, me, SESSION)
    link = invite(door.services, "zoe@example.org", "Zoé", Role.MEDIATOR, send=False).link
    path = link.removeprefix(door.services.settings.public_url)
    me.get(path)
    me.post(path, password=PASSWORD, again=PASSWORD)
    assert (is_in(me), is_in(stolen)) == (True, False)


def test_open_pages_of_it_hear_no_more(door: Door, me: Visitor) -> None:
    other = inside(door)
    answers = [one.client.get("/live", buffered=False) for one in (me, other)]
    mine, theirs = [iter(one.response) for one in answers]
    for stream in (mine, theirs):
        assert b"hello" in next(stream)
    copied(door, me, SESSION).get("/board")
    me.post("/account/logout")
    for _word in mine:
        pass  # until its end
    assert b"event" in next(theirs)
    for answer in answers:
        answer.close()


def test_it_lasts_no_longer_than_it_lasts(door: Door, me: Visitor) -> None:
    assert isinstance(door.services.clock, SetClock)
    remembered = copied(door, me, REMEMBER)
    door.services.clock.pass_(log_ins.LASTS.total_seconds() - 1)
    assert (is_in(me), is_in(remembered)) == (True, True)
    door.services.clock.pass_(1)
    assert (is_in(me), is_in(remembered), is_in(copied(door, me, REMEMBER))) == (False, False, False)


def test_who_is_in_is_found_by_one_statement(door: Door, me: Visitor) -> None:
    with counted(door.services.store.engine) as sent:
        me.get("/account/change")
    assert len(sent) == 1


def test_a_cookie_from_before_log_ins_had_names_opens_nothing(door: Door) -> None:
    visitor = door.browser()
    with visitor.client.session_transaction() as session:
        session["_user_id"] = door.user().fs_uniquifier
        session["_fresh"] = True
    assert not is_in(visitor)


def test_what_would_have_ended_by_now_is_forgotten(door: Door, me: Visitor) -> None:
    services = door.services
    assert isinstance(services.clock, SetClock)
    me.post("/account/logout")
    jobs.use(services)
    for passed, left in ((timedelta(), 1), (log_ins.LASTS, 0)):
        services.clock.pass_(passed.total_seconds())
        job.forget()
        with services.store.reading() as tx:
            assert len(tx.connection.execute(select(LoggedOutRow.log_in)).all()) == left
