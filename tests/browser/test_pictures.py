"""Pictures of the main pages: by `make pictures` into docs/images, else to see that they can be taken."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from hotline.queue.roles import Role
from tests.browser.desks import PHONE, Desk
from tests.calls.stage import Stage

pytestmark = pytest.mark.browser
FOLDER = os.environ.get("PICTURES")
FRAME = {"width": 1120, "height": 760}


def test_pictures(stage: Stage, open_desk: Callable[..., Desk], tmp_path: Path) -> None:
    folder = Path(FOLDER) if FOLDER else tmp_path

    def take(desk: Desk, name: str) -> None:
        desk.page.screenshot(path=folder / f"{name}.png")
        assert (folder / f"{name}.png").stat().st_size > 10_000

    stage.busy("Chloé")
    stage.mediator("Amina", "taxes")
    stage.mediator("Bruno", "work")
    amina = open_desk("Amina", viewport=FRAME)
    caller = stage.asks("2")
    assert stage.rings("Amina")
    expect(amina.scene).to_contain_text("Votre téléphone sonne")
    take(amina, "desk-offer")
    stage.connect(caller, stage.phones["Amina"])
    stage.holds("+33639980003")
    board = open_desk("Bruno", role=Role.COORDINATOR, path="/board", viewport=FRAME)
    expect(board.page.locator("#board")).to_contain_text("mpôts")
    take(board, "board")
    stage.leaves(caller)
    expect(amina.scene).to_contain_text("Comment s’est passé")
    amina.page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    amina.page.get_by_label("C’est résolu").check()
    take(amina, "desk-phone")
