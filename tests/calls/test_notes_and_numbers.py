"""The note of a talk, and for how long its caller's number may be looked at."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from hotline.store.write_ups import WriteUpRow
from tests.calls import talks
from tests.calls.stage import Stage
from tests.calls.talks import Talk, desk_of, offer_of

LINK = 'href="tel:%2331%23+33639980001"'
HALF_A_CHARACTER = "\ud83d"
NO_REVISIONS = ('"1"', "true", "1e400", "-1", "2147483648", "0.0", "null", "1" + "0" * 5000)


@pytest.fixture
def talking(stage: Stage) -> Talk:
    return talks.talk(stage)


@pytest.fixture
def talked(stage: Stage, talking: Talk) -> Talk:
    return talks.over(stage, talking)


@pytest.mark.parametrize(
    "body",
    [
        *(f'{{"revision": {one}, "note": ""}}' for one in NO_REVISIONS),
        *('{"revision": 0}', '{"revision": 0, "note": 5}', '{"revision": 0, "note": null}'),
        *("[]", '"note"', "1", "null", "{", "[" * 100_000),
    ],
    ids=lambda body: body[:40],
)
def test_a_note_that_is_none_is_refused(stage: Stage, talking: Talk, body: str) -> None:
    _, desk, offer = talking
    headers = {"X-CSRFToken": desk.token}
    path = f"/desk/{offer}/note"
    answer = desk.client.post(path, data=body, content_type="application/json", headers=headers)
    assert answer.status_code == 400
    assert talks.written(stage, offer).revision == 0


def test_the_last_revision_there_can_be_is_just_another_one(talking: Talk) -> None:
    _, desk, offer = talking
    answer = desk.post_json(f"/desk/{offer}/note", revision=2**31 - 1, note="d’une autre page")
    assert answer.status_code == 409
    assert answer.json == {"revision": 0, "note": ""}


def test_half_a_character_is_replaced(stage: Stage, talking: Talk) -> None:
    _, desk, offer = talking
    answer = desk.post_json(f"/desk/{offer}/note", revision=0, note=f"Merci {HALF_A_CHARACTER} !😀")
    assert answer.status_code == 200
    assert talks.written(stage, offer).note == "Merci \N{REPLACEMENT CHARACTER} !😀"


def test_a_note_that_is_too_long_is_not_cut(stage: Stage, talking: Talk) -> None:
    _, desk, offer = talking
    assert desk.post_json(f"/desk/{offer}/note", revision=0, note="é" * 10_000).status_code == 200
    answer = desk.post_json(f"/desk/{offer}/note", revision=1, note="é" * 10_001)
    assert answer.status_code == 422
    assert answer.json == {"too_long": 10_000}
    assert talks.written(stage, offer).revision == 1
    assert talks.written(stage, offer).note == "é" * 10_000


def test_the_note_goes_with_the_write_up(stage: Stage, talked: Talk) -> None:
    _, desk, offer = talked
    desk.post_json(f"/desk/{offer}/note", revision=0, note="son avis")
    desk.post(f"/desk/{offer}/finish", disposition="solved", revision=1, note="son avis\r\nde 2025")
    written = talks.written(stage, offer)
    assert (written.note, written.revision) == ("son avis\nde 2025", 2)


@pytest.mark.parametrize("revision", ["0", "-1", "x", "9" * 5000, ""])
def test_a_newer_note_is_not_written_over_by_a_write_up(stage: Stage, talked: Talk, revision: str) -> None:
    _, desk, offer = talked
    desk.post_json(f"/desk/{offer}/note", revision=0, note="du téléphone")
    said = desk.post(f"/desk/{offer}/finish", disposition="solved", revision=revision, note="de l’ordinateur")
    assert "C’est enregistré" in said.text
    written = talks.written(stage, offer)
    assert (written.note, written.revision) == ("du téléphone", 1)
    assert written.done_at is not None


def test_a_note_that_is_saved_already_is_not_saved_again(stage: Stage, talked: Talk) -> None:
    _, desk, offer = talked
    desk.post_json(f"/desk/{offer}/note", revision=0, note="son avis")
    desk.post(f"/desk/{offer}/finish", disposition="solved", revision=1, note="son avis")
    assert talks.written(stage, offer).revision == 1


def test_a_write_up_whose_note_is_too_long_is_sent_again(stage: Stage, talked: Talk) -> None:
    _, desk, offer = talked
    said = desk.post(f"/desk/{offer}/finish", disposition="solved", revision=0, note="é" * 10_001)
    assert "La note est trop longue" in said.text
    assert talks.written(stage, offer).done_at is None


def test_only_we_say_that_a_note_is_not_theirs(stage: Stage, talking: Talk) -> None:
    """Whoever stands in front of us may answer 404 while we start."""
    _, desk, offer = talking
    answer = desk.post_json(f"/desk/{offer + 1}/note", revision=0, note="")
    assert (answer.status_code, answer.headers["X-Refused"]) == (404, "not_theirs")


def looks(stage: Stage) -> int:
    with stage.services.store.reading() as tx:
        return len(tx.connection.exec_driver_sql("SELECT id FROM reveals").all())


def test_a_number_is_shown_as_people_write_it_and_dialled_without_ones_own(
    stage: Stage, talking: Talk
) -> None:
    _, desk, offer = talking
    shown = desk.post(f"/desk/{offer}/number").text
    assert "06 39 98 00 01</a>" in shown
    assert LINK in shown
    assert "votre propre numéro reste caché" in shown
    assert looks(stage) == 1


def test_a_declined_call_shows_no_number(stage: Stage) -> None:
    stage.mediator("Amina", "taxes")
    desk = desk_of(stage, "Amina")
    stage.asks("2")
    assert stage.rings("Amina")
    offer = offer_of(stage, "Amina")
    assert desk.post(f"/desk/{offer}/number").status_code == 404
    desk.post(f"/desk/{offer}/leave")
    stage.carrier.advance(2)
    assert desk.post(f"/desk/{offer}/number").status_code == 404
    assert looks(stage) == 0


def test_a_number_is_shown_until_a_day_after_the_talk_is_written_up(stage: Stage, talked: Talk) -> None:
    _, desk, offer = talked
    stage.carrier.advance(200)
    assert LINK in desk.post(f"/desk/{offer}/number").text
    desk.post(f"/desk/{offer}/finish", disposition="solved")
    now = stage.services.clock.now()
    was_done(stage, now - timedelta(hours=23, minutes=59))
    assert LINK in desk.post(f"/desk/{offer}/number").text
    was_done(stage, now - timedelta(hours=24))
    over = desk.post(f"/desk/{offer}/number").text
    assert "ne peut pas être montré" in over
    assert "00 01" not in over
    assert looks(stage) == 2


def test_a_talk_that_is_never_written_up_shows_its_number_for_a_day(stage: Stage, talked: Talk) -> None:
    _, desk, offer = talked
    stage.is_quiet_for(23 * 3600)
    assert LINK in desk.post(f"/desk/{offer}/number").text
    stage.is_quiet_for(3600)
    assert "ne peut pas être montré" in desk.post(f"/desk/{offer}/number").text
    assert looks(stage) == 1


def was_done(stage: Stage, at: datetime) -> None:
    stage.services.store.run(lambda tx: tx.connection.execute(update(WriteUpRow).values(done_at=at)))


def test_two_who_were_never_connected_are_no_talk(stage: Stage, talking: Talk) -> None:
    _, desk, offer = talking
    change = "UPDATE offers SET state = 'withdrawn', ended_at = made_at"
    talks.change(stage, change)
    assert "ne peut pas être montré" in desk.post(f"/desk/{offer}/number").text
    assert "plus à prendre" in desk.post(f"/desk/{offer}/finish", disposition="solved").text
    assert talks.written(stage, offer).done_at is None
