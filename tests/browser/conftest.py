"""Real browsers in front of a hotline whose carrier and clock are the test's own."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.browser.demonstration import address
from tests.browser.desks import IN_TIME, Desk, opened
from tests.calls.conftest import _stop_servers, make_stage
from tests.calls.stage import Stage
from tests.databases import _given, _template, database_url

__all__ = ["_given", "_stop_servers", "_template", "address", "database_url", "make_stage"]

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert chromium, "no chromium: `make browser` installs it, or CHROMIUM names one"
    expect.set_options(timeout=IN_TIME)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def stage(make_stage: Callable[..., Stage]) -> Stage:
    return make_stage()


@pytest.fixture
def open_desk(browser: Browser, stage: Stage) -> Iterator[Callable[..., Desk]]:
    """A mediator of the stage in front of a browser of their own; fails on any error of a page's script."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def make(name: str, **more: Any) -> Desk:
        desk = opened(browser, stage, name, problems, **more)
        contexts.append(desk.page.context)
        return desk

    yield make
    for context in contexts:
        context.close()
    assert problems == []
