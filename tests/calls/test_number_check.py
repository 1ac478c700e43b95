"""A new mediator's number: the carrier calls it, a code is heard, and nobody else can have it read out."""

import re
from datetime import timedelta
from typing import Literal

import pytest
import requests

from hotline.queue.ids import AccountId
from hotline.queue.roles import Role
from hotline.simulator.faults import RestFault
from hotline.simulator.phones import Phone
from hotline.store import accounts
from hotline.store.accounts import Account
from hotline.store.number_checks import NumberCheck
from hotline.switchboard import number_checks
from hotline.switchboard.number_checks import Taken, Verdict
from hotline.switchboard.ports import CarrierTrouble
from tests import factories
from tests.calls.stage import Stage

NUMBER = "+33639980123"


def newcomer(stage: Stage, language: str = "fr") -> Account:
    """Somebody with an account and no telephone yet."""
    now = stage.services.clock.now()
    add = stage.services.store.run(
        lambda tx: accounts.add(tx, "amina@example.org", "Amina", Role.MEDIATOR, language, "session", now)
    )
    with stage.services.store.reading() as tx:
        found = accounts.get(tx, AccountId(add))
    assert found is not None
    return found


def begin(stage: Stage, account: Account) -> NumberCheck:
    """As the page does it: first the check, then the call."""
    check = factories.at_once(stage.services, lambda m: number_checks.begin(m, account, NUMBER))
    shown = number_checks.shown(stage.services.lines)
    stage.services.carrier.call_up(check.number, shown, check.token)
    return check


def heard(stage: Stage, phone: Phone) -> str:
    """All that is said to whoever picks up."""
    assert stage.carrier.advance_until(lambda: phone.ringing_leg is not None, 5)
    leg = phone.ringing_leg
    assert leg is not None
    phone.answer()
    assert stage.carrier.advance_until(lambda: not leg.is_open, 60)
    return leg.heard_text()


def key(stage: Stage, account: Account, code: str) -> Verdict | Taken:
    return factories.at_once(stage.services, lambda m: number_checks.key(m, account.id, code))


def test_the_telephone_rings_and_the_code_is_heard_three_times(stage: Stage) -> None:
    account = newcomer(stage)
    begin(stage, account)
    phone = stage.carrier.register_phone(NUMBER, "Amina")
    assert stage.carrier.advance_until(lambda: phone.shows == factories.LINE, 5)
    words = heard(stage, phone)
    assert words.startswith("Bonjour, ici l'aide au numérique.")
    assert words.index("Si ce n'est pas vous, raccrochez : rien ne se passera.") < words.index("votre code")
    assert "Ne donnez ce code à personne au téléphone." in words
    said = re.findall(r"\d, \d, \d, \d", words)
    assert (len(said), len(set(said))) == (3, 1)
    assert key(stage, account, said[0].replace(", ", "")) is Verdict.PROVEN
    assert stage.carrier.violations == []


def test_the_code_is_said_in_the_language_of_the_account(stage: Stage) -> None:
    account = newcomer(stage, "en")
    begin(stage, account)
    assert "here is your code:" in heard(stage, stage.carrier.register_phone(NUMBER, "Amina"))


@pytest.mark.parametrize("token", ["", "unknown", "x" * 5000, "%00"])
def test_whoever_asks_without_a_check_is_hung_up_on(stage: Stage, token: str) -> None:
    document = stage.post(f"/voice/check?token={token}", CallSid="CA1", CallStatus="in-progress")
    assert "<Hangup" in document
    assert "<Say" not in document


def test_nobody_but_the_carrier_hears_a_code(stage: Stage) -> None:
    check = begin(stage, newcomer(stage))
    url = f"{stage.services.settings.public_url}/voice/check?token={check.token}"
    assert requests.post(url, timeout=10).status_code == 403


def test_a_call_that_is_answered_too_late_says_nothing(stage: Stage) -> None:
    check = begin(stage, newcomer(stage))
    stage.carrier.advance(timedelta(minutes=15).total_seconds())
    assert "<Say" not in stage.post(f"/voice/check?token={check.token}", CallSid="CA1")


def test_a_code_that_was_keyed_is_not_read_out_again(stage: Stage) -> None:
    account = newcomer(stage)
    check = begin(stage, account)
    key(stage, account, check.code)
    assert "<Say" not in stage.post(f"/voice/check?token={check.token}", CallSid="CA1")


def test_whoever_asked_again_hears_the_latest_code_in_either_call(stage: Stage) -> None:
    account = newcomer(stage)
    first = begin(stage, account)
    stage.carrier.advance(60)
    second = begin(stage, account)
    for check in (first, second):
        document = stage.post(f"/voice/check?token={check.token}", CallSid="CA1")
        assert ", ".join(second.code) in document


def test_whoever_picks_up_another_number_does_not_hear_the_code_of_the_right_one(stage: Stage) -> None:
    account = newcomer(stage)
    wrong = factories.at_once(stage.services, lambda m: number_checks.begin(m, account, "+33639980124"))
    begin(stage, account)
    assert "<Say" not in stage.post(f"/voice/check?token={wrong.token}", CallSid="CA1")


@pytest.mark.parametrize("does", ["500", "429"])
def test_a_carrier_that_refuses_is_told_of(stage: Stage, does: Literal["500", "429"]) -> None:
    stage.carrier.faults.rest.append(RestFault(does))
    with pytest.raises(CarrierTrouble):
        begin(stage, newcomer(stage))


def test_without_the_database_the_call_ends(stage: Stage) -> None:
    check = begin(stage, newcomer(stage))
    stage.store.sever()
    document = stage.post(f"/voice/check?token={check.token}", CallSid="CA1")
    assert "<Hangup" in document
    assert "<Say" not in document
