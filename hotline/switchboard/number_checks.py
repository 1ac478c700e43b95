"""Whose a telephone number is: it is called, a code is read out, and who keys the code has the telephone."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from hotline.ivr import numbers
from hotline.queue.ids import AccountId, MediatorId
from hotline.store import accounts, mediators
from hotline.store import number_checks as kept
from hotline.store.accounts import Account
from hotline.store.number_checks import NumberCheck
from hotline.store.transactions import Tx
from hotline.switchboard import duty
from hotline.switchboard.codes import new_code
from hotline.switchboard.lines import Lines
from hotline.switchboard.moment import Moment

VALID: Final = timedelta(minutes=15)
"""So long a code can be keyed, and so long calls are counted."""
MOST_TRIES: Final = 5
MOST_CALLS: Final = 3
KEPT: Final = timedelta(days=1)
"""So long a proven number waits for the rest of what a mediator tells us."""


class Refusal(StrEnum):
    """Why a number cannot be somebody's."""

    NO_NUMBER = "no_number"
    THE_LINES = "the_lines"
    ANOTHERS = "anothers"
    THEIRS_ALREADY = "theirs_already"


class NotUsable(Exception):
    def __init__(self, why: Refusal) -> None:
        super().__init__(why)
        self.why = why


class TooManyCalls(Exception):
    """`until` then no more calls are made for this account."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class Verdict(StrEnum):
    PROVEN = "proven"
    WRONG = "wrong"
    OVER = "over"
    """Too late, or tried too often: it takes another call."""


@dataclass(frozen=True, slots=True)
class ReadOut:
    """What whoever picks up is told."""

    code: str
    language: str


def begin(m: Moment, account: Account, text: str) -> NumberCheck:
    """A check of the number that somebody wrote; once committed, the carrier is to call it.

    Raises NotUsable and TooManyCalls.
    """
    number = _usable(m, account, text)
    before = kept.of(m.tx, account.id)
    counts = before is not None and before.counted_from > m.now - VALID
    counted_from, calls = (before.counted_from, before.calls) if before and counts else (m.now, 0)
    if calls >= MOST_CALLS:
        raise TooManyCalls(counted_from + VALID)
    code, token = new_code(), secrets.token_urlsafe(24)
    check = NumberCheck(account.id, number, code, token, m.now, calls + 1, counted_from)
    kept.begin(m.tx, check)
    return check


def shown(lines: Lines) -> str:
    """The number that such a call shows: that of the first line."""
    return lines.lines[0].script.numbers[0]


def read_out(tx: Tx, token: str, now: datetime) -> ReadOut | None:
    """What the call of that check says; None when there is no such check any more."""
    check = kept.by_token(tx, token)
    account = accounts.get(tx, check.account_id) if check else None
    if check is None or account is None or not _is_open(check, now):
        return None
    return ReadOut(check.code, account.language)


def waiting(tx: Tx, account: AccountId, now: datetime) -> NumberCheck | None:
    """The check whose code can still be keyed."""
    check = kept.of(tx, account)
    usable = check is not None and _is_open(check, now) and check.tries < MOST_TRIES
    return check if usable else None


def proven(tx: Tx, account: AccountId, now: datetime) -> str | None:
    """The number that has been proven to be this account's, and is not written into its mediator yet."""
    check = kept.of(tx, account)
    if check is None or check.proven_at is None or check.proven_at <= now - KEPT:
        return None
    return check.number


def key(m: Moment, account: AccountId, code: str) -> Verdict:
    """A code was keyed; each attempt counts."""
    check = waiting(m.tx, account, m.now)
    if check is None or not kept.try_(m.tx, account, MOST_TRIES):
        return Verdict.OVER
    if not hmac.compare_digest(code.encode(), check.code.encode()):
        return Verdict.OVER if check.tries + 1 >= MOST_TRIES else Verdict.WRONG
    kept.prove(m.tx, account, m.now)
    return Verdict.PROVEN


def become_mediator(
    m: Moment, account: Account, languages: list[str], skills: list[str]
) -> MediatorId | None:
    """The account's own mediator, under the proven number. None when none is proven (any more).

    Raises NotUsable when it has become another mediator's.
    """
    number = proven(m.tx, account.id, m.now)
    if number is None:
        return None
    if mediators.by_number(m.tx, number) is not None:
        raise NotUsable(Refusal.ANOTHERS)
    mediator = duty.take_on(m, account.name, number, languages, skills)
    accounts.change(m.tx, account.id, {"mediator_id": mediator})
    kept.end(m.tx, account.id)
    return mediator


def change_number(m: Moment, account: Account) -> bool:
    """The account's mediator is reached under the proven number from now on. False when none is proven.

    Raises NotUsable when it has become another mediator's.
    """
    number = proven(m.tx, account.id, m.now)
    if number is None or account.mediator_id is None:
        return False
    if mediators.by_number(m.tx, number) is not None:
        raise NotUsable(Refusal.ANOTHERS)
    duty.change(m, account.mediator_id, number, (), ())
    kept.end(m.tx, account.id)
    return True


def _is_open(check: NumberCheck, now: datetime) -> bool:
    return check.proven_at is None and now < check.begun_at + VALID


def _usable(m: Moment, account: Account, text: str) -> str:
    """The number in E.164. Raises NotUsable."""
    try:
        region = m.lines.lines[0].script.region
        number = numbers.written(text, region, fiction=m.lines.fiction_numbers)
    except ValueError as error:
        raise NotUsable(Refusal.NO_NUMBER) from error
    if any(number in line.script.numbers for line in m.lines.lines):
        raise NotUsable(Refusal.THE_LINES)
    owner = mediators.by_number(m.tx, number)
    if owner is not None:
        raise NotUsable(Refusal.THEIRS_ALREADY if owner == account.mediator_id else Refusal.ANOTHERS)
    return number
