"""A talk is written up when it is over, and once; its deadline is a day that can be one."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.calls import talks
from tests.calls.stage import Stage
from tests.calls.talks import Talk


@pytest.fixture
def talking(stage: Stage) -> Talk:
    return talks.talk(stage)


@pytest.fixture
def talked(stage: Stage, talking: Talk) -> Talk:
    return talks.over(stage, talking)


def test_a_talk_that_goes_on_cannot_be_finished(stage: Stage, talking: Talk) -> None:
    _, desk, offer = talking
    said = desk.post(f"/desk/{offer}/finish", disposition="solved", topic="taxes")
    assert said.status_code == 200
    assert "L’appel n’est pas terminé" in said.text
    assert "En conversation" in said.text
    assert talks.written(stage, offer).done_at is None
    assert talks.written(stage, offer).disposition is None
    assert stage.state("Amina") == "on_call"
    assert "En conversation" in desk.get("/desk").text


def test_a_talk_that_goes_on_has_no_form_of_its_own(talking: Talk) -> None:
    _, desk, offer = talking
    assert desk.get(f"/desk/{offer}/write-up").location == "/desk"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE write_ups SET done_at = started_at",
        "DELETE FROM write_ups",
        "UPDATE offers SET state = 'withdrawn'",
        "UPDATE offers SET state = 'ringing', accepted_at = NULL",
        "UPDATE offers SET accepted_at = NULL",
    ],
)
def test_the_page_of_a_talk_never_fails(stage: Stage, talking: Talk, change: str) -> None:
    _, desk, _ = talking
    talks.change(stage, change)
    for path in ("/desk", "/desk/now"):
        answer = desk.get(path)
        assert answer.status_code == 200
        assert "En conversation" in answer.text


def test_a_stale_page_overwrites_nothing(stage: Stage, talked: Talk) -> None:
    _, desk, offer = talked
    desk.post(f"/desk/{offer}/finish", disposition="passed_on", passed_to="La mairie", topic="taxes")
    before = talks.written(stage, offer)
    stage.carrier.advance(60)
    said = desk.post(f"/desk/{offer}/finish", disposition="abusive", topic="")
    assert said.status_code == 200
    assert "Cet appel est déjà noté" in said.text
    assert "C’est enregistré" not in said.text
    assert "Cet appel est déjà noté" in desk.post(f"/desk/{offer}/finish", due_on="bientôt").text
    assert talks.written(stage, offer) == before


def test_a_late_post_does_not_end_the_writing_up_of_the_next_talk(stage: Stage, talked: Talk) -> None:
    _, desk, offer = talked
    desk.post(f"/desk/{offer}/finish", disposition="solved")
    talks.over(stage, talks.again(stage, desk, "+33639980002"))
    said = desk.post(f"/desk/{offer}/finish", disposition="partly").text
    assert "Cet appel est déjà noté" in said
    assert stage.state("Amina") == "wrap_up"
    assert "Comment s’est passé" in said


def test_whoever_reloads_after_saving_is_at_the_desk(talked: Talk) -> None:
    _, desk, offer = talked
    assert "Comment s’est passé" in desk.get(f"/desk/{offer}/write-up").text
    desk.post(f"/desk/{offer}/finish", disposition="solved")
    assert desk.get(f"/desk/{offer}/write-up").location == "/desk"
    assert desk.get(f"/desk/{offer + 1}/write-up").status_code == 404


# The stage's first day is 2026-11-23.
@pytest.mark.parametrize("day", ["2026-11-23", "2026-12-14", "2031-11-23", ""])
def test_a_deadline_is_within_five_years(stage: Stage, talked: Talk, day: str) -> None:
    _, desk, offer = talked
    assert "C’est enregistré" in desk.post(f"/desk/{offer}/finish", disposition="solved", due_on=day).text
    due = talks.written(stage, offer).due_on
    assert (due.isoformat() if due else "") == day


@pytest.mark.parametrize("day", ["2026-11-22", "2031-11-24", "0001-01-01", "9999-12-31", "bientôt", "31/12"])
def test_what_is_no_such_day_is_said_of_the_date_and_the_rest_is_kept(
    stage: Stage, talked: Talk, day: str
) -> None:
    _, desk, offer = talked
    form = {"disposition": "passed_on", "passed_to": "La mairie", "topic": "work", "due_on": day}
    shown = desk.post(f"/desk/{offer}/finish", **form).text
    assert "La date limite doit être un jour entre aujourd’hui et le 23 novembre 2031." in shown
    assert "Choisissez d’abord" not in shown
    assert 'value="passed_on" required checked' in shown
    assert 'value="La mairie"' in shown
    assert '<option value="work" selected' in shown
    assert talks.written(stage, offer).done_at is None
    assert stage.state("Amina") == "wrap_up"


def test_the_day_is_the_lines_own(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(start=datetime(2026, 11, 22, 22, 58, tzinfo=UTC))
    _, desk, offer = talks.over(stage, talks.talk(stage))
    stage.carrier.advance(120)  # past midnight in Paris
    answers = [
        desk.post(f"/desk/{offer}/finish", disposition="solved", due_on=day).text
        for day in ("2026-11-22", "2026-11-23")
    ]
    assert "La date limite doit" in answers[0]
    assert "C’est enregistré" in answers[1]


def test_a_late_form_with_a_mistake_comes_back(stage: Stage, talked: Talk) -> None:
    _, desk, offer = talked
    stage.carrier.advance(200)
    assert stage.state("Amina") == "available"
    shown = desk.post(f"/desk/{offer}/finish", topic="work").text
    assert "Choisissez d’abord" in shown
    assert "Comment s’est passé" in shown
    assert '<option value="work" selected' in shown


def test_a_call_without_a_topic_is_called_alike_everywhere(stage: Stage, talked: Talk) -> None:
    _, desk, offer = talked
    assert '<option value="">autre chose</option>' in desk.get("/desk/now").text
    desk.post(f"/desk/{offer}/finish", disposition="solved", topic="")
    day = desk.get("/day").text
    assert "autre chose" in day
    assert "question libre" not in day


def test_a_talk_tells_the_hotlines_time(stage: Stage, talking: Talk) -> None:
    now = stage.services.clock.now().isoformat()
    assert f'data-now="{now}"' in talking.desk.get("/desk/now").text
