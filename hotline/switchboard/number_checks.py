"""Whose a telephone number is: it is called, a code is read out, and who keys the code has the telephone."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

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
"""So long a code can be keyed."""
A_DAY: Final = timedelta(days=1)
MOST_TRIES: Final = 5
MOST_CALLS: Final = 3
"""Asked for by one account within `VALID`."""
MOST_A_DAY: Final = 6
"""Asked for by one account: with all its tries it guesses 30 times among 10,000 codes, 0.3 % a day."""
MOST_TO_A_NUMBER: Final = 3
"""An hour, whoever asks: it may be a stranger's telephone that rings."""
MOST_TO_A_NUMBER_A_DAY: Final = 6
AN_HOUR: Final = timedelta(hours=1)
RINGS: Final = timedelta(seconds=30)
"""So long after it was asked for a call may still ring."""
KEPT: Final = timedelta(days=1)
"""So long a proven number waits for the rest of what a mediator tells us."""


class Refusal(StrEnum):
    """Why a number cannot be somebody's."""

    NO_NUMBER = "no_number"
    THE_LINES = "the_lines"
    ANOTHERS = "anothers"
    """A colleague's, whose account is open."""
    IN_USE = "in_use"
    """It rings or talks for the line just now."""
    THEIRS_ALREADY = "theirs_already"


class NotUsable(Exception):
    """`holder`: the name of the colleague whose it is; only for whoever has proven that it is theirs."""

    def __init__(self, why: Refusal, holder: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.holder = holder


class TooManyCalls(Exception):
    """`until` then no more calls are made for this account, or to this number."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class RingsAlready(Exception):
    """The call that was asked for a moment ago may still ring: it reads the code."""


class Verdict(StrEnum):
    PROVEN = "proven"
    WRONG = "wrong"
    OVER = "over"
    """Too late, or tried too often: it takes another call."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The code was right, and the number is that of a colleague whose account is open."""

    holder: str


@dataclass(frozen=True, slots=True)
class ReadOut:
    """What whoever picks up is told."""

    code: str
    language: str


def begin(m: Moment, account: Account, text: str) -> NumberCheck:
    """A check of the number that somebody wrote; once committed, the carrier is to call it.

    Whose it is, nobody learns by asking: whatever a number is in the team, it is called alike, and only who
    keys the code goes on. Raises NotUsable, RingsAlready and TooManyCalls.
    """
    number = _usable(m, account, text)
    before = waiting(m.tx, account.id, m.now)
    if before is not None and before.number == number and m.now < before.begun_at + RINGS:
        raise RingsAlready
    kept.one_at_a_time(m.tx)
    kept.forget_calls(m.tx, m.now - A_DAY)
    until = _no_more_until(m, account.id, number)
    if until is not None:
        raise TooManyCalls(until)
    check = NumberCheck(account.id, number, new_code(), secrets.token_urlsafe(24), m.now)
    kept.begin(m.tx, check)
    return check


def _no_more_until(m: Moment, account: AccountId, number: str) -> datetime | None:
    """When the next call may be asked for; None: now."""
    mine = kept.calls_by(m.tx, account, m.now - A_DAY)
    to_it = kept.calls_to(m.tx, number, m.now - A_DAY)
    limits = (
        (mine, MOST_CALLS, VALID),
        (mine, MOST_A_DAY, A_DAY),
        (to_it, MOST_TO_A_NUMBER, AN_HOUR),
        (to_it, MOST_TO_A_NUMBER_A_DAY, A_DAY),
    )
    ends = [calls[most - 1] + within for calls, most, within in limits if len(calls) >= most]
    return max((end for end in ends if end > m.now), default=None)


def shown(lines: Lines) -> str:
    """The number that such a call shows: that of the first line."""
    return lines.lines[0].script.numbers[0]


def read_out(tx: Tx, token: str, now: datetime) -> ReadOut | None:
    """What that call says, even when another one was asked for meanwhile. None: nothing."""
    check = kept.of_call(tx, token)
    account = accounts.get(tx, check.account_id) if check else None
    if check is None or account is None or not _is_open(check, now):
        return None
    return ReadOut(check.code, account.language)


def waiting(tx: Tx, account: AccountId, now: datetime) -> NumberCheck | None:
    """The check whose code can still be keyed."""
    check = kept.of(tx, account)
    usable = check is not None and _is_open(check, now) and check.tries < MOST_TRIES
    return check if usable else None


def abilities_before(tx: Tx, account: AccountId, now: datetime) -> tuple[list[str], list[str]]:
    """The skills and languages of whoever has answered at the proven number so far; empty when nobody has."""
    number = proven(tx, account, now)
    before = mediators.by_number(tx, number) if number is not None else None
    return (mediators.skills(tx, before), mediators.languages(tx, before)) if before is not None else ([], [])


def proven(tx: Tx, account: AccountId, now: datetime) -> str | None:
    """The number that has been proven to be this account's, and is not written into its mediator yet."""
    check = kept.of(tx, account)
    if check is None or check.proven_at is None or check.proven_at <= now - KEPT:
        return None
    return check.number


def key(m: Moment, account: AccountId, code: str) -> Verdict | Taken:
    """A code was keyed; each attempt counts."""
    check = waiting(m.tx, account, m.now)
    if check is None or not kept.try_(m.tx, account, MOST_TRIES):
        return Verdict.OVER
    if not hmac.compare_digest(code.encode(), check.code.encode()):
        return Verdict.OVER if check.tries + 1 >= MOST_TRIES else Verdict.WRONG
    holder = _colleague(m.tx, check.number)
    if holder is not None:
        kept.end(m.tx, account)
        return Taken(holder.name)
    kept.prove(m.tx, account, m.now)
    return Verdict.PROVEN


def become_mediator(
    m: Moment, account: Account, languages: list[str], skills: list[str]
) -> MediatorId | None:
    """The account's own mediator, under the proven number. None when none is proven (any more).

    Whoever answers at that number already, without an account or with a closed one, becomes theirs, with all
    that was: shifts, talks, callers. Raises NotUsable when it has become a colleague's.
    """
    number = proven(m.tx, account.id, m.now)
    if number is None:
        return None
    mediator = mediators.by_number(m.tx, number)
    if mediator is None:
        mediator = duty.take_on(m, account.name, number, languages, skills)
    else:
        _take_over(m, mediator, account.name, languages, skills)
    accounts.change(m.tx, account.id, {"mediator_id": mediator})
    kept.end(m.tx, account.id)
    return mediator


def change_number(m: Moment, account: Account) -> bool:
    """The account's mediator is reached under the proven number from now on. False when none is proven.

    They stay the mediator that they are: whoever had the number without an open account has none from now on.
    Raises NotUsable when it has become a colleague's, or is in use.
    """
    number = proven(m.tx, account.id, m.now)
    if number is None or account.mediator_id is None:
        return False
    holder, before = _colleague(m.tx, number), mediators.by_number(m.tx, number)
    if holder is not None:
        raise NotUsable(Refusal.ANOTHERS, holder.name)
    if before is not None and not duty.free_number(m, before):
        raise NotUsable(Refusal.IN_USE)
    duty.change(m, account.mediator_id, number, (), ())
    kept.end(m.tx, account.id)
    return True


def _is_open(check: NumberCheck, now: datetime) -> bool:
    return check.proven_at is None and now < check.begun_at + VALID


def _usable(m: Moment, account: Account, text: str) -> str:
    """The number in E.164, said without looking whose it is in the team. Raises NotUsable."""
    try:
        number = m.lines.volunteers(text)
    except ValueError as error:
        raise NotUsable(Refusal.NO_NUMBER) from error
    if m.lines.are_called_at(number):
        raise NotUsable(Refusal.THE_LINES)
    if account.mediator_id is not None and mediators.by_number(m.tx, number) == account.mediator_id:
        raise NotUsable(Refusal.THEIRS_ALREADY)
    return number


def _take_over(m: Moment, mediator: MediatorId, name: str, languages: list[str], skills: list[str]) -> None:
    earlier = accounts.of_mediator(m.tx, mediator)
    if earlier is not None and not accounts.give_up_mediator(m.tx, earlier.id):
        raise NotUsable(Refusal.ANOTHERS, earlier.name)
    mediators.rename(m.tx, mediator, name)
    mediators.set_active(m.tx, mediator, True)
    duty.change(m, mediator, None, languages, skills)
    # a closed account's telephone is paused without end
    duty.come_back(m, mediator)


def _colleague(tx: Tx, number: str) -> Account | None:
    """Whose account is open and has that number."""
    mediator = mediators.by_number(tx, number)
    holder = accounts.of_mediator(tx, mediator) if mediator is not None else None
    return holder if holder is not None and holder.active else None
