"""How many are before a caller: those whom a mediator may take who could also take the caller."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, literal, or_, select, tuple_

from hotline.queue.mediators import PRESENT
from hotline.store.base import Instant, one_of
from hotline.store.candidates import knows, speaks, suits
from hotline.store.mediators import MediatorRow
from hotline.store.places import ON_THE_LINE, Place, PlaceRow
from hotline.store.shifts import covered, on_duty
from hotline.store.transactions import Tx


@dataclass(frozen=True, slots=True)
class Line:
    """Where a caller stands, and who serves those up to them."""

    position: int
    """1 for whoever is next."""
    needs: frozenset[tuple[str, str | None]]
    """Languages and skills of those who are counted, the caller among them."""


def line_up(tx: Tx, place: Place, now: datetime) -> Line:
    """Before a caller is whoever has waited for longer and whom a mediator could take who could take the
    caller too, and is on duty, free or not; and whoever has waited for longer and needs just the same.
    """
    duty = on_duty(tx, now)
    values = {
        "language": place.language,
        "skill": place.skill,
        "queued_at": place.queued_at,
        "key": place.id,
    }
    rows = tx.connection.execute(_before(duty.zones, place.skill is not None), duty.values | values).all()
    needs = frozenset((language, skill) for language, skill, _ in rows)
    return Line(sum(callers for _, _, callers in rows) + 1, needs | {(place.language, place.skill)})


def serving(tx: Tx, line: Line, now: datetime) -> int:
    """How many mediators on duty, free or not, could take one of those who are counted."""
    duty = on_duty(tx, now)
    suitable = or_(*(_suits(language, skill) for language, skill in sorted(line.needs, key=str)))
    found = (
        select(func.count())
        .select_from(MediatorRow)
        .where(covered(duty.zones), one_of(MediatorRow.availability, PRESENT), suitable)
    )
    return tx.connection.execute(found, duty.values).scalar_one()


def _suits(language: str, skill: str | None) -> ColumnElement[bool]:
    speaks_it = speaks(literal(language))
    return speaks_it if skill is None else and_(speaks_it, knows(literal(skill)))


@cache
def _before(zones: int, skilled: bool) -> Select[str, str | None, int]:
    # few needs and many callers: a shared mediator is looked for once for each need
    needs = (
        select(PlaceRow.language, PlaceRow.skill, func.count().label("callers"))
        .where(
            ON_THE_LINE,
            # a tuple does not hand its types on
            tuple_(PlaceRow.queued_at, PlaceRow.id)
            < tuple_(bindparam("queued_at", type_=Instant), bindparam("key")),
        )
        .group_by(PlaceRow.language, PlaceRow.skill)
        .subquery()
    )
    language, skill = needs.c.language, needs.c.skill
    shared = exists().where(
        covered(zones),
        one_of(MediatorRow.availability, PRESENT),
        suits(skilled),
        # of the outermost statement: without saying so, they would be looked for afresh
        speaks(language).correlate(MediatorRow, needs),
        or_(skill.is_(None), knows(skill).correlate(MediatorRow, needs)),
    )
    own = skill == bindparam("skill") if skilled else skill.is_(None)
    same = and_(language == bindparam("language"), own)
    return select(language, skill, needs.c.callers).where(or_(same, shared))
