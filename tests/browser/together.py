"""Two who act in one instant: their requests meet at the hotline, whichever browser was faster."""

from collections.abc import Iterable
from threading import Barrier, Lock
from typing import Any

from playwright.sync_api import Page, Response, Route

from tests.browser.desks import Desk
from tests.calls.stage import Stage

SECONDS = 15


def meet(stage: Stage, *paths: str) -> None:
    """The next requests whose paths end so wait for each other, and are then answered all at once."""
    inner, gate, lock, awaited = stage.app.wsgi_app, Barrier(len(paths)), Lock(), list(paths)

    def is_awaited(path: str) -> bool:
        with lock:
            found = next((end for end in awaited if path.endswith(end)), None)
            if found is not None:
                awaited.remove(found)
            return found is not None

    def application(environ: Any, start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST" and is_awaited(environ["PATH_INFO"]):
            gate.wait(SECONDS)
        return inner(environ, start_response)

    stage.app.wsgi_app = application  # type: ignore[method-assign]  # as Flask's own manual does it


def both_click(stage: Stage, one: Page, other: Page, name: str, path: str) -> None:
    """Both press that button; the hotline has both requests before it answers either."""
    meet(stage, path, path)
    with one.expect_response(f"**{path}") as first, other.expect_response(f"**{path}") as second:
        for page in (one, other):
            page.get_by_role("button", name=name).click()
    assert [answer.value.status for answer in (first, second)] == [200, 200]


def other_tab(desk: Desk, problems: list[str], path: str = "/desk") -> Page:
    page = desk.page.context.new_page()
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("response", lambda answer: _note(answer, problems))
    page.goto(path)
    return page


def _note(answer: Response, problems: list[str]) -> None:
    if answer.status >= 400:
        problems.append(f"{answer.status} {answer.url}")


def deaf_tab(desk: Desk, problems: list[str]) -> Page:
    """Another tab of theirs that is told no news: its stream is never answered."""

    def never(_route: Route) -> None:
        pass

    desk.page.context.route("**/live", never)
    return other_tab(desk, problems)
