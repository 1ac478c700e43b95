"""The second factor set up on the telephone that shows the page: a link, and a key that can be copied."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from hotline.queue.roles import Role
from tests.dashboard.doors import EMAIL, Door
from tests.dashboard.visitor import Visitor

LINK = re.compile(r'href="(otpauth:[^"]+)"')
KEY = re.compile(r"<code>([A-Z2-7-]{16,})</code>")


def mistype(visitor: Visitor, page: str) -> str:
    """The page after a wrong code: the library builds the first one, we this one."""
    (action,) = re.findall(r'action="(/account/tf-(?:setup/|validate)[^"]*)"', page)
    answer = visitor.post(action, code="000000")
    return visitor.get(answer.location).text if answer.status_code == 302 else answer.text


@pytest.mark.parametrize("role", [Role.MEDIATOR, Role.COORDINATOR])
def test_a_link_gives_the_application_the_key_and_so_does_a_copy(door: Door, role: Role) -> None:
    door.account(role)
    visitor = door.browser()
    door.log_in(visitor)
    visitor.get("/account/tf-setup")
    page = visitor.post("/account/tf-setup", setup="authenticator").text
    for shown in (page, mistype(visitor, page)):
        (key,), (link,) = KEY.findall(shown), LINK.findall(shown)
        where = urlsplit(link.replace("&amp;", "&"))
        plain = key.replace("-", "")
        assert (where.netloc, parse_qs(where.query)["secret"]) == ("totp", [plain])
        (issuer,) = parse_qs(where.query)["issuer"]
        assert unquote(where.path) == f"/{issuer}:{EMAIL}"
        assert f'data-copy="{plain}"' in shown
        assert re.search(r'<button[^>]+data-copy="[^>]+ hidden>', shown), "it is the script that copies"
