"""Whoever handed a caller on writes that they are to be called back: the talk under way does not end that."""

from typing import NamedTuple

import pytest

from hotline.simulator.legs import Leg
from hotline.store.topics import of_mediator
from tests.calls import kept
from tests.calls.stage import Stage
from tests.calls.talks import Talk, again, desk_of, offer_of, talk
from tests.calls.test_to_be_called_back import finish
from tests.dashboard.visitor import Visitor
from tests.fakes import KeptEvents

REMAINS = "Amina a promis de rappeler cette personne"
NO_MORE = "Ce rappel n’est plus utile"
REPLACES = "Cet appel remplace ce rappel"
IN_MY_DAY = "Le rappel est dans « Ma journée »"
ON_THE_LINE = "Cette personne est en ligne en ce moment"
NOTHING_LEFT = "Il n’y a plus de rappel à faire."


class HandedOn(NamedTuple):
    """Amina has handed her caller on to Bruno, who talks with them: both desks and offers."""

    caller: Leg
    amina: Visitor
    first: int
    bruno: Visitor
    second: int


def goes_on(stage: Stage, before: Talk) -> HandedOn:
    """Bruno takes the caller of that talk."""
    stage.mediator("Bruno", "taxes")
    bruno = desk_of(stage, "Bruno")
    before.desk.post(f"/desk/{before.offer}/transfer", to=f"mediator:{stage.names['Bruno']}")
    assert stage.rings("Bruno")
    second = offer_of(stage, "Bruno")
    stage.connect(before.caller, stage.phones["Bruno"])
    return HandedOn(before.caller, before.desk, before.offer, bruno, second)


@pytest.fixture
def handed_on(stage: Stage) -> HandedOn:
    return goes_on(stage, talk(stage))


def now(desk: Visitor) -> str:
    return desk.get("/desk/now").text


def talks_of(desk: Visitor) -> str:
    return desk.get("/day").text.partition("Mes appels")[2]


def writes_it(here: HandedOn) -> str:
    return finish(here.amina, here.first)


def presses(here: HandedOn) -> str:
    return here.amina.post(f"/desk/{here.first}/callback").text


@pytest.mark.parametrize("promises", [writes_it, presses])
@pytest.mark.parametrize("disposition", ["solved", "partly", "silent", "call_back"])
def test_it_is_due_after_the_other_talk_however_that_is_written_up(
    stage: Stage, handed_on: HandedOn, promises: object, disposition: str
) -> None:
    assert callable(promises)
    promises(handed_on)
    stage.is_helped(handed_on.caller)
    (ticket,) = stage.tickets(handed_on.caller)
    assert kept.due(stage) == [ticket.id]
    finish(handed_on.bruno, handed_on.second, disposition)
    assert kept.due(stage) == [ticket.id]
    assert "C’est vous qui avez promis ce rappel" in handed_on.amina.get("/day").text


def test_also_where_a_short_talk_is_written_up_as_solved(stage: Stage, handed_on: HandedOn) -> None:
    writes_it(handed_on)
    stage.leaves(handed_on.caller)
    finish(handed_on.bruno, handed_on.second, "solved")
    assert len(kept.due(stage)) == 1


def test_a_promise_that_was_made_before_lasts_too_once_it_is_written_down(stage: Stage) -> None:
    before = talk(stage)
    before.desk.post(f"/desk/{before.offer}/callback")
    here = goes_on(stage, before)
    assert REPLACES in now(here.bruno)
    writes_it(here)
    assert REMAINS in now(here.bruno)
    stage.is_helped(here.caller)
    assert len(kept.due(stage)) == 1


def test_both_are_told_what_is_true_at_once(stage: Stage, handed_on: HandedOn) -> None:
    assert REMAINS not in now(handed_on.bruno)
    events = stage.services.events
    assert isinstance(events, KeptEvents)
    events.published.clear()
    said = writes_it(handed_on)
    assert ON_THE_LINE in said
    assert IN_MY_DAY not in said
    assert any(of_mediator(stage.names["Bruno"]) in topics for topics in events.published)
    shown = now(handed_on.bruno)
    assert REMAINS in shown
    assert NO_MORE in shown
    assert REPLACES not in shown
    assert ON_THE_LINE in talks_of(handed_on.amina)
    stage.is_helped(handed_on.caller)
    assert REMAINS in now(handed_on.bruno)
    assert ON_THE_LINE not in talks_of(handed_on.amina)


def test_a_number_that_is_added_on_the_days_page_is_not_in_the_list_while_they_talk(stage: Stage) -> None:
    stage.mediator("Amina", "taxes")
    here = goes_on(stage, again(stage, desk_of(stage, "Amina"), "anonymous"))
    assert "le numéro n’est pas connu" in writes_it(here)
    answer = here.amina.post(f"/desk/{here.first}/callback", number="06 39 98 00 07").text
    assert ON_THE_LINE in answer
    assert REMAINS in now(here.bruno)
    stage.is_helped(here.caller)
    assert len(kept.due(stage)) == 1


def test_whoever_talks_says_that_it_is_needed_no_more(stage: Stage, handed_on: HandedOn) -> None:
    writes_it(handed_on)
    events = stage.services.events
    assert isinstance(events, KeptEvents)
    events.published.clear()
    answer = handed_on.bruno.post(f"/desk/{handed_on.second}/no-callback").text
    assert REMAINS not in answer
    assert REPLACES in answer, "and may still be kept"
    assert any(of_mediator(stage.names["Amina"]) in topics for topics in events.published)
    stage.is_helped(handed_on.caller)
    assert kept.due(stage) == []
    assert NOTHING_LEFT in talks_of(handed_on.amina)
    assert stage.log(handed_on.caller).count("callback_released") == 1


def test_whoever_has_talked_says_so_too_and_may_promise_anew(stage: Stage, handed_on: HandedOn) -> None:
    writes_it(handed_on)
    stage.is_helped(handed_on.caller)
    answer = handed_on.bruno.post(f"/desk/{handed_on.second}/no-callback").text
    assert "ce rappel n’est plus à faire" in answer
    assert kept.due(stage) == []
    assert NOTHING_LEFT in talks_of(handed_on.amina)
    assert "Il est dans « Ma journée »" in handed_on.bruno.post(f"/desk/{handed_on.second}/callback").text
    assert len(kept.due(stage)) == 1


def test_nobody_else_says_so(stage: Stage, handed_on: HandedOn) -> None:
    writes_it(handed_on)
    assert handed_on.amina.post(f"/desk/{handed_on.second}/no-callback").status_code == 404
    handed_on.amina.post(f"/desk/{handed_on.first}/no-callback")
    stage.is_helped(handed_on.caller)
    assert len(kept.due(stage)) == 1


def test_a_later_call_ends_it_as_any_promise(stage: Stage, handed_on: HandedOn) -> None:
    writes_it(handed_on)
    stage.is_helped(handed_on.caller)
    finish(handed_on.bruno, handed_on.second, "solved")
    stage.pause("Amina")
    again = stage.asks("2")
    assert stage.rings("Bruno")
    stage.connect(again, stage.phones["Bruno"])
    assert REPLACES in now(handed_on.bruno)
    stage.is_helped(again)
    assert kept.due(stage) == []


def test_what_is_noted_meanwhile_stands_on_the_page_of_whoever_talks(
    stage: Stage, handed_on: HandedOn
) -> None:
    events = stage.services.events
    assert isinstance(events, KeptEvents)
    for note, write in (
        ("Son fils s’appelle Marc", lambda text: _save(handed_on, text)),
        ("Avis de 2025", lambda text: finish(handed_on.amina, handed_on.first, note=text, revision="1")),
    ):
        events.published.clear()
        write(note)
        assert any(of_mediator(stage.names["Bruno"]) in topics for topics in events.published)
        assert f"Noté par Amina :</strong> {note}" in now(handed_on.bruno)


def _save(here: HandedOn, text: str) -> None:
    here.amina.post_json(f"/desk/{here.first}/note", revision=0, note=text)
