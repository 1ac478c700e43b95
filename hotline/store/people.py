"""The whole team: accounts and mediators, with what each can do, in a few statements for all."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, select

from hotline.queue.ids import AccountId, MediatorId
from hotline.queue.roles import Role
from hotline.queue.shifts import Shift
from hotline.store import accounts, mediators, shifts
from hotline.store.accounts import Account, AccountRow
from hotline.store.mediators import Mediator, MediatorLanguageRow, MediatorRow, MediatorSkillRow
from hotline.store.shifts import covered, on_duty
from hotline.store.transactions import Tx


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account, with a telephone that rings, or with both."""

    account: Account | None
    mediator: Mediator | None
    skills: list[str]
    languages: list[str]
    shifts: list[Shift]
    is_on_duty: bool

    @property
    def name(self) -> str:
        if self.account is not None:
            return self.account.name
        return self.mediator.name if self.mediator is not None else ""


@dataclass(frozen=True, slots=True)
class _Abilities:
    skills: Mapping[int, list[str]]
    languages: Mapping[int, list[str]]
    shifts: Mapping[int, list[Shift]]
    on_duty: frozenset[int]

    def person(self, account: Account | None, mediator: Mediator | None) -> Person:
        if mediator is None:
            return Person(account, None, [], [], [], False)
        key = mediator.id
        return Person(
            account,
            mediator,
            self.skills.get(key, []),
            self.languages.get(key, []),
            self.shifts.get(key, []),
            key in self.on_duty,
        )


def every(tx: Tx, now: datetime) -> list[Person]:
    """Everybody, in no order: mediators who were added at the shell have no account."""
    known = _abilities(tx, now)
    answering = {one.id: one for one in mediators.every(tx)}
    found = [
        known.person(one, answering.pop(one.mediator_id, None) if one.mediator_id is not None else None)
        for one in accounts.every(tx)
    ]
    found += [known.person(None, one) for one in answering.values()]
    return found


def by_account(tx: Tx, account: AccountId, now: datetime) -> Person | None:
    found = accounts.get(tx, account)
    if found is None:
        return None
    mediator = mediators.get(tx, found.mediator_id) if found.mediator_id is not None else None
    return _one(tx, found, mediator, now)


def by_mediator(tx: Tx, mediator: MediatorId, now: datetime) -> Person | None:
    found = mediators.get(tx, mediator)
    if found is None:
        return None
    return _one(tx, accounts.of_mediator(tx, mediator), found, now)


def lock_administrators(tx: Tx) -> list[AccountId]:
    """Those whose account is open; locked, so that no two of them can both be the last but one."""
    found = select(AccountRow.id).where(AccountRow.role == Role.ADMINISTRATOR, AccountRow.active)
    return [
        AccountId(key)
        for key in tx.connection.execute(found.order_by(AccountRow.id).with_for_update()).scalars()
    ]


def _one(tx: Tx, account: Account | None, mediator: Mediator | None, now: datetime) -> Person:
    if mediator is None:
        return Person(account, None, [], [], [], False)
    key = mediator.id
    return Person(
        account,
        mediator,
        mediators.skills(tx, key),
        mediators.languages(tx, key),
        list(shifts.of(tx, key).values()),
        shifts.is_on_duty(tx, key, now),
    )


def _abilities(tx: Tx, now: datetime) -> _Abilities:
    rota: defaultdict[int, list[Shift]] = defaultdict(list)
    for _key, mediator, shift in shifts.every(tx):
        rota[mediator].append(shift)
    duty = on_duty(tx, now)
    covered_now = select(MediatorRow.id).where(covered(duty.zones))
    return _Abilities(
        skills=_by_mediator(tx, select(MediatorSkillRow.mediator_id, MediatorSkillRow.skill)),
        languages=_by_mediator(tx, select(MediatorLanguageRow.mediator_id, MediatorLanguageRow.language)),
        shifts=rota,
        on_duty=frozenset(tx.connection.execute(covered_now, duty.values).scalars()),
    )


def _by_mediator(tx: Tx, found: Select[int, str]) -> Mapping[int, list[str]]:
    words: defaultdict[int, list[str]] = defaultdict(list)
    rows: list[Row[int, str]] = sorted(tx.connection.execute(found), key=lambda row: row[1])
    for mediator, word in rows:
        words[mediator].append(word)
    return words
