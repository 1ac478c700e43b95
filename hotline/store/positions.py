"""How many are before a caller: those whom a mediator may take who could also take the caller."""

from datetime import datetime
from functools import cache

from sqlalchemy import Select, and_, bindparam, exists, func, or_, select, tuple_

from hotline.queue.mediators import PRESENT
from hotline.queue.places import PlaceKind, PlaceState
from hotline.store.base import Instant, one_of
from hotline.store.candidates import suits
from hotline.store.mediators import MediatorLanguageRow, MediatorRow, MediatorSkillRow
from hotline.store.places import Place, PlaceRow
from hotline.store.shifts import covered, on_duty
from hotline.store.transactions import Tx


def position(tx: Tx, place: Place, now: datetime) -> int:
    """1 for whoever is next.

    Before a caller is everybody who has waited for longer and whom a mediator could take who could take the
    caller too, and is on duty, free or not; and whoever has waited for longer and needs just the same.
    """
    duty = on_duty(tx, now)
    values = {
        "language": place.language,
        "skill": place.skill,
        "queued_at": place.queued_at,
        "key": place.id,
    }
    found = tx.connection.execute(_before(duty.zones, place.skill is not None), duty.values | values)
    return int(found.scalar_one()) + 1


@cache
def _before(zones: int, skilled: bool) -> Select[int]:
    # few needs and many callers: a shared mediator is looked for once for each need
    needs = (
        select(PlaceRow.language, PlaceRow.skill, func.count().label("callers"))
        .where(
            one_of(PlaceRow.kind, [PlaceKind.CALL]),
            one_of(PlaceRow.state, [PlaceState.WAITING, PlaceState.OFFERED]),
            # a tuple does not hand its types on
            tuple_(PlaceRow.queued_at, PlaceRow.id)
            < tuple_(bindparam("queued_at", type_=Instant), bindparam("key")),
        )
        .group_by(PlaceRow.language, PlaceRow.skill)
        .subquery()
    )
    language, skill = needs.c.language, needs.c.skill
    speaks = exists().where(
        MediatorLanguageRow.mediator_id == MediatorRow.id, MediatorLanguageRow.language == language
    )
    knows = exists().where(MediatorSkillRow.mediator_id == MediatorRow.id, MediatorSkillRow.skill == skill)
    shared = exists().where(
        covered(zones),
        one_of(MediatorRow.availability, PRESENT),
        suits(skilled),
        speaks.correlate(MediatorRow, needs),
        or_(skill.is_(None), knows.correlate(MediatorRow, needs)),
    )
    own = skill == bindparam("skill") if skilled else skill.is_(None)
    same = and_(language == bindparam("language"), own)
    return select(func.coalesce(func.sum(needs.c.callers), 0)).where(or_(same, shared))
