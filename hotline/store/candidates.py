"""Who could take a place: the few rows that routing needs to see, found by index."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from itertools import starmap
from typing import Any, Final

from sqlalchemy import ColumnElement, Exists, Row, Select, and_, bindparam, exists, select
from sqlalchemy.sql.functions import aggregate_strings

from hotline.queue.ids import MediatorId
from hotline.queue.mediators import PRESENT, Availability
from hotline.queue.routing import Candidate, Need
from hotline.store.base import one_of
from hotline.store.mediators import COLUMNS, Mediator, MediatorLanguageRow, MediatorRow, MediatorSkillRow
from hotline.store.shifts import covered, on_duty
from hotline.store.transactions import Tx

LIMIT: Final = 20
"""So many of the longest idle are enough: whoever comes first among all comes first among these."""

_LANGUAGES = (
    select(aggregate_strings(MediatorLanguageRow.language, ","))
    .where(MediatorLanguageRow.mediator_id == MediatorRow.id)
    .scalar_subquery()
)
_SKILLS = (
    select(aggregate_strings(MediatorSkillRow.skill, ","))
    .where(MediatorSkillRow.mediator_id == MediatorRow.id)
    .scalar_subquery()
)


def free(tx: Tx, need: Need, now: datetime) -> list[Candidate]:
    """At most 20 eligible mediators, longest idle first, and the previous one; locked.

    One whom another transaction is just changing is passed over: that one matches them itself. (One whom a
    new place only names as `previous` is not being changed: hence FOR NO KEY UPDATE.)
    """
    duty = on_duty(tx, now)
    longest, this_one = _free(duty.zones, need.skill is not None)
    values = duty.values | _needed(need) | {"refused": list(need.refused_by)}
    rows = list(tx.connection.execute(longest, values))
    if need.previous is not None:
        rows += tx.connection.execute(this_one, values | {"key": need.previous})
    return _candidates(rows)


def anyone_present(tx: Tx, need: Need, now: datetime, but: MediatorId | None = None) -> bool:
    """Whether a suitable mediator is on duty, free or not: then waiting makes sense.

    `but`: one who does not count.
    """
    duty = on_duty(tx, now)
    found = _present(duty.zones, need.skill is not None)
    values = duty.values | _needed(need) | {"but": but or 0}
    return tx.connection.execute(found, values).first() is not None


def free_speaking(tx: Tx, language: str, now: datetime) -> set[MediatorId]:
    """Who could be rung just now for somebody who speaks that language, whatever they know."""
    duty = on_duty(tx, now)
    found = tx.connection.execute(_free_speaking(duty.zones), duty.values | {"language": language})
    return {MediatorId(key) for key in found.scalars()}


def to_hand_on_to(tx: Tx, language: str, by: MediatorId, now: datetime) -> list[Mediator]:
    """Whom somebody may hand a caller of that language on to just now, in no order."""
    duty = on_duty(tx, now)
    values = duty.values | {"language": language, "by": by}
    return list(starmap(Mediator, tx.connection.execute(_to_hand_on_to(duty.zones), values)))


def is_free(tx: Tx, mediator: MediatorId, now: datetime) -> bool:
    duty = on_duty(tx, now)
    return tx.connection.execute(_is_free(duty.zones), duty.values | {"key": mediator}).first() is not None


_AVAILABLE = one_of(MediatorRow.availability, [Availability.AVAILABLE])
_Row = tuple[int, Availability, bool, datetime, str, str]


@cache
def _free(zones: int, skilled: bool) -> tuple[Select[*_Row], Select[*_Row]]:
    """The longest idle of the eligible, and one eligible mediator."""
    duty = covered(zones)
    eligible = select(
        MediatorRow.id,
        MediatorRow.availability,
        duty.label("on_duty"),
        MediatorRow.idle_since,
        _LANGUAGES,
        _SKILLS,
    ).where(duty, suits(skilled), _AVAILABLE, MediatorRow.id.not_in(bindparam("refused", expanding=True)))
    unless_changing = eligible.with_for_update(of=MediatorRow, skip_locked=True, key_share=True)
    longest = unless_changing.order_by(MediatorRow.idle_since, MediatorRow.id).limit(LIMIT)
    return longest, unless_changing.where(MediatorRow.id == bindparam("key"))


@cache
def _present(zones: int, skilled: bool) -> Select[int]:
    present = one_of(MediatorRow.availability, PRESENT)
    others = MediatorRow.id != bindparam("but")
    return select(MediatorRow.id).where(covered(zones), suits(skilled), present, others).limit(1)


@cache
def _free_speaking(zones: int) -> Select[int]:
    return select(MediatorRow.id).where(_AVAILABLE, covered(zones), suits(skilled=False))


@cache
def _to_hand_on_to(zones: int) -> Select[*tuple[Any, ...]]:
    others = MediatorRow.id != bindparam("by")
    return select(*COLUMNS).where(_AVAILABLE, covered(zones), suits(skilled=False), others)


@cache
def _is_free(zones: int) -> Select[int]:
    found = select(MediatorRow.id).where(MediatorRow.id == bindparam("key"), _AVAILABLE, covered(zones))
    return found.with_for_update(of=MediatorRow, skip_locked=True, key_share=True)


def _needed(need: Need) -> dict[str, object]:
    return {"language": need.language, "skill": need.skill}


def suits(skilled: bool) -> ColumnElement[bool]:
    """The condition that a mediator's row speaks `language` and, if a skill is needed, has `skill`."""
    speaks_it = speaks(bindparam("language"))
    return and_(speaks_it, knows(bindparam("skill"))) if skilled else speaks_it


def speaks(language: ColumnElement[str]) -> Exists:
    """The condition that a mediator's row has that language."""
    return exists().where(
        MediatorLanguageRow.mediator_id == MediatorRow.id, MediatorLanguageRow.language == language
    )


def knows(skill: ColumnElement[str | None] | ColumnElement[str]) -> Exists:
    """The condition that a mediator's row has that skill."""
    return exists().where(MediatorSkillRow.mediator_id == MediatorRow.id, MediatorSkillRow.skill == skill)


def _candidates(rows: Iterable[Row[int, Availability, bool, datetime, str, str]]) -> list[Candidate]:
    return [
        Candidate(MediatorId(key), availability, bool(duty), idle_since, _set(languages), _set(skills))
        for key, availability, duty, idle_since, languages, skills in rows
    ]


def _set(joined: str | None) -> frozenset[str]:
    return frozenset(joined.split(",")) if joined else frozenset()
