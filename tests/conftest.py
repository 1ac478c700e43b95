"""For every test: no number of a caller or a mediator gets into a log; templates are compiled once."""

import re
from collections.abc import Iterator
from typing import Final

import pytest
from flask import Flask

from tests.templates import COMPILED

NUMBERS: Final = re.compile(r"(\+|%2B)?33639980\d{3}|0639980\d{3}")
"""Of the tests' callers and mediators."""
THE_CARRIERS: Final = "/2010-04-01/"
"""Requests to the local carrier, whose addresses are the carrier's business."""


@pytest.fixture(scope="session", autouse=True)
def _templates_are_compiled_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", Flask.jinja_options | {"bytecode_cache": COMPILED})
        yield


@pytest.fixture(autouse=True)
def _no_number_in_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    said = [record.getMessage() for phase in ("setup", "call") for record in caplog.get_records(phase)]
    assert [one for one in said if NUMBERS.search(one) and THE_CARRIERS not in one] == []
