"""A demonstration as `make run` starts it, every process real, and the telephones on its page."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page

from hotline.cli.readiness import next_free

READY = "To stop everything: Ctrl-C."
IN_TIME = 25_000


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running demonstration; the address of the page that it names."""
    port = next_free("127.0.0.1", 22_000 + os.getpid() % 1000 * 2)
    folder = tmp_path_factory.mktemp("newcomer") / "demo"
    argv = [sys.executable, "-m", "hotline.cli", "demo", "--no-open", "--port", str(port)]
    with subprocess.Popen(
        [*argv, "--folder", str(folder)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as demo:
        try:
            yield _named(demo)
        finally:
            demo.terminate()


def _named(demo: subprocess.Popen[str]) -> str:
    assert demo.stdout is not None
    said = ""
    for line in demo.stdout:
        said += line
        if READY in line:
            found = re.search(r"To open in a browser: (\S+)", said)
            assert found, said
            return found[1]
    raise AssertionError(f"the demonstration did not come up: {said}")


def caller(page: Page) -> Locator:
    return page.get_by_role("region", name="Téléphone de l’appelant·e")


def telephone(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=f"Téléphone de {name}")


def press(phone: Locator, key: str) -> None:
    phone.get_by_role("button", name=f"Touche {key}", exact=True).click()
