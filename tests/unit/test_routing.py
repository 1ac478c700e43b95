"""Who gets a place."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hotline.queue.ids import MediatorId
from hotline.queue.mediators import Availability
from hotline.queue.routing import Candidate, Need, decide, eligible, suits

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LANGUAGES, SKILLS = ("fr", "en"), ("taxes", "health", "work")
AMINA = Candidate(
    MediatorId(1), Availability.AVAILABLE, True, NOON, frozenset({"fr"}), frozenset({"taxes", "work"})
)
TAXES = Need("fr", "taxes")
MANY = 20
"""So many of the longest idle the store hands over, and the previous mediator."""

IDS = st.integers(1, 60).map(MediatorId)
# mostly available and on duty: otherwise most crowds would hold nobody to choose
CANDIDATES = st.builds(
    Candidate,
    id=IDS,
    availability=st.just(Availability.AVAILABLE) | st.sampled_from(Availability),
    on_duty=st.sampled_from([True, True, True, False]),
    idle_since=st.integers(0, 5).map(lambda minutes: NOON - timedelta(minutes=minutes)),
    languages=st.frozensets(st.sampled_from(LANGUAGES), min_size=1),
    skills=st.frozensets(st.sampled_from(SKILLS), min_size=1),
)
CROWDS = st.lists(CANDIDATES, max_size=45, unique_by=lambda one: one.id)
NEEDS = st.builds(
    Need,
    language=st.sampled_from(LANGUAGES),
    skill=st.none() | st.sampled_from(SKILLS),
    previous=st.none() | IDS,
    refused_by=st.frozensets(IDS, max_size=3),
)


def restated(need: Need, crowd: list[Candidate]) -> MediatorId | None:
    """Plainly: among the able, the one who knows the caller; else the longest idle, then the lower number."""
    able = [one for one in crowd if one.availability == "available" and one.on_duty]
    able = [one for one in able if need.language in one.languages and one.id not in need.refused_by]
    able = [one for one in able if need.skill is None or need.skill in one.skills]
    for one in able:
        if one.id == need.previous:
            return one.id
    able.sort(key=lambda one: one.id)
    able.sort(key=lambda one: one.idle_since)
    return able[0].id if able else None


@given(NEEDS, CROWDS)
def test_decides_as_it_is_told_plainly(need: Need, crowd: list[Candidate]) -> None:
    chosen = decide(need, crowd)
    assert chosen == restated(need, crowd)
    assert chosen == decide(need, reversed(crowd)), "the order of the candidates must not matter"
    if chosen is not None:
        assert eligible(need, next(one for one in crowd if one.id == chosen))


@given(NEEDS, CROWDS)
def test_the_longest_idle_few_and_the_previous_are_enough(need: Need, crowd: list[Candidate]) -> None:
    able = sorted((one for one in crowd if eligible(need, one)), key=lambda one: (one.idle_since, one.id))
    previous = [one for one in crowd if one.id == need.previous]
    assert decide(need, [*able[:MANY], *previous]) == decide(need, crowd)


def test_nobody_is_chosen_among_nobody() -> None:
    assert decide(TAXES, []) is None


def test_a_mediator_who_suits() -> None:
    assert suits(TAXES, AMINA)
    assert suits(Need("fr"), AMINA), "no skill: anyone will do"
    assert not suits(Need("en", "taxes"), AMINA)
    assert not suits(Need("fr", "health"), AMINA)


def test_only_the_available_on_duty_who_did_not_refuse_are_rung() -> None:
    assert eligible(TAXES, AMINA)
    for availability in set(Availability) - {Availability.AVAILABLE}:
        assert not eligible(TAXES, replace(AMINA, availability=availability))
    assert not eligible(TAXES, replace(AMINA, on_duty=False))
    assert not eligible(replace(TAXES, refused_by=frozenset({AMINA.id})), AMINA)


def test_who_helped_last_comes_before_who_was_idle_longest() -> None:
    idle = replace(AMINA, id=MediatorId(2), idle_since=NOON - timedelta(hours=1))
    assert decide(TAXES, [AMINA, idle]) == idle.id
    assert decide(replace(TAXES, previous=AMINA.id), [AMINA, idle]) == AMINA.id
    assert decide(replace(TAXES, previous=AMINA.id), [replace(AMINA, on_duty=False), idle]) == idle.id


def test_who_refused_is_not_asked_again_even_when_they_know_the_caller() -> None:
    need = replace(TAXES, previous=AMINA.id, refused_by=frozenset({AMINA.id}))
    assert decide(need, [AMINA]) is None
