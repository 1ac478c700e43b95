"""For every test: no number gets into a log; what is slow is done once, or cheaply."""

import re
from collections.abc import Iterator
from typing import Final

import pytest

from tests import quickly

NUMBERS: Final = re.compile(r"(\+|%2B)?33639980\d{3}|0639980\d{3}")
"""Of the tests' callers and mediators."""
THE_CARRIERS: Final = "/2010-04-01/"
"""Requests to the local carrier, whose addresses are the carrier's business."""


@pytest.fixture(scope="session", autouse=True)
def _quickly() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        quickly.once(patch)
        quickly.cheaply(patch)
        yield


@pytest.fixture(autouse=True)
def _no_number_in_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    said = [record.getMessage() for phase in ("setup", "call") for record in caplog.get_records(phase)]
    assert [one for one in said if NUMBERS.search(one) and THE_CARRIERS not in one] == []
