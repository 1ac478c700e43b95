"""A wish to hand a talk on that the carrier does not carry out: it is seen, and may be taken back."""

import pytest

from hotline.queue.ids import LegSid, OfferId
from hotline.simulator.faults import RestFault
from hotline.switchboard.transfers import PUSHED_WITHIN
from tests.calls.stage import Stage
from tests.calls.talks import Talk, desk_of, talk

HANG_UP, KEEP = "Raccrochez : l’appel passera à", "Ne plus passer l’appel"
LATER = PUSHED_WITHIN.total_seconds() + 1


@pytest.fixture
def talking(stage: Stage) -> Talk:
    """Amina talks; Driss knows work. The carrier can be asked nothing."""
    found = talk(stage)
    stage.mediator("Driss", "work")
    stage.carrier.faults.rest.append(RestFault("500", times=None))
    return found


def hands_on(talk: Talk, to: str) -> None:
    talk.desk.post(f"/desk/{talk.offer}/transfer", to=to)


def keeps(talk: Talk) -> str:
    return talk.desk.post(f"/desk/{talk.offer}/keep").text


def test_to_whom_it_goes_is_said_until_it_does(stage: Stage, talking: Talk) -> None:
    assert KEEP not in talking.desk.get("/desk/now").text
    hands_on(talking, "topic:work")
    stage.carrier.advance(5)
    shown = talking.desk.get("/desk").text
    assert f"{HANG_UP} la première personne libre pour « emploi »." in shown
    assert KEEP in shown
    hands_on(talking, f"mediator:{stage.names['Driss']}")
    assert f"{HANG_UP} Driss." in talking.desk.get("/desk/now").text
    stage.phones["Amina"].hang_up()
    assert stage.rings("Driss")
    assert HANG_UP not in talking.desk.get("/desk/now").text


def test_who_takes_it_back_keeps_the_call_and_ends_it_by_hanging_up(stage: Stage, talking: Talk) -> None:
    hands_on(talking, "topic:work")
    stage.carrier.advance(2)
    kept = keeps(talking)
    assert "l’appel reste chez vous" in kept
    assert KEEP not in kept
    assert HANG_UP not in kept
    stage.phones["Amina"].hang_up()
    assert stage.is_over(talking.caller, within=20)
    assert stage.phones["Driss"].ringing_leg is None
    assert stage.outcome(talking.caller) == "answered"
    assert stage.state("Amina") == "wrap_up"


def test_who_wants_it_again_after_that_hands_it_on(stage: Stage, talking: Talk) -> None:
    hands_on(talking, "topic:work")
    keeps(talking)
    hands_on(talking, "topic:work")
    stage.phones["Amina"].hang_up()
    assert stage.rings("Driss")


def test_a_push_that_was_late_asks_for_nothing_any_more(stage: Stage, talking: Talk) -> None:
    stage.jobs.out_of_reach = True
    hands_on(talking, "topic:work")
    keeps(talking)
    stage.carrier.faults.rest.clear()
    stage.jobs.out_of_reach = False
    stage.jobs.push(OfferId(talking.offer))
    stage.carrier.advance(LATER)
    assert stage.state("Amina") == "on_call"


@pytest.mark.parametrize("requests_action", [True, False])
def test_where_the_carrier_has_parted_the_two_already_the_caller_is_handed_on(
    stage: Stage, talking: Talk, requests_action: bool
) -> None:
    """It was asked before the wish was taken back, and does it after."""
    stage.carrier.faults.readings.updated_parent_requests_action = requests_action
    stage.carrier.faults.rest.clear()
    stage.jobs.out_of_reach = True
    hands_on(talking, "topic:work")
    keeps(talking)
    stage.services.carrier.push(LegSid(talking.caller.sid), OfferId(talking.offer))
    assert stage.rings("Driss")
    stage.connect(talking.caller, stage.phones["Driss"])
    assert stage.state("Amina") == "wrap_up"


def test_what_has_just_been_carried_out_is_not_taken_back(stage: Stage, talking: Talk) -> None:
    stage.carrier.faults.rest.clear()
    hands_on(talking, "topic:work")
    assert stage.rings("Driss")
    answer = keeps(talking)
    assert "Trop tard" in answer
    stage.connect(talking.caller, stage.phones["Driss"])


def test_nothing_is_taken_back_where_nothing_was_wanted(stage: Stage, talking: Talk) -> None:
    assert "Trop tard" in keeps(talking)
    assert stage.state("Amina") == "on_call"


def test_it_is_nobody_elses_to_take_back(stage: Stage, talking: Talk) -> None:
    hands_on(talking, "topic:work")
    assert desk_of(stage, "Driss").post(f"/desk/{talking.offer}/keep").status_code == 404
    stage.phones["Amina"].hang_up()
    assert stage.rings("Driss")
