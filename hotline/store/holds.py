"""What is known of a wait: what the caller was told, and how long others took."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import String, bindparam, or_, select, update

from hotline.queue.ids import PlaceId
from hotline.queue.offers import OfferState
from hotline.queue.sayings import Saying
from hotline.queue.waiting import Told
from hotline.store.base import one_of
from hotline.store.offers import OfferRow
from hotline.store.places import PlaceRow
from hotline.store.transactions import Tx

RECENT: Final = 20
"""So many of the latest talks say how long one takes."""
A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Heard:
    """What the caller has heard in hold."""

    said: Saying
    said_at: datetime | None
    told: Told


_HEARD = select(PlaceRow.said, PlaceRow.said_at, PlaceRow.told_position, PlaceRow.told_minutes).where(
    PlaceRow.id == bindparam("key")
)
_SAY = (
    update(PlaceRow)
    .where(PlaceRow.id == bindparam("key"))
    .values(
        said=bindparam("saying"),
        said_at=bindparam("now"),
        told_position=bindparam("at_position"),
        told_minutes=bindparam("so_many_minutes"),
    )
)
_TALKS = (
    select(OfferRow.accepted_at, OfferRow.ended_at)
    .join(PlaceRow, PlaceRow.id == OfferRow.place_id)
    .where(
        one_of(OfferRow.state, [OfferState.FINISHED]),
        OfferRow.ended_at > bindparam("since"),
        or_(bindparam("skill", type_=String).is_(None), PlaceRow.skill == bindparam("skill")),
    )
    .order_by(OfferRow.ended_at.desc())
    .limit(RECENT)
)


def heard(tx: Tx, place: PlaceId) -> Heard:
    said, said_at, position, minutes = tx.connection.execute(_HEARD, {"key": place}).one()
    return Heard(said, said_at, Told(position, timedelta(minutes=minutes) if minutes is not None else None))


def say(tx: Tx, place: PlaceId, saying: Saying, told: Told, now: datetime) -> None:
    """Note what the caller is told now."""
    minutes = told.expected // timedelta(minutes=1) if told.expected is not None else None
    values = {"saying": saying, "now": now, "at_position": told.position, "so_many_minutes": minutes}
    tx.connection.execute(_SAY, values | {"key": place})


def talk_times(tx: Tx, skill: str | None, now: datetime) -> list[timedelta]:
    """How long the latest talks about that took, at most a week ago."""
    rows = tx.connection.execute(_TALKS, {"skill": skill, "since": now - 7 * A_DAY})
    return [ended - accepted for accepted, ended in rows if accepted and ended]
