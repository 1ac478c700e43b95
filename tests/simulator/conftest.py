"""A carrier with one line, whose customer answers from a table."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from hotline.simulator.carrier import Carrier
from hotline.simulator.legs import Leg
from hotline.simulator.scripted import ScriptedCustomer

LINE = "+33199001234"
CALLER = "+33639980001"
HOME = "http://customer.test"
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def customer() -> ScriptedCustomer:
    return ScriptedCustomer()


@pytest.fixture
def carrier(customer: ScriptedCustomer) -> Carrier:
    made = Carrier(account_sid="AC" + "0" * 32, auth_token="12345", start=START, fetch=customer)
    made.add_line(
        LINE, voice_url=f"{HOME}/voice", status_url=f"{HOME}/status", fallback_url=f"{HOME}/fallback"
    )
    return made


@pytest.fixture
def call(carrier: Carrier, customer: ScriptedCustomer) -> Callable[[str], Leg]:
    """Call the line, which answers with this document."""

    def place(inner: str) -> Leg:
        customer["/voice"] = inner
        return carrier.call(CALLER, LINE)

    return place
