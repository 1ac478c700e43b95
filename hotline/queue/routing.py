"""Who gets a place: the mediator who knows the caller, else the one who has been idle longest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from hotline.queue.ids import MediatorId
from hotline.queue.mediators import Availability


@dataclass(frozen=True, slots=True)
class Need:
    """What a place asks for. No skill: anyone will do."""

    language: str
    skill: str | None = None
    previous: MediatorId | None = None
    """Who helped this caller last."""
    refused_by: frozenset[MediatorId] = frozenset()
    """Who had this place a moment ago and did not take it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mediator as routing sees them at one instant."""

    id: MediatorId
    availability: Availability
    on_duty: bool
    idle_since: datetime
    languages: frozenset[str]
    skills: frozenset[str]


def suits(need: Need, mediator: Candidate) -> bool:
    """Whether the mediator could ever serve the need: language and skill."""
    return need.language in mediator.languages and (need.skill is None or need.skill in mediator.skills)


def eligible(need: Need, mediator: Candidate) -> bool:
    """Whether the mediator may be rung for it now."""
    return (
        mediator.availability is Availability.AVAILABLE
        and mediator.on_duty
        and mediator.id not in need.refused_by
        and suits(need, mediator)
    )


def decide(need: Need, candidates: Iterable[Candidate]) -> MediatorId | None:
    """Choose one mediator among the candidates, or nobody. Equal idleness: the lower number."""
    able = [mediator for mediator in candidates if eligible(need, mediator)]
    if any(mediator.id == need.previous for mediator in able):
        return need.previous
    return min(able, key=lambda mediator: (mediator.idle_since, mediator.id)).id if able else None
