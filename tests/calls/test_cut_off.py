"""Whoever is cut off by a failure of ours that is no outage of all: they are called back, if that can be."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from twilio.request_validator import RequestValidator

from hotline.app import create_app
from hotline.queue.alarms import Kind
from hotline.simulator.legs import Leg
from hotline.store import calls
from tests.calls import kept, words
from tests.calls.stage import Stage
from tests.calls.test_outages import (
    RESTART,
    TROUBLE,
    has_failed,
    is_owed_a_callback,
    is_sent_away,
    raised,
    stage,
    waits,
)

__all__ = ["stage"]


def breaks(stage: Stage, caller: Leg) -> None:
    """From now on no turn of that call can be answered: its state is what no version of ours has written."""
    key, _ = stage.summary(caller)
    with stage.services.store.reading() as tx:
        state = dict(calls.get(tx, key).state)
    stage.set_state(caller, state | {"tries": "x", "rings": "x"})


def test_an_answer_of_ours_that_fails_is_as_an_outage(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caller = waits(stage)
    breaks(stage, caller)
    stage.phones["Amina"].hang_up()
    stage.hears(caller, TROUBLE, within=200)
    stage.leaves(caller)
    is_owed_a_callback(stage, caller)
    assert "could not be answered" in caplog.text


def test_so_it_is_in_the_menu(stage: Stage) -> None:
    caller = stage.call()
    stage.carrier.advance(4)
    breaks(stage, caller)
    stage.hears(caller, TROUBLE)
    is_sent_away(stage, caller)
    has_failed(stage, caller)


class Late:
    """A clock by which what happens next takes so many seconds."""

    def __init__(self, began: datetime, seconds: float) -> None:
        self._times = [began + timedelta(seconds=seconds), began]

    def now(self) -> datetime:
        return self._times.pop() if len(self._times) > 1 else self._times[0]


@pytest.mark.parametrize(("seconds", "outcome"), [(5, "callback"), (1, "abandoned_in_queue")])
def test_an_end_that_hung_with_the_database_is_that_of_somebody_cut_off(
    stage: Stage, seconds: float, outcome: str
) -> None:
    caller = waits(stage)
    here = replace(stage.services, clock=Late(stage.carrier.now(), seconds))
    app = create_app(here, stage.pages.app())
    form = {"CallSid": caller.sid, "CallStatus": "completed"}
    signer = RequestValidator(here.settings.tokens[0])
    signature = signer.compute_signature(f"{here.settings.public_url}/voice/status", form)
    app.test_client().post("/voice/status", data=form, headers={"X-Twilio-Signature": signature})
    assert stage.outcome(caller) == outcome


def test_a_caller_without_a_number_who_is_cut_off_is_not_announced_as_to_be_called_back(stage: Stage) -> None:
    stage.jobs.out_of_reach = True
    caller = waits(stage, "anonymous")
    stage.phones["Amina"].hang_up()
    assert stage.carrier.advance_until(lambda: "offer_made" in stage.log(caller), 200)
    caller.press("9")
    stage.is_away_for(RESTART)
    stage.leaves(caller)
    assert kept.due(stage) == []
    assert raised(stage) == [(Kind.CALL_FAILED, "demo")]


def test_whoever_was_told_something_since_has_outlived_an_outage(stage: Stage) -> None:
    """A worker that starts alone; the web server went on."""
    stage.busy()
    caller = stage.holds()
    stage.restart()
    stage.hears(caller, words.NINE, within=120)
    stage.leaves(caller)
    assert stage.outcome(caller) == "abandoned_in_queue"
